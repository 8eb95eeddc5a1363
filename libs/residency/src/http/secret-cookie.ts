import { ResidencyError } from '../errors.js';
import type { Region } from '../regions.js';

/**
 * The cookie in which a browser keeps a secret. `__Host-` binds it to the very host that set it (RFC 6265bis section 4.1.3.2): no
 * other origin of the same site can plant one, and none is sent it.
 */
export const SECRET_COOKIE = '__Host-domicile-session';

/** Methods that change nothing (RFC 9110 section 9.2.1), and so may follow a link from anywhere. */
const SAFE = new Set(['GET', 'HEAD']);

/** What a browser says of where a request comes from. */
export interface Provenance {
  readonly method?: string | undefined;
  /** The Origin header. */
  readonly origin?: string | undefined;
  /** The Sec-Fetch-Site header. */
  readonly fetchSite?: string | undefined;
}

/**
 * The value of the cookie of that name in a Cookie header; undefined when there is none, and null when there are several: which one is
 * meant is not ours to guess.
 */
export function cookieNamed(name: string, header: string | undefined): string | null | undefined {
  if (header === undefined || !header.includes(name)) return undefined;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair === name || pair.startsWith(`${name}=`));
  return found.length > 1 ? null : found[0]?.slice(name.length + 1);
}

/** The secret's text in a Cookie header, see {@link cookieNamed}. */
export function secretInCookie(header: string | undefined): string | null | undefined {
  return cookieNamed(SECRET_COOKIE, header);
}

/** True when a Cookie header holds the cookie at all. */
export function hasSecretCookie(header: string | undefined): boolean {
  return secretInCookie(header) !== undefined;
}

/**
 * The `Set-Cookie` that hands a secret to a browser for so many seconds; with an empty one and 0 it takes it back. `Lax` keeps a
 * link from a mail signed in; what changes something is held by {@link assertSameOrigin} as well.
 */
export function secretCookie(secret: string, seconds: number): string {
  return `${SECRET_COOKIE}=${secret}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=Lax`;
}

/** The `Set-Cookie` that makes a browser forget its secret. */
export const FORGET_SECRET_COOKIE = secretCookie('', 0);

/**
 * Lets a request that is authenticated by a cookie change something only if a page of the region's own customer origin sent it: a
 * browser attaches the cookie whoever asks. The origins of two regions are of one site, so SameSite does not tell them apart; this
 * does. Each header that is sent must say so, and at least one must be.
 * @throws ResidencyError request.cross_site
 */
export function assertSameOrigin({ method, origin, fetchSite }: Provenance, region: Region): void {
  if (method !== undefined && SAFE.has(method)) return;
  const isOwn = origin === undefined || origin === region.origins.customer;
  const isSame = fetchSite === undefined || fetchSite === 'same-origin';
  if (isOwn && isSame && (origin ?? fetchSite) !== undefined) return;
  throw new ResidencyError('request.cross_site');
}
