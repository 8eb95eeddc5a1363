import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Region } from '@domicile/residency';
import { CHALLENGE_TTL_MILLISECONDS } from './challenges.js';
import type { PasskeySecret } from './passkey.entity.js';
import type { NewPasskey, PasskeyAnswer } from './passkey.dto.js';
import type { PasskeyCreationOptions, PasskeyDescriptor, PasskeyRequestOptions } from './passkey-options.dto.js';

type AttestationObject = ReturnType<typeof import('@simplewebauthn/server/helpers').decodeAttestationObject>;

/** Loaded at the first passkey: a fifth of a second that no other start pays for. */
const webAuthn = () => import('@simplewebauthn/server');

/** EdDSA, ES256 and RS256 (RFC 9053): what every authenticator has one of. */
const ALGORITHMS = [-8, -7, -257];

/** What an authenticator has made. Bytes are base64url. */
export type MadePasskey = Pick<PasskeySecret, 'credentialId' | 'publicKey' | 'transports' | 'aaguid'> & {
  readonly signCount: number;
};

/** What is known of a passkey. */
export type KnownPasskey = Pick<PasskeySecret, 'credentialId' | 'publicKey' | 'userHandle'>;

/** What an authenticator of the region is asked for. @param userHandle base64url of at most 64 bytes that say nothing */
export function creationOptions(
  region: Region,
  challenge: string,
  userHandle: string,
  excludeCredentials: PasskeyDescriptor[],
): PasskeyCreationOptions {
  const name = `Domicile, ${region.name} (${userHandle.slice(0, 6)})`;
  return {
    challenge,
    rp: { id: relyingParty(region), name: `Domicile (${region.name})` },
    user: { id: userHandle, name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_TTL_MILLISECONDS,
    excludeCredentials,
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

/** The same for a proof. */
export function requestOptions(
  region: Region,
  challenge: string,
  allowCredentials: PasskeyDescriptor[],
): PasskeyRequestOptions {
  return {
    challenge,
    rpId: relyingParty(region),
    timeout: CHALLENGE_TTL_MILLISECONDS,
    allowCredentials,
    userVerification: 'required',
  };
}

/** The challenge that an answer claims to be for; null when it is no answer, or one from within another site's frame. */
export function claimedChallenge({ response }: NewPasskey | PasskeyAnswer): string | null {
  return orNull(() => {
    const text = Buffer.from(response.clientDataJSON, 'base64url').toString();
    const { challenge, crossOrigin, topOrigin } = JSON.parse(text) as Record<string, unknown>;
    const isOurs = typeof challenge === 'string' && crossOrigin !== true && topOrigin === undefined;
    return isOurs ? challenge : null;
  });
}

/** A new passkey whose answer holds: ours by origin and host, made by a verified user; null for any other (WebAuthn section 7.1). */
export async function madePasskey(region: Region, challenge: string, answer: NewPasskey): Promise<MadePasskey | null> {
  // Certificates are neither asked for nor looked at: following one would mean to fetch what a stranger wrote into it.
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  if (!orNull(() => isUncertified(decodeAttestationObject(attestationOf(answer))))) return null;
  const { verifyRegistrationResponse } = await webAuthn();
  const verified = await settled(
    verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: region.origins.customer,
      expectedRPID: relyingParty(region),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!verified?.verified) return null;
  const { credential, aaguid } = verified.registrationInfo;
  if (credential.id !== answer.id) return null;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    transports: (answer.response.transports ?? []).join(' '),
    aaguid,
    signCount: credential.counter,
  };
}

/**
 * What the authenticator counts at, if its answer holds; null for any other (WebAuthn section 7.2). Whether the count has gone on is
 * for the statement that stores it.
 */
export async function provenCount(
  region: Region,
  challenge: string,
  answer: PasskeyAnswer,
  { credentialId, publicKey, userHandle }: KnownPasskey,
): Promise<number | null> {
  const named = answer.response.userHandle ?? null;
  if (named !== null && named !== userHandle) return null;
  const { verifyAuthenticationResponse } = await webAuthn();
  const verified = await settled(
    verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: region.origins.customer,
      expectedRPID: relyingParty(region),
      credential: { id: credentialId, publicKey: Uint8Array.from(Buffer.from(publicKey, 'base64url')), counter: 0 },
      requireUserVerification: true,
    }),
  );
  return verified?.verified ? verified.authenticationInfo.newCounter : null;
}

/** How the browser is told of a passkey. */
export function descriptorOf({
  credentialId,
  transports,
}: Pick<PasskeySecret, 'credentialId' | 'transports'>): PasskeyDescriptor {
  const words = transports.split(' ').filter((word) => word !== '');
  return { type: 'public-key', id: credentialId, transports: words };
}

function relyingParty({ origins }: Region): string {
  return new URL(origins.customer).hostname;
}

/** No attestation, or the passkey's own signature over itself, which browsers let pass. */
function isUncertified(attestation: AttestationObject): boolean {
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

function attestationOf({ response }: NewPasskey): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(response.attestationObject, 'base64url'));
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    // Whatever cannot be read is none: the bytes are a stranger's.
    return null;
  }
}

/** Both functions of the library work on what they were given alone, so whatever they throw is about a stranger's bytes. */
async function settled<T>(verifying: Promise<T>): Promise<T | null> {
  try {
    return await verifying;
  } catch {
    return null;
  }
}
