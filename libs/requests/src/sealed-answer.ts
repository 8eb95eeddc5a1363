import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;
const INFO = 'domicile/idempotency/v1';

/**
 * What one Idempotency-Key makes: a key that seals the answer and one that fingerprints the body, by HKDF (RFC 5869) of the
 * Idempotency-Key with the region's keyed hash as salt. Neither the database nor the region's keys are enough to make them again.
 */
export class AnswerKeys {
  readonly #seal: Buffer;
  readonly #fingerprint: Buffer;

  /** @param salt 32 bytes that only this region can make of route, principal and key */
  constructor(key: string, salt: Buffer) {
    const bytes = Buffer.from(hkdfSync('sha256', Buffer.from(key, 'ascii'), salt, INFO, 64));
    this.#seal = bytes.subarray(0, 32);
    this.#fingerprint = bytes.subarray(32);
  }

  /** 32 bytes that are the same for the same body, whatever the order of its fields. */
  fingerprint(body: object, secretFields: readonly string[]): Buffer {
    const told = Object.entries(body).filter(([name]) => !secretFields.includes(name));
    return createHmac('sha256', this.#fingerprint)
      .update(canonical(Object.fromEntries(told)), 'utf8')
      .digest();
  }

  /** AES-256-GCM: format byte, IV, tag, ciphertext. @param bound what the answer belongs to; it opens nowhere else */
  seal(text: string, bound: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#seal, iv).setAAD(bound);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), sealed]);
  }

  /** The text again. @throws Error when a bit was changed, or it was sealed by another key or bound to something else */
  open(sealed: Buffer, bound: Buffer): string {
    try {
      if (sealed.length < HEAD_BYTES || sealed[0] !== FORMAT) throw new Error('Another form.');
      const iv = sealed.subarray(1, 1 + IV_BYTES);
      const decipher = createDecipheriv(ALGORITHM, this.#seal, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(bound).setAuthTag(sealed.subarray(1 + IV_BYTES, HEAD_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new Error('A kept answer does not open; the row was altered, so it was not used.');
    }
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
