import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  AddPasskey,
  AuthenticatorApp,
  ChangePasskey,
  ConfirmTotp,
  Factors,
  FactorsView,
  PasskeyCreationOptions,
  type PasskeyId,
  Passkeys,
  PasskeyView,
  RecoveryCodes,
  RecoveryCodesView,
  Sessions,
  TotpOffer,
} from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, ReadLimit, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES, IfMatch, ifStillAtVersion, withETag } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  ChangingAnswers,
  CreatingAnswers,
  ETAG,
  NeedsSession,
  OPENING,
  RegionalAnswers,
  RegionalBodyAnswers,
} from './openapi/answers.js';

/** How every change of what one proves oneself with may be refused. */
const CHANGING_FACTORS = [
  'session.not_fresh',
  'session.own_factor_required',
  'person.restricted',
  'person.closing',
  ...OPENING,
] as const;

@ApiTags('What you sign in with')
@Controller('v1/me')
export class FactorsController {
  constructor(
    @Inject(Factors) private readonly factors: Factors,
    @Inject(Passkeys) private readonly passkeys: Passkeys,
    @Inject(AuthenticatorApp) private readonly app: AuthenticatorApp,
    @Inject(RecoveryCodes) private readonly recoveryCodes: RecoveryCodes,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** What you can prove yourself with. */
  @Get('factors')
  @NeedsSession()
  @ApiOkResponse({ type: FactorsView })
  @RegionalAnswers('request.rate_limited', ...OPENING)
  getFactors(@Ctx() ctx: RegionContext): Promise<FactorsView> {
    this.reads.take(ctx);
    return this.factors.mine(ctx);
  }

  /** What the browser needs to make a passkey. It is good for five minutes and one answer. */
  @Post('passkey-options')
  @HttpCode(200)
  @NeedsSession()
  @ApiOkResponse({ type: PasskeyCreationOptions })
  @RegionalAnswers('session.not_fresh', 'session.own_factor_required', 'request.rate_limited', ...OPENING)
  passkeyOptions(@Ctx() ctx: RegionContext): Promise<PasskeyCreationOptions> {
    this.reads.take(ctx);
    return this.passkeys.options(ctx);
  }

  /** Add a passkey. Every other session of yours ends, and a sign-in with your password asks for a second step from now on. */
  @Post('passkeys')
  @NeedsSession()
  @ApiCreatedResponse({ type: PasskeyView })
  @CreatingAnswers('passkey.invalid', 'passkey.known', 'passkey.too_many', ...CHANGING_FACTORS)
  async addPasskey(
    @Ctx() ctx: RegionContext,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: AddPasskey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasskeyView> {
    this.reads.take(ctx);
    const proven = await this.sessions.authenticateFreshly(ctx);
    const request = { ...sent, principal: proven.personId, body, secretFields: [] };
    const once = await this.idempotency.once<PasskeyView>(ctx, request, (keep) =>
      this.passkeys.add(ctx, proven, body, keep),
    );
    return withReplayed(reply, once);
  }

  /** One of your passkeys. */
  @Get('passkeys/:id')
  @ApiId(ID_PREFIXES.passkey)
  @NeedsSession()
  @ApiOkResponse({ type: PasskeyView, headers: ETAG })
  @RegionalAnswers('residency.not_found', 'request.rate_limited', ...OPENING)
  async getPasskey(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.passkey) id: PasskeyId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasskeyView> {
    this.reads.take(ctx);
    return withETag(reply, await this.passkeys.get(ctx, id));
  }

  /** Call a passkey something else. */
  @Patch('passkeys/:id')
  @ApiId(ID_PREFIXES.passkey)
  @NeedsSession()
  @ApiOkResponse({ type: PasskeyView, headers: ETAG })
  @ChangingAnswers('residency.not_found', 'person.restricted', 'person.closing', 'request.rate_limited', ...OPENING)
  async changePasskey(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.passkey) id: PasskeyId,
    @IfMatch() version: number,
    @Body() { label }: ChangePasskey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasskeyView> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.passkeys.rename(ctx, id, version, label)));
  }

  /** Remove a passkey. Every other session of yours ends. */
  @Delete('passkeys/:id')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.passkey)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('residency.not_found', 'factor.last', 'request.rate_limited', ...CHANGING_FACTORS)
  removePasskey(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.passkey) id: PasskeyId): Promise<void> {
    this.reads.take(ctx);
    return this.passkeys.remove(ctx, id);
  }

  /** A secret for your authenticator app. It counts once you confirm it. */
  @Post('totp')
  @NeedsSession()
  @ApiCreatedResponse({ type: TotpOffer })
  @CreatingAnswers('totp.present', ...CHANGING_FACTORS)
  async offerTotp(
    @Ctx() ctx: RegionContext,
    @IdempotencyKey() sent: KeyedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TotpOffer> {
    this.reads.take(ctx);
    const proven = await this.sessions.authenticateFreshly(ctx);
    const request = { ...sent, principal: proven.personId, body: {}, secretFields: [] };
    const once = await this.idempotency.once<TotpOffer>(ctx, request, (keep) => this.app.offer(ctx, proven, keep));
    return withReplayed(reply, once);
  }

  /** Confirm that your authenticator app has the secret. Every other session of yours ends, and a sign-in with your password asks for a code from now on. */
  @Post('totp/confirmation')
  @HttpCode(204)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalBodyAnswers(
    'residency.not_found',
    'totp.present',
    'totp.code_wrong',
    'request.rate_limited',
    ...CHANGING_FACTORS,
  )
  confirmTotp(@Ctx() ctx: RegionContext, @Body() { code }: ConfirmTotp): Promise<void> {
    this.reads.take(ctx);
    return this.app.confirm(ctx, code);
  }

  /** Remove your authenticator app. Every other session of yours ends. */
  @Delete('totp')
  @HttpCode(204)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('residency.not_found', 'request.rate_limited', ...CHANGING_FACTORS)
  removeTotp(@Ctx() ctx: RegionContext): Promise<void> {
    this.reads.take(ctx);
    return this.app.remove(ctx);
  }

  /** Ten new recovery codes in the place of those that were left. Every other session of yours ends. */
  @Post('recovery-codes')
  @NeedsSession()
  @ApiCreatedResponse({ type: RecoveryCodesView })
  @CreatingAnswers(...CHANGING_FACTORS)
  async makeRecoveryCodes(
    @Ctx() ctx: RegionContext,
    @IdempotencyKey() sent: KeyedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodesView> {
    this.reads.take(ctx);
    const proven = await this.sessions.authenticateFreshly(ctx);
    const request = { ...sent, principal: proven.personId, body: {}, secretFields: [] };
    const once = await this.idempotency.once<RecoveryCodesView>(ctx, request, (keep) =>
      this.recoveryCodes.make(ctx, proven, keep),
    );
    return withReplayed(reply, once);
  }
}
