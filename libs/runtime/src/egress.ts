import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';

/** A host, by the name or address that the settings give it, and its TCP port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What was refused: a connection, the look-up of a name, a datagram. */
export type EgressKind = 'connect' | 'lookup' | 'datagram';

/** What {@link installEgressGuard} needs to know. */
export interface EgressOptions {
  /** Everything that this process may connect to; an address of the same machine in another spelling is another endpoint. */
  readonly allowed: readonly Endpoint[];
  /** Is told each refusal, without the target: that may itself be personal (an address in a host name). */
  readonly onRefused: (kind: EgressKind) => void;
}

/** An attempt to reach what no setting declares. Names no target. */
export class EgressRefusedError extends Error {
  readonly code = 'EGRESS_REFUSED';

  constructor() {
    super(
      'This process may reach its declared endpoints alone (law L9); declare the endpoint in the settings or remove the call.',
    );
    this.name = 'EgressRefusedError';
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

let isInstalled = false;

/**
 * From now on this process can open TCP connections to `allowed` and look up their names, and nothing else: no other host, no
 * datagram, no unix socket, no other question to a name server (leak rows 5, 31, 42). A refused connection fails as any
 * connection does (`error` event, rejected promise), a refused look-up through its callback or promise, a datagram by throwing.
 * Accepted connections, pipes to child processes and IPC are untouched. It cannot be taken back or widened.
 *
 * A trip-wire: it catches the dependency that phones home and the URL that somebody made a server fetch. Native code, worker threads
 * and child processes go past it; the firewall is the wall.
 * @throws Error when it is installed already
 */
export function installEgressGuard({ allowed, onRefused }: EgressOptions): void {
  if (isInstalled) throw new Error('The egress guard is installed already; give it every endpoint at once.');
  isInstalled = true;
  const endpoints = new Set(allowed.map(({ host, port }) => `${spelling(host)} ${port}`));
  const names = new Set(allowed.map(({ host }) => spelling(host)));
  const refused = (kind: EgressKind): EgressRefusedError => {
    onRefused(kind);
    return new EgressRefusedError();
  };

  replace(Socket.prototype, 'connect', (connect) => {
    return function (this: unknown, ...args) {
      if (endpoints.has(targetOf(args))) return connect.apply(this, args);
      return (this as Socket).destroy(refused('connect'));
    };
  });
  for (const name of ['send', 'sendto', 'connect', 'addMembership', 'addSourceSpecificMembership'])
    replace(dgram.Socket.prototype, name, () => () => {
      throw refused('datagram');
    });

  const mayLookUp = ([name]: readonly unknown[]): boolean =>
    !name || (typeof name === 'string' && (isIP(name) !== 0 || names.has(spelling(name))));
  const never = (): boolean => false;
  const byCallback =
    (may: typeof mayLookUp) =>
    (ask: Method): Method =>
      function (this: unknown, ...args) {
        if (may(args)) return ask.apply(this, args);
        const callback = args.at(-1);
        if (typeof callback !== 'function') throw refused('lookup');
        process.nextTick(callback, refused('lookup'));
        return {};
      };
  const byPromise =
    (may: typeof mayLookUp) =>
    (ask: Method): Method =>
      function (this: unknown, ...args) {
        return may(args) ? ask.apply(this, args) : Promise.reject(refused('lookup'));
      };
  replace(dns, 'lookup', byCallback(mayLookUp));
  replace(dns.promises, 'lookup', byPromise(mayLookUp));
  for (const holder of [dns, dns.Resolver.prototype]) replaceQuestions(holder, byCallback(never));
  for (const holder of [dns.promises, dns.promises.Resolver.prototype]) replaceQuestions(holder, byPromise(never));
  // `import { lookup } from 'node:dns'` is another binding of the same function.
  syncBuiltinESMExports();
}

/** `host port` of what `connect(…)` was asked for in any of its forms; no endpoint's for a unix socket or an own way to look up names. */
function targetOf(args: readonly unknown[]): string {
  // net.connect and tls.connect hand their arguments on as one list that they have put in order.
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
  const isObject = typeof first === 'object' && first !== null;
  const options: Record<string, unknown> = isObject
    ? (first as Record<string, unknown>)
    : { port: first, host: typeof second === 'string' ? second : undefined };
  const { path, host, port, lookup } = options;
  if (path || (lookup !== undefined && lookup !== dns.lookup)) return '';
  return `${spelling(typeof host === 'string' && host !== '' ? host : 'localhost')} ${Number(port)}`;
}

/** A URL writes IPv6 in brackets, a socket without. */
function spelling(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

function replaceQuestions(holder: object, make: (original: Method) => Method): void {
  for (const name of Object.getOwnPropertyNames(holder))
    if (/^(?:resolve|reverse|lookupService)/.test(name)) replace(holder, name, make);
}

/** For good: neither to be written over nor to be defined anew. */
function replace(holder: object, name: string, make: (original: Method) => Method): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== 'function') return;
  const value = make(original as Method);
  Object.defineProperty(holder, name, { value, writable: false, configurable: false, enumerable: true });
}
