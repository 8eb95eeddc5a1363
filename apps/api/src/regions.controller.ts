import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Contexts, Regionless } from '@domicile/residency';
import { RegionlessAnswers } from './openapi/answers.js';
import { RegionList } from './regions.dto.js';

@ApiTags('Public')
@Controller('v1/regions')
export class RegionsController {
  constructor(@Inject(Contexts) private readonly contexts: Contexts) {}

  /** The regions to choose from. */
  @Get()
  @Regionless()
  @ApiOkResponse({ type: RegionList })
  @RegionlessAnswers()
  listRegions(): RegionList {
    return regionList(this.contexts);
  }
}

/** The public facts of all regions. */
export function regionList(contexts: Contexts): RegionList {
  return { regions: contexts.regions.all.map((region) => ({ ...region, served: contexts.serves(region) })) };
}
