import { createHash, createPrivateKey, hkdfSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { type Region, Regions } from '@domicile/residency';
import { SEED, type Vector, VECTORS } from '../../../../test/support/webauthn-vectors.js';
import { claimedChallenge, madePasskey, provenCount } from './ceremony.js';
import type { NewPasskey, PasskeyAnswer } from './passkey.dto.js';

// The vectors are the standard's own bytes (test/support/webauthn-vectors.ts): 16.2 to 16.5, 16.7, 16.10 and 16.11. Left out are those of
// formats and algorithms that no region asks for (ES384, ES512, Ed448, TPM, Android, Apple, U2F). Most have a user whom nobody verified,
// which we refuse; so their keys, which the standard gives away, sign the same bytes with a verified one as well.
type Name = keyof typeof VECTORS;

const ORIGIN = 'https://example.org';
const RP_ID = 'example.org';
const { all } = Regions.load(new URL('../../../../deploy/regions.json', import.meta.url).pathname, 1);
const region: Region = { ...all[0]!, origins: { ...all[0]!.origins, customer: ORIGIN } };

const USER_VERIFIED = 0x04;
const FLAGS_AT = 32;
/** Hash, flags, count, AAGUID, and the length and bytes of an id of 32. */
const PUBLIC_KEY_AT = 32 + 1 + 4 + 16 + 2 + 32;

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const text = (of: Buffer): string => of.toString('base64url');
const challengeOf = ({ challenge }: { challenge: string }): string => text(bytes(challenge));
const vectorOf = (name: Name): Vector => VECTORS[name];

/** The authenticator data within an attestation object, where it stands last. */
function authDataOf({ registration }: Vector): Buffer {
  const object = bytes(registration.attestationObject);
  const head = object.indexOf('authData') + 'authData'.length;
  return object.subarray(head + (object[head] === 0x58 ? 2 : 3));
}
const publicKeyOf = (vector: Vector): Buffer => authDataOf(vector).subarray(PUBLIC_KEY_AT);

function made({ registration }: Vector, changed: Partial<Record<'clientDataJSON' | 'attestationObject', Buffer>> = {}) {
  const id = text(bytes(registration.credentialId));
  const response = {
    clientDataJSON: text(changed.clientDataJSON ?? bytes(registration.clientDataJSON)),
    attestationObject: text(changed.attestationObject ?? bytes(registration.attestationObject)),
  };
  return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} } as NewPasskey;
}

type Signed = 'clientDataJSON' | 'authenticatorData' | 'signature';
function proof({ registration, authentication }: Vector, changed: Partial<Record<Signed, Buffer>> = {}) {
  const id = text(bytes(registration.credentialId));
  const of = (field: Signed): string => text(changed[field] ?? bytes(authentication[field]));
  const response = {
    clientDataJSON: of('clientDataJSON'),
    authenticatorData: of('authenticatorData'),
    signature: of('signature'),
  };
  return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} } as PasskeyAnswer;
}

const enrolled = (vector: Vector, answer = made(vector), of = region) =>
  madePasskey(of, challengeOf(vector.registration), answer);
const counted = (vector: Vector, answer = proof(vector), key = publicKeyOf(vector), of = region) =>
  provenCount(of, challengeOf(vector.authentication), answer, {
    credentialId: answer.id,
    publicKey: text(key),
    userHandle: 'AA',
  });

/** What the library says when no verified user is asked for: that nothing else is wrong. */
const lax = { expectedOrigin: ORIGIN, expectedRPID: RP_ID, requireUserVerification: false };
async function isMadeOtherwise(vector: Vector): Promise<boolean> {
  const expectedChallenge = challengeOf(vector.registration);
  const response = made(vector) as Parameters<typeof verifyRegistrationResponse>[0]['response'];
  return (await verifyRegistrationResponse({ ...lax, expectedChallenge, response })).verified;
}
async function isProvenOtherwise(vector: Vector): Promise<boolean> {
  const answer = proof(vector);
  const credential = { id: answer.id, publicKey: Uint8Array.from(publicKeyOf(vector)), counter: 0 };
  const expectedChallenge = challengeOf(vector.authentication);
  const response = answer as Parameters<typeof verifyAuthenticationResponse>[0]['response'];
  return (await verifyAuthenticationResponse({ ...lax, expectedChallenge, response, credential })).verified;
}

