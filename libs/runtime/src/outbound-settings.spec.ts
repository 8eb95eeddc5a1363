import { describe, expect, it } from '@jest/globals';
import { outboundSettings } from './outbound-settings.js';

const PREFIX = 'DOMICILE_XX';

function read(env: Record<string, string>) {
  const problems: string[] = [];
  const named = Object.fromEntries(Object.entries(env).map(([name, value]) => [`${PREFIX}_${name}`, value]));
  return { reach: outboundSettings(named, PREFIX, problems), problems };
}

describe('how a region reaches what its customers name', () => {
  it('is the public internet, the system’s authorities and name servers, where nothing is set', () => {
    expect(read({})).toEqual({ reach: { networks: [], ca: undefined, dnsServers: [] }, problems: [] });
  });

  it('takes networks and name servers, with and without a port', () => {
    const { reach, problems } = read({
      PROVIDER_NETWORKS: '10.0.0.0/8,fd00::/8',
      DNS_SERVERS: '10.0.0.2,10.0.0.3:5353,fd00::2,[fd00::3]:53',
    });
    expect(problems).toEqual([]);
    expect(reach).toMatchObject({
      networks: ['10.0.0.0/8', 'fd00::/8'],
      dnsServers: ['10.0.0.2', '10.0.0.3:5353', 'fd00::2', '[fd00::3]:53'],
    });
  });

  it.each([
    [{ PROVIDER_NETWORKS: '0.0.0.0/0' }, 'PROVIDER_NETWORKS'],
    [{ PROVIDER_NETWORKS: '10.0.0.1' }, 'PROVIDER_NETWORKS'],
    [{ DNS_SERVERS: 'dns.example.org' }, 'DNS_SERVERS'],
    [{ DNS_SERVERS: '10.0.0.2:0' }, 'DNS_SERVERS'],
    [{ DNS_SERVERS: '10.0.0.2:65536' }, 'DNS_SERVERS'],
    [{ PROVIDER_CA_FILE: '/nowhere/ca.pem' }, 'PROVIDER_CA_FILE'],
  ])('is refused in one sentence without the value: %j', (env, name) => {
    const { problems } = read(env);
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${PREFIX}_${name} .*\\.$`))]);
    expect(problems[0]).not.toContain('nowhere');
  });
});
