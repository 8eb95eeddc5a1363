/** Crockford's base32 in lower case, as TypeID uses it: no padding, most significant bits first, one spelling per value. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const VALUE = new Uint8Array(128).fill(255);
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i;

/** Five bytes are eight characters exactly; what is over stands in front. */
const GROUP_BYTES = 5;
const GROUP_CHARACTERS = 8;

/** Two characters at a time. */
const PAIRS = Array.from({ length: 1024 }, (_, ten) => ALPHABET[ten >>> 5]! + ALPHABET[ten & 31]!);

/** Characters needed for that many bytes; the first character carries the left-over high bits. */
export function base32Length(bytes: number): number {
  return Math.ceil((bytes * 8) / 5);
}

/** Encodes bytes, right-aligned (leading zero bits pad the first character). */
export function encodeBase32(bytes: Uint8Array): string {
  const lead = bytes.length % GROUP_BYTES;
  let out = '';
  let bits = base32Length(lead) * 5 - lead * 8;
  let buffer = 0;
  for (let i = 0; i < lead; i++) {
    buffer = (buffer << 8) | bytes[i]!;
    for (bits += 8; bits >= 5;) out += ALPHABET[(buffer >>> (bits -= 5)) & 31]!;
  }
  for (let i = lead; i < bytes.length; i += GROUP_BYTES) {
    const high = (bytes[i]! << 12) | (bytes[i + 1]! << 4) | (bytes[i + 2]! >>> 4);
    const low = ((bytes[i + 2]! & 15) << 16) | (bytes[i + 3]! << 8) | bytes[i + 4]!;
    out += PAIRS[high >>> 10]! + PAIRS[high & 1023]! + PAIRS[low >>> 10]! + PAIRS[low & 1023]!;
  }
  return out;
}

/** The bytes behind a text, or null when a character is foreign, the length is wrong or the padding bits are not zero. */
export function decodeBase32(text: string, bytes: number): Uint8Array | null {
  if (text.length !== base32Length(bytes)) return null;
  const out = new Uint8Array(bytes);
  return readBase32(text, 0, out) ? out : null;
}

/**
 * Fills `out` from the characters of `text` that begin at `from`, as many as {@link base32Length} says; nothing is allocated.
 * False, and `out` is anything, when a character is foreign or absent or the padding bits are not zero.
 */
export function readBase32(text: string, from: number, out: Uint8Array): boolean {
  const lead = out.length % GROUP_BYTES;
  const leadEnd = from + base32Length(lead);
  let bits = lead * 8 - base32Length(lead) * 5;
  let buffer = 0;
  let filled = 0;
  // Every character leaves its trace here, a foreign one beyond the five bits of a digit.
  let seen = 0;
  for (let at = from; at < leadEnd; at++) {
    const digit = digitAt(text, at);
    seen |= digit;
    buffer = (buffer << 5) | (digit & 31);
    bits += 5;
    if (at === from && digit >>> bits !== 0) return false;
    if (bits >= 8) out[filled++] = buffer >>> (bits -= 8);
  }
  for (let i = lead, at = leadEnd; i < out.length; i += GROUP_BYTES, at += GROUP_CHARACTERS) {
    const a = digitAt(text, at);
    const b = digitAt(text, at + 1);
    const c = digitAt(text, at + 2);
    const d = digitAt(text, at + 3);
    const e = digitAt(text, at + 4);
    const f = digitAt(text, at + 5);
    const g = digitAt(text, at + 6);
    const h = digitAt(text, at + 7);
    seen |= a | b | c | d | e | f | g | h;
    out[i] = (a << 3) | (b >>> 2);
    out[i + 1] = (b << 6) | (c << 1) | (d >>> 4);
    out[i + 2] = (d << 4) | (e >>> 1);
    out[i + 3] = (e << 7) | (f << 2) | (g >>> 3);
    out[i + 4] = (g << 5) | h;
  }
  return seen < 32;
}

/** 0 to 31, or more for a character that is none of the alphabet; past the end it is NaN, which counts as NUL. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return VALUE[code & 127]! | (code & ~127);
}
