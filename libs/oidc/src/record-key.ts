import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES } from '@domicile/vault';

const FORMAT = 1;
const HEAD_BYTES = 1 + NONCE_BYTES;
const INFO = 'domicile/oidc-record/v1';

/**
 * The key of one record, by HKDF (RFC 5869) of its secret name (the token, the code, the cookie) with the region's keyed hash as salt:
 * neither the database nor the region's keys are enough to make it again.
 */
export class RecordKey {
  readonly #key: KeyObject;

  /** @param name the secret that finds the record @param salt 32 bytes that only this region can make of it */
  constructor(name: string, salt: Buffer) {
    this.#key = createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.from(name, 'utf8'), salt, INFO, 32)));
  }

  /** Format byte, nonce, cipher text and tag. @param bound the row that it stands in; it opens nowhere else */
  seal(payload: object, bound: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const clear = Buffer.from(JSON.stringify(payload));
    return Buffer.concat([Buffer.of(FORMAT), nonce, encrypt(this.#key, nonce, Buffer.from(bound), clear)]);
  }

  /** The payload again. @throws Error when a bit was changed, or it was sealed by another key or for another row */
  open<T extends object>(sealed: Buffer, bound: string): T {
    const [nonce, rest] = [sealed.subarray(1, HEAD_BYTES), sealed.subarray(HEAD_BYTES)];
    const clear = sealed[0] === FORMAT ? decrypt(this.#key, nonce, Buffer.from(bound), rest) : null;
    if (!clear) throw new Error('A record of the issuer does not open; the row was altered, so it was not used.');
    return JSON.parse(clear.toString()) as T;
  }
}
