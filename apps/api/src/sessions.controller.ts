import { Body, Controller, Delete, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import {
  SecondStepNeeded,
  Sessions,
  SignedIn,
  type SignedInSession,
  SignIn,
  SignInGate,
  SignInWithPassword,
} from '@domicile/accounts';
import { Idempotency, IdempotencyKey, type KeyedRequest, withReplayed } from '@domicile/requests';
import { Ctx, type RegionContext } from '@domicile/residency';
import { ClientNetwork } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { DeviceToken } from './known-device.js';
import { CreatingAnswers, NeedsSession, RegionalAnswers } from './openapi/answers.js';
import { handOver, takeBack } from './session-form.js';

@ApiTags('Signing in')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(SignInGate) private readonly gate: SignInGate,
  ) {}

  /**
   * Sign in with your address and password. The refusal is the same for an address that is known and one that is not. Who has a
   * passkey or an authenticator app is asked for it next, at /v1/sign-ins.
   */
  @Post()
  @ApiCreatedResponse({ type: SignedIn })
  @ApiAcceptedResponse({ type: SecondStepNeeded, description: 'The password was right; take the second step.' })
  @ApiHeader({
    name: 'Device-Token',
    required: false,
    description:
      'The token of a device that you have signed in on before: what strangers try with your address does not touch it. A browser sends it as a cookie instead, never both.',
    schema: { type: 'string' },
  })
  @CreatingAnswers(
    'session.refused',
    'session.device_needed',
    'server.unavailable',
    'vault.value_refused',
    'vault.key_missing',
  )
  async beginSession(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @DeviceToken() deviceToken: string | undefined,
    @IdempotencyKey() sent: KeyedRequest,
    @Body() body: SignInWithPassword,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn | SecondStepNeeded> {
    const admitted = await this.gate.admit(ctx, { network, email: body.email, deviceToken });
    // The answer holds a session: it is for who knows the password, and a key that somebody guessed is not enough.
    const request = { ...sent, principal: `password ${body.password}`, body, secretFields: ['password'] };
    const once = await this.idempotency.once<SignedInSession | SecondStepNeeded>(ctx, request, (keep) =>
      this.signIn.withPassword(ctx, body, { admitted, keep }),
    );
    const answer = withReplayed(reply, once);
    if ('signIn' in answer) {
      void reply.status(202);
      // Beside the secret of the second step it would be a second credential, and only we can drop it.
      takeBack(reply);
      return answer;
    }
    if (once.isReplayed) await this.gate.forgive(ctx, admitted);
    return handOver(reply, answer, body.sessionForm);
  }

  /** Sign out: the session in use ends, and its secret is worth nothing from now on. */
  @Delete('current')
  @HttpCode(204)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers()
  async endSession(@Ctx() ctx: RegionContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.end(ctx);
    takeBack(reply);
  }
}
