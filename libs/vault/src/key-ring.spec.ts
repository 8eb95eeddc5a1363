import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IdCodec, type RegionContext, Regions } from '@domicile/residency';
import type { KeyProvider, Wrapped } from './key-provider.js';
import { KeyRing } from './key-ring.js';
import type { KeyId, KeyStore } from './key-store.js';
import type { DataKey } from './sealed-value.js';

const regions = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000);
const region = regions.all[0]!;
/** What key-ring.ts keeps open. */
const OPEN_MAX = 20_000;

/** A key store that remembers what it was asked for. */
class RememberedStore {
  readonly asked: KeyId[] = [];
  readonly #kept = new Map<KeyId, Buffer>();

  add(_ctx: RegionContext, _version: number, ids: readonly KeyId[], wrapped: readonly Buffer[]): Promise<boolean> {
    for (const [i, id] of ids.entries()) this.#kept.set(id, wrapped[i]!);
    return Promise.resolve(true);
  }

  find(_ctx: RegionContext, id: KeyId): Promise<Wrapped> {
    this.asked.push(id);
    return Promise.resolve({ version: 1, bytes: this.#kept.get(id)! });
  }
}

/** Wraps nothing: what is shown here is what stays in memory. */
const provider: KeyProvider = {
  newest: () => Promise.resolve(1),
  wrap: (_region, _version, _id, key) => Promise.resolve(Buffer.from(key)),
  unwrap: (_region, { bytes }) => Promise.resolve(Buffer.from(bytes)),
};

describe('the keys that a process keeps open', () => {
  it('are so many and no more: the one used least recently is dropped, and had from the store again', async () => {
    const store = new RememberedStore();
    const ring = new KeyRing(region, store as unknown as KeyStore, provider, new IdCodec(regions), () => undefined);
    const ctx = { region } as RegionContext;
    const taken: DataKey[] = [];
    const take = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) taken.push(await ring.take(ctx));
    };
    const shut = (): number[] => [...taken.keys()].filter((i) => ring.peek(taken[i]!.idHex) === undefined);

    await take(OPEN_MAX);
    const first = taken[0]!;
    expect(ring.peek(first.idHex)).toBeDefined();
    await take(1);
    // Not the first, which was used, but the second; and it is one for one.
    expect(ring.peek(taken[1]!.idHex)).toBeUndefined();
    expect(ring.peek(first.idHex)?.key.equals(first.key)).toBe(true);
    await take(500);
    expect(shut().length).toBe(501);

    const [lost] = shut();
    expect(store.asked).toEqual([]);
    const again = await ring.find(ctx, taken[lost!]!.idHex);
    expect(again.key.equals(taken[lost!]!.key)).toBe(true);
    await ring.find(ctx, taken[lost!]!.idHex);
    expect(store.asked.length).toBe(1);
    expect(shut().length).toBe(501);
  });
});
