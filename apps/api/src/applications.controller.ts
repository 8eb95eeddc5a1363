import { Controller, Delete, Get, HttpCode, Inject, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PageQuery } from '@domicile/accounts';
import { ApplicationPage, Applications, type OidcConsentId } from '@domicile/oidc';
import { ReadLimit } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { ApiId, ApiPage, NeedsSession, RegionalAnswers } from './openapi/answers.js';

@ApiTags('Applications')
@Controller('v1/me/applications')
export class ApplicationsController {
  constructor(
    @Inject(Applications) private readonly applications: Applications,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** Applications that you sign in to with your account here, and what each may read. */
  @Get()
  @ApiPage()
  @NeedsSession()
  @ApiOkResponse({ type: ApplicationPage })
  @RegionalAnswers('request.invalid', 'request.rate_limited')
  listApplications(@Ctx() ctx: RegionContext, @Query() query: PageQuery): Promise<ApplicationPage> {
    this.reads.take(ctx);
    return this.applications.list(ctx, query);
  }

  /** End what you agreed to with one: its tokens are worth nothing from now on, and it must ask you again. */
  @Delete(':id')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.oidcConsent)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('residency.not_found', 'request.rate_limited')
  async revokeApplication(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.oidcConsent) id: OidcConsentId,
  ): Promise<void> {
    this.reads.take(ctx);
    await this.applications.revoke(ctx, id);
  }
}
