import { type BlockList, isIPv4 } from 'node:net';
import { blockListOf, type Cidrs } from '../client-network.js';

/**
 * What is not the public internet (RFC 6890 and the registries of special-purpose addresses): this machine, private and link-local
 * networks with the metadata of clouds in them, documentation, benchmarks, multicast, and IPv6 forms that carry an IPv4 address.
 */
const SPECIAL = blockListOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);

/** The global unicast addresses of IPv6 that are given out; all else is refused. */
const GLOBAL = blockListOf(['2000::/3']);

/** True for an address that a stranger's name may lead to: of the public internet, or of a network that the operator permits besides. */
export function mayReach(address: string, permitted: BlockList): boolean {
  if (isIPv4(address)) return permitted.check(address, 'ipv4') || !SPECIAL.check(address, 'ipv4');
  if (permitted.check(address, 'ipv6')) return true;
  return GLOBAL.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

/** The permitted networks as one check. */
export function permittedNetworks(cidrs: Cidrs): BlockList {
  return blockListOf(cidrs);
}
