/** Lets Node run the tests' TypeScript, and with it the sources that they import, without a build: compiled file by file as it is imported. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

/** Of the whole tree, as a URL. */
export const ROOT = new URL('../../', import.meta.url).href;

const OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** JavaScript of a file in TypeScript, as the build's compiler would write it, types unlooked at. */
export function compiled(filename) {
  return transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename }).code;
}

const known = new Map();

/**
 * From now on this process runs TypeScript.
 * @param placeOf where a specifier leads, given the URL of the module that has it; undefined for what Node finds by itself
 */
export function runTypeScript(placeOf) {
  registerHooks({
    resolve(specifier, context, next) {
      const url = placeOf(specifier, context.parentURL ?? '');
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
    load(url, context, next) {
      if (!url.startsWith(ROOT) || !/\.ts(?:\?|$)/.test(url)) return next(url, context);
      const filename = fileURLToPath(url);
      // A spec file's own modules are evaluated for each anew, and compiled once.
      const source = known.get(filename) ?? compiled(filename);
      known.set(filename, source);
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
