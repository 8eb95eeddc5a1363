import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce. @returns cipher text and 128-bit tag */
export function encrypt(key: KeyObject, nonce: Buffer, associated: Buffer, clear: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** The clear text of {@link encrypt}, or null when anything of it is not what was encrypted. Never throws. */
export function decrypt(key: KeyObject, nonce: Buffer, associated: Buffer, sealed: Buffer): Buffer | null {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null;
  const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const clear = cipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    // In counter mode the last block is no longer than what came in: there is never a rest.
    cipher.final();
    return clear;
  } catch {
    return null;
  }
}
