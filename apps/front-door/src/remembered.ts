import type { IncomingHttpHeaders } from 'node:http';
import type { Region, Regions } from '@domicile/residency';

/** Bound to this host and to https (on localhost browsers make an exception), so that no region's host can set or read it. */
const COOKIE = '__Host-region';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const YEAR_SECONDS = 31_536_000;

/** The `Set-Cookie` that keeps a region's bare code, and nothing else, for a year. */
export function rememberingCookie({ code }: Region): string {
  return `${COOKIE}=${code}; Max-Age=${YEAR_SECONDS}; ${ATTRIBUTES}`;
}

/** The `Set-Cookie` that takes it away. */
export const FORGETTING_COOKIE = `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;

/** The region that a browser was told to remember; undefined where there is none, or one that is no more. */
export function rememberedRegion(regions: Regions, cookies: string | undefined): Region | undefined {
  const pairs = (cookies ?? '').split(';').map((pair) => pair.trim());
  const own = pairs.find((pair) => pair.startsWith(`${COOKIE}=`));
  return own === undefined ? undefined : regions.find(own.slice(COOKIE.length + 1));
}

/**
 * True when a person pressed a button of our own page. A GET that changes something must not be carried out because a page abroad
 * links to it, nor because a browser loads ahead of a click: so the browser must say where it comes from (Fetch Metadata), and one
 * that cannot is not remembered for.
 */
export function isAskedFor(headers: IncomingHttpHeaders): boolean {
  const isAhead = headers['sec-purpose'] !== undefined || headers['purpose'] !== undefined;
  return headers['sec-fetch-site'] === 'same-origin' && headers['sec-fetch-mode'] === 'navigate' && !isAhead;
}
