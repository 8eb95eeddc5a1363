import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { decrypt, encrypt } from './aead.js';
import { derive, hmac } from './blind-index.js';
import { keyIdOf, openValue, type Place, SEALED_OVERHEAD_BYTES, sealValue } from './sealed-value.js';

const key = (): Parameters<typeof openValue>[0] => ({
  idHex: randomBytes(16).toString('hex'),
  key: createSecretKey(randomBytes(32)),
});
const HERE: Place = { region: 'aa', subject: 'acct_aa_1', row: 'acct_aa_1', set: 'account.profile' };
const REFUSED = expect.objectContaining({ code: 'vault.value_refused' });
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('a sealed value', () => {
  const own = key();

  it('gives back exactly what was sealed, whatever the text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 2_000 }), (text) => {
        const sealed = sealValue(own, HERE, text);
        expect(openValue(own, HERE, sealed)).toBe(text);
        expect(sealed.length).toBe(Buffer.byteLength(text) + SEALED_OVERHEAD_BYTES);
      }),
    );
  });

  it('is another one each time, and names its key', () => {
    const [one, two] = [sealValue(own, HERE, 'Ada'), sealValue(own, HERE, 'Ada')];
    expect(one.equals(two)).toBe(false);
    expect([keyIdOf(one), keyIdOf(two)]).toEqual([own.idHex, own.idHex]);
    expect(one.includes('Ada')).toBe(false);
  });

  it('is refused with any single bit flipped, in every part of it', () => {
    const sealed = sealValue(own, HERE, 'Ada Lovelace');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openValue(own, HERE, altered)).toThrow(REFUSED);
    }
  });

  it('is refused when it was cut or lengthened', () => {
    const sealed = sealValue(own, HERE, 'Ada');
    for (let length = 0; length < sealed.length; length++)
      expect(() => openValue(own, HERE, sealed.subarray(0, length))).toThrow(REFUSED);
    expect(() => openValue(own, HERE, Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(REFUSED);
  });

  it.each(['region', 'subject', 'row', 'set'] as const)('is refused at another %s than its own', (part) => {
    const sealed = sealValue(own, HERE, 'Ada');
    expect(() => openValue(own, { ...HERE, [part]: `${HERE[part]}x` }, sealed)).toThrow(REFUSED);
    // The neighbours' text must not add up to the same: each part stands by itself.
    expect(() => openValue(own, { ...HERE, region: 'a', subject: `a${HERE.subject}` }, sealed)).toThrow(REFUSED);
  });

  it('is refused under another key, even one that claims its id', () => {
    const sealed = sealValue(own, HERE, 'Ada');
    expect(() => openValue(key(), HERE, sealed)).toThrow(REFUSED);
    expect(() => openValue({ ...key(), idHex: own.idHex }, HERE, sealed)).toThrow(REFUSED);
  });
});

describe('what it is made of', () => {
  it('is AES-256-GCM: McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16', () => {
    const secret = createSecretKey(hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'));
    const nonce = hex('cafebabefacedbaddecaf888');
    const associated = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const clear = hex(`d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
      1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`);
    const sealed = hex(`522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
      8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b`);
    expect(encrypt(secret, nonce, associated, clear)).toEqual(sealed);
    expect(decrypt(secret, nonce, associated, sealed)).toEqual(clear);
    expect(decrypt(secret, nonce, associated.subarray(1), sealed)).toBeNull();
    expect(decrypt(secret, nonce.subarray(1), associated, sealed)).toBeNull();
  });

  // What is indexed is text; the data of cases 3 and 4 is none.
  it('is HMAC-SHA-256: RFC 4231, the test cases that are text: 1, 2, 5 (cut to 128 bits there), 6 and 7', () => {
    const cases = [
      ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
      ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
      [
        'aa'.repeat(131),
        'Test Using Larger Than Block-Size Key - Hash Key First',
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      ],
      ['0c'.repeat(20), 'Test With Truncation', 'a3b6167473100ee06e0c796c2955552b'],
      [
        'aa'.repeat(131),
        'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
        '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
      ],
    ] as const;
    for (const [secret, text, digest] of cases) {
      const made = hmac(createSecretKey(hex(secret)), text);
      expect([made.length, made.toString('hex').slice(0, digest.length)]).toEqual([32, digest]);
    }
  });

  it('is HKDF-SHA-256: RFC 5869, test case 3, whose first 32 bytes are a key of ours', () => {
    const derived = derive(createSecretKey(hex('0b'.repeat(22))), '');
    expect(derived.export().toString('hex')).toBe('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d');
  });
});
