import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** A public key that a region's receipts are signed with, as the public region file pins it. */
export interface ReceiptKeyPin {
  /** {@link receiptKeyId} of the key. */
  readonly keyId: string;
  /** SPKI DER (RFC 8410) as base64. */
  readonly publicKey: string;
  /** RFC 3339 UTC: receipts before it are not by this key. */
  readonly from: string;
  /** RFC 3339 UTC, once a newer key has taken over: receipts from then on are not by this key. */
  readonly until?: string;
}

/** Characters of the fingerprint that an id shows: 128 bits, too many for a second key of the same id to be found. */
const ID_DIGITS = 32;

/** SHA-256 of an SPKI public key, 64 hex digits. */
export function receiptKeyFingerprint(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

/** The id of a receipt key: `ed25519:` and the first half of its fingerprint in groups of four, to be compared by eye. */
export function receiptKeyId(spki: Uint8Array): string {
  const digits = receiptKeyFingerprint(spki).slice(0, ID_DIGITS);
  return `ed25519:${digits.match(/.{4}/g)!.join('-')}`;
}

/** The key of a pin. Only for pins that {@link checkedPins} let pass. */
export function pinnedKey(pin: ReceiptKeyPin): KeyObject {
  return createPublicKey({ key: Buffer.from(pin.publicKey, 'base64'), type: 'spki', format: 'der' });
}

/**
 * The pins of one region row, oldest first, each with an id that its own bytes give.
 * @param require refuses the row with the rule that does not hold
 */
export function checkedPins(
  pins: unknown,
  require: (holds: boolean, rule: string) => void,
): readonly Readonly<ReceiptKeyPin>[] {
  if (pins === undefined) return Object.freeze([]);
  require(Array.isArray(pins), 'receiptKeys must be a list');
  const checked = (pins as unknown[]).map((row) => {
    const { keyId, publicKey, from, until } = (row ?? {}) as ReceiptKeyPin;
    const spki = ed25519Spki(publicKey);
    require(spki !== null, 'a receipt key must be an Ed25519 public key, SPKI as base64');
    require(keyId === receiptKeyId(spki!), 'the keyId of a receipt key must be the fingerprint of that very key');
    require(isTime(from) &&
      (until === undefined ||
        (isTime(until) &&
          until > from)), 'a receipt key must be valid from a time in UTC, and until a later one if any');
    return Object.freeze({ keyId, publicKey, from, ...(until === undefined ? {} : { until }) });
  });
  return Object.freeze(checked.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)));
}

/** The DER behind a base64 text, or null when it is not an Ed25519 key in its one spelling. */
function ed25519Spki(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const der = Buffer.from(text, 'base64');
  if (der.toString('base64') !== text) return null;
  try {
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' && key.export({ type: 'spki', format: 'der' }).equals(der) ? der : null;
  } catch {
    return null;
  }
}

function isTime(text: unknown): text is string {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
}
