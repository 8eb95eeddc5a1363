import { addressText, caText, type Environment, LOOPBACK } from './database-settings.js';
import type { Endpoint } from './egress.js';

/** How to reach the mail relay of one region. The password is a secret: it goes to the relay and nowhere else. */
export interface RelaySettings {
  readonly region: string;
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte, or STARTTLS and not a word without it; undefined for a relay on this machine alone. */
  readonly encryption: 'tls' | 'starttls' | undefined;
  /** PEM of the relay's CA; the system's CAs where it is undefined. */
  readonly ca: string | undefined;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/**
 * The relay that `<prefix>_SMTP_URL` or `<prefix>_SMTP_URL_FILE` and `<prefix>_SMTP_CA_FILE` name. `smtps:` is TLS, `smtp:` is STARTTLS,
 * which is demanded; only a relay on this machine without a CA is spoken to in clear. Nothing in an address can turn that off.
 * `problems` receives one sentence for everything that is wrong, never a value. Undefined exactly when it received one.
 */
export function relaySettings(
  env: Environment,
  region: string,
  prefix: string,
  problems: string[],
): RelaySettings | undefined {
  const before = problems.length;
  const name = `${prefix}_SMTP_URL`;
  const text = addressText(env, name, problems);
  const ca = caText(env, `${prefix}_SMTP_CA_FILE`, problems);
  const url = text === undefined ? undefined : addressOf(text, name, problems);
  if (url === undefined || problems.length > before) return undefined;
  const isPlain = url.protocol === 'smtp:' && LOOPBACK.test(url.hostname) && ca === undefined;
  const login = url.username
    ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : undefined;
  if (isPlain && login) {
    problems.push(`${name} would send its password in clear; write smtps:// or set ${prefix}_SMTP_CA_FILE.`);
    return undefined;
  }
  return {
    region,
    host: url.hostname,
    port: Number(url.port || PORTS[url.protocol]),
    encryption: url.protocol === 'smtps:' ? 'tls' : isPlain ? undefined : 'starttls',
    ca,
    login,
  };
}

/** Host and port of a relay, for the egress guard. */
export function relayEndpoint({ host, port }: RelaySettings): Endpoint {
  return { host, port };
}

function addressOf(text: string, name: string, problems: string[]): URL | undefined {
  const refuse = (what: string, remedy: string): undefined => {
    problems.push(`${name} ${what}; ${remedy}.`);
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !Object.hasOwn(PORTS, url.protocol))
    return refuse(
      'is not the address of a mail relay',
      'write smtps://user:password@host:465 or smtp://user:password@host:587',
    );
  if (url.hostname === '' || url.hostname.includes('%'))
    return refuse('has no host name', 'name the host or its IP address');
  if (/[?#]/.test(text) || !/^\/?$/.test(url.pathname))
    return refuse('carries more than a host and a port', 'remove everything after them');
  if ((url.username === '') !== (url.password === ''))
    return refuse('has half a login', 'give user and password, or neither');
  if (!isDecodable(url.username) || !isDecodable(url.password))
    return refuse('has a login that is not percent-encoded', 'write a percent sign as %25');
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
