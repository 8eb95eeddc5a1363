import { randomBytes } from 'node:crypto';

/** Crockford's base32: no letter that is taken for another one. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** A new code of 60 random bits: `k3v9-0mxa-t7qd`. */
export function makeRecoveryCode(): string {
  const letters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET[byte & 31]!).join('');
  return letters.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g'))!.join('-');
}

/** The form of a code that is hashed, however it was typed: case, hyphens and spaces do not matter, nor o for 0 and i or l for 1. */
export function normaliseRecoveryCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
}
