/** Crockford's base32 in lower case, as TypeID uses it: no padding, most significant bits first, one spelling per value. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const VALUE = new Uint8Array(128).fill(255);
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i;

/** Characters needed for that many bytes; the first character carries the left-over high bits. */
export function base32Length(bytes: number): number {
  return Math.ceil((bytes * 8) / 5);
}

/** Encodes bytes, right-aligned (leading zero bits pad the first character). */
export function encodeBase32(bytes: Uint8Array): string {
  let out = '';
  let bits = base32Length(bytes.length) * 5 - bytes.length * 8;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(buffer >>> bits) & 31];
    }
  }
  return out;
}

/** The bytes behind a text, or null when a character is foreign, the length is wrong or the padding bits are not zero. */
export function decodeBase32(text: string, bytes: number): Uint8Array | null {
  if (text.length !== base32Length(bytes)) return null;
  const out = new Uint8Array(bytes);
  let bits = bytes * 8 - text.length * 5;
  let buffer = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUE[text.charCodeAt(i)] ?? 255;
    if (value === 255) return null;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (i === 0 && value >>> bits !== 0) return null;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (buffer >>> bits) & 255;
    }
  }
  return out;
}
