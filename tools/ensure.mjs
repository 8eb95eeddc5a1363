/**
 * Makes a fresh clone runnable: `node tools/ensure.mjs build` installs what the lock file says and builds what has changed, and is
 * done in a moment when nothing has. It runs before `npm start` and `npm test`, under whatever Node the machine has (20 or newer).
 * `node tools/ensure.mjs stamp` notes which sources `dist/` was built from; the build script calls it last.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const INSTALL_STAMP = join(ROOT, 'node_modules', '.domicile-lock-hash');
const BUILD_STAMP = join(ROOT, 'dist', '.stamp');
const BUILT = join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js');
const PINNED_NODE = join(ROOT, 'node_modules', '.bin', 'node');
const NODE_MAJOR = 24;
/** The hash taken before a build travels to its `stamp`: an edit made during the build must not count as built. */
const HASH_VARIABLE = 'ENSURE_SOURCE_HASH';

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
const hashOf = (content) => createHash('sha256').update(content).digest('hex');

/** One hash over everything that the build reads: names and contents, so that no clock or checkout order can mislead it. */
function sourceHash() {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  const settings = readdirSync(ROOT).filter((name) => /^(tsconfig.*|nest-cli|package-lock)\.json$/.test(name));
  for (const name of settings.sort()) add(join(ROOT, name));
  for (const name of ['bundle.mjs', 'native-names.mjs']) add(join(ROOT, 'tools', name));
  for (const folder of ['apps', 'libs'].map((name) => join(ROOT, name)).filter((path) => existsSync(path))) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const path of paths.sort())
      if (!path.endsWith('.spec.ts') && !path.includes(`${sep}node_modules${sep}`)) add(path);
  }
  return hash.digest('hex');
}

/** True when what npm says it installed is what the lock file asks for; packages for other platforms may be absent. */
function installMatchesLock() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const present = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const right = (path) =>
    present[path] ? present[path].version === wanted[path].version : wanted[path].optional === true;
  const nothingElse = Object.keys(present).every((path) => wanted[path] !== undefined);
  return (
    nothingElse &&
    Object.keys(wanted).every(
      (path) => path === '' || (right(path) && (!present[path] || existsSync(join(ROOT, path)))),
    )
  );
}

async function ensureInstalled() {
  const lockHash = hashOf(readFileSync(LOCK));
  if (existsSync(INSTALLED) && read(INSTALL_STAMP) === lockHash) return;
  if (!installMatchesLock()) {
    // npm deletes node_modules while it works, so it must not itself run on the Node that lies in there.
    const path = process.env.PATH.split(delimiter).filter((folder) => !folder.endsWith(join('node_modules', '.bin')));
    // Whatever the machine's npm settings leave out: the build needs the development tools, the servers the optional binaries.
    const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    await step('Installing the packages of package-lock.json', 'npm', words, { PATH: path.join(delimiter) });
  }
  writeFileSync(INSTALL_STAMP, lockHash);
}

function assertNode() {
  if (existsSync(PINNED_NODE) || Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return;
  const platform = `${process.platform} ${process.arch}`;
  stop(
    `Domicile needs Node ${NODE_MAJOR} and this is ${process.version}: npm brings it on Linux x64 and arm64, on ${platform} install it first.`,
  );
}

async function ensureBuilt() {
  const hash = sourceHash();
  if (existsSync(BUILT) && read(BUILD_STAMP) === hash) return;
  await step('Building', 'npm', ['run', '--silent', 'build'], { [HASH_VARIABLE]: hash });
  if (read(BUILD_STAMP) !== hash)
    stop('The build passed but left no stamp; the build script must end with "node tools/ensure.mjs stamp".');
}

/** Runs one long step with one line before and the seconds after it; ends this process with the step's exit code when it fails. */
async function step(title, program, words, environment) {
  const began = Date.now();
  process.stdout.write(`${title} …\n`);
  const child = spawn(program, words, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const [code, problem] = await new Promise((resolve) => {
    child.once('error', (error) => resolve([127, `${program} cannot be started (${error.code})`]));
    child.once('exit', (status, signal) =>
      resolve(signal ? [128 + constants.signals[signal], `ended by ${signal}`] : [status, `exit code ${status}`]),
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (code !== 0)
    stop(
      `${title} failed after ${seconds} s (${problem}); correct what is written above and run the same command again.`,
      code,
    );
  process.stdout.write(`${title} took ${seconds} s.\n`);
}

function stop(sentence, code = 1) {
  process.stderr.write(`ensure: ${sentence}\n`);
  process.exit(code);
}

switch (process.argv[2]) {
  case 'build':
    await ensureInstalled();
    assertNode();
    await ensureBuilt();
    break;
  case 'stamp':
    mkdirSync(dirname(BUILD_STAMP), { recursive: true });
    writeFileSync(BUILD_STAMP, process.env[HASH_VARIABLE] ?? sourceHash());
    break;
  default:
    stop('Use "node tools/ensure.mjs build" or "node tools/ensure.mjs stamp".', 2);
}
