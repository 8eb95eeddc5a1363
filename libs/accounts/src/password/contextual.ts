import { Cover } from './cover.js';

/** Shortest context word as a whole, and shortest part of one: single letters stand in every password. */
const WHOLE_LENGTH_MIN = 2;
const PART_LENGTH_MIN = 3;

/**
 * True when a password is essentially words that stand around it: once they are taken out, fewer than 8 other code points are left.
 * Taken out are the words, the parts of each between its separators, and of an address the local part; without regard to case,
 * accents and order.
 * @param password normal form, see `normalisePassword`
 * @param context the person's address and names, the account's, the product's, the region's; absent ones are passed over
 */
export function isContextual(password: string, context: readonly (string | null)[]): boolean {
  const words = new Set(context.flatMap((word) => (word === null ? [] : wordsOf(fold(word)))));
  const byLength = Map.groupBy(words, (word) => [...word].length);
  const cover = new Cover(fold(password));
  for (const [length, some] of byLength) cover.markEach(length, (stretch) => some.includes(stretch));
  return cover.leavesTooLittle;
}

function wordsOf(whole: string): string[] {
  const parts = whole.split(/[^\p{L}\p{N}]+/u).filter((part) => [...part].length >= PART_LENGTH_MIN);
  const local = whole.slice(0, Math.max(0, whole.lastIndexOf('@')));
  return [...parts, ...[whole, local].filter((word) => [...word].length >= WHOLE_LENGTH_MIN)];
}

/**
 * For comparing alone, never for hashing: one case, no accents. By lower case, as a capital may have another capital form (ẞ, SS), to
 * upper case, which may put accents beside their letter and does not depend on neighbours (final sigma); and to upper case again, for
 * what only then is a letter.
 */
function fold(text: string): string {
  return text.toLowerCase().toUpperCase().normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
}
