import { describe, expect, it } from '@jest/globals';
import { blockListOf, isCidr, networkOf } from './client-network.js';

const nobody = blockListOf([]);
const proxies = blockListOf(['10.0.0.0/8', '2001:db8:ff::/48']);

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    [undefined, 'unknown'],
    ['', 'unknown'],
  ])('of the peer %s is %s', (peer, network) => {
    expect(networkOf(peer, undefined, nobody)).toBe(network);
  });

  it('tells neighbours of one /64 not apart, and those of two', () => {
    const of = (peer: string): string => networkOf(peer, undefined, nobody);
    expect(of('2001:db8:1:2::1')).toBe(of('2001:db8:1:2:ffff::9'));
    expect(of('2001:db8:1:2::1')).not.toBe(of('2001:db8:1:3::1'));
    expect(of('192.0.2.7')).not.toBe(of('192.0.2.8'));
  });

  it('believes nobody by default, and only those who are trusted', () => {
    expect(networkOf('192.0.2.7', '198.51.100.1', nobody)).toBe('192.0.2.7');
    expect(networkOf('192.0.2.7', '198.51.100.1', proxies)).toBe('192.0.2.7');
    expect(networkOf('10.1.2.3', '198.51.100.1', nobody)).toBe('10.1.2.3');
    expect(networkOf('10.1.2.3', '198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(networkOf('::ffff:10.1.2.3', '198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(networkOf('2001:db8:ff::1', '2001:db8:7:8::1', proxies)).toBe('2001:db8:7:8::/64');
  });

  it.each([
    ['what a stranger put in front', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    ['a trusted address that a stranger put in front', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    ['several proxies', '198.51.100.1, 10.0.0.5, 10.0.0.6', '198.51.100.1'],
    ['proxies alone', '10.0.0.5', '10.0.0.5'],
    ['a port', '198.51.100.1:4711', '198.51.100.1'],
    ['brackets and a port', '[2001:db8:7:8::1]:4711', '2001:db8:7:8::/64'],
    ['nothing', '', '10.1.2.3'],
    ['a word', 'unknown', '10.1.2.3'],
    ['a word behind an address', '198.51.100.1, unknown', '10.1.2.3'],
    ['a word behind a proxy', '198.51.100.1, unknown, 10.0.0.5', '10.0.0.5'],
    ['half an address', '198.51.100', '10.1.2.3'],
    ['an address with a zero too many', '198.51.100.01', '10.1.2.3'],
    ['five thousand commas', ','.repeat(5_000), '10.1.2.3'],
  ])('of a trusted proxy that forwards %s', (_what, forwarded, network) => {
    expect(networkOf('10.1.2.3', forwarded, proxies)).toBe(network);
  });
});

describe('isCidr', () => {
  it.each(['10.0.0.0/8', '127.0.0.1/32', '::1/128', '2001:db8::/32', '0.0.0.0/1'])('takes %s', (text) => {
    expect(isCidr(text)).toBe(true);
  });
  it.each([
    '',
    '/',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    'fe80::1%eth0/64',
    'localhost/8',
    '10.0.0.0/-1',
    ' 10.0.0.0/8',
  ])('refuses %j', (text) => {
    expect(isCidr(text)).toBe(false);
  });
});
