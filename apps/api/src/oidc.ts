import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ISSUER_PATH, type Issuers, TOKEN_PREFIXES } from '@domicile/oidc';
import type { RateLimits } from '@domicile/requests';
import { contextOf, ORIGIN_ALONE, regionOf, type Region, type Regions, ResidencyError } from '@domicile/residency';
import { type AnswerHeaders, BODY_SIZE_BYTES_MAX, clientNetwork } from '@domicile/runtime';

/** The one type of body that OAuth 2.0 knows. */
const FORM = 'application/x-www-form-urlencoded';
/** oidc-provider adds the hash of the one script that it writes, the sender of a form. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'none'; frame-ancestors 'none'";
/** What leaves a row whoever asks: beginning to sign in, and to sign out. In any case of its letters, as oidc-provider reads paths. */
const REMEMBERED = new RegExp(`^${ISSUER_PATH}/(?:auth|session)\\b`, 'i');
const OWN_TOKEN = new RegExp(`^bearer (?:${Object.values(TOKEN_PREFIXES).join('|')})_([a-z]{2,8})_`, 'i');

export interface OidcParts {
  readonly issuers: Issuers;
  readonly limits: RateLimits;
  readonly regions: Regions;
  readonly headers: AnswerHeaders;
}

/**
 * Puts each region's issuer below `/oidc` of its customer origin, in a room of Fastify's own: forms, queries, redirects and other
 * credentials than ours are let through there and nowhere else. The region is judged first as everywhere, the body is bounded, and the
 * unit of work with its deadline is open before the issuer sees anything. Call it after every hook that is to hold there, too.
 */
export function installOidc(fastify: FastifyInstance, { issuers, limits, regions, headers }: OidcParts): void {
  void fastify.register((room, _options, registered) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser(FORM, { parseAs: 'buffer', bodyLimit: BODY_SIZE_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    room.addHook('onRequest', (request, _reply, done) => done(misdirection(request, regions)));
    room.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: `${ISSUER_PATH}/*`,
      config: { [ORIGIN_ALONE]: true, query: true },
      handler: async (request, reply) => {
        const ctx = contextOf(request);
        if (REMEMBERED.test(request.raw.url!)) await limits.authorization(ctx, clientNetwork(request));
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const issuer = await issuers.of(ctx.region);
        takeOver(reply, headers);
        await issuer.answer(ctx, { raw: request.raw, body }, reply.raw);
      },
    });
    registered();
  });
}

/** An issuer is at the customer origin alone, and a token of another region is told so before the body is read. */
function misdirection(request: FastifyRequest, regions: Regions): ResidencyError | undefined {
  const here = regionOf(request);
  if (!here) return undefined;
  const { host } = new URL(here.origins.customer);
  if (request.headers.host?.toLowerCase() !== host) return misdirected(here);
  const named = regions.find(OWN_TOKEN.exec(request.headers.authorization ?? '')?.[1]?.toLowerCase() ?? '');
  return named && named !== here ? misdirected(named) : undefined;
}

function misdirected({ code, origins }: Region): ResidencyError {
  return new ResidencyError('residency.misdirected', undefined, {
    headers: { connection: 'close' },
    members: { hostingRegion: { code, origin: origins.customer } },
  });
}

/** From here on the issuer writes: what every answer carries is there already. */
function takeOver(reply: FastifyReply, headers: AnswerHeaders): void {
  reply.hijack();
  const own: AnswerHeaders = { 'content-security-policy': CONTENT_SECURITY_POLICY };
  const all = { ...headers, ...own, ...reply.getHeaders() };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) reply.raw.setHeader(name, value);
}
