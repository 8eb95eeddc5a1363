import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Accounts, AccountView, Me, Sessions } from '@domicile/accounts';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { ApiId, NeedsSession, RegionalAnswers } from './openapi/answers.js';

@ApiTags('Accounts')
@Controller('v1')
export class AccountsController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  /** An account that you belong to. */
  @Get('accounts/:id')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: AccountView })
  @RegionalAnswers('residency.not_found')
  getAccount(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<AccountView> {
    return this.accounts.get(ctx, id);
  }

  /** Who you are: person, accounts and session. */
  @Get('me')
  @NeedsSession()
  @ApiOkResponse({ type: Me })
  @RegionalAnswers()
  getMe(@Ctx() ctx: RegionContext): Promise<Me> {
    return this.sessions.me(ctx);
  }
}
