/**
 * What `npm test` and CI run, and nothing else: formatting, lint and types side by side, then every Jest project against the build that
 * ensure.mjs has made. Nothing is tested when one of the first three fails, or where the machine has no browser to test with. Prints one line a step; Jest prints its own progress.
 * Usage: node tools/check.mjs [--report FILE]   FILE receives Jest's JSON, from which .ci/run takes its closing line.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
const PROJECTS = ['unit', 'architecture', 'residency', 'contract', 'e2e', 'browser', 'drills'];
const report = process.argv[2] === '--report' ? ['--json', `--outputFile=${process.argv[3]}`] : [];

/** Runs one step; says whether it passed. Steps that run beside others say what they have to say at once, when they are over. */
async function step(name, command, words, { alone = false, nodeOptions = '' } = {}) {
  const began = performance.now();
  process.stdout.write(`check  ${name} …\n`);
  const child = spawn(command, words, {
    cwd: root,
    stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, NODE_OPTIONS: nodeOptions },
  });
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

if (findChromium() === undefined) {
  process.stderr.write(`${HOW_TO_GET_CHROMIUM}\n`);
  process.exit(1);
}
const looked = await Promise.all([
  step('lint', bin('eslint'), ['.', '--max-warnings', '0']),
  step('types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']).then(async (passed) => {
    const web = await step('types of the web', bin('tsc'), ['-p', 'apps/web/tsconfig.json']);
    const browser = await step('types of the browser tests', bin('tsc'), ['-p', 'test/browser/tsconfig.json']);
    const formatted = await step('formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']);
    return passed && web && browser && formatted;
  }),
]);
const tested =
  looked.every(Boolean) &&
  (await step('tests', bin('jest'), ['--selectProjects', ...PROJECTS, ...report], {
    alone: true,
    nodeOptions: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  }));
process.exit(tested ? 0 : 1);
