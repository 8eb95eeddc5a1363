/**
 * `npm run bench`: measures against bare references in the same run (see test/README.md). It reports, it never fails for a missed target.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { create, createWithHash } from './create.bench.js';
import { enumeration } from './enumeration.bench.js';
import { guard } from './guard.bench.js';
import { readsWhileHashing } from './hashing.bench.js';
import { LoadGenerator } from './load.js';
import { mail } from './mail.bench.js';
import { memory } from './memory.bench.js';
import { population } from './population.bench.js';
import { read } from './read.bench.js';
import { sideBySide } from './side-by-side.bench.js';
import { signIn, signInWithHash } from './sign-in.bench.js';
import type { Effort } from './slices.js';
import type { Finding } from './statistics.js';

/** What a bench is given. */
export interface BenchParts {
  readonly load: LoadGenerator;
  readonly effort: Effort;
  /** Says something that belongs to the findings. */
  readonly note: (text: string) => void;
}

export type Bench = (parts: BenchParts) => Promise<readonly Finding[]>;

const BENCHES: Readonly<Record<string, Bench>> = {
  guard,
  read,
  create,
  'create-with-hash': createWithHash,
  'reads-while-hashing': readsWhileHashing,
  'sign-in': signIn,
  'sign-in-with-hash': signInWithHash,
  'side-by-side': sideBySide,
  population,
  memory,
  enumeration,
  mail,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    slices: { type: 'string' },
    accounts: { type: 'string', default: '1000000' },
  },
});

const effort: Effort = {
  slices: Number(values.slices ?? (values.quick ? 5 : 15)),
  sliceSeconds: values.quick ? 1.5 : 3,
  accounts: 10_000,
  manyAccounts: Number(values.accounts),
};
const names = values.only?.split(',') ?? Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0 || !(effort.slices > 0) || !(effort.manyAccounts > 0)) {
  process.stderr.write(
    `Write npm run bench -- [--only ${Object.keys(BENCHES).join(',')}] [--json FILE] [--quick] [--accounts N].\n`,
  );
  process.exit(2);
}

const findings: Finding[] = [];
const load = new LoadGenerator();
try {
  for (const name of names) {
    const began = performance.now();
    const found = await BENCHES[name]!({ load, effort, note: (text) => process.stdout.write(`  ${text}\n`) });
    findings.push(...found);
    process.stdout.write(`${table(found)}\n  ${name} took ${((performance.now() - began) / 1000).toFixed(0)} s\n\n`);
  }
} finally {
  load.close();
}
process.stdout.write(`${table(findings)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(findings, undefined, 2)}\n`);

function table(found: readonly Finding[]): string {
  const cells = found.map(({ name, ours, reference, unit, ratio, low, high, target, holds }) => [
    name,
    `${figure(ours)} ${unit}`,
    `${figure(reference)} ${unit}`,
    ratio.toFixed(3),
    `${low.toFixed(3)}..${high.toFixed(3)}`,
    target,
    target === '-' ? '' : holds ? 'holds' : 'MISSED',
  ]);
  const rows = [['bench', 'ours', 'reference', 'ratio', '90 %', 'target', ''], ...cells];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
