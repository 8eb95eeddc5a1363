import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Regions } from '@domicile/residency';
import { Authenticator } from '../../../../test/support/authenticator.js';
import { claimedChallenge, creationOptions, madePasskey, provenCount, requestOptions } from './ceremony.js';
import type { NewPasskey, PasskeyAnswer } from './passkey.dto.js';

const region = Regions.load(new URL('../../../../deploy/regions.json', import.meta.url).pathname, 1).all[0]!;
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');
const HANDLE = Buffer.alloc(32, 9).toString('base64url');

const base64url = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const clientData = fc.oneof(
  base64url,
  fc.jsonValue().map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')),
);

/** An authenticator with one passkey, and what is known of it. */
async function enrolled() {
  const authenticator = new Authenticator(region.origins.customer);
  const answer = authenticator.create(creationOptions(region, CHALLENGE, HANDLE, [])) as NewPasskey;
  const made = await madePasskey(region, CHALLENGE, answer);
  const asked = (): PasskeyAnswer => authenticator.get(requestOptions(region, CHALLENGE, [])) as PasskeyAnswer;
  return { answer, made: made!, known: { ...made!, userHandle: HANDLE }, asked };
}

describe('a ceremony of WebAuthn', () => {
  it('takes what a rightful authenticator has made and signed', async () => {
    const { answer, made, known, asked } = await enrolled();
    expect(claimedChallenge(answer)).toBe(CHALLENGE);
    expect(made).toMatchObject({ credentialId: answer.id, signCount: 0, transports: 'internal hybrid' });
    expect(await provenCount(region, CHALLENGE, asked(), known)).toBe(1);
    expect(await provenCount(region, HANDLE, asked(), known)).toBeNull();
  });

  it('reads no challenge from within another site’s frame', () => {
    const of = (more: object): string | null =>
      claimedChallenge({
        response: {
          clientDataJSON: Buffer.from(JSON.stringify({ challenge: CHALLENGE, ...more })).toString('base64url'),
        },
      } as PasskeyAnswer);
    expect([of({}), of({ crossOrigin: false })]).toEqual([CHALLENGE, CHALLENGE]);
    for (const more of [{ crossOrigin: true }, { topOrigin: 'https://example.org' }, { challenge: 1 }])
      expect([more, of(more)]).toEqual([more, null]);
  });

  it('takes no altered byte of what was signed', async () => {
    const { known, asked } = await enrolled();
    const rightly = asked();
    // Of a signature some bytes say only how long its numbers are.
    const fields = ['clientDataJSON', 'authenticatorData'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...fields),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (field, at, mask) => {
          const bytes = Buffer.from(rightly.response[field], 'base64url');
          bytes[at % bytes.length]! ^= mask;
          const altered = { ...rightly, response: { ...rightly.response, [field]: bytes.toString('base64url') } };
          expect(await provenCount(region, CHALLENGE, altered, known)).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
    expect(await provenCount(region, CHALLENGE, rightly, known)).toBe(1);
  });

  it('refuses whatever bytes a stranger sends, and throws at none', async () => {
    const { answer, known, asked } = await enrolled();
    await fc.assert(
      fc.asyncProperty(clientData, base64url, async (clientDataJSON, bytes) => {
        const odd = { ...answer, response: { ...answer.response, attestationObject: bytes } };
        expect(await madePasskey(region, CHALLENGE, odd)).toBeNull();
        expect(
          await madePasskey(region, CHALLENGE, { ...answer, response: { ...answer.response, clientDataJSON } }),
        ).toBeNull();
        const signed = { ...asked(), response: { clientDataJSON, authenticatorData: bytes, signature: bytes } };
        expect(await provenCount(region, CHALLENGE, signed, known)).toBeNull();
        claimedChallenge(signed);
      }),
      { numRuns: 200 },
    );
  });
});
