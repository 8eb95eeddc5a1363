import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { SignedIn, type SignedInSession } from '@domicile/accounts';
import {
  BeginProviderSignIn,
  CompleteProviderSignIn,
  ProviderSignIn,
  ProviderSignInBegun,
  type ProviderSignInId,
} from '@domicile/federation';
import { Idempotency, IdempotencyKey, type KeyedRequest, RateLimits, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, CreatingAnswers, NeedsProviderSignIn, OPENING } from './openapi/answers.js';
import { handOver, takeBack } from './session-form.js';

@ApiTags('Signing in')
@Controller('v1/sign-ins')
export class ProviderSignInsController {
  constructor(
    @Inject(ProviderSignIn) private readonly signIns: ProviderSignIn,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /**
   * Begin to sign in with the provider of your account: keep the sign-in, and go where the answer says. It depends on the domain of the
   * address alone, and is the same whether or not there is such a person.
   */
  @Post('provider')
  @ApiCreatedResponse({ type: ProviderSignInBegun })
  @CreatingAnswers('provider.none', 'provider.away', 'server.unavailable', ...OPENING)
  async beginProviderSignIn(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: BeginProviderSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProviderSignInBegun> {
    await this.limits.signInStep(ctx, network);
    const request = { ...sent, principal: 'nobody', body, secretFields: [] };
    const once = await this.idempotency.once<ProviderSignInBegun>(ctx, request, (keep) =>
      this.signIns.begin(ctx, body.email, keep),
    );
    // As with a second step: it would be a second credential beside the secret that completes this, and only we can drop it.
    takeBack(reply);
    return withReplayed(reply, once);
  }

  /** Complete it with what the provider sent back, in the browser that began it; `id` is the `state`. There is one try. */
  @Post(':id/provider')
  @ApiId(ID_PREFIXES.providerSignIn)
  @NeedsProviderSignIn()
  @ApiCreatedResponse({ type: SignedIn })
  @CreatingAnswers('residency.not_found', 'provider.refused', 'provider.away', 'server.unavailable', ...OPENING)
  async completeProviderSignIn(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.providerSignIn) id: ProviderSignInId,
    @Body() body: CompleteProviderSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    await this.limits.signInStep(ctx, network);
    const { actor } = ctx;
    const principal = actor.kind === 'bearer' ? `provider ${actor.secret.hash.toString('hex')}` : 'nobody';
    const request = { ...sent, principal, body, secretFields: ['code'] };
    const once = await this.idempotency.once<SignedInSession>(ctx, request, (keep) =>
      this.signIns.complete(ctx, id, body, keep),
    );
    return handOver(reply, withReplayed(reply, once), body.sessionForm);
  }
}
