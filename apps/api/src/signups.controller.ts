import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AskForSignup,
  AskForSignupPasskey,
  ConfirmationAnswer,
  type Confirmed,
  ConfirmSignup,
  normaliseEmail,
  PasskeyCreationOptions,
  type Remailed,
  RemailedSignup,
  Signup,
  SignupAnswer,
  type SignupId,
  type Started,
} from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, RateLimits, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, CreatingAnswers, OPENING, RegionalBodyAnswers } from './openapi/answers.js';
import { handOver } from './session-form.js';

/** How a mailed code may fail. */
const CONFIRMING = [
  'residency.not_found',
  'signup.code_wrong',
  'signup.code_exhausted',
  'signup.code_expired',
  'signup.expired',
  'signup.already_confirmed',
  ...OPENING,
] as const;

@ApiTags('Signing up')
@Controller('v1')
export class SignupsController {
  constructor(
    @Inject(Signup) private readonly signup: Signup,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** Ask for an account in a region. The answer is the same for every address; a code is mailed. */
  @Post('regions/:region/signups')
  @HttpCode(202)
  @ApiParam({
    name: 'region',
    description: 'Code of the region that is to host the account, for good.',
    schema: { type: 'string' },
  })
  @ApiAcceptedResponse({ type: SignupAnswer })
  @CreatingAnswers('residency.region_unknown', 'signup.policy_outdated', 'vault.key_missing')
  async startSignup(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: AskForSignup,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignupAnswer> {
    await this.limits.signup(ctx, network, normaliseEmail(body.email) ?? '');
    const request = { ...sent, principal: 'nobody', body, secretFields: [] };
    const once = await this.idempotency.once<Started>(ctx, request, (keep) => this.signup.start(ctx, body, keep));
    return { signup: withReplayed(reply, once) };
  }

  /** What the browser needs to make a passkey for the confirmation, in the place of a password. */
  @Post('signups/:id/passkey-options')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.signup)
  @ApiOkResponse({ type: PasskeyCreationOptions })
  @RegionalBodyAnswers(...CONFIRMING, 'request.rate_limited')
  async signupPasskeyOptions(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdParam(ID_PREFIXES.signup) id: SignupId,
    @Body() { code }: AskForSignupPasskey,
  ): Promise<PasskeyCreationOptions> {
    await this.limits.confirmation(ctx, network);
    return this.signup.passkeyOptions(ctx, id, code);
  }

  /** Have the mail of a signup sent again, with another code: the last one counts. */
  @Post('signups/:id/mail')
  @HttpCode(202)
  @ApiId(ID_PREFIXES.signup)
  @ApiAcceptedResponse({ type: RemailedSignup })
  @CreatingAnswers('residency.not_found')
  async remailSignup(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.signup) id: SignupId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RemailedSignup> {
    await this.limits.signupMail(ctx, network, id);
    const request = { ...sent, principal: 'nobody', body: {}, secretFields: [] };
    const once = await this.idempotency.once<Remailed>(ctx, request, (keep) => this.signup.remail(ctx, id, keep));
    return { signup: withReplayed(reply, once) };
  }

  /** Confirm a signup with the mailed code and a password or a passkey; makes the account and signs in. */
  @Post('signups/:id/confirmations')
  @ApiId(ID_PREFIXES.signup)
  @ApiCreatedResponse({ type: ConfirmationAnswer })
  @CreatingAnswers(...CONFIRMING, 'signup.address_taken', 'passkey.invalid', 'passkey.known', 'server.unavailable')
  async confirmSignup(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.signup) id: SignupId,
    @Body() body: ConfirmSignup,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfirmationAnswer> {
    await this.limits.confirmation(ctx, network);
    // The answer holds a session: it is for who knows the mailed code, and a key that somebody guessed is not enough.
    const request = { ...sent, principal: `code ${body.code}`, body, secretFields: ['code', 'password'] };
    const once = await this.idempotency.once<Confirmed>(ctx, request, (keep) =>
      this.signup.confirm(ctx, id, body, keep),
    );
    return handOver(reply, withReplayed(reply, once), body.sessionForm);
  }
}
