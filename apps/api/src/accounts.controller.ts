import { Body, Controller, Get, Inject, Patch, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Accounts, AccountView, ChangeAccount, ChangeMe, Me, Sessions } from '@domicile/accounts';
import { ReadLimit } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES, IfMatch, ifStillAtVersion, withETag } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  ChangingAnswers,
  ENTERING,
  ENTERING_TO_CHANGE,
  ETAG,
  NeedsSession,
  OPENING,
  OrToken,
  RegionalAnswers,
} from './openapi/answers.js';

@ApiTags('Accounts')
@Controller('v1')
export class AccountsController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** An account that you belong to. */
  @Get('accounts/:id')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @OrToken('account.read')
  @ApiOkResponse({ type: AccountView, headers: ETAG })
  @RegionalAnswers('token.scope_missing', ...ENTERING, ...OPENING)
  async getAccount(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountView> {
    this.reads.take(ctx);
    return withETag(reply, await this.accounts.get(ctx, id));
  }

  /** Give an account another name; for its owners and admins. */
  @Patch('accounts/:id')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: AccountView, headers: ETAG })
  @ChangingAnswers(...ENTERING_TO_CHANGE, ...OPENING)
  async changeAccount(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IfMatch() version: number,
    @Body() { name }: ChangeAccount,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountView> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.accounts.rename(ctx, id, version, name)));
  }

  /** Who you are: person, accounts and session. */
  @Get('me')
  @NeedsSession()
  @ApiOkResponse({ type: Me, headers: ETAG })
  @RegionalAnswers('request.rate_limited', ...OPENING)
  async getMe(@Ctx() ctx: RegionContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<Me> {
    this.reads.take(ctx);
    return withETag(reply, await this.sessions.me(ctx));
  }

  /** Change what you are called. */
  @Patch('me')
  @NeedsSession()
  @ApiOkResponse({ type: Me, headers: ETAG })
  @ChangingAnswers('person.restricted', 'person.closing', 'request.rate_limited', ...OPENING)
  async changeMe(
    @Ctx() ctx: RegionContext,
    @IfMatch() version: number,
    @Body() { displayName }: ChangeMe,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.sessions.rename(ctx, version, displayName)));
  }
}
