import { createHash } from 'node:crypto';
import type { Region, Regions } from '@domicile/residency';
import { homePage } from './home-page.js';
import { type Language, LANGUAGES } from './language.js';
import { messagePage } from './message-page.js';
import type { Setting } from './page.js';
import { styleSheet } from './style.js';
import { whichPage } from './which-page.js';

/** The pages that there are. */
export type PageName = 'home' | 'which';

const MAKERS: Readonly<Record<PageName, (setting: Setting) => string>> = { home: homePage, which: whichPage };

/** Every page in every language and for every memory that a browser may have, made once at boot: a request picks one. */
export class Pages {
  /** The `Content-Security-Policy` of every page: its own style sheet by its hash, its icon, its buttons, and nothing else. */
  readonly policy: string;
  readonly #style: string;
  readonly #made = new Map<string, string>();

  constructor(readonly regions: Regions) {
    this.#style = styleSheet(regions.all);
    const hash = createHash('sha256').update(this.#style).digest('base64');
    this.policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
    for (const name of Object.keys(MAKERS) as PageName[])
      for (const language of LANGUAGES)
        for (const remembered of [undefined, ...regions.all])
          this.#made.set(keyOf(name, language, remembered), MAKERS[name](this.#setting(language, remembered)));
  }

  page(name: PageName, language: Language, remembered: Region | undefined): string {
    return this.#made.get(keyOf(name, language, remembered))!;
  }

  /** The page that tells a person about that problem code. */
  message(code: string, language: Language): string {
    return messagePage(this.#setting(language), code);
  }

  #setting(language: Language, remembered?: Region): Setting {
    return { regions: this.regions.all, language, remembered, style: this.#style };
  }
}

function keyOf(name: PageName, language: Language, remembered: Region | undefined): string {
  return `${name} ${language} ${remembered?.code ?? ''}`;
}
