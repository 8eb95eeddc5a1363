import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES } from '@domicile/vault';

const FORMAT = 1;
const HEAD_BYTES = 1 + NONCE_BYTES;
const INFO = 'domicile/idempotency/v1';

/**
 * What one Idempotency-Key makes: a key that seals the answer and one that fingerprints the body, by HKDF (RFC 5869) of the
 * Idempotency-Key with the region's keyed hash as salt. Neither the database nor the region's keys are enough to make them again.
 */
export class AnswerKeys {
  readonly #seal: KeyObject;
  readonly #fingerprint: Buffer;

  /** @param salt 32 bytes that only this region can make of route, principal and key */
  constructor(key: string, salt: Buffer) {
    const bytes = Buffer.from(hkdfSync('sha256', Buffer.from(key, 'ascii'), salt, INFO, 64));
    this.#seal = createSecretKey(bytes.subarray(0, 32));
    this.#fingerprint = bytes.subarray(32);
  }

  /** 32 bytes that are the same for the same body, whatever the order of its fields. */
  fingerprint(body: object, secretFields: readonly string[]): Buffer {
    const told = Object.entries(body).filter(([name]) => !secretFields.includes(name));
    return createHmac('sha256', this.#fingerprint)
      .update(canonical(Object.fromEntries(told)), 'utf8')
      .digest();
  }

  /** Format byte, nonce, cipher text and tag. @param bound what the answer belongs to; it opens nowhere else */
  seal(text: string, bound: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    return Buffer.concat([Buffer.of(FORMAT), nonce, encrypt(this.#seal, nonce, bound, Buffer.from(text))]);
  }

  /** The text again. @throws Error when a bit was changed, or it was sealed by another key or bound to something else */
  open(sealed: Buffer, bound: Buffer): string {
    const [nonce, rest] = [sealed.subarray(1, HEAD_BYTES), sealed.subarray(HEAD_BYTES)];
    const clear = sealed[0] === FORMAT ? decrypt(this.#seal, nonce, bound, rest) : null;
    if (!clear) throw new Error('A kept answer does not open; the row was altered, so it was not used.');
    return clear.toString();
  }
}

/** JSON with the names of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) && !(member instanceof Date)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
