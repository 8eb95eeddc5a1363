import { isIP } from 'node:net';

const LENGTH_MAX = 500;
const LOOPBACKS = ['127.0.0.1', '[::1]'];

/**
 * Why an address must not be one that the issuer redirects to, or null when it may (RFC 8252 section 7, RFC 9700 section 2.1):
 * https, or http on a loopback address for an application on the person's own device. It is compared whole, but for a loopback's port.
 */
export function redirectUriProblem(text: string): string | null {
  const url = URL.parse(text);
  // What the parser would mend is another address than the one that was typed.
  if (!url || url.href !== text || text.length > LENGTH_MAX || !/^[\x21-\x7e]+$/.test(text))
    return `is no address in normal form of at most ${LENGTH_MAX} characters`;
  if (url.username !== '' || url.password !== '') return 'holds a name or a password';
  if (text.includes('#')) return 'has a fragment';
  if (url.protocol === 'http:' && isLoopback(url)) return null;
  if (url.protocol !== 'https:') return 'is neither https nor http on 127.0.0.1 or [::1]';
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return 'names a host by its number';
  if (url.hostname === 'localhost' || url.hostname.endsWith('.localhost') || !url.hostname.includes('.'))
    return 'names no host of the public internet';
  return null;
}

/** True when it leads to the person's own device. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACKS.includes(hostname);
}
