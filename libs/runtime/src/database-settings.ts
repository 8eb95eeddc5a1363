import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Endpoint } from './egress.js';

/** Variables by name, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How to reach one database. `url` is a secret: it goes to the driver and nowhere else. */
export interface DatabaseSettings {
  /** `postgres:` or `postgresql:`, with user, host and database, without any parameter. */
  readonly url: string;
  /** PEM of the region's own CA; absent only for a server on this machine. */
  readonly ca: string | undefined;
  /** Host, port and database in one spelling, to tell two addresses of one database. No secret, yet internal. */
  readonly place: string;
}

export const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;
const FORBIDDEN_MODE_BITS = 0o066;

/**
 * The database that `<prefix>_DATABASE_URL` or `<prefix>_DATABASE_URL_FILE` and `<prefix>_DATABASE_CA_FILE` name.
 * An address carries no parameter: node-postgres lets `?host=` replace the host that was checked, and its `?sslmode=` does not
 * mean what libpq means (laws, traps); TLS is set in code.
 * `problems` receives one sentence for everything that is wrong, never a value. Undefined exactly when it received one.
 */
export function databaseSettings(env: Environment, prefix: string, problems: string[]): DatabaseSettings | undefined {
  const before = problems.length;
  const name = `${prefix}_DATABASE_URL`;
  const text = addressText(env, name, problems);
  const address = text === undefined ? undefined : addressOf(text, name, problems);
  const ca = caText(env, `${prefix}_DATABASE_CA_FILE`, problems);
  if (text === undefined || address === undefined) return undefined;
  if (!LOOPBACK.test(address.hostname) && !env[`${prefix}_DATABASE_CA_FILE`]) {
    problems.push(`${name} names another machine without a CA to check it by; set ${prefix}_DATABASE_CA_FILE.`);
  }
  return problems.length > before ? undefined : { url: text, ca, place: placeOf(address) };
}

/** Host and port of a database, as the driver will connect to it: for the egress guard. */
export function databaseEndpoint({ url }: Pick<DatabaseSettings, 'url'>): Endpoint {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || '5432') };
}

/** The address in that variable or in the file of `<name>_FILE`. `problems` receives a sentence when there is not exactly one. */
export function addressText(env: Environment, name: string, problems: string[]): string | undefined {
  const [direct, file] = [env[name], env[`${name}_FILE`]];
  if (Boolean(direct) === Boolean(file)) {
    const found = direct ? 'are both set' : 'are both missing';
    problems.push(`${name} and ${name}_FILE ${found}; set exactly one of them.`);
    return undefined;
  }
  return direct ? direct : secretFile(file ?? '', `${name}_FILE`, problems);
}

function secretFile(path: string, name: string, problems: string[]): string | undefined {
  try {
    if ((statSync(path).mode & FORBIDDEN_MODE_BITS) !== 0) {
      problems.push(`${name} names a file that others can read or write; give it to its owner alone (chmod 600).`);
      return undefined;
    }
    return readFileSync(path, 'utf8').trim();
  } catch {
    problems.push(`${name} names a file that cannot be read; give the path of a readable file.`);
    return undefined;
  }
}

function addressOf(text: string, name: string, problems: string[]): URL | undefined {
  const refuse = (what: string, remedy: string): undefined => {
    problems.push(`${name} ${what}; ${remedy}.`);
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return refuse('is not a PostgreSQL address', 'write postgres://user:password@host:port/database');
  }
  if ([...url.searchParams.keys()].some((key) => key.toLowerCase().startsWith('ssl'))) {
    return refuse(
      'sets TLS by a parameter, which the driver reads differently',
      'remove it and set the CA file instead',
    );
  }
  if (/[?#]/.test(text))
    return refuse('carries a parameter, which could replace the host', 'remove everything from the ? on');
  if (url.hostname === '' || url.hostname.includes('%'))
    return refuse('has no host name', 'name the host or its IP address');
  if (url.username === '') return refuse('has no user', 'write postgres://user:password@host:port/database');
  if (!/^\/[^/%]+$/.test(url.pathname)) return refuse('does not name one database', 'end it with /database');
  return url;
}

/** The PEM of a CA; undefined when none is set, and when it is none, of which `problems` is told. */
export function caText(env: Environment, name: string, problems: string[]): string | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    const pem = readFileSync(path, 'utf8');
    new X509Certificate(pem);
    if (!pem.includes('PRIVATE KEY')) return pem;
    problems.push(`${name} names a file with a private key in it; give the certificate alone.`);
  } catch {
    problems.push(
      `${name} names a file that is not a readable PEM certificate; give the path of the CA's certificate.`,
    );
  }
  return undefined;
}

function placeOf(url: URL): string {
  const host = LOOPBACK.test(url.hostname) ? 'loopback' : url.hostname.toLowerCase().replace(/\.$/, '');
  return `${host}:${url.port || '5432'}${url.pathname}`;
}
