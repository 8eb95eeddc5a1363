/** Something that is looked for: bytes, and what it means when they turn up. */
export interface Needle<M> {
  readonly bytes: Buffer;
  readonly mark: M;
}

/** Receives each place where a needle begins; offsets count from the first byte that was given. */
export type OnHit<M> = (needle: Needle<M>, offset: number) => void;

/** Bytes that are looked at in one probe. */
const WINDOW = 4;
/** Every so many bytes are probed. A needle is entered once for each way in which the probes can fall on it. */
const STRIDE = 5;
/** Shorter ones would be found everywhere by chance. */
export const NEEDLE_BYTES_MIN = WINDOW + STRIDE - 1;
/** 2^21 bits: small enough for a core's cache, sparse enough for some ten thousand needles. */
const FILTER_BITS = 21;

/** Held here: in a test's sandbox every look at a global costs more than the probe itself. */
const { imul } = Math;

interface Entry<M> {
  readonly needle: Needle<M>;
  /** From the needle's first byte to the probe that meets it. */
  readonly distance: number;
}

/**
 * Finds any of thousands of needles in one pass: every fifth byte four bytes are probed in a bit filter, and only what passes is
 * compared. A needle is met by its last eight bytes, as ids and headers begin alike and end at random. Exact: it finds every
 * occurrence and nothing else.
 */
export class Scanner<M> {
  readonly #filter = new Uint8Array(2 ** (FILTER_BITS - 3));
  readonly #entries = new Map<number, Entry<M>[]>();
  /** Bytes of the longest needle. */
  readonly longest: number;

  /** @throws Error for a needle of less than {@link NEEDLE_BYTES_MIN} bytes */
  constructor(needles: readonly Needle<M>[]) {
    this.longest = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    for (const needle of needles) this.#enter(needle);
  }

  /** Reports every occurrence in these bytes. */
  scan(bytes: Buffer, onHit: OnHit<M>): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const filter = this.#filter;
    const last = bytes.length - WINDOW;
    for (let at = 0; at <= last; at += STRIDE) {
      const word = view.getInt32(at, true);
      const slot = slotOf(word);
      if ((filter[slot >>> 3]! & (1 << (slot & 7))) !== 0) this.#compare(bytes, word, at, onHit);
    }
  }

  /** For what comes in pieces: an occurrence across a border is found as well, and none is reported twice. */
  stream(onHit: OnHit<M>): (piece: Buffer) => void {
    let rest: Buffer = Buffer.alloc(0);
    let before = 0;
    return (piece) => {
      const known = rest.length;
      const joined = known === 0 ? piece : Buffer.concat([rest, piece]);
      const start = before;
      this.scan(joined, (needle, offset) => {
        if (offset + needle.bytes.length > known) onHit(needle, start + offset);
      });
      rest = joined.subarray(Math.max(0, joined.length - this.longest + 1));
      before += joined.length - rest.length;
    };
  }

  #enter(needle: Needle<M>): void {
    const { bytes } = needle;
    if (bytes.length < NEEDLE_BYTES_MIN)
      throw new Error(`A needle has ${bytes.length} bytes; give at least ${NEEDLE_BYTES_MIN}.`);
    for (let shift = 0; shift < STRIDE; shift++) {
      const distance = bytes.length - NEEDLE_BYTES_MIN + shift;
      const word = bytes.readInt32LE(distance);
      const slot = slotOf(word);
      this.#filter[slot >>> 3]! |= 1 << (slot & 7);
      const entries = this.#entries.get(word);
      if (entries) entries.push({ needle, distance });
      else this.#entries.set(word, [{ needle, distance }]);
    }
  }

  #compare(bytes: Buffer, word: number, at: number, onHit: OnHit<M>): void {
    for (const { needle, distance } of this.#entries.get(word) ?? []) {
      const start = at - distance;
      const end = start + needle.bytes.length;
      if (start >= 0 && end <= bytes.length && needle.bytes.compare(bytes, start, end) === 0) onHit(needle, start);
    }
  }
}

function slotOf(word: number): number {
  return imul(word, 0x9e3779b1) >>> (32 - FILTER_BITS);
}
