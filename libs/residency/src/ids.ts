import { randomFillSync } from 'node:crypto';
import { base32Length, encodeBase32, readBase32 } from './base32.js';
import { ResidencyError } from './errors.js';
import type { Region, Regions } from './regions.js';

/**
 * The text form of an id, the only form it has in memory: `acct_eu_01k…` (TypeID over 16 bytes).
 * An id is no secret; it says what it names and where that lives.
 */
export type Id<P extends string = string> = string & { readonly __id: P };

/** The account is the one kind of resource that this library knows by name: resident rows belong to it (law L11). */
export const ACCOUNT_PREFIX = 'acct';
export type AccountId = Id<typeof ACCOUNT_PREFIX>;

/** What an id says of itself, by syntax alone; nothing is looked up. */
export interface ParsedId {
  readonly prefix: string;
  readonly region: Region;
}

const SUFFIX = base32Length(16);
const UNDERSCORE = 95;
const PREFIX = /^[a-z]{2,8}$/;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const NO_NIBBLE = 255;
const NIBBLE = new Uint8Array(128).fill(NO_NIBBLE);
for (const digit of '0123456789abcdefABCDEF') NIBBLE[digit.charCodeAt(0)] = parseInt(digit, 16);

/** Bytes under way from one form to the other; nothing here is asynchronous, so nobody sees another's. */
const scratch = new Uint8Array(16);

/**
 * The one codec between ids in memory (text) and ids at rest (16 bytes, `uuid`): UUIDv8, RFC 9562 section 5.8, as
 * 48 bits of milliseconds, 12 bits of counter, 10 bits of region number, 52 random bits.
 * The region stands in the text and in the bytes, so neither can be altered alone (law L1), and both ways refuse
 * another region or kind (law L4).
 */
export class IdCodec {
  #lastMilliseconds = 0;
  #counter = 0;

  constructor(readonly regions: Regions) {}

  /** A new id, ordered by time within this process. @param prefix 2 to 8 letters a-z */
  mint<P extends string>(prefix: P, region: Region): Id<P> {
    return this.#text(prefix, region, this.#bytes(region)) as Id<P>;
  }

  /**
   * The id that belongs to a keyed hash: always the same one, so that a regional table can be keyed by the hash and its rows still
   * know their home. It carries the first 128 bits of the hash but for the 16 that say version, variant and region: 112 bits.
   * @param hash at least 16 bytes of a hash under a key of that region (an unkeyed one would let anybody test guesses)
   * @throws ResidencyError residency.configuration_invalid for a shorter one
   */
  derive<P extends string>(prefix: P, region: Region, hash: Uint8Array): Id<P> {
    if (hash.length < 16)
      throw new ResidencyError(
        'residency.configuration_invalid',
        `A ${prefix} id was to be derived from less than 16 bytes.`,
      );
    return this.#text(prefix, region, signed(Uint8Array.from(hash.subarray(0, 16)), region)) as Id<P>;
  }

  /** What a text names, or null when it is not an id of any known region. Never throws: the text comes from strangers. */
  parse(text: string): ParsedId | null {
    const end = text.indexOf('_');
    const from = text.indexOf('_', end + 1) + 1;
    if (from === 0 || text.length !== from + SUFFIX) return null;
    const prefix = text.slice(0, end);
    const region = this.regions.find(text.slice(end + 1, from - 1));
    if (!region || !PREFIX.test(prefix) || !readBase32(text, from, scratch)) return null;
    return regionNumberOf(scratch) === region.number ? { prefix, region } : null;
  }

  /**
   * Text to the `uuid` stored at rest.
   * @throws ResidencyError residency.crossing when it is not an id of that kind and region
   */
  encode(text: string, prefix: string, region: Region): string {
    const { code, number } = region;
    const isWhole =
      typeof text === 'string' &&
      text.length === prefix.length + code.length + 2 + SUFFIX &&
      text.startsWith(prefix) &&
      text.charCodeAt(prefix.length) === UNDERSCORE &&
      text.startsWith(code, prefix.length + 1) &&
      text.charCodeAt(prefix.length + 1 + code.length) === UNDERSCORE &&
      readBase32(text, text.length - SUFFIX, scratch);
    if (!isWhole || regionNumberOf(scratch) !== number)
      throw new ResidencyError(
        'residency.crossing',
        `An id that is not ${prefix}_${code}_… was about to be used in region ${code}.`,
      );
    return uuidText(scratch);
  }

