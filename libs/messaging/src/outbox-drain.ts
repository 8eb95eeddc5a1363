import type { Contexts, Region, RegionContext } from '@domicile/residency';
import { type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { withFooter } from './mail-footer.js';
import { type Letter, letterText } from './letter.js';
import { type Mailer, mailHost } from './mailer.js';
import type { ClaimedItem, Outbox } from './outbox.js';

/** Writes the letter of one item; null when there is nothing to send any more, which finishes the item as well. */
export type OutboxHandler = (ctx: RegionContext, item: ClaimedItem) => Promise<Letter | null>;

/** How long an item that nobody was nudged about may wait for the next look. */
const LOOK_MILLISECONDS = 500;
const CLAIM_LIMIT = 10;
/** One item: reading its subject, handing over the mail, removing the row. */
const ITEM_MILLISECONDS = 5_000;

/**
 * Carries out the outbox of every served region, in one loop a region: a region that hangs delays no other. At least once:
 * an item is removed after its mail was handed over, and a failure leaves it claimed until its lease ends.
 * It never throws; what goes wrong is logged by code.
 */
export class OutboxDrain implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #handlers = new Map<string, OutboxHandler>();
  readonly #wakes = new Map<string, () => void>();
  #loops: Promise<void>[] = [];
  #stopping = false;

  constructor(
    private readonly contexts: Contexts,
    private readonly outbox: Outbox,
    private readonly mailer: Mailer,
    private readonly log: EventLog,
  ) {}

  /** Registers who makes the mails of a kind. @throws Error for a second handler of one kind */
  handle(kind: string, handler: OutboxHandler): void {
    if (this.#handlers.has(kind)) throw new Error(`Outbox items of kind ${kind} have two handlers; register one.`);
    this.#handlers.set(kind, handler);
  }

  /** Starts the loops; Nest calls it when the databases are open. */
  onApplicationBootstrap(): void {
    this.outbox.onNudge((region) => this.#wakes.get(region.code)?.());
    this.#loops = this.contexts.served.map((region) => this.#loop(region));
  }

  /** Resolves when the items under way are finished; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    for (const wake of this.#wakes.values()) wake();
    await Promise.all(this.#loops);
  }

  async #loop(region: Region): Promise<void> {
    let away = false;
    while (!this.#stopping) {
      // Armed before the look: a nudge that arrives during it is not lost.
      const nudged = this.#nextWake(region);
      try {
        const claimed = await this.#asJob(region, (ctx) => this.outbox.claim(ctx, CLAIM_LIMIT));
        if (away) this.log.event('outbox.back', { region: region.code });
        away = false;
        for (const item of claimed) if (!this.#stopping) await this.#carryOut(region, item);
        if (claimed.length === CLAIM_LIMIT) continue;
      } catch (error) {
        // Once for each outage, not twice a second.
        if (!away) this.log.event('outbox.away', { region: region.code, code: codeOf(error) }, 'warn');
        away = true;
      }
      await nudged;
    }
  }

  async #carryOut(region: Region, item: ClaimedItem): Promise<void> {
    try {
      await this.#asJob(region, async (ctx) => {
        const handler = this.#handlers.get(item.kind);
        if (!handler)
          throw new Error('An outbox item of a kind that this version does not know was left for a later one.');
        const letter = await handler(ctx, item);
        const messageId = `${item.id}@${mailHost(region)}`;
        if (letter) {
          const { to, subject } = letter;
          await this.mailer.send(region, { to, subject, text: withFooter(region, letterText(letter)), messageId });
        }
        await this.outbox.done(ctx, item.id);
      });
    } catch (error) {
      this.log.event('outbox.failed', { region: region.code, code: codeOf(error), attempt: item.attempts }, 'warn');
    }
  }

  #asJob<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    return this.contexts.run(
      { region, actor: { kind: 'job', name: 'outbox' }, deadlineMilliseconds: ITEM_MILLISECONDS },
      work,
    );
  }

  #nextWake(region: Region): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MILLISECONDS);
      this.#wakes.set(region.code, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** A code for the log; messages can quote an address. */
function codeOf(error: unknown): string {
  if (isBranded(error)) return error.code;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
