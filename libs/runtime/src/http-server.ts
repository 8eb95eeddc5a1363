import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply } from 'fastify';
import { Problem, REQUEST_ERRORS } from './problem.js';
import { problemReply } from './problem-reply.js';
import type { AnswerHeaders } from './security-headers.js';
import { parseStrictJson } from './strict-json.js';

/** The largest request body, in bytes. One byte more is answered 413 without reading on. */
export const BODY_SIZE_BYTES_MAX = 65_536;
/** How long one path segment may be, in characters; a longer one names nothing (404). */
export const PATH_PARAMETER_LENGTH_MAX = 200;
/** How long a client may take to send one whole request. */
export const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/**
 * The options of `new FastifyAdapter(fastifyOptions())`. They hold for every request: bounds, no logger (it would write URLs and
 * headers), no trust in any forwarded header, request ids of our own making, and problem documents where Fastify has no
 * handler to call: a URL that cannot be decoded, bytes that are not HTTP, a request that does not arrive in time.
 * @param headers what those answers carry beside their own: no hook of Fastify sees them
 */
export function fastifyOptions(headers: AnswerHeaders = {}): FastifyHttpOptions<Server> {
  return {
    bodyLimit: BODY_SIZE_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    // Node's own refusal is a bare status line; see refuseMissingHost.
    http: { requireHostHeader: false },
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    exposeHeadRoutes: true,
    // Fastify's own 503 is not a problem document; while closing, requests on open connections are still answered in full.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      const problem = problemReply(error, REQUEST_ERRORS, request.id);
      // Fastify types this reply by a route, and there is none.
      const answer = reply as unknown as FastifyReply;
      // No hook runs here, so a body that may follow is not dropped in order: see unread-bodies.ts.
      void answer
        .code(problem.status)
        .headers({ ...headers, ...problem.headers })
        .header('connection', 'close')
        .send(Buffer.from(problem.body));
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, headers),
  };
}

/**
 * Lets {@link parseStrictJson} be the only reader of bodies: `application/json` (any parameters, no content encoding); every
 * other type is answered 415, and an empty body that calls itself JSON 400.
 * `main.ts` must create the application with `NestFactory.create(…, {bodyParser: false})` and call this before `app.init()`:
 * otherwise Nest registers its own lenient parsers, for urlencoded forms as well.
 */
export function installStrictJsonBody(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    try {
      if (encoding !== undefined && encoding !== 'identity') throw new Problem('request.unsupported_media_type');
      done(null, parseStrictJson(Buffer.from(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Problem('request.malformed'));
    }
  });
}

/**
 * Answers `request.query_refused` to any query string on a route that does not declare one with
 * `@RouteConfig({query: true})`: what is not declared must not be able to carry an address into a URL, and so into histories
 * and proxies. Unknown routes keep their 404. Call it before `app.init()`, after the hook that names the region.
 */
export function refuseUndeclaredQueries(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.raw.url?.includes('?') !== true || request.is404) return done();
    done(Reflect.get(request.routeOptions.config, 'query') === true ? undefined : new Problem('request.query_refused'));
  });
}

/**
 * Answers an HTTP/1.1 request without Host `request.malformed` (RFC 9112 section 3.2), which Node would do by itself with a bare
 * status line. Call it before `app.init()`.
 */
export function refuseMissingHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { httpVersion, headers } = request.raw;
    done(httpVersion === '1.1' && headers.host === undefined ? new Problem('request.malformed') : undefined);
  });
}

/**
 * Makes a fault of every redirect (leak row 46): 307 and 308 make a client send its body again, 301 to 303 its URL, and where to is
 * for the client to decide, by the origin in the answer. Only 304, which sends nobody anywhere, is left.
 */
export function refuseRedirects(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const { statusCode } = reply;
    if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return done(null, payload);
    reply.removeHeader('location');
    done(new RedirectRefusedError());
  });
}

/** Its class is all that the log says of it. */
class RedirectRefusedError extends Error {}

/** Answers on the socket itself, as there is no request to answer to; like Node's default, it never writes into a begun answer. */
function refuseConnection(error: Error & { code?: string }, socket: Socket, common: AnswerHeaders): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const pending: unknown = Reflect.get(socket, '_httpMessage');
  const isBegun = typeof pending === 'object' && pending !== null && Reflect.get(pending, 'headersSent') === true;
  if (!socket.writable || isBegun) {
    socket.destroy();
    return;
  }
  const code = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request.timeout' : 'request.malformed';
  const { status, headers, body } = problemReply(new Problem(code), REQUEST_ERRORS);
  const length = String(Buffer.byteLength(body));
  const lines = Object.entries({ ...common, ...headers, 'content-length': length, connection: 'close' });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