  /**
   * A stored `uuid` back to text.
   * @throws ResidencyError residency.crossing when its bytes name another region: the row does not belong in this database
   */
  decode<P extends string>(uuid: string, prefix: P, region: Region): Id<P> {
    if (!readUuid(uuid, scratch) || regionNumberOf(scratch) !== region.number)
      throw new ResidencyError(
        'residency.crossing',
        `A row whose ${prefix} id is not of this region was read in region ${region.code}.`,
      );
    return this.#text(prefix, region, scratch) as Id<P>;
  }

  #text(prefix: string, region: Region, bytes: Uint8Array): string {
    return `${prefix}_${region.code}_` + encodeBase32(bytes);
  }

  #bytes(region: Region): Uint8Array {
    const bytes = new Uint8Array(16);
    randomFillSync(bytes, 6);
    this.#tick(bytes);
    const ms = this.#lastMilliseconds;
    for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) & 255;
    bytes[6] = this.#counter >>> 8;
    bytes[7] = this.#counter & 255;
    return signed(bytes, region);
  }

  /** Monotonic within a millisecond (RFC 9562 section 6.2, method 1): a random start with headroom, then plus one. */
  #tick(random: Uint8Array): void {
    const now = Date.now();
    if (now > this.#lastMilliseconds) {
      this.#lastMilliseconds = now;
      this.#counter = ((random[6]! << 8) | random[7]!) & 0x7ff;
    } else if (++this.#counter > 0xfff) {
      this.#lastMilliseconds++;
      this.#counter = 0;
    }
  }
}

/** The same 16 bytes with version 8, the RFC's variant and the region's number in their places. */
function signed(bytes: Uint8Array, region: Region): Uint8Array {
  bytes[6] = 0x80 | (bytes[6]! & 15);
  bytes[8] = 0x80 | (region.number >>> 4);
  bytes[9] = ((region.number & 15) << 4) | (bytes[9]! & 15);
  return bytes;
}

/** The region number in an id's bytes, or 0 (no region) when they are not of our UUIDv8 form. */
function regionNumberOf(bytes: Uint8Array): number {
  if (bytes[6]! >>> 4 !== 8 || bytes[8]! >>> 6 !== 2) return 0;
  return ((bytes[8]! & 63) << 4) | (bytes[9]! >>> 4);
}

/** In one expression: a loop that appends is three times slower. */
function uuidText(b: Uint8Array): string {
  // oxfmt-ignore
  return HEX[b[0]!]! + HEX[b[1]!]! + HEX[b[2]!]! + HEX[b[3]!]! + '-' + HEX[b[4]!]! + HEX[b[5]!]! + '-' +
    HEX[b[6]!]! + HEX[b[7]!]! + '-' + HEX[b[8]!]! + HEX[b[9]!]! + '-' +
    HEX[b[10]!]! + HEX[b[11]!]! + HEX[b[12]!]! + HEX[b[13]!]! + HEX[b[14]!]! + HEX[b[15]!]!;
}

/** Fills `out` from a uuid as PostgreSQL writes it; false for anything else. */
function readUuid(uuid: unknown, out: Uint8Array): boolean {
  if (typeof uuid !== 'string' || uuid.length !== 36) return false;
  for (let i = 0, at = 0; i < 16; i++, at += 2) {
    if ((at === 8 || at === 13 || at === 18 || at === 23) && uuid.charCodeAt(at++) !== DASH) return false;
    const high = nibble(uuid, at);
    const low = nibble(uuid, at + 1);
    if (high === NO_NIBBLE || low === NO_NIBBLE) return false;
    out[i] = (high << 4) | low;
  }
  return true;
}

const DASH = 45;

function nibble(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? NIBBLE[code]! : NO_NIBBLE;
}
