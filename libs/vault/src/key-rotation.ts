import type { RegionContext } from '@domicile/residency';
import type { KeyProvider } from './key-provider.js';
import type { KeyStore } from './key-store.js';

const BATCH = 500;

/**
 * Wraps every data key of a region anew under the newest wrapping key, batch by batch, each in a transaction of its own: no data is
 * touched and nobody waits. Killed half-way, the rest is done by the next run.
 * @param unit runs one batch as a unit of work
 * @param progress told how many are done so far
 * @returns how many keys were wrapped anew
 */
export async function rewrapKeys(
  region: string,
  store: KeyStore,
  provider: KeyProvider,
  unit: <T>(work: (ctx: RegionContext) => Promise<T>) => Promise<T>,
  progress: (done: number) => void = () => undefined,
): Promise<number> {
  const version = await provider.newest(region);
  let done = 0;
  for (;;) {
    const batch = await unit((ctx) =>
      store.rewrapOlder(ctx, version, BATCH, async (id, wrapped) => {
        const key = await provider.unwrap(region, wrapped, id);
        return provider.wrap(region, version, id, key).finally(() => key.fill(0));
      }),
    );
    if (batch === 0) return done;
    progress((done += batch));
  }
}
