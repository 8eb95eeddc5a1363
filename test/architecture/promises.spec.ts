import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

interface Row {
  readonly id: string;
  readonly promise: string;
  readonly state: 'kept' | 'in part' | 'not yet';
  readonly controls: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  readonly missing?: string;
}

const rows = (parse(readFileSync(join(ROOT, 'docs/promises.yaml'), 'utf8')) as { promises: Row[] }).promises;

describe('docs/promises.yaml', () => {
  it('has every promise of the notice, P1 to P18, once', () => {
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 18 }, (_, i) => `P${i + 1}`));
  });

  it.each(rows)('$id names controls that exist', ({ controls }) => {
    expect(controls.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it.each(rows)('$id names tests that exist by file and by name', ({ tests }) => {
    const missing = tests.filter(
      ({ file, name }) => !existsSync(join(ROOT, file)) || !readFileSync(join(ROOT, file), 'utf8').includes(name),
    );
    expect(missing).toEqual([]);
  });

  it.each(rows)('$id says what it has and what it lacks', ({ state, controls, tests, missing }) => {
    if (state === 'kept') expect(missing).toBeUndefined();
    else expect(missing).toEqual(expect.any(String));
    if (state === 'not yet') expect([...controls, ...tests]).toEqual([]);
    else expect([controls.length > 0, tests.length > 0]).toEqual([true, true]);
  });
});
