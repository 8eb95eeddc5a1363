import { isIP } from 'node:net';
import { isCidr } from './client-network.js';
import { caText, type Environment } from './database-settings.js';
import type { Reach } from './outbound/calls.js';

/**
 * How a region reaches what its customers name: `<prefix>_PROVIDER_NETWORKS`, `<prefix>_PROVIDER_CA_FILE`, `<prefix>_DNS_SERVERS`.
 * `problems` receives one sentence for everything that is wrong, never a value.
 */
export function outboundSettings(env: Environment, prefix: string, problems: string[]): Reach {
  const listed = (suffix: string): string[] =>
    (env[`${prefix}_${suffix}`] ?? '').split(',').filter((each) => each !== '');
  const networks = listed('PROVIDER_NETWORKS');
  if (!networks.every(isCidr))
    problems.push(
      `${prefix}_PROVIDER_NETWORKS is not a list of networks smaller than the internet; write it as 10.0.0.0/8,fd00::/8.`,
    );
  const dnsServers = listed('DNS_SERVERS');
  if (!dnsServers.every(isServer))
    problems.push(`${prefix}_DNS_SERVERS is not a list of IP addresses; write it as 10.0.0.2,[fd00::2]:53.`);
  return { networks, ca: caText(env, `${prefix}_PROVIDER_CA_FILE`, problems), dnsServers };
}

/** An address as the resolver takes it: bare, or with a port, IPv6 in brackets then. */
function isServer(text: string): boolean {
  const [, address = text, port = '53'] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(isIP(text) ? '' : text) ?? [];
  return isIP(address) !== 0 && Number(port) >= 1 && Number(port) <= 65_535;
}
