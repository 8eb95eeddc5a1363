import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { IdCodec, type Regions } from '@domicile/residency';
import {
  type EventLog,
  fastifyOptions,
  installAnswerHeaders,
  installUnreadBodies,
  Problem,
  problemReply,
  refuseMissingHost,
  securityHeaders,
  SettingsError,
} from '@domicile/runtime';
import { CATALOGUE, type PageErrorCode } from './catalogue.js';
import { LANGUAGES, preferredLanguage } from './language.js';
import { ICON } from './page.js';
import { type PageName, Pages } from './pages.js';
import { FORGETTING_COOKIE, isAskedFor, rememberedRegion, rememberingCookie } from './remembered.js';

const METHODS = 'GET, HEAD';

/**
 * The front door, ready for `listen`. It knows the public region file and has nothing to look anything up in: every link is a
 * region's own origin, whatever Host or forwarded header a request has. It answers GET and HEAD without a body; all else is refused
 * unread. It logs no request.
 * @throws SettingsError when an origin of the region file has a `{port}` that nobody gave
 */
export function createFrontDoor(regions: Regions, log: EventLog): FastifyInstance {
  refuseUnknownPorts(regions);
  const headers = {
    ...securityHeaders(regions.all.every(({ origins }) => origins.customer.startsWith('https:'))),
    // What an answer depends on, for whatever keeps one in spite of no-store.
    vary: 'Accept, Accept-Language, Cookie',
  };
  const door = fastify(fastifyOptions(headers));
  const pages = new Pages(regions);
  installUnreadBodies(door);
  refuseMissingHost(door);
  door.addHook('onRequest', (request, _reply, done) => {
    done(
      takesFrom(request)
        ? new Problem('page.takes_nothing' satisfies PageErrorCode, { headers: { allow: METHODS } })
        : undefined,
    );
  });
  installAnswerHeaders(door, headers);
  door.setNotFoundHandler(() => {
    throw new Problem('page.not_found' satisfies PageErrorCode);
  });
  door.setErrorHandler((error, request, reply) => refuse(error, request, reply, pages, log));
  door.get('/icon.svg', (_request, reply) => reply.type('image/svg+xml').send(ICON));
  installPages(door, pages);
  installMemory(door, regions);
  installWayHome(door, regions);
  return door;
}

/** Each page by its language, and without one by what the browser asks for. */
function installPages(door: FastifyInstance, pages: Pages): void {
  const paths = { home: '', which: '/which' } as const satisfies Record<PageName, string>;
  for (const [name, path] of Object.entries(paths) as [PageName, string][])
    for (const language of [undefined, ...LANGUAGES])
      door.get(language === undefined ? path || '/' : `/${language}${path}`, ({ headers }, reply) => {
        const remembered = rememberedRegion(pages.regions, headers.cookie);
        const spoken = language ?? preferredLanguage(headers['accept-language']);
        return document(reply, pages, pages.page(name, spoken, remembered));
      });
}

/** The one thing that can be changed here: what this browser remembers. It is in its cookie and nowhere else. */
function installMemory(door: FastifyInstance, regions: Regions): void {
  for (const language of LANGUAGES) {
    const change = (request: FastifyRequest, reply: FastifyReply, cookie: string): FastifyReply => {
      if (!isAskedFor(request.headers)) throw new Problem('page.not_asked' satisfies PageErrorCode);
      return reply.header('set-cookie', cookie).redirect(`/${language}`, 303);
    };
    door.get<{ Params: { region: string } }>(`/${language}/remember/:region`, (request, reply) => {
      const region = regions.find(request.params.region);
      if (region === undefined) throw new Problem('page.not_found' satisfies PageErrorCode);
      return change(request, reply, rememberingCookie(region));
    });
    door.get(`/${language}/forget`, (request, reply) => change(request, reply, FORGETTING_COOKIE));
  }
}

/** An id names its region, so its way home is known by its letters; whether there is such a thing, only that region can say. */
function installWayHome(door: FastifyInstance, regions: Regions): void {
  const ids = new IdCodec(regions);
  door.get<{ Params: { id: string } }>('/a/:id', ({ params: { id } }, reply) => {
    const named = ids.parse(id);
    if (named === null) throw new Problem('page.names_no_region' satisfies PageErrorCode);
    return reply.redirect(`${named.region.origins.customer}/a/${id}`, 303);
  });
}

/** As a page for who asks for one, and else as a problem document. Nothing of the request is in either, nor in the log. */
function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  pages: Pages,
  log: EventLog,
): FastifyReply {
  const problem = problemReply(error, CATALOGUE, request.id);
  if (problem.status >= 500) log.event('front_door.fault', { requestId: request.id }, 'error');
  void reply.code(problem.status).headers(problem.headers);
  const { accept = '', 'accept-language': languages } = request.headers;
  if (!/\btext\/html\b/i.test(accept)) return reply.send(Buffer.from(problem.body));
  return document(reply, pages, pages.message(problem.code, preferredLanguage(languages)));
}

function document(reply: FastifyReply, { policy }: Pages, text: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(text);
}

/** True when somebody wants to leave something here. */
function takesFrom({ method, headers }: FastifyRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  return hasBody || !['GET', 'HEAD'].includes(method);
}

function refuseUnknownPorts(regions: Regions): void {
  const problems = regions.all
    .filter(({ origins }) => new URL(origins.customer).port === '0')
    .map((region) => `DOMICILE_PUBLIC_PORTS does not say the port of ${region.code}, whose origin has one; add it.`);
  if (problems.length > 0) throw new SettingsError(problems);
}
