import type { Contexts, Region, RegionContext } from '@domicile/residency';
import { type Clock, type EventLog, isBranded } from '@domicile/runtime';

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
 * Keeps the promise that what is stored for a while is gone afterwards. One look goes over every rule, and one rule that fails stops
 * no other. Every process knows the rules; the worker looks, see {@link RetentionClock}.
 */
export class Retention {
  readonly #rules: RetentionRule[] = [];

  constructor(
    private readonly contexts: Contexts,
    private readonly clock: Clock,
    private readonly log: EventLog,
  ) {}

  /** Adds a rule; before the application starts. */
  add(rule: RetentionRule): void {
    this.#rules.push(rule);
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
