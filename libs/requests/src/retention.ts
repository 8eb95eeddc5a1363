import type { Contexts, Region, RegionContext } from '@domicile/residency';
import { type Clock, type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const LOOK_MILLISECONDS = 60_000;
const BATCH = 500;
const LOOK_MILLISECONDS_MAX = 5_000;

/** What is kept for a while only. */
export interface RetentionRule {
  /** Name of the table, for the log. */
  readonly table: string;
  /** How long after its end a row is kept. */
  readonly keptMilliseconds: number;
  /** Removes rows that were over before that time, at most `limit`; says how many. */
  readonly eraseOver: (ctx: RegionContext, before: Date, limit: number) => Promise<number>;
}

/**
 * Keeps the promise that what is stored for a while is gone afterwards. One look a minute and region over every rule; a region that
 * is away is looked at again a minute later, and one rule that fails stops no other.
 */
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rules: RetentionRule[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looks: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly contexts: Contexts,
    private readonly clock: Clock,
    private readonly log: EventLog,
  ) {}

  /** Adds a rule; before the application starts. */
  add(rule: RetentionRule): void {
    this.#rules.push(rule);
  }

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

  /** Erases what is over in one region. Never throws; a failure is logged by code. @returns how many rows */
  async look(region: Region): Promise<number> {
    let erased = 0;
    for (const rule of this.#rules) erased += await this.#apply(rule, region);
    return erased;
  }

  async #apply({ table, keptMilliseconds, eraseOver }: RetentionRule, region: Region): Promise<number> {
    const unit = {
      region,
      actor: { kind: 'job', name: 'retention' },
      deadlineMilliseconds: LOOK_MILLISECONDS_MAX,
    } as const;
    const before = new Date(this.clock.now().getTime() - keptMilliseconds);
    let erased = 0;
    try {
      let batch: number;
      do {
        batch = await this.contexts.run(unit, (ctx) => eraseOver(ctx, before, BATCH));
        erased += batch;
      } while (batch === BATCH);
    } catch (error) {
      const code = isBranded(error) ? error.code : 'unknown';
      this.log.event('retention.failed', { region: region.code, table, code }, 'warn');
    }
    return erased;
  }
}
