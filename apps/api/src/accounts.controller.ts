import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Accounts, AccountView, Me, Sessions } from '@domicile/accounts';
import { ReadLimit } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES, withETag } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, ETAG, NeedsSession, RegionalAnswers } from './openapi/answers.js';

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
  @ApiOkResponse({ type: AccountView, headers: ETAG })
  @RegionalAnswers('residency.not_found', 'request.rate_limited')
  async getAccount(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountView> {
    this.reads.take(ctx);
    return withETag(reply, await this.accounts.get(ctx, id));
  }

  /** Who you are: person, accounts and session. */
  @Get('me')
  @NeedsSession()
  @ApiOkResponse({ type: Me, headers: ETAG })
  @RegionalAnswers('request.rate_limited')
  async getMe(@Ctx() ctx: RegionContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<Me> {
    this.reads.take(ctx);
    return withETag(reply, await this.sessions.me(ctx));
  }
}
