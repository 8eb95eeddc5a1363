import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  AskForRecovery,
  type AskedRecovery,
  CompleteRecovery,
  normaliseEmail,
  type Recovered,
  Recovery,
  RecoveryAnswer,
  RecoveryCompleted,
  type RecoveryId,
} from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, RateLimits, withReplayed } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ClientNetwork, ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, CreatingAnswers, OPENING } from './openapi/answers.js';
import { handOverDevice } from './session-form.js';

@ApiTags('Recovery')
@Controller('v1/recoveries')
export class RecoveriesController {
  constructor(
    @Inject(Recovery) private readonly recovery: Recovery,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** Ask for a new password. The answer is the same for every address; a code is mailed to who has it. */
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RecoveryAnswer })
  @CreatingAnswers()
  async startRecovery(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: AskForRecovery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryAnswer> {
    await this.limits.recovery(ctx, network, normaliseEmail(body.email) ?? '');
    const request = { ...sent, principal: 'nobody', body, secretFields: [] };
    const once = await this.idempotency.once<AskedRecovery>(ctx, request, (keep) =>
      this.recovery.start(ctx, body.email, keep),
    );
    return { recovery: withReplayed(reply, once) };
  }

  /** Set a new password with the mailed code; ends every session. A second factor stays what it was, and is asked for. */
  @Post(':id/completion')
  @HttpCode(200)
  @ApiId(ID_PREFIXES.recovery)
  @ApiOkResponse({ type: RecoveryCompleted })
  @CreatingAnswers(
    'residency.not_found',
    'residency.conflict',
    'recovery.code_wrong',
    'recovery.code_exhausted',
    'recovery.expired',
    'recovery.already_completed',
    'recovery.factor_needed',
    'recovery.factor_wrong',
    'server.unavailable',
    ...OPENING,
  )
  async completeRecovery(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @IdempotencyKey() sent: KeyedRequest,
    @IdParam(ID_PREFIXES.recovery) id: RecoveryId,
    @Body() body: CompleteRecovery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCompleted> {
    await this.limits.confirmation(ctx, network);
    // The answer holds a secret: it is for who knows the mailed code, and a key that somebody guessed is not enough.
    const request = {
      ...sent,
      principal: `code ${body.code}`,
      body,
      secretFields: ['code', 'password', 'secondFactor'],
    };
    const once = await this.idempotency.once<Recovered>(ctx, request, (keep) =>
      this.recovery.complete(ctx, id, body, keep),
    );
    return handOverDevice(reply, withReplayed(reply, once), body.deviceForm);
  }
}
