import { describe, expect, it } from '@jest/globals';
import { ledgerRows, missingFiles, missingTests, type NamedTest } from '../support/ledger.js';

interface Row {
  readonly row: number;
  readonly channel: string;
  readonly state: 'closed' | 'not in the product' | 'later';
  readonly part?: string;
  readonly controls: readonly string[];
  readonly proof: readonly NamedTest[];
  readonly planted: boolean;
  readonly reason?: string;
}

const rows = ledgerRows<Row>('docs/leaks.yaml', 'leaks');
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** What must be closed once personal data is sealed and people sign in; the others come with the parts that bring their channels. */
const CLOSED = [...range(1, 29), ...range(32, 40), ...range(42, 47), 49, 52, 63];

describe('docs/leaks.yaml', () => {
  it('has each of the 64 ways once, in order, and each in words of its own', () => {
    expect(rows.map(({ row }) => row)).toEqual(range(1, 64));
    expect(new Set(rows.map(({ channel }) => channel)).size).toBe(64);
  });

  it('has closed what must be closed by now, and nothing without saying so', () => {
    expect(rows.filter(({ state }) => state === 'closed').map(({ row }) => row)).toEqual(CLOSED);
  });

  it.each(rows)('row $row names controls that exist', ({ controls }) => {
    expect(missingFiles(controls)).toEqual([]);
  });

  it.each(rows)('row $row names tests that exist by file and by name', ({ proof }) => {
    expect(missingTests(proof)).toEqual([]);
  });

  it.each(rows)('row $row says what stops it, or what will', ({ state, part, controls, proof, planted, reason }) => {
    if (state === 'later') expect(part).toEqual(expect.any(String));
    else expect([part, controls.length > 0, proof.length > 0]).toEqual([undefined, true, true]);
    expect(reason).toEqual(planted ? undefined : expect.any(String));
  });

  it('would miss a test that is not there, and a name that is not in its file', () => {
    const file = 'test/architecture/leaks.spec.ts';
    const invented = ['no such', 'name'].join(' ');
    expect(missingTests([{ file, name: 'docs/leaks.yaml' }])).toEqual([]);
    expect(missingTests([{ file, name: invented }]).length).toBe(1);
    expect(missingTests([{ file: 'test/nowhere.spec.ts', name: '' }]).length).toBe(1);
  });
});
