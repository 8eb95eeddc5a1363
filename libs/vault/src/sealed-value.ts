import { randomBytes, type KeyObject } from 'node:crypto';
import { Problem } from '@domicile/runtime';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './aead.js';

/** First byte of every sealed value. Another way of sealing is another format, told apart by it. */
const FORMAT = 1;
const HEAD = Buffer.from([FORMAT]);
const HEAD_BYTES = 1 + 16;
/** Bytes that sealing adds to the clear text. */
export const SEALED_OVERHEAD_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;

/** Where a value belongs: bound into it as associated data, so that it opens nowhere else. */
export interface Place {
  /** Code of the region. */
  readonly region: string;
  /** Id of whose data it is. */
  readonly subject: string;
  /** Id of the row it stands in. */
  readonly row: string;
  /** Name of the logical set of fields; never a table's or column's. */
  readonly set: string;
}

/** A data key in use. */
export interface DataKey {
  /** Its id as 32 hex digits, as it stands in what it sealed. */
  readonly idHex: string;
  readonly key: KeyObject;
}

/**
 * Format byte, id of the data key, random nonce, cipher text and tag of AES-256-GCM. Format, key id and place are authenticated. One key seals the few values of one subject, far below the bound for random nonces (2^32).
 */
export function sealValue({ idHex, key }: DataKey, place: Place, clear: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const text = encrypt(key, nonce, associated(idHex, place), Buffer.from(clear));
  return Buffer.concat([HEAD, Buffer.from(idHex, 'hex'), nonce, text]);
}

/**
 * The clear text of a sealed value, if it was sealed by that key for that place.
 * @throws Problem vault.value_refused, the same for everything that does not fit: altered, moved, another key's
 */
export function openValue({ idHex, key }: DataKey, place: Place, sealed: Buffer): string {
  if (keyIdOf(sealed) !== idHex) throw new Problem('vault.value_refused');
  const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const clear = decrypt(key, nonce, associated(idHex, place), sealed.subarray(HEAD_BYTES + NONCE_BYTES));
  if (!clear) throw new Problem('vault.value_refused');
  return clear.toString();
}

/** Id of the data key that sealed a value, as 32 hex digits. @throws Problem vault.value_refused when it is no sealed value */
export function keyIdOf(sealed: Buffer): string {
  if (sealed.length < SEALED_OVERHEAD_BYTES || sealed[0] !== FORMAT) throw new Problem('vault.value_refused');
  return sealed.toString('hex', 1, HEAD_BYTES);
}

/** Ids and names hold no line feed, so no two places read alike. */
function associated(idHex: string, { region, subject, row, set }: Place): Buffer {
  return Buffer.from(`domicile/sealed/${FORMAT}\n${idHex}\n${region}\n${subject}\n${row}\n${set}`);
}
