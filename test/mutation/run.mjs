/**
 * Hand-made mutants of the guard, the pool, the codec, the marker and the door: each takes one protection out of a copy of
 * the tree and must be killed by the specs that hold that law. A mutant that survives means a test that cannot fail.
 * Usage: npm run test:mutation [-- name-part …]. Ends with one line `N killed, N survived`.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './mutants.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', '.domicile']);

const wanted = process.argv.slice(2);
const mutants = MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const copies = [makeCopy(), makeCopy()];
const queue = [...mutants];
const survived = [];

try {
  // The control: where the untouched copy is red already, every mutant would count as killed.
  const specs = [...new Set(mutants.flatMap((mutant) => mutant.specs))];
  if (!(await passes(copies[0], specs))) throw new Error('The specs fail on the untouched tree; mend that first.');
  await Promise.all(copies.map(work));
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`${mutants.length - survived.length} killed, ${survived.length} survived\n`);
process.exitCode = survived.length > 0 ? 1 : 0;

function makeCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'domicile-mutant-'));
  for (const entry of readdirSync(root).filter((name) => !LEFT_OUT.has(name)))
    cpSync(join(root, entry), join(copy, entry), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function work(copy) {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const file = join(copy, mutant.file);
    const original = readFileSync(file, 'utf8');
    if (original.split(mutant.find).length !== 2)
      throw new Error(`Mutant "${mutant.name}": its text stands not exactly once in ${mutant.file}; write it anew.`);
    writeFileSync(
      file,
      original.replace(mutant.find, () => mutant.replace),
    );
    const began = performance.now();
    const green = await passes(copy, mutant.specs);
    writeFileSync(file, original);
    if (green) survived.push(mutant.name);
    process.stdout.write(
      `${green ? 'SURVIVED' : 'killed  '}  ${mutant.name} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`,
    );
  }
}

function passes(copy, specs) {
  const args = [
    '--selectProjects',
    'residency',
    'unit',
    '--bail',
    '--silent',
    '--maxWorkers=1',
    '--testPathPatterns',
    ...specs,
  ];
  const child = spawn(join(root, 'node_modules/.bin/jest'), args, {
    cwd: copy,
    stdio: 'ignore',
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    },
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)));
}
