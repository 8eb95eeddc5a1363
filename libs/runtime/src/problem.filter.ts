import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLog } from './log.js';
import { isBranded, type ProblemCatalogue } from './problem.js';
import { errorNameOf, problemReply, readable } from './problem-reply.js';

/** A code that a machine wrote (SQLSTATE, ERR_…): the only property of a foreign error that a log line may carry. */
const MACHINE_CODE = /^[A-Z0-9_]{1,40}$/;

/** Code of the region that a request was resolved to, before anything of its own was looked at; undefined where there is none. */
export type RegionOfRequest = (request: FastifyRequest) => string | undefined;

/**
 * Answers everything that is thrown while a request is handled as `application/problem+json`, and writes one event for a 5xx.
 * Use it as the one global filter: `app.useGlobalFilters(new ProblemFilter(catalogue, log, regionOf))`; the
 * event carries the region, so that it stays in the region's own log. Nest installs it as Fastify's
 * error and not-found handler at `app.init()`, so it also sees hooks (`onRequest`), body parsers and unknown routes; what
 * happens before Fastify has a request is answered by {@link fastifyOptions}.
 * It answers, it never throws; a reply that is already on its way is left alone.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(
    private readonly catalogue: ProblemCatalogue,
    private readonly log: EventLog,
    private readonly regionOf: RegionOfRequest = () => undefined,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const exception = readable(thrown);
    const http = host.switchToHttp();
    const request = http.getRequest<Partial<FastifyRequest>>();
    const reply = problemReply(exception, this.catalogue, request.id);
    if (reply.status >= 500) {
      const code = machineCode(exception) ?? reply.code;
      const route = request.routeOptions?.url;
      const region = request.raw && this.regionOf(request as FastifyRequest);
      const fields = {
        region,
        errorName: errorNameOf(exception),
        code,
        status: reply.status,
        requestId: request.id,
        route,
      };
      this.log.event('request.fault', fields, reply.status === 503 ? 'warn' : 'error');
    }
    answer(http.getResponse<FastifyReply | ServerResponse>(), reply.status, reply.headers, reply.body);
  }
}

/** Not of a branded error: what its code is worth the catalogue has said. */
function machineCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || isBranded(error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && MACHINE_CODE.test(code) ? code : undefined;
}

function answer(
  response: FastifyReply | ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  // Nest middleware runs on Node's own response, everything else on Fastify's reply.
  if ('raw' in response) {
    if (response.sent || response.raw.headersSent) return;
    // Bytes, because Fastify appends a charset to the content type of text.
    void response.code(status).headers(headers).send(Buffer.from(body));
  } else if (!response.headersSent) {
    response.writeHead(status, headers).end(body);
  }
}
