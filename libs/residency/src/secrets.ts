import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base32Length, encodeBase32, readBase32 } from './base32.js';
import { ResidencyError } from './errors.js';
import type { Id, IdCodec } from './ids.js';
import type { Region } from './regions.js';

/** A freshly minted secret: `text` is shown once, `hash` (32 bytes, SHA-256) is what is stored. */
export interface MintedSecret {
  readonly text: string;
  readonly hash: Buffer;
}

/** A secret that a caller presented, read by syntax alone. Presented is not proven: the row must still match `hash`. */
export interface PresentedSecret {
  readonly prefix: string;
  readonly region: Region;
  /** Key of the row that can prove it. */
  readonly id: Id;
  readonly hash: Buffer;
}

const ROW = base32Length(16);
const RANDOM = base32Length(32);
const CHECK = base32Length(4);

/** Bytes that were read to see that they can be; nothing here is asynchronous, so nobody sees another's. */
const scratch = new Uint8Array(32);

/**
 * The one codec of bearer secrets: `sst_eu_` + key of its row + 256 random bits + CRC-32 of all before it.
 * The checksum lets leak scanners and the door tell a secret from noise without a look-up; it protects nothing.
 */
export class SecretCodec {
  readonly #kinds: ReadonlyMap<string, string>;

  /** @param kinds secret prefix to the id prefix of the row that holds its hash, e.g. `{ sst: 'sess' }` */
  constructor(
    private readonly ids: IdCodec,
    kinds: Readonly<Record<string, string>>,
  ) {
    this.#kinds = new Map(Object.entries(kinds));
  }

  /**
   * A new secret for a row.
   * @throws ResidencyError residency.crossing when the row's id is of another kind or region
   */
  mint(prefix: string, region: Region, rowId: Id): MintedSecret {
    const idPrefix = this.#kinds.get(prefix);
    if (idPrefix === undefined)
      throw new ResidencyError('residency.configuration_invalid', `Secrets of kind ${prefix} are not declared.`);
    this.ids.encode(rowId, idPrefix, region);
    const body = `${prefix}_${region.code}_${rowId.slice(-ROW)}${encodeBase32(randomBytes(32))}`;
    const text = body + checksum(body);
    return { text, hash: hashOf(text) };
  }

  /** What a text presents, or null when it is no secret of a known region and declared kind. Never throws. */
  parse(text: string): PresentedSecret | null {
    const end = text.indexOf('_');
    const row = text.indexOf('_', end + 1) + 1;
    if (row === 0 || text.length !== row + ROW + RANDOM + CHECK) return null;
    const prefix = text.slice(0, end);
    const idPrefix = this.#kinds.get(prefix);
    if (!idPrefix || !readBase32(text, row + ROW, scratch)) return null;
    if (checksum(text.slice(0, -CHECK)) !== text.slice(-CHECK)) return null;
    const id = idPrefix + text.slice(end, row + ROW);
    const parsed = this.ids.parse(id);
    return parsed && { prefix, region: parsed.region, id: id as Id, hash: hashOf(text) };
  }
}

/** Compares two hashes in constant time. */
export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashOf(text: string): Buffer {
  // Half the time of asking for a buffer: that one is allocated outside of the heap.
  return Buffer.from(hash('sha256', text, 'hex'), 'hex');
}

function checksum(body: string): string {
  const sum = crc32(body);
  return encodeBase32(Uint8Array.of(sum >>> 24, sum >>> 16, sum >>> 8, sum));
}
