import { ResidencyError } from '../errors.js';
import type { IdCodec } from '../ids.js';
import type { Region, Regions } from '../regions.js';
import type { PresentedSecret, SecretCodec } from '../secrets.js';
import { assertSameOrigin, FORGET_SECRET_COOKIE, type Provenance, secretInCookie } from './secret-cookie.js';

/** Everything of a request that may name a region; all of it is in the request line and the headers. */
export interface Addressed extends Provenance {
  /** The Host header as received. */
  readonly authority: string | undefined;
  /** Path without the query, as received, not decoded. */
  readonly path: string;
  /** Path parameters by name: `region` is a region's code, every other one an id. */
  readonly params: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  /** The Cookie header as received. */
  readonly cookie?: string | undefined;
}

const BEARER = 'bearer ';

/** Where a request belongs. */
export interface Destination {
  readonly region: Region;
  readonly secret: PresentedSecret | null;
}

/**
 * Finds the region of a request by syntax alone: no look-up, no guess, no default, no proxy. All that names a region must
 * name the same one, and the origin always must. It runs before the body is touched.
 */
export class RegionRouter {
  constructor(
    private readonly regions: Regions,
    private readonly served: readonly Region[],
    private readonly ids: IdCodec,
    private readonly secrets: SecretCodec,
  ) {}

  /** The served region whose origin the request was sent to, or undefined. */
  originOf(authority: string | undefined): Region | undefined {
    const region = this.regions.byAuthority((authority ?? '').toLowerCase());
    return region && this.served.includes(region) ? region : undefined;
  }

  /**
   * The one region that the request names.
   * @throws ResidencyError residency.region_unknown (404), residency.misdirected (421), residency.not_found (404: malformed id),
   *   residency.secret_invalid (401: malformed credential), request.credential_ambiguous (400), request.cross_site (403)
   */
  resolve(request: Addressed): Destination {
    const { params, path, authority, authorization } = request;
    const inCookie = secretInCookie(request.cookie);
    if (inCookie === null || (inCookie !== undefined && authorization !== undefined))
      throw new ResidencyError('request.credential_ambiguous');
    const origin = this.regions.byAuthority((authority ?? '').toLowerCase());
    const named = this.#pathRegion(request);
    let elsewhere = named === origin ? undefined : named;
    let isMalformed = false;
    for (const name of Object.keys(params)) {
      if (name === 'region') continue;
      const id = path.includes('%') ? null : this.ids.parse(params[name]!);
      if (id === null) isMalformed = true;
      else if (id.region !== origin) elsewhere ??= id.region;
    }
    const secret = inCookie === undefined ? this.#bearer(authorization) : this.secrets.parse(inCookie);
    if (secret && secret.region !== origin) elsewhere ??= secret.region;
    if (!origin || elsewhere || !this.served.includes(origin)) throw this.#misdirected(elsewhere ?? origin);
    if (isMalformed) throw new ResidencyError('residency.not_found');
    if (inCookie !== undefined) assertSameOrigin(request, origin);
    // A browser cannot drop by itself what only we can read.
    if (inCookie !== undefined && !secret) throw credentialRefused({ 'set-cookie': FORGET_SECRET_COOKIE });
    if (authorization !== undefined && !secret) throw credentialRefused();
    return { region: origin, secret };
  }

  /** Whatever is no secret of ours is none, in whatever way. */
  #bearer(authorization: string | undefined): PresentedSecret | null {
    if (authorization?.slice(0, BEARER.length).toLowerCase() !== BEARER) return null;
    return this.secrets.parse(authorization.slice(BEARER.length));
  }

  #pathRegion({ params, path }: Addressed): Region | undefined {
    if (!Object.hasOwn(params, 'region')) return undefined;
    // A code never needs escaping: another spelling of it is another code.
    const region = path.includes('%') ? undefined : this.regions.find(params['region']!);
    if (!region) throw new ResidencyError('residency.region_unknown');
    return region;
  }

  #misdirected(right: Region | undefined): ResidencyError {
    return new ResidencyError('residency.misdirected', undefined, {
      headers: { connection: 'close' },
      members: right ? { hostingRegion: { code: right.code, origin: right.origins.customer } } : {},
    });
  }
}

/** 401 with the challenge that RFC 9110 section 11.6.1 asks for. */
export function credentialRefused(headers: Readonly<Record<string, string>> = {}): ResidencyError {
  return new ResidencyError('residency.secret_invalid', undefined, {
    headers: { 'www-authenticate': 'Bearer', ...headers },
  });
}
