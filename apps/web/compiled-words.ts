import { pathToFileURL } from 'node:url';
import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';

/** The catalogues of `src/i18n`, without those that only gather others. */
const CATALOGUE = /\/src\/i18n\/[a-z]{2}\/(?!base|area)[\w-]+\.ts$/;

/**
 * Compiles the messages of the catalogues as the web is built: browsers are sent no parser for them (about 10 kB), and one that cannot be
 * read fails the build.
 */
export function compiledWords(): Plugin {
  return {
    name: 'compiled-words',
    enforce: 'pre',
    async load(id) {
      if (!CATALOGUE.test(id)) return null;
      const exported = Object.entries((await import(pathToFileURL(id).href)) as Record<string, unknown>);
      return exported.map(([name, words]) => `export const ${name} = ${JSON.stringify(compiled(words))};`).join('\n');
    },
  };
}

function compiled(words: unknown): unknown {
  if (typeof words === 'string') return compile(words);
  return Object.fromEntries(Object.entries(words as object).map(([key, value]) => [key, compiled(value)]));
}
