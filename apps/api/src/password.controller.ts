import { Body, Controller, HttpCode, Inject, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { ChangePassword, PasswordChange, Sessions } from '@domicile/accounts';
import { RateLimits } from '@domicile/requests';
import { Ctx, type RegionContext } from '@domicile/residency';
import { ClientNetwork } from '@domicile/runtime';
import { NeedsSession, OPENING, RegionalBodyAnswers } from './openapi/answers.js';

@ApiTags('Password')
@Controller('v1/me/password')
export class PasswordController {
  constructor(
    @Inject(PasswordChange) private readonly passwords: PasswordChange,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** Set another password, shortly after you have signed in. Ends every other session. */
  @Put()
  @HttpCode(204)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalBodyAnswers(
    'residency.not_found',
    'session.not_fresh',
    'session.own_factor_required',
    'person.restricted',
    'person.closing',
    'request.rate_limited',
    'server.unavailable',
    ...OPENING,
  )
  async changePassword(
    @Ctx() ctx: RegionContext,
    @ClientNetwork() network: string,
    @Body() { password }: ChangePassword,
  ): Promise<void> {
    const proven = await this.sessions.authenticateFreshly(ctx);
    await this.limits.confirmation(ctx, network);
    await this.passwords.change(ctx, proven, password);
  }
}
