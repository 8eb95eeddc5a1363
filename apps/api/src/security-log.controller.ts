import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { AccountLineView, AccountLog, EventList, PersonLog, pageOf, PageQuery } from '@domicile/accounts';
import { ReadLimit } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { FastifyReply } from 'fastify';
import { ApiId, NeedsSession, OPENING, RegionalAnswers } from './openapi/answers.js';

const LINES = 'application/x-ndjson';

@ApiTags('Security log')
@Controller('v1')
export class SecurityLogController {
  constructor(
    @Inject(EventList) private readonly events: EventList,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** What happened to how you sign in, newest first. */
  @Get('me/security-log')
  @RouteConfig({ query: true })
  @NeedsSession()
  @ApiOkResponse({ type: PersonLog })
  @RegionalAnswers('request.invalid', 'request.rate_limited', ...OPENING)
  async getMySecurityLog(@Ctx() ctx: RegionContext, @Query() query: PageQuery): Promise<PersonLog> {
    this.reads.take(ctx);
    const { entries, next } = await this.events.mine(ctx, pageOf(query));
    return { events: [...entries], next };
  }

  /**
   * What happened to who may do what in an account; for its owners and admins. Newest first, to look at. With
   * `Accept: application/x-ndjson` oldest first, one JSON object a line, for a system of yours: ask with the id of the last line that it
   * has as `cursor`, and it misses none. Those lines are a minute old when they are given, as one that is still being written might
   * otherwise come to stand before one that you have.
   */
  @Get('accounts/:id/security-log')
  @RouteConfig({ query: true })
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @ApiExtraModels(AccountLog, AccountLineView)
  @ApiOkResponse({
    description: 'A page of the log, or lines of it.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AccountLog) } },
      [LINES]: { schema: { $ref: getSchemaPath(AccountLineView) } },
    },
  })
  @RegionalAnswers(
    'residency.not_found',
    'account.suspended',
    'account.right_missing',
    'request.invalid',
    'request.rate_limited',
    ...OPENING,
  )
  async getAccountSecurityLog(
    @Ctx() ctx: RegionContext,
    @IdParam(ID_PREFIXES.account) id: AccountId,
    @Query() query: PageQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountLog | Buffer> {
    this.reads.take(ctx);
    const page = pageOf(query);
    if (!asksForLines(accept)) {
      const { entries, next } = await this.events.ofAccount(ctx, id, page);
      return { events: [...entries], next };
    }
    const lines = await this.events.pull(ctx, id, page);
    void reply.type(LINES);
    // Bytes, because Fastify appends a charset to the content type of text.
    return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}

/** Named as it is: `*` is for people who look. */
function asksForLines(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((each) => each.split(';', 1)[0]!.trim().toLowerCase() === LINES);
}
