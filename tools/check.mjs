/**
 * What `npm test` and CI run, and nothing else: formatting, lint, types, then every Jest project against the build that
 * ensure.mjs has made. Stops at the first step that fails. Prints one line a step; Jest prints its own progress.
 * Usage: node tools/check.mjs [--report FILE]   FILE receives Jest's JSON, from which .ci/run takes its closing line.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
const report = process.argv[2] === '--report' ? ['--json', `--outputFile=${process.argv[3]}`] : [];

const steps = [
  ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['tests', bin('jest'), report],
];

for (const [name, command, args] of steps) {
  const began = performance.now();
  process.stdout.write(`check  ${name} …\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      NODE_OPTIONS: name === 'tests' ? '--experimental-vm-modules --disable-warning=ExperimentalWarning' : '',
    },
  });
  if (status !== 0) {
    process.stdout.write(`check  ${name} failed\n`);
    process.exit(status ?? 1);
  }
  process.stdout.write(`check  ${name} passed (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
}
