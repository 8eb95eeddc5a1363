import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contexts, IdCodec, type RegionContext, Regions } from '@domicile/residency';
import { BlindIndex } from './blind-index.js';
import { ensureRegionKeys, RegionKeys } from './region-keys.js';

const regions = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000);
const [here, there] = regions.all as [(typeof regions.all)[0], (typeof regions.all)[0]];
const ids = new IdCodec(regions);
const contexts = new Contexts(ids, regions, regions.all, 1000);
const within = <T>(region: typeof here, work: (ctx: RegionContext) => T): Promise<T> =>
  contexts.run({ region, actor: { kind: 'nobody' } }, async (ctx) => work(ctx));

describe('keys and blind indexes', () => {
  const homes = new Map<string, string>();
  let index: BlindIndex;

  beforeAll(() => {
    for (const { code } of regions.all) {
      homes.set(code, mkdtempSync(join(tmpdir(), `keys-${code}-`)));
      ensureRegionKeys(homes.get(code)!);
    }
    // The same key in both: what differs below differs by the derivation.
    writeFileSync(join(homes.get(there.code)!, 'index.key'), readFileSync(join(homes.get(here.code)!, 'index.key')));
    index = new BlindIndex(new RegionKeys([...homes].map(([region, keysDir]) => ({ region, keysDir }))));
  });
  afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true })));

  it('makes a key once, for its owner alone, and leaves nothing else behind', () => {
    const home = homes.get(here.code)!;
    const before = readFileSync(join(home, 'index.key'), 'utf8');
    ensureRegionKeys(home);
    expect(readFileSync(join(home, 'index.key'), 'utf8')).toBe(before);
    expect(statSync(join(home, 'index.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['index.key']);
  });

  it('refuses a key that is missing, malformed or readable by others', () => {
    const home = mkdtempSync(join(tmpdir(), 'keys-bad-'));
    const open = () => new RegionKeys([{ region: here.code, keysDir: home }]);
    expect(open).toThrow(/is missing or cannot be read/);
    writeFileSync(join(home, 'index.key'), 'abc', { mode: 0o600 });
    expect(open).toThrow(/does not hold 32 bytes/);
    writeFileSync(join(home, 'index.key'), 'a'.repeat(64));
    expect(open).not.toThrow();
    chmodSync(join(home, 'index.key'), 0o640);
    expect(open).toThrow(/can be read by others/);
    rmSync(home, { recursive: true });
  });

  it('gives one hash for a value, another for each purpose and each region', async () => {
    const of = (region: typeof here, purpose: string, value: string) =>
      within(region, (ctx) => index.of(ctx, purpose, value).toString('hex'));
    const hash = await of(here, 'person.address', 'ada@example.org');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await of(here, 'person.address', 'ada@example.org')).toBe(hash);
    const others = [
      await of(here, 'other', 'ada@example.org'),
      await of(there, 'person.address', 'ada@example.org'),
      await of(here, 'person.address', 'ada@example.com'),
    ];
    expect(new Set([hash, ...others]).size).toBe(4);
  });

  it('derives eight digits from an id, the same each time', async () => {
    const signups = Array.from({ length: 500 }, () => ids.mint('sgn', here));
    const codes = await within(here, (ctx) => signups.map((id) => index.code(ctx, 'signup.code', id)));
    expect(codes.every((code) => /^\d{8}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(495);
    expect(await within(here, (ctx) => index.code(ctx, 'signup.code', signups[0]!))).toBe(codes[0]);
    expect(new Set(codes.map((code) => code[0])).size).toBe(10);
  });

  it('has no key of a region that is not served', async () => {
    const alone = new BlindIndex(new RegionKeys([{ region: here.code, keysDir: homes.get(here.code)! }]));
    await expect(within(there, (ctx) => alone.of(ctx, 'x', 'y'))).rejects.toMatchObject({ code: 'residency.crossing' });
  });
});
