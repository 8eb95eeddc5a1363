import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  AddressChange,
  AddressChangeAnswer,
  type AddressChanged,
  type AddressChangeId,
  type AddressUndone,
  AskForAddressChange,
  type AskedAddressChange,
  ChangedAddressView,
  ConfirmAddressChange,
  normaliseEmail,
  Sessions,
  UndoAddressChange,
  UndoneAddressChange,
} from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, RateLimits, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, CreatingAnswers, NeedsSession, OPENING } from './openapi/answers.js';

@ApiTags('Address')
@Controller('v1')
export class AddressController {
  constructor(
    @Inject(AddressChange) private readonly changes: AddressChange,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** Ask for another address; a code is mailed there. The answer is the same whether it is free or taken. */
  @Post('me/address-changes')
  @HttpCode(202)
  @NeedsSession()
  @ApiAcceptedResponse({ type: AddressChangeAnswer })
  @CreatingAnswers(
    'residency.not_found',
    'session.not_fresh',
    'session.own_factor_required',
    'person.restricted',
    'person.closing',
    ...OPENING,
  )
  async startAddressChange(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: AskForAddressChange,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AddressChangeAnswer> {
    const proven = await this.sessions.authenticateFreshly(ctx);
    await this.limits.addressChange(ctx, network, proven.personId, normaliseEmail(body.email) ?? '');
    const request = { ...sent, principal: proven.personId, body, secretFields: [] };
    const once = await this.idempotency.once<AskedAddressChange>(ctx, request, (keep) =>
      this.changes.start(ctx, proven, body.email, keep),
    );
    return { addressChange: withReplayed(reply, once) };
  }

  /** Confirm another address with the mailed code; sign in with it from now on. The one from before is told, and can undo it for 7 days. */
  @Post('me/address-changes/:id/confirmation')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.addressChange)
  @NeedsSession()
  @ApiOkResponse({ type: ChangedAddressView })
  @CreatingAnswers(
    'residency.not_found',
    'residency.conflict',
    'address.code_wrong',
    'address.code_exhausted',
    'address.expired',
    'address.already_confirmed',
    'address.already_undone',
    'address.taken',
    'person.restricted',
    'person.closing',
    ...OPENING,
  )
  async confirmAddressChange(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.addressChange) id: AddressChangeId,
    @Body() body: ConfirmAddressChange,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAddressView> {
    const proven = await this.sessions.authenticate(ctx);
    await this.limits.confirmation(ctx, network);
    const request = { ...sent, principal: proven.personId, body, secretFields: ['code'] };
    const once = await this.idempotency.once<AddressChanged>(ctx, request, (keep) =>
      this.changes.confirm(ctx, proven, id, body.code, keep),
    );
    return withReplayed(reply, once);
  }

  /** Undo a change of address with the code from the mail to the address from before. Ends every session, and begins a recovery. */
  @Post('address-changes/:id/undo')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.addressChange)
  @ApiOkResponse({ type: UndoneAddressChange })
  @CreatingAnswers(
    'residency.not_found',
    'residency.conflict',
    'address.code_wrong',
    'address.expired',
    'address.already_undone',
    ...OPENING,
  )
  async undoAddressChange(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.addressChange) id: AddressChangeId,
    @Body() body: UndoAddressChange,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UndoneAddressChange> {
    await this.limits.confirmation(ctx, network);
    const request = { ...sent, principal: `code ${body.code}`, body, secretFields: ['code'] };
    const once = await this.idempotency.once<AddressUndone>(ctx, request, (keep) =>
      this.changes.undo(ctx, id, body.code, keep),
    );
    return withReplayed(reply, once);
  }
}
