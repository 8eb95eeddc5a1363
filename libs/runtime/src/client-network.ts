import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Networks whose hosts may say on whose behalf they ask, as CIDR texts that {@link isCidr} accepts. */
export type Cidrs = readonly string[];

/** The trusted networks of the process, put there by {@link trustProxies}. */
const TRUSTED: unique symbol = Symbol('trusted proxies');

/** How many hops of proxies are followed; what is beyond is not looked at. */
const HOPS_MAX = 16;

/** True for `address/bits` of a network that is not the whole internet. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const bitsMax = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : 0;
  return rest.length === 0 && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= bitsMax;
}

/** One check over several networks; IPv4 addresses in their IPv6 form are IPv4 here as well. */
export function blockListOf(cidrs: Cidrs): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = ''] = cidr.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

/**
 * The network that a request came from, for counting and for nothing else: an IPv4 address, or the /64 of an IPv6 address, which is
 * what one subscriber is given. `X-Forwarded-For` is believed from trusted peers only, from the right, up to the first address that
 * is not trusted itself; what a stranger puts in front changes nothing. Anything unreadable counts for the proxy that sent it.
 * It never decides a region.
 */
export function networkOf(peer: string | undefined, forwardedFor: string | undefined, trusted: BlockList): string {
  let current = addressOf(peer ?? '');
  if (current === null) return 'unknown';
  const hops = (forwardedFor ?? '').split(',').slice(-HOPS_MAX);
  while (hops.length > 0 && trusted.check(current, isIPv4(current) ? 'ipv4' : 'ipv6')) {
    const next = addressOf(hops.pop()!.trim());
    if (next === null) break;
    current = next;
  }
  return isIPv4(current) ? current : `${groupsOf(current).slice(0, 4).join(':')}::/64`;
}

/** Makes the networks known to {@link ClientNetwork}. */
export function trustProxies(fastify: object, cidrs: Cidrs): void {
  Reflect.set(fastify, TRUSTED, blockListOf(cidrs));
}

/** Handler parameter: the {@link networkOf} the request. Without {@link trustProxies} nobody is trusted. */
export const ClientNetwork = createParamDecorator((_: unknown, execution: ExecutionContext): string =>
  clientNetworkOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);

/** The same for a route that Nest knows nothing of. */
export function clientNetworkOf(request: FastifyRequest): string {
  const trusted = (Reflect.get(request.server, TRUSTED) as BlockList | undefined) ?? new BlockList();
  const forwarded = request.headers['x-forwarded-for'];
  return networkOf(request.raw.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join() : forwarded, trusted);
}

/** The address in one spelling, without zone, brackets or port; IPv4 wherever it is one. Null when it is none. */
function addressOf(text: string): string | null {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.split('%', 1)[0]!;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const groups = groupsOf(address);
  if (groups.slice(0, 5).some((group) => group !== '0') || groups[5] !== 'ffff') return groups.join(':');
  return groups
    .slice(6)
    .flatMap((group) => [parseInt(group, 16) >>> 8, parseInt(group, 16) & 255])
    .join('.');
}

/** The eight groups of an IPv6 address, in lower-case hex without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser knows every spelling, an IPv4 tail included.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  return [...first, ...new Array<string>(8 - first.length - last.length).fill('0'), ...last];
}
