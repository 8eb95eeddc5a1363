import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Contexts, Origin, RegionContext } from '../context.js';
import { ResidencyError } from '../errors.js';
import type { Region } from '../regions.js';
import type { Destination, RegionRouter } from './region-router.js';

/** Key under which a route of Nest's @RouteConfig says that it belongs to no region. */
export const REGIONLESS = 'domicile.regionless';

/**
 * Key under which a route says that it speaks another protocol (OAuth 2.0, say): its region is that of its origin alone, and what else
 * stands in its path and its Authorization is not ours to read. Its unit of work has no actor.
 */
export const ORIGIN_ALONE = 'domicile.origin-alone';

/** Says where a request came from, when somebody wants to know. */
export type OriginOf = (request: FastifyRequest) => Promise<Origin>;

/** What the hooks know of a request while it is under way. */
interface Unit {
  readonly destination: Destination;
  opened?: ReturnType<Contexts['open']>;
}

/** A base class whose "instances" are objects that exist already, so that a subclass adds its private fields to them. */
const Existing = class {
  constructor(object: object) {
    return object;
  }
} as new (object: object) => object;

/**
 * The unit of a request as a private field of it: seen and changed in this file alone. A WeakMap would do the same, and each of its
 * entries costs the garbage collector as much as the rest of a read.
 */
class UnitOf extends Existing {
  #unit: Unit;

  constructor(request: object, unit: Unit) {
    super(request);
    this.#unit = unit;
  }

  static get(request: object): Unit | undefined {
    return #unit in request ? request.#unit : undefined;
  }
}

/**
 * Installs the guard on a Fastify instance, before its routes: the region is resolved before the body is read, the unit
 * of work opens once the body is there, and closes when the answer is out. Every route is regional unless it says
 * otherwise, so a route that nobody thought about is refused rather than open.
 * @param originOf left out by who keeps nothing of where requests come from
 */
export function installRegionHooks(
  fastify: FastifyInstance,
  router: RegionRouter,
  contexts: Contexts,
  originOf?: OriginOf,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const origin = router.originOf(request.headers.host);
    if (origin) void reply.header('X-Hosting-Region', origin.code);
    if (request.is404) return done();
    // Fastify makes it anew at each look.
    const { config } = request.routeOptions;
    if (declares(config, REGIONLESS)) return done();
    try {
      new UnitOf(request.raw, { destination: router.resolve(addressed(request, declares(config, ORIGIN_ALONE))) });
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    const unit = UnitOf.get(request.raw);
    if (!unit) return done();
    const { region, secret } = unit.destination;
    unit.opened = contexts.open({
      region,
      actor: secret ? { kind: 'bearer', secret } : { kind: 'nobody' },
      requestId: request.id,
      origin: originOf && (() => originOf(request)),
    });
    unit.opened.enter(done);
  });
  fastify.addHook('onResponse', (request: FastifyRequest, _reply: FastifyReply, done) => {
    UnitOf.get(request.raw)?.opened?.close();
    done();
  });
}

/** The open context of a request. @throws ResidencyError residency.context_missing on a route without one */
export function contextOf(request: FastifyRequest): RegionContext {
  const context = UnitOf.get(request.raw)?.opened?.context;
  if (!context)
    throw new ResidencyError(
      'residency.context_missing',
      'A handler asked for the context of a request that has none.',
    );
  return context;
}

/** The region that a request was resolved to, from before its body is read on; undefined for a refused or region-less one. For logs. */
export function regionOf(request: FastifyRequest): Region | undefined {
  return UnitOf.get(request.raw)?.destination.region;
}

/** True once the unit of work of a request has been opened. */
export function isInUnit(request: FastifyRequest): boolean {
  return UnitOf.get(request.raw)?.opened !== undefined;
}

export function isRegionless(request: FastifyRequest): boolean {
  return declares(request.routeOptions.config, REGIONLESS);
}

function declares(config: FastifyRequest['routeOptions']['config'], key: string): boolean {
  return (config as unknown as Record<string, unknown>)[key] === true;
}

function addressed(request: FastifyRequest, byOriginAlone: boolean) {
  assertSingle(request, 'host');
  assertSingle(request, 'authorization');
  const url = request.raw.url!;
  // An absolute request target overrides Host (RFC 9112 section 3.2.2): two places to name an origin are one too many.
  if (!url.startsWith('/')) throw misdirected();
  const query = url.indexOf('?');
  const origin = { authority: request.headers.host, path: query < 0 ? url : url.slice(0, query) };
  if (byOriginAlone) return { ...origin, params: {}, authorization: undefined };
  return {
    ...origin,
    params: (request.params ?? {}) as Record<string, string>,
    authorization: request.headers.authorization,
    cookie: request.headers.cookie,
    method: request.raw.method!,
    origin: request.headers.origin,
    fetchSite: request.headers['sec-fetch-site'],
  };
}

/** Node keeps the first of several; which one was meant is not ours to guess (RFC 9110 section 5.3). */
function assertSingle(request: FastifyRequest, name: string): void {
  const { rawHeaders } = request.raw;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) count++;
  if (count > 1) throw misdirected();
}

function misdirected(): ResidencyError {
  return new ResidencyError('residency.misdirected', undefined, { headers: { connection: 'close' } });
}
