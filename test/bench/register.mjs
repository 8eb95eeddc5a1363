/**
 * Lets Node run the bench's TypeScript without a build of its own: compiled as Jest compiles it, and with everything below `apps/` and
 * `libs/` taken from `dist/`, so that what is measured is what ships. Use: `node --import <this file> main.ts`.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import jest from '../../jest.config.mjs';

const ROOT = new URL('../../', import.meta.url).href;
const options = jest.projects[0].transform['^.+\\.ts$'][1];

/** Where a specifier leads within the tree, or undefined for what Node finds by itself. */
function placeOf(specifier, parent) {
  const library = /^@domicile\/(.+)$/.exec(specifier);
  if (library) return `${ROOT}dist/libs/${library[1]}/src/index.js`;
  if (!specifier.startsWith('.') || !parent?.startsWith(`${ROOT}test/`)) return undefined;
  const url = new URL(specifier, parent).href;
  const path = url.slice(ROOT.length);
  if (/^(apps|libs)\//.test(path)) return `${ROOT}dist/${path}`;
  return path.startsWith('test/') ? url.replace(/\.js$/, '.ts') : undefined;
}

registerHooks({
  resolve(specifier, context, next) {
    const url = placeOf(specifier, context.parentURL);
    return url === undefined ? next(specifier, context) : next(url, context);
  },
  load(url, context, next) {
    if (!url.startsWith(`${ROOT}test/`) || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename, sourceMaps: 'inline' });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
