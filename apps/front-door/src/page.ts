import type { Region } from '@domicile/residency';
import { type Html, html, trusted } from './html.js';
import { type Language, LANGUAGES } from './language.js';
import { type Point, type Words, WORDS } from './words.js';

/** What every page is made from. All of it is known at boot, so pages are made once. */
export interface Setting {
  readonly regions: readonly Region[];
  readonly language: Language;
  /** What this browser was told to remember. */
  readonly remembered: Region | undefined;
  /** The style sheet; its hash is in the policy, so it stands in the page to the letter. */
  readonly style: string;
}

/** What differs from page to page. */
export interface Content {
  readonly title: string;
  readonly description?: string;
  /** Path of the same page behind the language: `` or `/which`. */
  readonly path: string;
  readonly main: Html;
}

/** An arched door in a house: the mark of the product, of no region's colour. */
const HOUSE = 'M3.5 11 12 3.5 20.5 11v9.5h-17z';
const DOOR = 'M9.75 20.5V15a2.25 2.25 0 0 1 4.5 0v5.5z';

/** The icon of every page, as a file. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${HOUSE}" fill="#fff" stroke="#334155" stroke-width="2" stroke-linejoin="round"/><path d="${DOOR}" fill="#334155"/></svg>`;

/** A whole document. It runs no script and, but for the icon, fetches nothing. */
export function page({ language, style }: Setting, { title, description, path, main }: Content): string {
  const words = WORDS[language];
  const about = description === undefined ? undefined : html`<meta name="description" content="${description}" />`;
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${title}</title>
        ${about}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        ${header(language, words, path)}
        <main>${main}</main>
        <footer><p>${words.takesNothing}</p></footer>
      </body>
    </html>`;
  return document.markup;
}

/** Statements as a list, one below the other or side by side. */
export function points(list: readonly Point[], form: 'rows' | 'three'): Html {
  return html`<ul class="${form}">
    ${list.map(({ lead, text }) => html`<li><b>${lead}</b> <span>${text}</span></li>`)}
  </ul>`;
}

/** The button that takes the memory of a browser away. */
export function forgetting(language: Language): Html {
  return html`<form action="/${language}/forget"><button>${WORDS[language].remembered.forget}</button></form>`;
}

function header(language: Language, words: Words, path: string): Html {
  const current = (is: boolean): Html | undefined => (is ? trusted(' aria-current="page"') : undefined);
  const languages = LANGUAGES.map(
    (each) =>
      html`<a href="/${each}${path}" hreflang="${each}" lang="${each}" ${current(each === language)}
        >${WORDS[each].name}</a
      >`,
  );
  return html`<header>
    <a class="brand" href="/${language}"
      ><svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="${HOUSE}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
        <path d="${DOOR}" fill="currentColor" /></svg
      >Domicile</a
    >
    <a href="/${language}/which" ${current(path === '/which')}>${words.which.link}</a>
    <nav aria-label="${words.chooseLanguage}">${languages}</nav>
  </header>`;
}
