import { describe, expect, it } from '@jest/globals';
import { ledgerRows, missingFiles, missingTests, type NamedTest } from '../support/ledger.js';

interface Row {
  readonly id: string;
  readonly promise: string;
  readonly state: 'kept' | 'in part' | 'not yet';
  readonly controls: readonly string[];
  readonly tests: readonly NamedTest[];
  readonly missing?: string;
}

const rows = ledgerRows<Row>('docs/promises.yaml', 'promises');

describe('docs/promises.yaml', () => {
  it('has every promise of the notice, P1 to P18, once', () => {
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 18 }, (_, i) => `P${i + 1}`));
  });

  it.each(rows)('$id names controls that exist', ({ controls }) => {
    expect(missingFiles(controls)).toEqual([]);
  });

  it.each(rows)('$id names tests that exist by file and by name', ({ tests }) => {
    expect(missingTests(tests)).toEqual([]);
  });

  it.each(rows)('$id says what it has and what it lacks', ({ state, controls, tests, missing }) => {
    if (state === 'kept') expect(missing).toBeUndefined();
    else expect(missing).toEqual(expect.any(String));
    if (state === 'not yet') expect([...controls, ...tests]).toEqual([]);
    else expect([controls.length > 0, tests.length > 0]).toEqual([true, true]);
  });
});
