import type { Contexts, Region } from '@domicile/residency';
import { type Clock, type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { AccountDomain } from './account-domain.entity.js';
import type { DomainId, DomainRepository } from './domain.repository.js';
import type { Domains } from './domains.js';

const LOOK_MILLISECONDS = 10 * 60 * 1000;
const BATCH = 100;
const UNIT_MILLISECONDS_MAX = 10_000;
const HOUR = 60 * 60 * 1000;
type Batch = Awaited<ReturnType<DomainRepository['verified']>>;
/** How often a record that is there is looked for, and one that is missing. */
const AGAIN_MILLISECONDS = { there: 24 * HOUR, missing: HOUR };

/** Looks again for the records of verified domains: at the start of the worker and every ten minutes, for those whose turn it is. */
export class DomainClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #looks: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly contexts: Contexts,
    private readonly domains: Domains,
    private readonly rows: DomainRepository,
    private readonly clock: Clock,
    private readonly log: EventLog,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => {
      this.#looks = this.#looks.then(() => Promise.all(this.contexts.served.map((region) => this.look(region))));
    };
    this.#timer = setInterval(look, LOOK_MILLISECONDS);
    look();
  }

  /** Resolves when the look under way is over; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#looks;
  }

  /** One look over a region. It never throws; what fails has its turn at the next one, and stops no other. */
  async look(region: Region): Promise<void> {
    const unit = {
      region,
      actor: { kind: 'job', name: 'domains' },
      deadlineMilliseconds: UNIT_MILLISECONDS_MAX,
    } as const;
    let after: DomainId | null = null;
    try {
      for (;;) {
        const begin: DomainId | null = after;
        const batch: Batch = await this.contexts.run(unit, (ctx) => this.rows.verified(ctx, begin, BATCH));
        for (const { accountId, domainId } of batch) {
          if (this.#stopping) return;
          await this.contexts
            .run(unit, async (ctx) => {
              const row = await this.rows.find(ctx.account(accountId), domainId);
              if (row && this.#isDue(row)) await this.domains.lookAgain(ctx, accountId, row);
            })
            .catch((error: unknown) => this.#failed(region, error));
        }
        after = batch.at(-1)?.domainId ?? null;
        if (batch.length < BATCH) return;
      }
    } catch (error) {
      this.#failed(region, error);
    }
  }

  #isDue({ checkedAt, missingSince }: AccountDomain): boolean {
    const again = missingSince === null ? AGAIN_MILLISECONDS.there : AGAIN_MILLISECONDS.missing;
    return checkedAt === null || this.clock.now().getTime() - checkedAt.getTime() >= again;
  }

  #failed(region: Region, error: unknown): void {
    this.log.event('domains.failed', { region: region.code, code: isBranded(error) ? error.code : 'unknown' }, 'warn');
  }
}