/** Each byte with one bit turned over, another one from byte to byte. */
function* flips(of: Buffer): Generator<Buffer> {
  for (const [at, byte] of of.entries()) {
    const flipped = Buffer.from(of);
    flipped[at] = byte ^ (1 << (at % 8));
    yield flipped;
  }
}

function withVerifiedUser(data: Buffer): Buffer {
  const verified = Buffer.from(data);
  verified[FLAGS_AT]! |= USER_VERIFIED;
  return verified;
}

/** An attestation object that attests nothing. */
function unattested(authData: Buffer): Buffer {
  const { length } = authData;
  const head = length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
  return Buffer.concat([
    bytes('a363666d74646e6f6e656761747453746d74a0686175746844617461'),
    Buffer.from(head),
    authData,
  ]);
}

const drawn = (info: string): Buffer => Buffer.from(hkdfSync('sha256', SEED, Buffer.of(1), info, 32));
const number = (of: bigint): string => {
  const hex = of.toString(16);
  return text(bytes(hex.length % 2 === 0 ? hex : `0${hex}`));
};
function inverse(a: bigint, modulus: bigint): bigint {
  let [low, high, s, t] = [a % modulus, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, s, t] = [high % low, low, t - quotient * s, s];
  }
  return ((s % modulus) + modulus) % modulus;
}
function rsaKey(): JsonWebKey {
  const [p, q, e] = [2n ** 1279n - 1n, 2n ** 2203n - 1n, 65537n];
  const d = inverse(e, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  return { kty: 'RSA', ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, number(part)])) };
}
const KEYS: Readonly<Record<'noneES256' | 'packedEdDSA' | 'packedRS256', (key: Buffer) => JsonWebKey>> = {
  noneES256: (key) => ({
    kty: 'EC',
    crv: 'P-256',
    d: text(drawn('none.ES256')),
    x: text(key.subarray(10, 42)),
    y: text(key.subarray(45, 77)),
  }),
  packedEdDSA: (key) => ({ kty: 'OKP', crv: 'Ed25519', d: text(drawn('packed.EdDSA')), x: text(key.subarray(-32)) }),
  packedRS256: rsaKey,
};
const signed = (key: KeyObject, data: Buffer): Buffer =>
  sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key);

