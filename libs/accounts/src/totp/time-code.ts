import { createHmac } from 'node:crypto';
import { sameHash } from '@domicile/residency';

/** What every authenticator app can: SHA-1, six digits, 30 seconds (RFC 6238, RFC 4226). */
export const TOTP = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const;

/** Steps before and after the present one that still count, for clocks that are off by up to half a minute. */
const WINDOW = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The time step of a moment. */
export function stepAt(time: Date): number {
  return Math.floor(time.getTime() / 1000 / TOTP.periodSeconds);
}

/** The code of a step (RFC 4226 section 5.3). @param digits 6 to 8 */
export function codeOf(secret: Uint8Array, step: number, digits: number = TOTP.digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const truncated = mac.readUInt32BE(mac[mac.length - 1]! & 0xf) & 0x7fff_ffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** The step whose code it is, at that time; null for any other. Compares with each step of the window, whichever fits. */
export function matchingStep(secret: Uint8Array, code: string, time: Date): number | null {
  const now = stepAt(time);
  let found: number | null = null;
  for (let step = now - WINDOW; step <= now + WINDOW; step++)
    if (sameHash(Buffer.from(code), Buffer.from(codeOf(secret, step)))) found = step;
  return found;
}

/** Bytes as base32 without padding (RFC 4648 section 6): how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  let [text, value, bits] = ['', 0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(value >>> (bits - 5)) & 31];
    value &= 0xff;
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31]! : text;
}

/** What {@link base32} has written. @throws Error for any other text: what is sealed here was written here */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [value, bits] = [0, 0];
  for (const letter of text) {
    const digit = BASE32.indexOf(letter);
    if (digit < 0) throw new Error('A secret of an authenticator app is not base32.');
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
