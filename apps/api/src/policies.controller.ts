import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Policies, PRIVACY_NOTICE } from '@domicile/accounts';
import { Regionless } from '@domicile/residency';
import { RegionlessAnswers } from './openapi/answers.js';
import { PolicyView } from './policies.dto.js';

@ApiTags('Public')
@Controller('v1/policies')
export class PoliciesController {
  constructor(@Inject(Policies) private readonly policies: Policies) {}

  /** The privacy notice in force. */
  @Get('current')
  @Regionless()
  @ApiOkResponse({ type: PolicyView })
  @RegionlessAnswers()
  currentPolicy(): PolicyView {
    return this.policies.current(PRIVACY_NOTICE);
  }
}
