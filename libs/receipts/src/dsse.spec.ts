import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as verifier from '../../../tools/verify-receipt.mjs';
import { preAuthenticationEncoding, sealEnvelope, signBytes } from './dsse.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
/** RFC 8410: a raw key of 32 bytes in its containers. */
const pkcs8 = (seed: Buffer) =>
  createPrivateKey({
    key: Buffer.concat([hex('302e020100300506032b657004220420'), seed]),
    type: 'pkcs8',
    format: 'der',
  });
const spki = (key: Buffer): Buffer => Buffer.concat([hex('302a300506032b6570032100'), key]);

/** RFC 8032 section 7.1: seed, public key, message, signature. */
const VECTORS: readonly (readonly [string, string, string, string, string])[] = [
  [
    'TEST 1',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST SHA(abc)',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
];

describe('Ed25519, by the test vectors of RFC 8032', () => {
  it.each(VECTORS)('%s is signed and verified as published', (_, seed, key, message, signature) => {
    const [bytes, expected, publicKey] = [hex(message), hex(signature), spki(hex(key))];
    expect(signBytes(bytes, pkcs8(hex(seed))).toString('hex')).toBe(signature);
    expect(verifier.verifyBytes(bytes, expected, publicKey)).toBe(true);
    expect(verifier.verifyBytes(Buffer.concat([bytes, Buffer.of(0)]), expected, publicKey)).toBe(false);
    for (let i = 0; i < 64; i++)
      expect(
        verifier.verifyBytes(
          bytes,
          expected.map((byte, at) => (at === i ? byte ^ 1 : byte)),
          publicKey,
        ),
      ).toBe(false);
  });
});

describe('the DSSE envelope', () => {
  // protocol.md of secure-systems-lab/dsse 1.0.2, "Test Vectors".
  const [type, body] = ['http://example.com/HelloWorld', Buffer.from('hello world')];

  it.each([
    ['ours', preAuthenticationEncoding],
    ["the verifier's", verifier.preAuthenticationEncoding],
  ])('encodes what is signed as published, in code of %s', (_, encode) => {
    expect(encode(type, body).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
    expect(encode('', Buffer.alloc(0)).toString()).toBe('DSSEv1 0  0 ');
    // Lengths are bytes, not characters.
    expect(encode('é', Buffer.from('é')).toString()).toBe('DSSEv1 2 é 2 é');
    expect(encode('a', Buffer.from('b c'))).not.toEqual(encode('a 3 b', Buffer.from('c')));
  });

  it('carries the published payload, and a signature over its encoding', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const envelope = sealEnvelope(type, body, { keyId: 'k', privateKey });
    expect(envelope).toMatchObject({ payload: 'aGVsbG8gd29ybGQ=', payloadType: type, signatures: [{ keyid: 'k' }] });
    const signature = Buffer.from(envelope.signatures[0]!.sig, 'base64');
    const der = publicKey.export({ type: 'spki', format: 'der' });
    expect(verifier.verifyBytes(verifier.preAuthenticationEncoding(type, body), signature, der)).toBe(true);
    expect(verifier.verifyBytes(verifier.preAuthenticationEncoding(`${type}s`, body), signature, der)).toBe(false);
    expect(verifier.verifyBytes(body, signature, der)).toBe(false);
  });
});
