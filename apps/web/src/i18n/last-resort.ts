import type { Language } from './catalogues.js';

/** For when the words themselves cannot be loaded; it comes with the first file, and so in every language at once. */
export const LAST_RESORT: Readonly<Record<Language, { readonly text: string; readonly reload: string }>> = {
  en: { text: 'A part of this page could not be loaded. Load it again to go on.', reload: 'Load the page again' },
  de: {
    text: 'Ein Teil dieser Seite ließ sich nicht laden. Laden Sie sie neu, um fortzufahren.',
    reload: 'Seite neu laden',
  },
};
