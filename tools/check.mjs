/**
 * What `npm test` and CI run, and nothing else: every Jest project against the build that ensure.mjs has made, and beside it formatting,
 * lint and types in what the tests leave of two cores: a spec waits now and then, and nothing of it may wait for them. It fails
 * when one of the four does, and where the machine has no browser to test with. Prints one line a step; Jest prints its own progress.
 * Usage: node tools/check.mjs [--report FILE]   FILE receives Jest's JSON, from which .ci/run takes its closing line.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
/** What is tested hashes passwords at this priority; on two busy cores it would wait for its tests, and its customers for it. */
const HASHING_PRIORITY = 10;
/** Before a command where Linux has it: it gets what nobody else wants, where the lowest ordinary priority takes a tenth of a core from others. */
const IDLE = spawnSync('chrt', ['--idle', '0', 'true']).status === 0 ? ['chrt', '--idle', '0'] : [];
const PROJECTS = ['unit', 'architecture', 'residency', 'contract', 'e2e', 'browser', 'drills'];
const report = process.argv[2] === '--report' ? ['--json', `--outputFile=${process.argv[3]}`] : [];

/** Runs one step; says whether it passed. Steps in the background say what they have to say at once, when they are over. */
async function step(name, command, words, { foreground = false } = {}) {
  const began = performance.now();
  process.stdout.write(`check  ${name} …\n`);
  const [program, ...all] = [...(foreground ? [] : IDLE), command, ...words];
  const child = spawn(program, all, {
    cwd: root,
    stdio: foreground ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  });
  if (child.pid) setPriority(child.pid, foreground ? HASHING_PRIORITY : constants.priority.PRIORITY_LOW);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const passed = await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(passed ? `${said}check  ${name} passed (${seconds} s)\n` : `${said}check  ${name} failed\n`);
  return passed;
}

/** The compiler written in Go: the same findings in a twentieth of the time. The build still needs the one before it. */
const TYPES = join(root, 'node_modules/typescript-7/bin/tsc');

/** One after another, so that one core at most is asked for. */
async function looked() {
  const types = await step('types', TYPES, ['--noEmit', '-p', 'tsconfig.json']);
  const web = await step('types of the web', TYPES, ['-p', 'apps/web/tsconfig.json']);
  const browser = await step('types of the browser tests', TYPES, ['-p', 'test/browser/tsconfig.json']);
  const lint = await step('lint', bin('oxlint'), []);
  const formatting = await step('formatting', bin('oxfmt'), ['--list-different']);
  return lint && types && web && browser && formatting;
}

if (findChromium() === undefined) {
  process.stderr.write(`${HOW_TO_GET_CHROMIUM}\n`);
  process.exit(1);
}
const passed = await Promise.all([
  step('tests', bin('jest'), ['--selectProjects', ...PROJECTS, ...report], { foreground: true }),
  looked(),
]);
process.exit(passed.every(Boolean) ? 0 : 1);
