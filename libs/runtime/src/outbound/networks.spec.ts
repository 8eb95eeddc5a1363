import { describe, expect, it } from '@jest/globals';
import { mayReach, permittedNetworks } from './networks.js';

const NONE = permittedNetworks([]);

describe('where a stranger may send us', () => {
  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::8.8.8.8',
    '64:ff9b::a00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
  ])('is not %s', (address) => expect(mayReach(address, NONE)).toBe(false));

  it.each([
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.254',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('is %s, which is of the public internet', (address) => expect(mayReach(address, NONE)).toBe(true));

  it('is a network that the operator permits besides, and nothing next to it', () => {
    const permitted = permittedNetworks(['10.1.0.0/16', 'fd00:1::/32']);
    expect(['10.1.2.3', '10.2.0.1', 'fd00:1::5', 'fd00:2::5'].map((each) => mayReach(each, permitted))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
