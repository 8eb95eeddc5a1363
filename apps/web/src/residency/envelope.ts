import type { Schemas } from '@domicile/api-client';

/** A key that the page's region facts pin for receipts. */
export type Pin = Schemas['ReceiptKeyView'];

export const PAYLOAD_TYPE = 'application/vnd.domicile.residency-receipt+json';
const BYTES_MAX = 1_000_000;
/** `ed25519:` and so many digits of the SHA-256, in groups of four. */
const KEY_ID_DIGITS = 32;

/** Something that was looked at did not hold: nothing that came after it was looked at. */
export class Untrusted extends Error {}

/** This browser cannot compute what is asked of it, so that it can say neither yes nor no. */
export class NotComputable extends Error {}

/** @throws Untrusted */
export function must(holds: boolean): asserts holds {
  if (!holds) throw new Untrusted();
}

/** What an envelope says of itself, none of which is proven yet. */
export interface Opened {
  readonly keyId: string;
  readonly payloadType: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Takes a DSSE envelope apart, which has exactly one signature. Its payload stays bytes. @throws Untrusted for anything else */
export function openEnvelope(bytes: Uint8Array): Opened {
  must(bytes.length <= BYTES_MAX);
  const envelope = strictJson(bytes);
  must(hasExactly(envelope, ['payload', 'payloadType', 'signatures']));
  const { payload, payloadType, signatures } = envelope;
  must(payloadType === PAYLOAD_TYPE && Array.isArray(signatures) && signatures.length === 1);
  const entry: unknown = signatures[0];
  must(hasExactly(entry, ['keyid', 'sig']) && typeof entry['keyid'] === 'string');
  const [body, signature] = [fromBase64(payload), fromBase64(entry['sig'])];
  must(signature.length === 64);
  return { keyId: entry['keyid'], payloadType, body, signature };
}

/** The id that a key has by its own bytes: computed here, so that nobody can call one key by the fingerprint of another. */
export async function keyIdOf({ publicKey }: Pin): Promise<string> {
  const digest = new Uint8Array(await subtle().digest('SHA-256', fromBase64(publicKey)));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `ed25519:${hex.slice(0, KEY_ID_DIGITS).match(/.{4}/g)!.join('-')}`;
}

/** Ed25519 over DSSE's pre-authentication encoding. @throws NotComputable where the browser does not know Ed25519; Untrusted for a key that is none */
export async function isSignedBy({ publicKey }: Pin, { payloadType, body, signature }: Opened): Promise<boolean> {
  const key = await subtle()
    .importKey('spki', fromBase64(publicKey), { name: 'Ed25519' }, false, ['verify'])
    .catch((error: unknown) => {
      throw error instanceof DOMException && error.name === 'DataError' ? new Untrusted() : new NotComputable();
    });
  return subtle().verify('Ed25519', key, signature, preAuthenticationEncoding(payloadType, body));
}

/** DSSE protocol.md: type and body with their lengths in bytes, so that neither can pass for a part of the other. */
export function preAuthenticationEncoding(payloadType: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = new TextEncoder().encode(payloadType);
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${payloadType} ${body.length} `);
  const encoded = new Uint8Array(head.length + body.length);
  encoded.set(head);
  encoded.set(body, head.length);
  return encoded;
}

/** JSON without duplicate keys, odd escapes or bytes that are no UTF-8: what is read here is what everyone reads. @throws Untrusted */
export function strictJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    // Written again it must be the same, but for white space between the tokens: a duplicate would be gone.
    const bare = text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
    if (typeof value === 'object' && value !== null && JSON.stringify(value) === bare) return value;
  } catch {
    // Refused below: what it was does not matter.
  }
  throw new Untrusted();
}

function fromBase64(text: unknown): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(String(text));
    if (btoa(binary) === text) return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // Refused below.
  }
  throw new Untrusted();
}

function hasExactly(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).sort().join() === names.join()
  );
}

function subtle(): SubtleCrypto {
  // Absent on an origin that the browser does not take for safe.
  if ((crypto as Partial<Crypto>).subtle === undefined) throw new NotComputable();
  return crypto.subtle;
}