describe('the test vectors of WebAuthn', () => {
  it('make a passkey where the user was verified and nobody certifies', async () => {
    const vector = vectorOf('selfES256');
    expect(claimedChallenge(made(vector))).toBe(challengeOf(vector.registration));
    expect(await enrolled(vector)).toEqual({
      credentialId: text(bytes(vector.registration.credentialId)),
      publicKey: text(publicKeyOf(vector)),
      transports: '',
      aaguid: 'df850e09-db6a-fbdf-ab51-697791506cfc',
      signCount: 0,
    });
    const elsewhere = { ...region, origins: all[0]!.origins };
    expect(await enrolled(vector, made(vector), elsewhere)).toBeNull();
    expect(
      await enrolled(vector, { ...made(vector), id: text(Buffer.alloc(32)), rawId: text(Buffer.alloc(32)) }),
    ).toBeNull();
    const other = vectorOf('noneES256').registration;
    expect(await madePasskey(region, challengeOf(other), made(vector))).toBeNull();
  });

  it('prove one where the user was verified', async () => {
    const vector = vectorOf('packedES256');
    expect(claimedChallenge(proof(vector))).toBe(challengeOf(vector.authentication));
    expect(await counted(vector)).toBe(0);
    expect(await counted(vector, proof(vector), publicKeyOf(vectorOf('selfES256')))).toBeNull();
    expect(await counted(vector, proof(vector), undefined, { ...region, origins: all[0]!.origins })).toBeNull();
    const { authentication } = vectorOf('noneES256');
    for (const field of ['clientDataJSON', 'authenticatorData', 'signature'] as const)
      expect([field, await counted(vector, proof(vector, { [field]: bytes(authentication[field]) }))]).toEqual([
        field,
        null,
      ]);
  });

  it('are refused with one bit of what was signed turned over', async () => {
    const [registered, authenticated] = [vectorOf('selfES256'), vectorOf('packedES256')];
    const object = bytes(registered.registration.attestationObject);
    const head = object.subarray(0, object.length - authDataOf(registered).length);
    let count = 0;
    for (const authData of flips(authDataOf(registered))) {
      const attestationObject = Buffer.concat([head, authData]);
      expect([(count += 1), await enrolled(registered, made(registered, { attestationObject }))]).toEqual([
        count,
        null,
      ]);
    }
    for (const clientDataJSON of flips(bytes(registered.registration.clientDataJSON)))
      expect([(count += 1), await enrolled(registered, made(registered, { clientDataJSON }))]).toEqual([count, null]);
    for (const field of ['clientDataJSON', 'authenticatorData'] as const)
      for (const flipped of flips(bytes(authenticated.authentication[field])))
        expect([(count += 1), await counted(authenticated, proof(authenticated, { [field]: flipped }))]).toEqual([
          count,
          null,
        ]);
    // Of an ECDSA signature the numbers alone: the rest says how long they are.
    const signature = bytes(authenticated.authentication.signature);
    for (const at of [4, 20, 35, 39, 50, signature.length - 1]) {
      const flipped = Buffer.from(signature);
      flipped[at]! ^= 1;
      expect([at, await counted(authenticated, proof(authenticated, { signature: flipped }))]).toEqual([at, null]);
    }
    expect(count).toBeGreaterThan(700);
  });

  it.each<Name>(['noneES256', 'topOrigin'])(
    'make none of %s, where no user was verified and all else is right',
    async (name) => {
      expect([await isMadeOtherwise(vectorOf(name)), await enrolled(vectorOf(name))]).toEqual([true, null]);
    },
  );

  it.each<Name>(['noneES256', 'selfES256', 'packedRS256', 'packedEdDSA'])(
    'prove none of %s, where no user was verified and all else is right',
    async (name) => {
      expect([await isProvenOtherwise(vectorOf(name)), await counted(vectorOf(name))]).toEqual([true, null]);
    },
  );

  it.each<Name>(['packedES256', 'packedRS256', 'packedEdDSA'])(
    'make none of %s, which a certificate vouches for',
    async (name) => {
      expect([await isMadeOtherwise(vectorOf(name)), await enrolled(vectorOf(name))]).toEqual([true, null]);
    },
  );

  it.each<Name>(['crossOrigin', 'topOrigin'])(
    'name no challenge of ours from within another site’s frame: %s',
    (name) => {
      expect(claimedChallenge(made(vectorOf(name)))).toBeNull();
      expect(claimedChallenge(proof(vectorOf(name)))).toBeNull();
    },
  );

  it.each(['noneES256', 'packedRS256', 'packedEdDSA'] as const)(
    'make and prove a passkey with the key of %s when the user is verified',
    async (name) => {
      const vector = vectorOf(name);
      const attestationObject = unattested(withVerifiedUser(authDataOf(vector)));
      const passkey = await enrolled(vector, made(vector, { attestationObject }));
      expect(passkey?.publicKey).toBe(text(publicKeyOf(vector)));
      const authenticatorData = withVerifiedUser(bytes(vector.authentication.authenticatorData));
      // The vector's signature is over the flags as they were.
      expect(await counted(vector, proof(vector, { authenticatorData }))).toBeNull();
      const key = createPrivateKey({ key: KEYS[name](publicKeyOf(vector)), format: 'jwk' });
      const hash = createHash('sha256').update(bytes(vector.authentication.clientDataJSON)).digest();
      const signature = signed(key, Buffer.concat([authenticatorData, hash]));
      expect(await counted(vector, proof(vector, { authenticatorData, signature }))).toBe(0);
      for (const at of [0, 40, signature.length - 1]) {
        const flipped = Buffer.from(signature);
        flipped[at]! ^= 1;
        expect([at, await counted(vector, proof(vector, { authenticatorData, signature: flipped }))]).toEqual([
          at,
          null,
        ]);
      }
    },
  );
});
