import type { Contexts, Region, RegionContext } from '@domicile/residency';
import { type Clock, type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Vault } from '@domicile/vault';
import type { SignupRepository } from './signup.repository.js';

/** How long an ended signup is kept, so that its confirmation can still say what became of it. */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;
const LOOK_MILLISECONDS = 60_000;
const BATCH = 500;
const LOOK_MILLISECONDS_MAX = 5_000;

/**
 * Keeps the promise that what is typed into a signup is kept for that signup only: a day after it ended, the row is gone.
 * One look a minute and region; a region that is away is looked at again a minute later.
 */
export class SignupRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #looks: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly contexts: Contexts,
    private readonly signups: SignupRepository,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly log: EventLog,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => void (this.#looks = Promise.all(this.contexts.served.map((region) => this.look(region))));
    this.#timer = setInterval(look, LOOK_MILLISECONDS);
    look();
  }

  /** Resolves when the looks under way are over; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looks;
  }

  /** Erases what is over in one region, in batches. Never throws; a failure is logged by code. @returns how many rows */
  async look(region: Region): Promise<number> {
    const actor = { kind: 'job', name: 'signup-retention' } as const;
    const before = new Date(this.clock.now().getTime() - KEPT_MILLISECONDS);
    let erased = 0;
    try {
      let batch: number;
      do {
        batch = await this.contexts.run({ region, actor, deadlineMilliseconds: LOOK_MILLISECONDS_MAX }, (ctx) =>
          this.#eraseBatch(ctx, before),
        );
        erased += batch;
      } while (batch === BATCH);
    } catch (error) {
      this.log.event(
        'signup.retention_failed',
        { region: region.code, code: isBranded(error) ? error.code : 'unknown' },
        'warn',
      );
    }
    return erased;
  }

  /** Keys first: a kill in between leaves rows that nobody can open, and the next look removes them. */
  async #eraseBatch(ctx: RegionContext, before: Date): Promise<number> {
    const over = await this.signups.over(ctx, before, BATCH);
    const keys = over.flatMap(({ sealed }) => (sealed ? [this.vault.keyIdOf(ctx, sealed)] : []));
    if (keys.length > 0) await this.vault.discard(ctx, keys);
    if (over.length > 0)
      await this.signups.erase(
        ctx,
        over.map(({ id }) => id),
      );
    return over.length;
  }
}
