import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Region, type RegionContext } from '@domicile/residency';
import { type EventLog, isBranded } from '@domicile/runtime';
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { OidcClients } from './oidc-clients.js';
import { type IssuerParts, providerConfiguration } from './provider-configuration.js';
import { ISSUER_PATH, TOKEN_PREFIXES } from './issuer-path.js';
import { withinUnit } from './unit.js';

const RETRY_AFTER_SECONDS = '2';
/** May be kept for a while: public, and the same for everybody. */
const PUBLIC_ROUTES = ['discovery', 'jwks'];

/** A request as Fastify has let it in, its body read whole. */
export interface Incoming {
  readonly raw: IncomingMessage;
  readonly body: Buffer;
}

/** The OpenID Connect issuer of one region: `<customer origin>/oidc`. Everything that it does happens in a unit of work of that region. */
export class Issuer {
  readonly provider: Provider;
  readonly #answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;

  constructor(
    readonly region: Region,
    parts: Omit<IssuerParts, 'region'>,
    clients: OidcClients,
    log: EventLog,
  ) {
    const { customer } = region.origins;
    this.provider = new Provider(`${customer}${ISSUER_PATH}`, providerConfiguration({ region, ...parts }));
    // Koa prints what it does not know how to answer; the log is told below.
    this.provider.silent = true;
    this.provider.on('server_error', (ctx, error) => {
      const isAway = isBranded(error) && error.code === 'residency.unavailable';
      if (isAway) {
        ctx.status = 503;
        ctx.set('retry-after', RETRY_AFTER_SECONDS);
      }
      const code = isBranded(error) ? error.code : 'unknown';
      const fields = { region: region.code, code, errorName: error.constructor.name, route: ctx.oidc.route };
      log.event('oidc.fault', fields, isAway ? 'warn' : 'error');
    });
    this.provider.use((ctx, next) => this.#guarded(ctx as unknown as KoaContextWithOIDC, next));
    this.#prefixTokens();
    this.provider.Client.prototype.compareClientSecret = function (
      this: { clientId: string; clientSecret: string },
      actual,
    ) {
      return clients.proves(actual, this.clientId, this.clientSecret);
    };
    this.#answer = this.provider.callback();
  }

  /** Answers one request. Body, headers and origin were judged before; see the API's `oidc.ts`. */
  answer(ctx: RegionContext, incoming: Incoming, response: ServerResponse): Promise<void> {
    return withinUnit(ctx, () => this.#answer(this.request(incoming), response));
  }

  /**
   * The request as the provider is to see it: a stream of what was read, below the issuer's path, and over TLS when the origin is,
   * whatever a header says.
   */
  request({ raw, body }: Incoming): IncomingMessage {
    const { method, headers, rawHeaders, httpVersion } = raw;
    const originalUrl = raw.url!;
    const url = originalUrl.startsWith(ISSUER_PATH) ? originalUrl.slice(ISSUER_PATH.length) : originalUrl;
    const socket = { encrypted: this.region.origins.customer.startsWith('https:') };
    const stream = Readable.from(body.length > 0 ? [body] : [], { objectMode: false });
    return Object.assign(stream, {
      method,
      headers,
      rawHeaders,
      httpVersion,
      originalUrl,
      url,
      socket,
    }) as unknown as IncomingMessage;
  }

  /** What holds for every answer: kept by nobody but where it is public, and leading nowhere but home or to a registered address. */
  async #guarded(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
    await next();
    const route = ctx.oidc?.route;
    if (route !== undefined && PUBLIC_ROUTES.includes(route) && ctx.status === 200)
      ctx.set('cache-control', 'public, max-age=300');
    const location = ctx.response.get('location');
    if (location !== '' && !this.#mayLeadTo(ctx, location)) {
      ctx.remove('location');
      throw new errors.InvalidRedirectUri();
    }
  }

  #mayLeadTo({ oidc }: KoaContextWithOIDC, location: string): boolean {
    const url = URL.parse(location, this.provider.issuer);
    if (!url) return false;
    if (url.origin === this.region.origins.customer) return true;
    const { client } = oidc;
    if (!client) return false;
    const bare = `${url.origin}${url.pathname}`;
    const registered = [...(client.redirectUris ?? []), ...(client.postLogoutRedirectUris ?? [])];
    return (
      client.redirectUriAllowed(bare) ||
      client.postLogoutRedirectUriAllowed(bare) ||
      registered.some((uri) => location === uri || location.startsWith(`${uri}${uri.includes('?') ? '&' : '?'}`))
    );
  }

  #prefixTokens(): void {
    for (const [model, prefix] of Object.entries(TOKEN_PREFIXES)) {
      const { prototype } = this.provider[model as keyof typeof TOKEN_PREFIXES] as unknown as {
        prototype: { generateTokenId: () => string };
      };
      const generate = prototype.generateTokenId;
      const head = `${prefix}_${this.region.code}_`;
      prototype.generateTokenId = function (this: object) {
        return head + generate.call(this);
      };
    }
  }
}
