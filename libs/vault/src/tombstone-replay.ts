import { type Contexts, type Region, type RegionContext, ResidencyError } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { KeyId, KeyStore } from './key-store.js';
import type { Erased, Tombstones } from './tombstones.js';

/** What the owner of sealed rows tells of them, and does to them. */
export interface SealedRows {
  /** Marks those subjects erased, if they are there; inside the caller's transaction. */
  markErased(tx: RegionContext, erased: readonly Erased[]): Promise<void>;
  /** Keys of the newest subjects, at most `limit`. */
  newestKeys(ctx: RegionContext, limit: number): Promise<KeyId[]>;
}

const PAGE = 500;
const NEWEST = 50;
const REPLAY_MILLISECONDS_MAX = 60_000;

/**
 * Before any request is served, key store and rows are brought to agree on what was erased, whichever of them was restored from an
 * older copy: a tombstone of either is carried over to the other. A key store that does not know the newest keys is refused: it
 * is an older copy, and what those keys sealed could not be read.
 */
export class TombstoneReplay implements OnApplicationBootstrap {
  #rows: SealedRows | null = null;

  constructor(
    private readonly contexts: Contexts,
    private readonly transaction: <T>(ctx: RegionContext, work: (tx: RegionContext) => Promise<T>) => Promise<T>,
    private readonly store: KeyStore,
    private readonly tombstones: Tombstones,
    private readonly log: EventLog,
  ) {}

  /** Registers whose rows are sealed. */
  handle(rows: SealedRows): void {
    this.#rows = rows;
  }

  /** @throws ResidencyError residency.configuration_invalid for a key store that is older than the rows */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.contexts.served.map((region) => this.replay(region)));
  }

  /** @returns how many tombstones were carried over, either way */
  async replay(region: Region): Promise<number> {
    const actor = { kind: 'job', name: 'vault.replay' } as const;
    return this.contexts.run({ region, actor, deadlineMilliseconds: REPLAY_MILLISECONDS_MAX }, async (ctx) => {
      await this.#refuseOlderStore(ctx);
      const toRows = await this.#carry(ctx, this.store.tombstones, this.tombstones, (erased) =>
        this.transaction(ctx, async (tx) => {
          await this.#rows?.markErased(tx, erased);
          await this.tombstones.add(tx, erased);
        }),
      );
      const toStore = await this.#carry(ctx, this.tombstones, this.store.tombstones, (erased) =>
        this.store.destroy(ctx, erased),
      );
      const count = toRows + toStore;
      if (count > 0) this.log.event('vault.tombstones_replayed', { region: region.code, count }, 'warn');
      return count;
    });
  }

  async #carry(
    ctx: RegionContext,
    from: Tombstones,
    to: Tombstones,
    carry: (erased: readonly Erased[]) => Promise<void>,
  ): Promise<number> {
    let carried = 0;
    for (let after: KeyId | null = null; ;) {
      const page = await from.page(ctx, after, PAGE);
      const keys = page.map(({ key }) => key);
      const missing = new Set(keys.length > 0 ? await to.missing(ctx, keys) : []);
      if (missing.size > 0) await carry(page.filter(({ key }) => missing.has(key)));
      carried += missing.size;
      if (page.length < PAGE) return carried;
      after = keys.at(-1)!;
    }
  }

  async #refuseOlderStore(ctx: RegionContext): Promise<void> {
    const newest = (await this.#rows?.newestKeys(ctx, NEWEST)) ?? [];
    const known = new Set(newest.length > 0 ? await this.store.known(ctx, newest) : []);
    const unknown = newest.filter((id) => !known.has(id)).length;
    if (unknown > 0)
      throw new ResidencyError(
        'residency.configuration_invalid',
        `The key store of region ${ctx.region.code} does not know ${unknown} of the newest ${newest.length} keys in use: it was restored from an older copy; restore a newer one.`,
      );
  }
}
