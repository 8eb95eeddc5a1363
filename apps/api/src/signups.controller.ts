import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AskForSignup,
  ConfirmationAnswer,
  ConfirmSignup,
  Signup,
  SignupAnswer,
  type SignupId,
} from '@domicile/accounts';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { ApiId, RegionalBodyAnswers } from './openapi/answers.js';

@ApiTags('Signing up')
@Controller('v1')
export class SignupsController {
  constructor(@Inject(Signup) private readonly signup: Signup) {}

  /** Ask for an account in a region. The answer is the same for every address; a code is mailed. */
  @Post('regions/:region/signups')
  @HttpCode(202)
  @ApiParam({
    name: 'region',
    description: 'Code of the region that is to host the account, for good.',
    schema: { type: 'string' },
  })
  @ApiAcceptedResponse({ type: SignupAnswer })
  @RegionalBodyAnswers('residency.region_unknown', 'signup.policy_outdated')
  async startSignup(@Ctx() ctx: RegionContext, @Body() body: AskForSignup): Promise<SignupAnswer> {
    return { signup: await this.signup.start(ctx, body) };
  }

  /** Confirm a signup with the mailed code and a password; makes the account and signs in. */
  @Post('signups/:id/confirmations')
  @ApiId(ID_PREFIXES.signup)
  @ApiCreatedResponse({ type: ConfirmationAnswer })
  @RegionalBodyAnswers(
    'residency.not_found',
    'signup.code_wrong',
    'signup.code_exhausted',
    'signup.expired',
    'signup.already_confirmed',
    'signup.address_taken',
    'server.unavailable',
  )
  confirmSignup(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.signup) id: SignupId,
    @Body() body: ConfirmSignup,
  ): Promise<ConfirmationAnswer> {
    return this.signup.confirm(ctx, id, body);
  }
}
