import { type Language, LANGUAGES, type LetterPart } from '@domicile/messaging';
import type { RegionContext } from '@domicile/residency';

/** What a letter says in each language. */
export type Wording<W> = Readonly<Record<Language, W>>;

/** The language that somebody chose; English where none is known. */
export function languageOf(chosen: string | null | undefined): Language {
  return LANGUAGES.find((language) => language === chosen) ?? 'en';
}

/** A time as people read it, exact to a minute and never later than it is: `2026-11-23 04:05 UTC`. */
export function utc(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** One paragraph of those lines. */
export function text(...lines: readonly string[]): LetterPart {
  return { kind: 'text', text: lines.join('\n') };
}

/** Something to type over. */
export function code(digits: string): LetterPart {
  return { kind: 'code', code: digits };
}

/**
 * A link to the region's customer origin. What it carries stands in its fragment, which no browser sends: opening it uses up nothing.
 * @param carried values of ids and codes, which need no escaping
 */
export function link(
  ctx: RegionContext,
  path: `/${string}`,
  carried: Readonly<Record<string, string>>,
  words: string,
): LetterPart {
  const fragment = Object.entries(carried).map((pair) => pair.join('='));
  return { kind: 'link', href: `${ctx.region.origins.customer}${path}#${fragment.join('&')}`, text: words };
}
