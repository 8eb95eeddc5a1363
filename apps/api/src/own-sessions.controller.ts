import { Controller, Delete, Get, HttpCode, Inject, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type SessionId, SessionList, SessionPage, pageOf, PageQuery } from '@domicile/accounts';
import { ReadLimit } from '@domicile/requests';
import { Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, NeedsSession, OPENING, RegionalAnswers } from './openapi/answers.js';
import { takeBack } from './session-form.js';

@ApiTags('Signing in')
@Controller('v1/sessions')
export class OwnSessionsController {
  constructor(
    @Inject(SessionList) private readonly sessions: SessionList,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** Where you are signed in, newest first. */
  @Get()
  @RouteConfig({ query: true })
  @NeedsSession()
  @ApiOkResponse({ type: SessionPage })
  @RegionalAnswers('request.invalid', 'request.rate_limited', ...OPENING)
  async listSessions(@Ctx() ctx: RegionContext, @Query() query: PageQuery): Promise<SessionPage> {
    this.reads.take(ctx);
    const { entries, next } = await this.sessions.list(ctx, pageOf(query));
    return { sessions: entries.map((entry) => ({ ...entry, factors: [...entry.factors] })), next };
  }

  /** End one of your sessions, wherever it is: its secret is worth nothing from now on. */
  @Delete(':id')
  @HttpCode(204)
  @ApiId(ID_PREFIXES.session)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('residency.not_found', 'request.rate_limited')
  async revokeSession(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.session) id: SessionId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.reads.take(ctx);
    if (await this.sessions.end(ctx, id)) takeBack(reply);
  }

  /** End all of your sessions but this one. */
  @Delete()
  @HttpCode(204)
  @NeedsSession()
  @ApiNoContentResponse()
  @RegionalAnswers('request.rate_limited')
  async revokeOtherSessions(@Ctx() ctx: RegionContext): Promise<void> {
    this.reads.take(ctx);
    await this.sessions.endOthers(ctx);
  }
}
