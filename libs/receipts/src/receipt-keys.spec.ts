import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ReceiptKeyPin, Regions } from '@domicile/residency';
import { ensureReceiptKeys, receiptKeyHistory, receiptSigner, rotateReceiptKey } from './receipt-key-files.js';
import { pinReceiptKeys, ReceiptKeys } from './receipt-keys.js';

const FILE = JSON.parse(readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8')) as {
  regions: { code: string }[];
};
const [here, there] = FILE.regions.map(({ code }) => code) as [string, string];
const [T1, T2, T3] = ['2026-11-01', '2026-12-01', '2027-01-01'].map((day) => new Date(`${day}T00:00:00.000Z`)) as [
  Date,
  Date,
  Date,
];
const DAY = 24 * 60 * 60 * 1000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'receipt-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const pinned = (histories: Record<string, readonly ReceiptKeyPin[]>, file: unknown = FILE): Regions =>
  Regions.parse(JSON.parse(pinReceiptKeys(file, histories)), 4000);

describe('the key files of receipts', () => {
  it('are made once: the private half for its owner alone, the public half and the history for all', () => {
    const made = ensureReceiptKeys(dir, here, T1);
    expect(readdirSync(dir).sort()).toEqual(['receipt-keys.json', 'receipt.1.key', 'receipt.1.pub']);
    expect(statSync(join(dir, 'receipt.1.key')).mode & 0o777).toBe(0o600);
    const { keyId } = receiptSigner(dir, here);
    const spki = createPublicKey(readFileSync(join(dir, 'receipt.1.pub'))).export({ type: 'spki', format: 'der' });
    expect(made).toEqual([{ keyId, publicKey: spki.toString('base64'), from: T1.toISOString() }]);
    const before = readFileSync(join(dir, 'receipt.1.key'), 'utf8');
    expect(ensureReceiptKeys(dir, here, T2)).toEqual(made);
    expect(receiptKeyHistory(dir)).toEqual(made);
    expect(readFileSync(join(dir, 'receipt.1.key'), 'utf8')).toBe(before);
    expect(JSON.stringify(made) + readFileSync(join(dir, 'receipt-keys.json'), 'utf8')).not.toContain('PRIVATE');
  });

  it('follow one another: the newest signs, an older one ends a day after, once and for all', () => {
    const [first] = ensureReceiptKeys(dir, here, T1);
    rotateReceiptKey(dir, here, T2);
    const history = rotateReceiptKey(dir, here, T3);
    const ends = [T2, T3].map((time) => new Date(time.getTime() + DAY).toISOString());
    expect(history.map(({ from, until }) => [from, until])).toEqual([
      [T1.toISOString(), ends[0]],
      [T2.toISOString(), ends[1]],
      [T3.toISOString(), undefined],
    ]);
    expect(history[0]).toMatchObject(first!);
    expect(receiptSigner(dir, here).keyId).toBe(history[2]!.keyId);
    expect(pinned({ [here]: history }).get(here).receiptKeys).toEqual(history);
  });

  it('are the newest by number, not by name', () => {
    ensureReceiptKeys(dir, here, T1);
    for (let i = 0; i < 9; i++) rotateReceiptKey(dir, here, new Date(T2.getTime() + i));
    expect(existsSync(join(dir, 'receipt.10.key'))).toBe(true);
    expect(receiptSigner(dir, here).keyId).toBe(receiptKeyHistory(dir).at(-1)!.keyId);
  });

  it('make good what a kill left half done: a key without its record', () => {
    ensureReceiptKeys(dir, here, T1);
    rmSync(join(dir, 'receipt-keys.json'));
    rmSync(join(dir, 'receipt.1.pub'));
    expect(ensureReceiptKeys(dir, here, T2)).toMatchObject([
      { keyId: receiptSigner(dir, here).keyId, from: T2.toISOString() },
    ]);
    expect(existsSync(join(dir, 'receipt.1.pub'))).toBe(true);
  });

  it('are refused when others can read them, and when they are missing, broken or of another kind', () => {
    const file = join(dir, 'receipt.1.key');
    expect(() => receiptSigner(dir, here)).toThrow(/receipt\.1\.key of region .* is missing/);
    expect(receiptKeyHistory(dir)).toEqual([]);
    ensureReceiptKeys(dir, here, T1);
    chmodSync(file, 0o640);
    expect(() => receiptSigner(dir, here)).toThrow(/can be read by others/);
    chmodSync(file, 0o600);
    for (const content of [
      '',
      'secret',
      generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ]) {
      writeFileSync(file, content);
      expect(() => receiptSigner(dir, here)).toThrow(/is no Ed25519 key in PEM; restore it from its backup\.$/);
    }
    writeFileSync(join(dir, 'receipt-keys.json'), '{');
    expect(() => receiptKeyHistory(dir)).toThrow(/cannot be read as JSON/);
  });
});

describe('a process that signs receipts', () => {
  const folders = () => [{ region: here, keysDir: dir }];

  it('has the keys of the regions that it serves, and of no other', () => {
    const regions = pinned({ [here]: ensureReceiptKeys(dir, here) });
    const keys = new ReceiptKeys(folders(), regions);
    expect(keys.signer(regions.get(here)).keyId).toBe(regions.get(here).receiptKeys[0]!.keyId);
    expect(() => keys.signer(regions.get(there))).toThrow(/holds no receipt key of region/);
  });

  it('does not start with a key that nobody has pinned, or that is not the newest pinned, or is pinned elsewhere', () => {
    const history = ensureReceiptKeys(dir, here, T1);
    const start = (regions: Regions) => () => new ReceiptKeys(folders(), regions);
    expect(start(Regions.parse(FILE, 4000))).toThrow(
      / is not pinned in the region file; add what "domicile receipt-keys public --region /,
    );
    expect(start(pinned({ [there]: history }))).toThrow(/is not pinned/);
    rotateReceiptKey(dir, here, T2);
    expect(start(pinned({ [here]: history }))).toThrow(/is not pinned/);
    expect(start(pinned({ [here]: receiptKeyHistory(dir) }))).not.toThrow();
    rmSync(join(dir, 'receipt.2.key'));
    expect(start(pinned({ [here]: receiptKeyHistory(dir) }))).toThrow(
      /is not the newest one that the region file pins/,
    );
  });

  it('pins beside what was pinned, and alters nothing else of the file', () => {
    const [old] = ensureReceiptKeys(dir, here, T1);
    const once = JSON.parse(pinReceiptKeys(FILE, { [here]: [old!] })) as typeof FILE;
    const twice = JSON.parse(pinReceiptKeys(once, { [here]: rotateReceiptKey(dir, here, T2) })) as typeof FILE;
    expect(Regions.parse(twice, 4000).get(here).receiptKeys).toEqual(receiptKeyHistory(dir));
    expect(twice.regions.map((row) => ({ ...row, receiptKeys: [] }))).toEqual(
      FILE.regions.map((row) => ({ ...row, receiptKeys: [] })),
    );
  });
});
