/**
 * Lets Node run the bench's TypeScript without a build of its own, with everything below `apps/` and `libs/` taken from `dist/`, so that
 * what is measured is what ships. Use: `node --import <this file> main.ts`.
 */
import { ROOT, runTypeScript } from '../support/typescript.mjs';

runTypeScript((specifier, parent) => {
  const library = /^@domicile\/(.+)$/.exec(specifier);
  if (library) return `${ROOT}dist/libs/${library[1]}/src/index.js`;
  if (!specifier.startsWith('.') || !parent.startsWith(`${ROOT}test/`)) return undefined;
  const url = new URL(specifier, parent).href;
  const path = url.slice(ROOT.length);
  if (/^(?:apps|libs)\//.test(path)) return `${ROOT}dist/${path}`;
  return path.startsWith('test/') ? url.replace(/\.js$/, '.ts') : undefined;
});
