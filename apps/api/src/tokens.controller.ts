import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type ApiToken, ApiTokens, MakeToken, PageQuery, TokenMade, TokensPage } from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, ReadLimit, withReplayed } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  ApiPage,
  CreatingAnswers,
  ENTERING,
  ENTERING_TO_CHANGE,
  NeedsSession,
  OPENING,
  RegionalAnswers,
} from './openapi/answers.js';

@ApiTags('API tokens')
@Controller('v1/accounts/:id/tokens')
export class TokensController {
  constructor(
    @Inject(ApiTokens) private readonly tokens: ApiTokens,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /**
   * Make a secret that reads this account, for a program; for owners and admins, just proved. It ends when it expires or is revoked, and
   * with its maker's part in the account.
   */
  @Post()
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiCreatedResponse({ type: TokenMade })
  @CreatingAnswers('session.not_fresh', 'token.too_many', ...ENTERING_TO_CHANGE, ...OPENING)
  async makeToken(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: MakeToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenMade> {
    this.reads.take(ctx);
    const entry = await this.tokens.enter(ctx, id);
    const request = { ...sent, principal: entry.personId, body, secretFields: [] };
    const once = await this.idempotency.once<TokenMade>(ctx, request, (keep) =>
      this.tokens.make(ctx, entry, body, keep),
    );
    return withReplayed(reply, once);
  }

  /** The account's tokens, without their secrets; for owners and admins. */
  @Get()
  @ApiId(ID_PREFIXES.account)
  @ApiPage()
  @NeedsSession()
  @ApiOkResponse({ type: TokensPage })
  @RegionalAnswers('request.invalid', ...ENTERING, ...OPENING)
  listTokens(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Query() query: PageQuery,
  ): Promise<TokensPage> {
    this.reads.take(ctx);
    return this.tokens.list(ctx, id, query);
  }

  /** Revoke a token: its secret is worth nothing from now on. */
  @Delete(':tokenId')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.apiToken, 'tokenId')
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers(...ENTERING)
  revokeToken(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.apiToken, 'tokenId') tokenId: ApiToken['id'],
  ): Promise<void> {
    this.reads.take(ctx);
    return this.tokens.revoke(ctx, id, tokenId);
  }
}
