import { NONCE_BYTES, TAG_BYTES } from './aead.js';
import type { Wrapped } from './key-provider.js';

export const ID_BYTES = 16;
const VERSION_BYTES = 4;
/** What a wrapped key of 32 bytes takes. One of another length, by another provider, is not held here and asked of the store each time. */
export const WRAPPED_BYTES = NONCE_BYTES + 32 + TAG_BYTES;
/** A record: id, version of the wrapping key (big-endian), wrapped key. */
export const RECORD_BYTES = ID_BYTES + VERSION_BYTES + WRAPPED_BYTES;

const FIRST_CAPACITY = 1024;

/**
 * Wrapped data keys in memory, 88 bytes each and nothing for the collector of garbage to walk: so that a process that reads a million
 * accounts does not ask the key store a million times. They are as good as nothing without the wrapping key; opening one takes
 * microseconds. Bounded: what does not fit is asked of the store.
 */
export class WrappedKeys {
  #records = Buffer.alloc(0);
  /** Number of a record plus one, by hash; 0 where there is none. Open addressing, at most half full. */
  #slots = new Uint32Array(0);
  #count = 0;

  /** @param max records */
  constructor(private readonly max: number) {}

  get isFull(): boolean {
    return this.#count >= this.max;
  }

  /** Takes in records as they lie one after another; one that is here already is written over, unless it was forgotten. */
  take(block: Buffer): void {
    for (let at = 0; at + RECORD_BYTES <= block.length; at += RECORD_BYTES) this.#put(block, at);
  }

  /** @param idHex of the data key. Undefined for one that is not here. */
  get(idHex: string): Wrapped | undefined {
    const at = this.#find(Buffer.from(idHex, 'hex'), 0);
    if (at < 0) return undefined;
    const version = this.#versionAt(at);
    if (version === 0) return undefined;
    return { version, bytes: this.#records.subarray(at + ID_BYTES + VERSION_BYTES, at + RECORD_BYTES) };
  }

  /** What is left of it are zeros behind its id: a page that was read before its destruction does not bring it back. */
  forget(idHex: string): void {
    const at = this.#find(Buffer.from(idHex, 'hex'), 0);
    if (at >= 0) this.#records.fill(0, at + ID_BYTES, at + RECORD_BYTES);
  }

  #put(block: Buffer, from: number): void {
    let at = this.#find(block, from);
    if (at < 0) {
      if (this.isFull) return;
      if (this.#count * RECORD_BYTES === this.#records.length) this.#grow();
      at = this.#count * RECORD_BYTES;
      this.#slots[this.#freeSlot(block, from)] = ++this.#count;
    } else if (this.#versionAt(at) === 0) return;
    block.copy(this.#records, at, from, from + RECORD_BYTES);
  }

  /** 0 for one that was forgotten. */
  #versionAt(at: number): number {
    return this.#records.readUInt32BE(at + ID_BYTES);
  }

  /** Where the record of an id begins; -1 when there is none. */
  #find(id: Buffer, from: number): number {
    const mask = this.#slots.length - 1;
    if (mask < 0) return -1;
    for (let slot = hash(id, from) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const at = (this.#slots[slot]! - 1) * RECORD_BYTES;
      if (id.compare(this.#records, at, at + ID_BYTES, from, from + ID_BYTES) === 0) return at;
    }
    return -1;
  }

  #freeSlot(id: Buffer, from: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(id, from) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, (this.#records.length / RECORD_BYTES) * 2);
    const before = this.#records;
    this.#records = Buffer.alloc(capacity * RECORD_BYTES);
    before.copy(this.#records);
    before.fill(0);
    this.#slots = new Uint32Array(capacity * 2);
    for (let i = 0; i < this.#count; i++) this.#slots[this.#freeSlot(this.#records, i * RECORD_BYTES)] = i + 1;
  }
}

/** The last bytes of an id are random, and of our own making. */
function hash(id: Buffer, from: number): number {
  return id.readUInt32LE(from + ID_BYTES - 4);
}
