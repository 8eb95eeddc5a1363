import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Sessions } from '@domicile/accounts';
import { type Asked, OidcContinuation, OidcInteractions, OidcInteractionView } from '@domicile/oidc';
import { Idempotency, IdempotencyKey, type KeyedRequest, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiId, CreatingAnswers, NeedsSession, RegionalAnswers } from './openapi/answers.js';

const NO_BODY = Buffer.alloc(0);

/** What a person decides about an application that asks for her. The browser's cookie must go with the id. */
@ApiTags('Applications')
@Controller('v1/oidc-interactions/:id')
export class OidcInteractionsController {
  constructor(
    @Inject(OidcInteractions) private readonly interactions: OidcInteractions,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
  ) {}

  /** Which application asks for what: to be shown before the person agrees. */
  @Get()
  @ApiId(ID_PREFIXES.oidcRecord)
  @ApiOkResponse({ type: OidcInteractionView })
  @RegionalAnswers('residency.not_found', 'oidc.interaction_over', 'oidc.client_gone')
  getOidcInteraction(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.oidcRecord) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcInteractionView> {
    return this.interactions.get(ctx, asked(id, request, reply));
  }

  /** Agree, as who is signed in. The browser then goes to the path of the answer. */
  @Post('consent')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.oidcRecord)
  @NeedsSession()
  @ApiOkResponse({ type: OidcContinuation })
  @CreatingAnswers('residency.not_found', 'oidc.interaction_over', 'oidc.client_gone', 'session.own_factor_required')
  async consentToOidcInteraction(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.oidcRecord) id: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcContinuation> {
    const proven = await this.sessions.authenticate(ctx);
    const once = { ...sent, principal: proven.personId, body: {}, secretFields: [] };
    const answer = await this.idempotency.once<OidcContinuation>(ctx, once, (keep) =>
      this.interactions.consent(ctx, asked(id, request, reply), proven, keep),
    );
    return withReplayed(reply, answer);
  }

  /** Decline, signed in or not: the application is told so and nothing more. The browser then goes to the path of the answer. */
  @Post('abort')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.oidcRecord)
  @ApiOkResponse({ type: OidcContinuation })
  @CreatingAnswers('residency.not_found', 'oidc.interaction_over', 'oidc.client_gone')
  async abortOidcInteraction(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.oidcRecord) id: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcContinuation> {
    // The cookie is what proves the caller, and so nobody else is answered.
    const once = { ...sent, principal: `browser ${request.headers.cookie ?? ''}`, body: {}, secretFields: [] };
    const answer = await this.idempotency.once<OidcContinuation>(ctx, once, (keep) =>
      this.interactions.abort(ctx, asked(id, request, reply), keep),
    );
    return withReplayed(reply, answer);
  }
}

function asked(id: string, request: FastifyRequest, reply: FastifyReply): Asked {
  return { id, incoming: { raw: request.raw, body: NO_BODY }, response: reply.raw };
}
