import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  AnswerInvitation,
  type Invitation,
  InvitationAccepted,
  InvitationMade,
  Invitations,
  InvitationsPage,
  Invite,
  PageQuery,
  Sessions,
} from '@domicile/accounts';
import {
  Idempotency,
  IdempotencyKey,
  type KeyedRequest,
  RateLimits,
  ReadLimit,
  withReplayed,
} from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
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
  RegionalBodyAnswers,
} from './openapi/answers.js';

const ANSWERING = [
  'residency.not_found',
  'invitation.code_wrong',
  'invitation.code_exhausted',
  'invitation.expired',
  'account.suspended',
  'account.restricted',
  'account.closing',
  'request.rate_limited',
] as const;

@ApiTags('Invitations')
@Controller('v1')
export class InvitationsController {
  constructor(
    @Inject(Invitations) private readonly invitations: Invitations,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** Invite somebody by e-mail; for owners and admins. The answer is the same for every address; a code is mailed to it. */
  @Post('accounts/:id/invitations')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiCreatedResponse({ type: InvitationMade })
  @CreatingAnswers(...ENTERING_TO_CHANGE, ...OPENING)
  async invite(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: Invite,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationMade> {
    const entry = await this.invitations.enter(ctx, id);
    await this.limits.invitation(ctx, network, id);
    const request = { ...sent, principal: entry.personId, body, secretFields: [] };
    const once = await this.idempotency.once<InvitationMade>(ctx, request, (keep) =>
      this.invitations.make(ctx, entry, body, keep),
    );
    return withReplayed(reply, once);
  }

  /** Invitations that nobody has answered yet; for owners and admins. */
  @Get('accounts/:id/invitations')
  @ApiId(ID_PREFIXES.account)
  @ApiPage()
  @NeedsSession()
  @ApiOkResponse({ type: InvitationsPage })
  @RegionalAnswers('request.invalid', ...ENTERING, ...OPENING)
  listInvitations(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Query() query: PageQuery,
  ): Promise<InvitationsPage> {
    this.reads.take(ctx);
    return this.invitations.list(ctx, id, query);
  }

  /** Take an invitation back: its code is worth nothing from now on. */
  @Delete('accounts/:id/invitations/:invitationId')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.account)
  @ApiId(ID_PREFIXES.invitation, 'invitationId')
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers(...ENTERING)
  revokeInvitation(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @IdParam(ID_PREFIXES.invitation, 'invitationId') invitationId: Invitation['id'],
  ): Promise<void> {
    this.reads.take(ctx);
    return this.invitations.revoke(ctx, id, invitationId);
  }

  /** Accept an invitation with the mailed code; your own address must be the invited one. */
  @Post('invitations/:id/acceptance')
  @ApiId(ID_PREFIXES.invitation)
  @NeedsSession()
  @ApiCreatedResponse({ type: InvitationAccepted })
  @CreatingAnswers('invitation.already_member', ...ANSWERING)
  async acceptInvitation(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.invitation) id: Invitation['id'],
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: AnswerInvitation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationAccepted> {
    this.reads.take(ctx);
    const { personId } = await this.sessions.authenticate(ctx);
    const request = { ...sent, principal: personId, body, secretFields: ['code'] };
    const once = await this.idempotency.once<InvitationAccepted>(ctx, request, (keep) =>
      this.invitations.accept(ctx, { id, personId, code: body.code }, keep),
    );
    return withReplayed(reply, once);
  }

  /** Decline an invitation with the mailed code: it is removed. */
  @Post('invitations/:id/declination')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.invitation)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalBodyAnswers(...ANSWERING)
  async declineInvitation(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.invitation) id: Invitation['id'],
    @Body() { code }: AnswerInvitation,
  ): Promise<void> {
    this.reads.take(ctx);
    const { personId } = await this.sessions.authenticate(ctx);
    await this.invitations.decline(ctx, { id, personId, code });
  }
}
