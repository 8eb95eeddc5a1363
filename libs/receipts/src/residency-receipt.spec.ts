import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Check, type Finding, IdCodec, receiptKeyId, Regions } from '@domicile/residency';
import { type Measures, residencyReceipt } from './residency-receipt.js';

const AT = new Date('2026-11-05T12:00:00.000Z');
const before = (seconds: number): Date => new Date(AT.getTime() - seconds * 1000);
const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
const keyId = receiptKeyId(spki);
const file = JSON.parse(readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8')) as {
  regions: object[];
};

function regionsWith(pin: object | null): Regions {
  const receiptKeys = pin
    ? [{ keyId, publicKey: spki.toString('base64'), from: '2026-11-01T00:00:00.000Z', ...pin }]
    : [];
  return Regions.parse({ regions: file.regions.map((row, i) => (i === 0 ? { ...row, receiptKeys } : row)) }, 4000);
}
const regions = regionsWith({});
const [region] = regions.all;

function inspection(at: Date, broken: Check | null = null) {
  const checks: Check[] = ['marker', 'role', 'home', 'functions', 'exits'];
  const findings = checks.map((check): Finding => ({
    check,
    holds: check !== broken,
    measuredAt: at,
    detail: `of ${check}`,
  }));
  return { at, findings };
}

const GOOD: Measures = {
  region: region!,
  issuing: { stack: 'blue', environment: 'test', topology: 'separate' },
  account: new IdCodec(regions).mint('acct', region!),
  dataKey: 'key-1',
  rows: [
    { table: 'account', tie: 'account', rows: 1, home: 1 },
    { table: 'person', tie: 'people', rows: 3, home: 3 },
  ],
  notCounted: ['outbox'],
  identity: { database: 'd', systemIdentifier: '7', epoch: 1, sealedAt: '2026-11-01T00:00:00.000Z' },
  inspection: inspection(before(60)),
  keyId,
  at: AT,
};
const verdict = (change: Partial<Measures>) => {
  const { holds, because } = residencyReceipt({ ...GOOD, ...change });
  return { holds, because: because.map((each) => each.split(':')[0]) };
};

describe('a residency receipt', () => {
  it('holds when everything does, and tells measured from attested', () => {
    const receipt = residencyReceipt(GOOD);
    expect([receipt.holds, receipt.because]).toEqual([true, []]);
    expect(receipt).toMatchObject({
      format: 1,
      issuedAt: AT.toISOString(),
      validUntil: before(-24 * 3600).toISOString(),
      ...GOOD.issuing,
    });
    expect(receipt.account).toEqual({ id: GOOD.account, dataKey: 'key-1', rows: GOOD.rows, notCounted: ['outbox'] });
    expect(receipt.attested.map(({ fact }) => fact)).toEqual(['owner', 'jurisdiction', 'data centres', 'place']);
    const measured = JSON.stringify(receipt.measured);
    for (const word of [region!.dataCentres, region!.jurisdiction, region!.owner.name])
      expect(measured).not.toContain(word);
    expect(receipt.measured.find(({ fact }) => fact === 'inspection.home')!.measuredAt).toBe(before(60).toISOString());
  });

  it.each<[string, Partial<Measures>, string[]]>([
    [
      'a row of elsewhere',
      { rows: [...GOOD.rows, { table: 'x', tie: 'account', rows: 2, home: 1 }] },
      ['account.rows'],
    ],
    ['no row at all', { rows: [{ table: 'account', tie: 'account', rows: 0, home: 0 }] }, ['account.rows']],
    ['nothing counted', { rows: [] }, ['account.rows']],
    ['a database that is refused', { identity: { refused: 'residency.marker_moved' } }, ['database.marker']],
    ['no inspection', { inspection: undefined }, ['inspection.age']],
    ['an inspection of 15 minutes and a second', { inspection: inspection(before(901)) }, ['inspection.age']],
    ['an inspection of the future', { inspection: inspection(before(-61)) }, ['inspection.age']],
    ['a missing check', { inspection: inspection(before(1), 'home') }, ['inspection.home']],
    ['a key that is not pinned', { region: regionsWith(null).all[0]! }, ['receipt.key']],
    ['a key of tomorrow', { region: regionsWith({ from: '2026-11-06T00:00:00.000Z' }).all[0]! }, ['receipt.key']],
    ['a key that has ended', { region: regionsWith({ until: AT.toISOString() }).all[0]! }, ['receipt.key']],
    [
      'several things, each by its name',
      { identity: { refused: 'residency.marker_moved' }, inspection: inspection(before(9e5), 'exits') },
      ['database.marker', 'inspection.age', 'inspection.exits'],
    ],
  ])('says no over %s', (_, change, because) => {
    expect(verdict(change)).toEqual({ holds: false, because });
  });

  it('takes an inspection of exactly 15 minutes, and one of a clock that was set back a little', () => {
    for (const seconds of [900, 0, -60])
      expect(verdict({ inspection: inspection(before(seconds)) })).toEqual({ holds: true, because: [] });
  });
});
