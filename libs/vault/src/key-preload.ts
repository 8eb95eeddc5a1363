import type { Contexts, Region, RegionContext } from '@domicile/residency';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { KeyStore } from './key-store.js';
import type { Vault } from './vault.js';
import { RECORD_BYTES } from './wrapped-keys.js';

const PAGE = 1_000;
const UNIT_MILLISECONDS_MAX = 10_000;
/** How long a key that was destroyed elsewhere is still used here at the most, as long as the store answers. */
const LOOK_MILLISECONDS = 1_000;
/** A destruction that began before our look and was committed after it is seen by the next one. */
const OVERLAP_SECONDS = 60;

/**
 * Reads the wrapped data keys of every served region into memory, so that the first read of an account need not ask for its key, and looks
 * once a second which were destroyed elsewhere: those are forgotten, opened ones too. A region whose store is away has its turn a second later.
 */
export class KeyPreload implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #looks: Promise<unknown> = Promise.resolve();
  readonly #progress = new Map<string, Progress>();

  constructor(
    private readonly contexts: Contexts,
    private readonly store: KeyStore,
    private readonly vault: Vault,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => void (this.#looks = Promise.all(this.contexts.served.map((region) => this.look(region))));
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
      while (!progress.isDone && !this.#stopping) {
        await this.#page(region, progress);
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

  async #page(region: Region, progress: Progress): Promise<void> {
    const block = await this.#unit(region, async (ctx) => {
      const read = await this.store.block(ctx, progress.after, PAGE);
      return { read, isFull: this.vault.hold(ctx, read) };
    });
    progress.isDone = block.isFull || block.read.length < PAGE * RECORD_BYTES;
    progress.after = block.read.subarray(-RECORD_BYTES).subarray(0, 16);
  }

  #unit<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    const actor = { kind: 'job', name: 'vault.preload' } as const;
    return this.contexts.run({ region, actor, deadlineMilliseconds: UNIT_MILLISECONDS_MAX }, work);
  }

  #of({ code }: Region): Progress {
    let progress = this.#progress.get(code);
    if (!progress)
      this.#progress.set(
        code,
        (progress = { after: Buffer.alloc(16), isDone: false, isLooking: false, lookedAt: performance.now() }),
      );
    return progress;
  }
}

interface Progress {
  /** Bytes of the last id that was read. */
  after: Buffer;
  isDone: boolean;
  isLooking: boolean;
  /** Of the monotonic clock. */
  lookedAt: number;
}
