import { setTimeout as sleep } from 'node:timers/promises';
import type { Contexts, Region, RegionContext } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { KeyStore } from './key-store.js';
import type { Vault } from './vault.js';
import { ID_BYTES, RECORD_BYTES } from './wrapped-keys.js';

/** Twenty thousand keys a second, for which a core is busy one part in twenty. */
const PAGE = 2_000;
const PAUSE_MILLISECONDS = 100;
const UNIT_MILLISECONDS_MAX = 10_000;
/** How long a key that was destroyed elsewhere is still used here at the most, as long as the store answers. */
const LOOK_MILLISECONDS = 1_000;
/** A destruction that began before our look and was committed after it is seen by the next one. */
const OVERLAP_SECONDS = 60;

/**
 * Reads the wrapped data keys of every served region into memory, so that the first read of an account need not ask for its key: those that
 * are there some seconds after the start, at a pace that requests do not notice, and from then on those that others make. It looks once a
 * second which were destroyed elsewhere: those are forgotten, opened ones too. A region whose store is away has its turn a second later.
 */
export class KeyPreload implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #looks: Promise<unknown> = Promise.resolve();
  #readsFrom = 0;
  readonly #progress = new Map<string, Progress>();

  constructor(
    private readonly contexts: Contexts,
    private readonly store: KeyStore,
    private readonly vault: Vault,
    private readonly log: EventLog,
    /** The first seconds of a process belong to the requests that have waited for it. */
    private readonly afterMilliseconds = 0,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => void (this.#looks = Promise.all(this.contexts.served.map((region) => this.look(region))));
    this.#readsFrom = performance.now() + this.afterMilliseconds;
    this.#timer = setInterval(look, LOOK_MILLISECONDS);
    look();
  }

  /** Resolves when the looks under way are over; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#looks;
  }

  /** Forgets what was destroyed since the last look, then reads on where that one ended. Never throws: the requests ask by themselves. */
  async look(region: Region): Promise<void> {
    const progress = this.#of(region);
    if (progress.isLooking) return;
    progress.isLooking = true;
    try {
      await this.#forgetDestroyed(region, progress);
      while (!this.#stopping && performance.now() >= this.#readsFrom && (await this.#page(region, progress))) {
        await sleep(PAUSE_MILLISECONDS);
        if (performance.now() - progress.lookedAt > LOOK_MILLISECONDS) await this.#forgetDestroyed(region, progress);
      }
    } catch {
      // The store is away: what is held is refused by the vault once no look has succeeded for a while.
    } finally {
      progress.isLooking = false;
    }
  }

  async #forgetDestroyed(region: Region, progress: Progress): Promise<void> {
    const now = performance.now();
    const seconds = Math.ceil((now - progress.lookedAt) / 1_000) + OVERLAP_SECONDS;
    await this.#unit(region, async (ctx) => {
      this.vault.forget(ctx, await this.store.tombstones.destroyedWithin(ctx, seconds));
      this.vault.keysAreCurrent(ctx);
    });
    progress.lookedAt = now;
  }

  /** Reads the keys that follow, in the order in which they were made. @returns whether there are more, and room for them */
  async #page(region: Region, progress: Progress): Promise<boolean> {
    if (progress.isFull) return false;
    const read = await this.#unit(region, async (ctx) => {
      const block = await this.store.block(ctx, progress.after, PAGE);
      progress.isFull = this.vault.hold(ctx, block);
      return block;
    });
    if (read.length > 0) progress.after = read.subarray(-RECORD_BYTES).subarray(0, ID_BYTES);
    progress.count += read.length / RECORD_BYTES;
    const isAtEnd = read.length < PAGE * RECORD_BYTES || progress.isFull;
    if (isAtEnd && !progress.isSaid) {
      progress.isSaid = true;
      this.log.event('vault.keys_ahead', { region: region.code, count: progress.count });
    }
    return !isAtEnd;
  }

  #unit<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    const actor = { kind: 'job', name: 'vault.preload' } as const;
    return this.contexts.run({ region, actor, deadlineMilliseconds: UNIT_MILLISECONDS_MAX }, work);
  }

  #of({ code }: Region): Progress {
    let progress = this.#progress.get(code);
    if (!progress) {
      progress = {
        after: Buffer.alloc(ID_BYTES),
        count: 0,
        isFull: false,
        isSaid: false,
        isLooking: false,
        lookedAt: performance.now(),
      };
      this.#progress.set(code, progress);
    }
    return progress;
  }
}

interface Progress {
  /** Bytes of the last id that was read. */
  after: Buffer;
  count: number;
  isFull: boolean;
  /** That the end was reached for the first time stands in the log. */
  isSaid: boolean;
  isLooking: boolean;
  /** Of the monotonic clock. */
  lookedAt: number;
}
