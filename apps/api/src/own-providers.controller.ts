import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ClaimDomain,
  type DomainId,
  DomainList,
  Domains,
  DomainView,
  OwnProviders,
  ProviderView,
  SetProvider,
} from '@domicile/federation';
import {
  Idempotency,
  IdempotencyKey,
  type KeyedRequest,
  RateLimits,
  ReadLimit,
  withReplayed,
} from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES, IfMatch, ifStillAtVersion, withETag } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  ChangingAnswers,
  CreatingAnswers,
  ENTERING,
  ENTERING_TO_CHANGE,
  ETAG,
  NeedsSession,
  OPENING,
  RegionalAnswers,
} from './openapi/answers.js';

/** How a look at a provider may end. */
const CHECKING = [
  'provider.unacceptable',
  'provider.address_refused',
  'provider.away',
  'request.rate_limited',
  'server.unavailable',
] as const;

@ApiTags('Own provider')
@Controller('v1/accounts/:id')
export class OwnProvidersController {
  constructor(
    @Inject(Domains) private readonly domains: Domains,
    @Inject(OwnProviders) private readonly providers: OwnProviders,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** The mail domains that the account claims, 20 at most; for owners and admins. */
  @Get('domains')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: DomainList })
  @RegionalAnswers(...ENTERING, ...OPENING)
  listDomains(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<DomainList> {
    this.reads.take(ctx);
    return this.domains.list(ctx, id);
  }

  /** Claim a mail domain, to publish the record that is answered; for owners and admins, just proved. */
  @Post('domains')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiCreatedResponse({ type: DomainView })
  @CreatingAnswers('session.not_fresh', 'domain.claimed', 'domain.too_many', ...ENTERING_TO_CHANGE, ...OPENING)
  async claimDomain(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: ClaimDomain,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DomainView> {
    this.reads.take(ctx);
    const entry = await this.domains.enter(ctx, id);
    const request = { ...sent, principal: entry.personId, body, secretFields: [] };
    const once = await this.idempotency.once<DomainView>(ctx, request, (keep) =>
      this.domains.claim(ctx, entry, body.domain, keep),
    );
    return withReplayed(reply, once);
  }

  /** Have a claimed domain verified: its record is looked for now, and every day from then on. For owners and admins, just proved. */
  @Post('domains/:domainId/verification')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.accountDomain, 'domainId')
  @NeedsSession()
  @ApiOkResponse({ type: DomainView })
  @RegionalAnswers(
    'session.not_fresh',
    'domain.record_missing',
    'domain.taken',
    'domain.lookup_failed',
    'server.unavailable',
    'request.precondition_failed',
    ...ENTERING_TO_CHANGE,
    ...OPENING,
  )
  async verifyDomain(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.accountDomain, 'domainId') domainId: DomainId,
  ): Promise<DomainView> {
    this.reads.take(ctx);
    const entry = await this.domains.enter(ctx, id);
    await this.limits.providerCheck(ctx, network, id);
    return ifStillAtVersion(() => this.domains.verify(ctx, entry, domainId));
  }

  /** Give a domain up: nobody signs in under it any more. For owners and admins, just proved. */
  @Delete('domains/:domainId')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.accountDomain, 'domainId')
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('session.not_fresh', ...ENTERING_TO_CHANGE)
  async removeDomain(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.accountDomain, 'domainId') domainId: DomainId,
  ): Promise<void> {
    this.reads.take(ctx);
    await this.domains.remove(ctx, await this.domains.enter(ctx, id), domainId);
  }

  /** The account's own OpenID provider, without its secret; for owners and admins. Unknown before one is set. */
  @Get('provider')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: ProviderView, headers: ETAG })
  @RegionalAnswers(...ENTERING, ...OPENING)
  async getProvider(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProviderView> {
    this.reads.take(ctx);
    return withETag(reply, await this.providers.get(ctx, id));
  }

  /**
   * Set it: it is read first, and must be one. The ETag is the account's own. For owners, just proved: who sets the provider can come in
   * as anybody in the account.
   */
  @Put('provider')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: ProviderView, headers: ETAG })
  @ChangingAnswers('session.not_fresh', 'provider.required', ...CHECKING, ...ENTERING_TO_CHANGE, ...OPENING)
  async setProvider(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IfMatch() version: number,
    @Body() body: SetProvider,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProviderView> {
    this.reads.take(ctx);
    const entry = await this.providers.enter(ctx, id);
    await this.limits.providerCheck(ctx, network, id);
    return withETag(reply, await ifStillAtVersion(() => this.providers.set(ctx, entry, version, body)));
  }

  /** Test it: it is read anew, with its keys. For owners, just proved. */
  @Post('provider/test')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('session.not_fresh', ...CHECKING, ...ENTERING_TO_CHANGE, ...OPENING)
  async testProvider(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdParam(ID_PREFIXES.account) id: AccountId,
  ): Promise<void> {
    this.reads.take(ctx);
    const entry = await this.providers.enter(ctx, id);
    await this.limits.providerCheck(ctx, network, id);
    await this.providers.test(ctx, entry);
  }

  /** Remove it; its sessions open the account no longer. For owners, just proved. */
  @Delete('provider')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('session.not_fresh', 'provider.required', 'request.precondition_failed', ...ENTERING_TO_CHANGE)
  async removeProvider(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<void> {
    this.reads.take(ctx);
    const entry = await this.providers.enter(ctx, id);
    await ifStillAtVersion(() => this.providers.remove(ctx, entry));
  }
}
