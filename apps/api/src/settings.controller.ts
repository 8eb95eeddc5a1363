import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  AccountSettings,
  BillingView,
  ChangePolicy,
  ChangePreferences,
  ClosingView,
  AccountPolicyView,
  Preferences,
  PreferencesView,
} from '@domicile/accounts';
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
  RegionalAnswers,
} from './openapi/answers.js';

@ApiTags('Settings')
@Controller('v1')
export class SettingsController {
  constructor(
    @Inject(AccountSettings) private readonly settings: AccountSettings,
    @Inject(Preferences) private readonly preferences: Preferences,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** What an account asks of the sessions that enter it. */
  @Get('accounts/:id/policy')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: AccountPolicyView, headers: ETAG })
  @RegionalAnswers(...ENTERING)
  async getPolicy(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountPolicyView> {
    this.reads.take(ctx);
    return withETag(reply, await this.settings.policy(ctx, id));
  }

  /** Change it; for owners, just proved, whose own session is good enough for it. */
  @Patch('accounts/:id/policy')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: AccountPolicyView, headers: ETAG })
  @ChangingAnswers('session.not_fresh', ...ENTERING_TO_CHANGE)
  async changePolicy(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IfMatch() version: number,
    @Body() body: ChangePolicy,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountPolicyView> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.settings.changePolicy(ctx, id, version, body)));
  }

  /** Whom the bills of an account go to; for owners and billing. Unknown before it is filled in. */
  @Get('accounts/:id/billing')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: BillingView, headers: ETAG })
  @RegionalAnswers(...ENTERING, ...OPENING)
  async getBilling(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingView> {
    this.reads.take(ctx);
    return withETag(reply, await this.settings.billing(ctx, id));
  }

  /** Fill it in; for owners and billing. The ETag is the account's own. Numbers of payment cards are refused. */
  @Put('accounts/:id/billing')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: BillingView, headers: ETAG })
  @ChangingAnswers(...ENTERING_TO_CHANGE, ...OPENING)
  async changeBilling(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IfMatch() version: number,
    @Body() body: BillingView,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingView> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.settings.changeBilling(ctx, id, version, body)));
  }

  /** Close an account: it can only be read from now on, and is to be erased in 30 days. For owners, just proved. */
  @Post('accounts/:id/closing')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiOkResponse({ type: ClosingView })
  @RegionalAnswers('session.not_fresh', ...ENTERING_TO_CHANGE)
  closeAccount(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<ClosingView> {
    this.reads.take(ctx);
    return this.settings.close(ctx, id);
  }

  /** Take the closing of an account back; for owners. */
  @Delete('accounts/:id/closing')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers(...ENTERING)
  reopenAccount(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<void> {
    this.reads.take(ctx);
    return this.settings.reopen(ctx, id);
  }

  /** How you want to be spoken to. */
  @Get('me/preferences')
  @NeedsSession()
  @ApiOkResponse({ type: PreferencesView, headers: ETAG })
  @RegionalAnswers('request.rate_limited', ...OPENING)
  async getPreferences(
    @Ctx() ctx: RegionContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PreferencesView> {
    this.reads.take(ctx);
    return withETag(reply, await this.preferences.get(ctx));
  }

  /** Change it. */
  @Patch('me/preferences')
  @NeedsSession()
  @ApiOkResponse({ type: PreferencesView, headers: ETAG })
  @ChangingAnswers('person.restricted', 'person.closing', 'request.rate_limited', ...OPENING)
  async changePreferences(
    @Ctx() ctx: RegionContext,
    @IfMatch() version: number,
    @Body() body: ChangePreferences,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PreferencesView> {
    this.reads.take(ctx);
    return withETag(reply, await ifStillAtVersion(() => this.preferences.change(ctx, version, body)));
  }
}
