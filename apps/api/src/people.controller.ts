import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ChangeRole,
  MemberView,
  PageQuery,
  People,
  PeoplePage,
  type Person,
  TransferOwnership,
} from '@domicile/accounts';
import { ReadLimit } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES, IfMatch, ifStillAtVersion, withETag } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import {
  ApiId,
  ApiPage,
  ChangingAnswers,
  ENTERING,
  ENTERING_TO_CHANGE,
  ETAG,
  NeedsSession,
  OPENING,
  OrToken,
  RegionalAnswers,
  RegionalBodyAnswers,
} from './openapi/answers.js';

@ApiTags('People')
@Controller('v1/accounts/:id')
export class PeopleController {
  constructor(
    @Inject(People) private readonly people: People,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** The people in an account, in the order in which they joined. A `member` sees the others masked. */
  @Get('people')
  @ApiId(ID_PREFIXES.account)
  @ApiPage()
  @NeedsSession()
  @OrToken('people.read')
  @ApiOkResponse({ type: PeoplePage })
  @RegionalAnswers('request.invalid', 'token.scope_missing', ...ENTERING, ...OPENING)
  listPeople(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Query() query: PageQuery,
  ): Promise<PeoplePage> {
    this.reads.take(ctx);
    return this.people.list(ctx, id, query);
  }

  /** One of them. */
  @Get('people/:personId')
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.person, 'personId')
  @NeedsSession()
  @OrToken('people.read')
  @ApiOkResponse({ type: MemberView, headers: ETAG })
  @RegionalAnswers('token.scope_missing', ...ENTERING, ...OPENING)
  async getMember(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.person, 'personId') personId: Person['id'],
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    this.reads.take(ctx);
    return withETag(reply, await this.people.get(ctx, id, personId));
  }

  /** Give a person another role; for owners and admins. Who owns the account is for its owners alone, just proved. */
  @Patch('people/:personId')
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.person, 'personId')
  @NeedsSession()
  @ApiOkResponse({ type: MemberView, headers: ETAG })
  @ChangingAnswers('account.last_owner', 'session.not_fresh', ...ENTERING_TO_CHANGE, ...OPENING)
  async changeRole(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.person, 'personId') personId: Person['id'],
    @IfMatch() version: number,
    @Body() { role }: ChangeRole,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    this.reads.take(ctx);
    const change = { personId, version, role };
    return withETag(reply, await ifStillAtVersion(() => this.people.changeRole(ctx, id, change)));
  }

  /** Leave an account. Your tokens for it end with that; its last owner stays. */
  @Delete('people/me')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('account.last_owner', 'session.not_fresh', ...ENTERING_TO_CHANGE)
  leaveAccount(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<void> {
    this.reads.take(ctx);
    return this.people.leave(ctx, id);
  }

  /** Remove a person from an account; for owners and admins. Her tokens for it end with that. */
  @Delete('people/:personId')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.person, 'personId')
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('account.last_owner', 'session.not_fresh', ...ENTERING_TO_CHANGE)
  removeMember(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.person, 'personId') personId: Person['id'],
  ): Promise<void> {
    this.reads.take(ctx);
    return this.people.remove(ctx, id, personId);
  }

  /** Make somebody in the account its owner in your place; you stay as an admin. For owners, just proved. */
  @Post('ownership')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalBodyAnswers('session.not_fresh', ...ENTERING_TO_CHANGE)
  transferOwnership(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Body() { personId }: TransferOwnership,
  ): Promise<void> {
    this.reads.take(ctx);
    return this.people.transferOwnership(ctx, id, personId);
  }
}
