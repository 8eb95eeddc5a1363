import type { PageErrorCode } from './catalogue.js';
import type { Language } from './language.js';
import { GERMAN } from './words-de.js';
import { ENGLISH } from './words-en.js';

/** A statement: what it is about, and the rest of it. */
export interface Point {
  readonly lead: string;
  readonly text: string;
}

/** A refusal or a fault, for people. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

/** Every word of the front door in one language. What is a region's own stands in the region file. */
export interface Words {
  /** The language, called by itself. */
  readonly name: string;
  readonly chooseLanguage: string;
  readonly home: {
    readonly title: string;
    readonly description: string;
    readonly heading: string;
    readonly lead: string;
    readonly regions: string;
    readonly stays: { readonly heading: string; readonly points: readonly Point[] };
    readonly leaves: { readonly heading: string; readonly points: readonly Point[] };
    readonly before: { readonly heading: string; readonly points: readonly Point[] };
  };
  readonly card: {
    readonly place: string;
    readonly law: string;
    readonly owner: string;
    /** @param country its name in this language */
    readonly ownerIn: (owner: string, country: string) => string;
    readonly look: string;
    readonly lookers: (owner: string) => string;
    readonly choose: (region: string) => string;
    readonly signIn: string;
    /** The same for who hears links out of their place. */
    readonly signInTo: (region: string) => string;
    readonly remember: string;
    readonly rememberOf: (region: string) => string;
  };
  readonly remembered: {
    readonly chosen: (region: string) => string;
    readonly mark: string;
    readonly forget: string;
  };
  readonly which: {
    readonly link: string;
    readonly title: string;
    readonly heading: string;
    readonly lead: string;
    readonly mail: Point;
    readonly address: Point;
    readonly id: Point;
    readonly browser: string;
    readonly browserKnows: (region: string) => string;
    readonly browserKnowsNothing: string;
    readonly table: {
      readonly caption: string;
      readonly region: string;
      readonly sender: string;
      readonly address: string;
      readonly id: string;
    };
    readonly toRegions: string;
  };
  readonly messages: Readonly<Record<PageErrorCode | 'fault', Message>>;
  readonly toFront: string;
  readonly takesNothing: string;
}

export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, de: GERMAN };
