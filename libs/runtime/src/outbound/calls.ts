import dns from 'node:dns';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import tls from 'node:tls';
import { mayReach, permittedNetworks } from './networks.js';

/** What is answered of at most so many bytes: the largest sets of keys that providers publish are a tenth of it. */
export const ANSWER_BYTES_MAX = 256 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const RECORDS_MAX = 100;

/** How a region reaches the outside; see the settings of the same names. */
export interface Reach {
  /** Networks beside the public internet. */
  readonly networks: readonly string[];
  /** PEM of a CA beside the system's. */
  readonly ca: string | undefined;
  /** Addresses of name servers, with or without a port; the system's where empty. */
  readonly dnsServers: readonly string[];
}

/** One HTTPS request. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What came back; of its headers the type alone, as nothing else is used. */
export interface OutboundAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Why a call was not made, or not finished: a network that is not permitted, or everything else. */
export type OutboundReason = 'refused' | 'away';

/** A call that failed. It says neither where to nor what was sent. */
export class CallError extends Error {
  constructor(readonly reason: OutboundReason) {
    super(`A call to the outside failed (${reason}).`);
    this.name = 'CallError';
  }
}

/**
 * Makes one request over verified TLS. Names are looked up first; when one of the addresses is of a network that is not permitted,
 * nothing is connected to, and a connection is made to those addresses and no others (so a name that changes its mind gains nothing).
 * Redirects are not followed, the answer is bounded in size and time. @throws CallError
 */
export async function request(
  { url, method, headers, body }: OutboundRequest,
  { networks, ca }: Pick<Reach, 'networks' | 'ca'>,
  milliseconds: number,
): Promise<OutboundAnswer> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target?.protocol !== 'https:' || target.username !== '' || target.password !== '') throw new CallError('refused');
  const signal = AbortSignal.timeout(milliseconds);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const addresses = await within(signal, addressesOf(host));
  const permitted = permittedNetworks(networks);
  if (!addresses.every(({ address }) => mayReach(address, permitted))) throw new CallError('refused');
  const lookup: LookupFunction = (_name, options, found) => {
    if (options.all) found(null, addresses);
    else found(null, addresses[0]!.address, addresses[0]!.family);
  };
  const authorities = tls.getCACertificates('default');
  return new Promise((resolve, reject) => {
    const call = https.request(target, {
      method,
      headers: { ...headers, 'accept-encoding': 'identity', ...lengthOf(body) },
      lookup,
      agent: false,
      ca: ca === undefined ? authorities : [...authorities, ca],
      rejectUnauthorized: true,
      maxHeaderSize: HEADER_BYTES_MAX,
      signal,
    });
    const fail = (): void => {
      call.destroy();
      reject(new CallError('away'));
    };
    call.on('error', fail);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > ANSWER_BYTES_MAX) fail();
      });
      response.on('error', fail);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, contentType: headers['content-type'], body: Buffer.concat(parts).toString('utf8') });
      });
    });
    call.end(body);
  });
}

/** The texts of a name's TXT records; empty when there are none. @throws CallError when no name server answers */
export async function textRecords(name: string, servers: readonly string[], milliseconds: number): Promise<string[]> {
  const resolver = new dns.promises.Resolver({ timeout: Math.max(100, Math.floor(milliseconds / 3)), tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const signal = AbortSignal.timeout(milliseconds);
  signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  try {
    const records = await resolver.resolveTxt(name);
    return records.slice(0, RECORDS_MAX).map((chunks) => chunks.join(''));
  } catch (error) {
    const code: unknown = Reflect.get(error as object, 'code');
    if (code === dns.NODATA || code === dns.NOTFOUND) return [];
    throw new CallError('away');
  }
}

async function addressesOf(host: string): Promise<dns.LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  return dns.promises.lookup(host, { all: true });
}

/** @throws CallError when the work fails, or is not done in time */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new CallError('away')), { once: true }),
  );
  return Promise.race([
    work.catch(() => {
      throw new CallError('away');
    }),
    late,
  ]);
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
