import { isIP } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ResidencyError } from './errors.js';

/**
 * node-postgres options for a connection URL. TLS is decided here and in code: with a CA it is `verify-full` against
 * that CA alone, without one only this machine itself is reached; words like `sslmode` mean other things to
 * node-postgres than to libpq, so a URL that carries any parameter is refused.
 * @throws ResidencyError residency.configuration_invalid, never quoting the URL's password
 */
export function connectionOptions(
  url: string,
  ca: string | undefined,
): Record<string, unknown> & { ssl: TlsOptions | false } {
  const parsed = parse(url);
  const refuse = (why: string): never => {
    throw new ResidencyError(
      'residency.configuration_invalid',
      `The URL of database ${endpointOf(url)} is refused: ${why}.`,
    );
  };
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') refuse('it must begin with postgres://');
  if (parsed.search) refuse('it must not carry parameters; TLS is set by the CA file');
  if (!parsed.username || parsed.pathname.length < 2) refuse('it must name a role and a database');
  if (!ca && !isLoopback(url)) refuse('a host other than this machine needs a CA file');
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ssl: ca
      ? { ca, rejectUnauthorized: true, minVersion: 'TLSv1.3', ...(isIP(host) ? {} : { servername: host }) }
      : false,
  };
}

/** `host:port/database` of a connection URL: what a person confirms at `init`. @throws as {@link connectionOptions} */
export function endpointOf(url: string): string {
  const { hostname, port, pathname } = parse(url);
  return `${hostname}:${port || '5432'}${pathname}`;
}

/** True when a URL's host is this machine itself. @throws as {@link connectionOptions} */
export function isLoopback(url: string): boolean {
  const { hostname } = parse(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Node's own error quotes the URL, and so its password. */
function parse(url: string): URL {
  const parsed = URL.parse(url);
  // A stray percent sign would fail later, in an error that is not ours.
  if (!parsed || /%(?![0-9a-f]{2})/i.test(url))
    throw new ResidencyError(
      'residency.configuration_invalid',
      'The URL of a database cannot be read; write postgres://role:password@host:port/database.',
    );
  return parsed;
}
