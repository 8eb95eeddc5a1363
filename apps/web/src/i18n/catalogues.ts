import type { area } from './en/area.js';
import type { base } from './en/base.js';
import type { Words } from './words.js';

/** The languages that every page speaks. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Names of the languages, each in itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

type Base = Words<typeof base>;
type Area = Words<typeof area>;
export type Messages = Base & Area;

declare module 'use-intl' {
  interface AppConfig {
    /** A language as its reader writes it: `en-GB`. */
    Locale: string;
    Messages: Messages;
  }
}

const BASE: Readonly<Record<Language, () => Promise<Base>>> = {
  en: async () => (await import('./en/base.js')).base,
  de: async () => (await import('./de/base.js')).base,
};
const AREA: Readonly<Record<Language, () => Promise<Area>>> = {
  en: async () => (await import('./en/area.js')).area,
  de: async () => (await import('./de/area.js')).area,
};

const loaded = new Map<string, Promise<Base | Area>>();

/** The words of the first pages. The same promise for the same language, so that React can wait for it. */
export function baseOf(language: Language): Promise<Base> {
  return once(`base ${language}`, BASE[language]) as Promise<Base>;
}

/** The words of the account area, which is loaded later. */
export function areaOf(language: Language): Promise<Area> {
  return once(`area ${language}`, AREA[language]) as Promise<Area>;
}

function once(key: string, load: () => Promise<Base | Area>): Promise<Base | Area> {
  const known = loaded.get(key);
  if (known) return known;
  const promise = load();
  loaded.set(key, promise);
  promise.catch(() => loaded.delete(key));
  return promise;
}
