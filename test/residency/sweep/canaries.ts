import { randomBytes } from 'node:crypto';
import type { Encoding } from './needles.js';
import { spellingsOf } from './needles.js';
import type { Needle } from './scanner.js';

/**
 * What a needle stands for. Which of them may be where is decided in rules.ts.
 * `canary`: something a person typed or sent · `secret`: made for one person, kept as a hash at home · `credential`: a key or password
 * of the region · `wrapped key`, `data key`, `resident id`, `blind index`, `sealed value`: what a sealed copy would carry.
 */
export type Kind =
  | 'canary'
  | 'secret'
  | 'credential'
  | 'wrapped key'
  | 'data key'
  | 'resident id'
  | 'blind index'
  | 'sealed value';

/** What a needle says when it is found: never the value itself. */
export interface Mark {
  readonly kind: Kind;
  /** Code of the region that it belongs to. */
  readonly region: string;
  /** Which field or column it is of. */
  readonly what: string;
  readonly encoding: Encoding;
  /** Who may be answered with it; nobody when left out. */
  readonly owner?: string;
  /** It is the owner's address: mail is sent there. */
  readonly isMailed?: boolean;
}

export type SweepNeedle = Needle<Mark>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits that are nowhere else: 95 bits of them. */
export function fresh(length = 16): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** The values that were planted, by region and field. */
export class Canaries {
  readonly needles: SweepNeedle[] = [];

  /** A word for a place that takes ASCII alone: a header, a path, the local part of an address. */
  word(region: string, what: string, owner?: string): string {
    const core = fresh();
    return this.#add(`Cn.${core}+x`, core, { kind: 'canary', region, what, ...(owner ? { owner } : {}) });
  }

  /** A text with what encodings change: capitals, letters beyond ASCII, quotes, an ampersand. */
  text(region: string, what: string, owner?: string): string {
    const core = fresh();
    return this.#add(`Çæ "${core}" &ö`, core, { kind: 'canary', region, what, ...(owner ? { owner } : {}) });
  }

  /** A word for a place that takes capitals and digits alone. */
  capitals(region: string, what: string, owner: string): string {
    const core = fresh(20).toUpperCase();
    return this.#add(`CN${core}`, core, { kind: 'canary', region, what, owner });
  }

  /** An address. Its local part is a needle of its own: whoever cuts at the @ has leaked as well. */
  address(region: string, what: string, owner?: string): string {
    const core = fresh();
    const mark = { kind: 'canary', region, what, ...(owner ? { owner, isMailed: true } : {}) } as const;
    const local = this.#add(`Cn.${core}+x`, core, mark);
    return this.#add(`${local}@example.org`, '', mark);
  }

  /** Something that the product itself made for one person. */
  secret(region: string, what: string, value: string, owner: string): void {
    this.#add(value, '', { kind: 'secret', region, what, owner });
  }

  #add(value: string, core: string, mark: Omit<Mark, 'encoding'>): string {
    for (const { bytes, encoding } of spellingsOf(value, core))
      this.needles.push({ bytes, mark: { ...mark, encoding } });
    return value;
  }
}
