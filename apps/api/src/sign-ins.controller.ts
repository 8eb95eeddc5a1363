import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  PasskeyRequestOptions,
  PasskeySignIn,
  Proofs,
  ProofView,
  ProveYourself,
  SecondStep,
  type SessionForm,
  SignedIn,
  type SignedInSession,
  type SignInId,
  SignInWithPasskey,
  SignInWithRecoveryCode,
  SignInWithTotp,
} from '@domicile/accounts';
import {
  Idempotency,
  IdempotencyKey,
  type Keep,
  type KeyedRequest,
  RateLimits,
  withReplayed,
} from '@domicile/requests';
import { Ctx, hasSecretCookie, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  CreatingAnswers,
  NeedsSession,
  NeedsSignIn,
  OPENING,
  RegionalAnswers,
  RegionalBodyAnswers,
} from './openapi/answers.js';
import { handOver } from './session-form.js';

/** How a second step may be refused. */
const SECOND_STEP = ['residency.not_found', 'signin.step_refused', 'signin.over', ...OPENING] as const;

/** What a second step is sent with. */
interface Sent {
  readonly ctx: RegionContext;
  readonly network: string;
  readonly keyed: KeyedRequest;
  readonly body: { readonly sessionForm?: SessionForm };
  readonly reply: FastifyReply;
}

@ApiTags('Signing in')
@Controller('v1')
export class SignInsController {
  constructor(
    @Inject(PasskeySignIn) private readonly passkeySignIn: PasskeySignIn,
    @Inject(SecondStep) private readonly secondStep: SecondStep,
    @Inject(Proofs) private readonly proofs: Proofs,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** What the browser needs to sign in with a passkey, without an address. It is good for five minutes and one answer. */
  @Post('sign-ins/passkey/options')
  @HttpCode(200)
  @ApiOkResponse({ type: PasskeyRequestOptions })
  @RegionalAnswers('request.rate_limited')
  async signInOptions(@Ctx() ctx: RegionContext, @ClientNetwork() network: string): Promise<PasskeyRequestOptions> {
    await this.limits.signInStep(ctx, network);
    return this.passkeySignIn.options(ctx);
  }

  /** Sign in with a passkey. The refusal is the same whatever is wrong. */
  @Post('sign-ins/passkey')
  @ApiCreatedResponse({ type: SignedIn })
  @CreatingAnswers('passkey.refused', 'vault.value_refused', 'vault.key_missing')
  async signInWithPasskey(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() keyed: KeyedRequest,
    @Body() body: SignInWithPasskey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    // The answer holds a session: it is for who made that signature, and a key that somebody guessed is not enough.
    const principal = `passkey ${body.passkey.response.signature}`;
    return this.#once({ ctx, network, keyed, body, reply }, principal, (keep) =>
      this.passkeySignIn.begin(ctx, body.passkey, keep),
    );
  }

  /** Take the second step with your authenticator app. */
  @Post('sign-ins/:id/totp')
  @ApiId(ID_PREFIXES.signIn)
  @NeedsSignIn()
  @ApiCreatedResponse({ type: SignedIn })
  @CreatingAnswers(...SECOND_STEP)
  signInWithTotp(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() keyed: KeyedRequest,
    @IdParam(ID_PREFIXES.signIn) id: SignInId,
    @Body() body: SignInWithTotp,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.#step({ ctx, network, keyed, body, reply }, (keep) =>
      this.secondStep.withTotp(ctx, id, body.code, keep),
    );
  }

  /** Take the second step with a recovery code, which is then used up. */
  @Post('sign-ins/:id/recovery-code')
  @ApiId(ID_PREFIXES.signIn)
  @NeedsSignIn()
  @ApiCreatedResponse({ type: SignedIn })
  @CreatingAnswers(...SECOND_STEP)
  signInWithRecoveryCode(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() keyed: KeyedRequest,
    @IdParam(ID_PREFIXES.signIn) id: SignInId,
    @Body() body: SignInWithRecoveryCode,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.#step({ ctx, network, keyed, body, reply }, (keep) =>
      this.secondStep.withRecoveryCode(ctx, id, body.code, keep),
    );
  }

  /** What the browser needs to take the second step with a passkey. */
  @Post('sign-ins/:id/passkey/options')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.signIn)
  @NeedsSignIn()
  @ApiOkResponse({ type: PasskeyRequestOptions })
  @RegionalAnswers('residency.not_found', 'request.rate_limited', ...OPENING)
  async secondStepOptions(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdParam(ID_PREFIXES.signIn) id: SignInId,
  ): Promise<PasskeyRequestOptions> {
    await this.limits.signInStep(ctx, network);
    return this.secondStep.passkeyOptions(ctx, id);
  }

  /** Take the second step with a passkey. */
  @Post('sign-ins/:id/passkey')
  @ApiId(ID_PREFIXES.signIn)
  @NeedsSignIn()
  @ApiCreatedResponse({ type: SignedIn })
  @CreatingAnswers(...SECOND_STEP)
  secondStepWithPasskey(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() keyed: KeyedRequest,
    @IdParam(ID_PREFIXES.signIn) id: SignInId,
    @Body() body: SignInWithPasskey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.#step({ ctx, network, keyed, body, reply }, (keep) =>
      this.secondStep.withPasskey(ctx, id, body.passkey, keep),
    );
  }

  /** What the browser needs to prove yourself again with a passkey. */
  @Post('sessions/current/proof/options')
  @HttpCode(200)
  @NeedsSession()
  @ApiOkResponse({ type: PasskeyRequestOptions })
  @RegionalAnswers('request.rate_limited', ...OPENING)
  async proofOptions(@Ctx() ctx: RegionContext, @ClientNetwork() network: string): Promise<PasskeyRequestOptions> {
    await this.limits.proof(ctx, network);
    return this.proofs.passkeyOptions(ctx);
  }

  /** Prove yourself again in your session, with one of password, code or passkey: for ten minutes you may do what asks for it. */
  @Post('sessions/current/proof')
  @HttpCode(200)
  @NeedsSession()
  @ApiOkResponse({ type: ProofView })
  @RegionalBodyAnswers('proof.refused', 'request.rate_limited', 'server.unavailable', ...OPENING)
  async proveYourself(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @Body() body: ProveYourself,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProofView> {
    await this.limits.proof(ctx, network);
    const answer = await this.proofs.prove(ctx, body);
    return handOver(reply, answer, hasSecretCookie(reply.request.headers.cookie) ? 'cookie' : 'bearer');
  }

  #step(sent: Sent, work: (keep: Keep<SignedInSession>) => Promise<SignedInSession>): Promise<SignedIn> {
    const { actor } = sent.ctx;
    const principal = actor.kind === 'bearer' ? `sign-in ${actor.secret.hash.toString('hex')}` : 'nobody';
    return this.#once(sent, principal, work);
  }

  async #once(
    { ctx, network, keyed, body, reply }: Sent,
    principal: string,
    work: (keep: Keep<SignedInSession>) => Promise<SignedInSession>,
  ): Promise<SignedIn> {
    await this.limits.signInStep(ctx, network);
    const request = { ...keyed, principal, body, secretFields: ['code', 'passkey'] };
    const once = await this.idempotency.once<SignedInSession>(ctx, request, work);
    return handOver(reply, withReplayed(reply, once), body.sessionForm);
  }
}
