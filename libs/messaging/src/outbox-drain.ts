import type { Contexts, Region, RegionContext } from '@domicile/residency';
import { type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Gathered } from './gathered.js';
import { renderLetter } from './letter-template.js';
import type { Letters, Written } from './letters.js';
import { MailError, type Mailer, mailHost } from './mailer.js';
import { ATTEMPTS_MAX, type Claim, type ClaimedItem, LEASE_SECONDS, type Outbox, type OutboxId } from './outbox.js';

/** How long an item may wait for the next look: who enqueues is another process, and PostgreSQL's LISTEN needs session state. */
const LOOK_MILLISECONDS = 300;
/** Mails of one region that are under way at once: what a slow relay may hold up. */
export const PARALLEL_SENDS = 5;
/** Items of one region that are claimed at once: a claim waits for the disk, however many it brings. */
const CLAIMED_AT_ONCE = 50;
/** How long a claimed item may take to be written and get a lane before it is given back: its lease must cover all that follows. */
const WAIT_MILLISECONDS_MAX = 10_000;
/** One unit of work: a claim, writing its letters, removing rows. */
const UNIT_MILLISECONDS = 5_000;

const NOTHING: Claim = { items: [], foreign: [] };

/** An item and its letter. */
interface Due {
  readonly item: ClaimedItem;
  readonly written: Written;
}

/** What waits for a lane, oldest first, when it was claimed, and whether there may be more where it came from. */
interface Backlog {
  due: Due[];
  claimedAt: number;
  isFull: boolean;
}

/**
 * Carries out the outbox of every served region, in one loop a region: a region that hangs delays no other, and a mail that hangs no
 * other mail while there are lanes. At least once: an item is removed after its mail was handed over, so that a mail is doubled only by
 * a process or database that ends between the two, and as a lane waits for the removal before it takes the next item, no more mails than
 * there are lanes. A failure puts the item off, and one that cannot be helped makes it dead. It never throws; what goes wrong is logged
 * by code.
 */
export class OutboxDrain implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #wakes = new Map<string, () => void>();
  readonly #away = new Set<string>();
  #loops: Promise<void>[] = [];
  #stopping = false;

  constructor(
    private readonly contexts: Contexts,
    private readonly outbox: Outbox,
    private readonly letters: Letters,
    private readonly mailer: Mailer,
    private readonly log: EventLog,
  ) {}

  /** Starts the loops; Nest calls it when the databases are open. */
  onApplicationBootstrap(): void {
    this.#loops = this.contexts.served.map((region) => this.#loop(region));
  }

  /** Resolves when the items under way are finished; the databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    for (const wake of this.#wakes.values()) wake();
    await Promise.all(this.#loops);
    this.mailer.close();
  }

  async #loop(region: Region): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const removals = new Gathered<OutboxId>((ids) => this.#unit(region, (ctx) => this.outbox.done(ctx, ids)));
    const backlog: Backlog = { due: [], claimedAt: 0, isFull: false };
    while (!this.#stopping) {
      // Armed before the look, so that a stop during it is not lost.
      const woken = this.#nextWake(region);
      if (backlog.due.length === 0) Object.assign(backlog, await this.#claim(region));
      // Also of what was claimed just now: claiming may take long, and foreign items before it.
      if (performance.now() - backlog.claimedAt > WAIT_MILLISECONDS_MAX) await this.#giveBack(region, backlog);
      for (const due of backlog.due.splice(0, PARALLEL_SENDS - underWay.size)) {
        const carried = this.#carryOut(region, due, removals).then(() => void underWay.delete(carried));
        underWay.add(carried);
      }
      if (underWay.size === PARALLEL_SENDS) await Promise.race(underWay);
      // Who was given as many as it asked for asks for more as soon as it has a lane.
      else if (!backlog.isFull) await woken;
    }
    await Promise.all([...underWay, this.#giveBack(region, backlog)]);
  }

  async #claim(region: Region): Promise<Backlog> {
    const claimedAt = performance.now();
    let claim = NOTHING;
    try {
      claim = await this.#unit(region, (ctx) => this.outbox.claim(ctx, CLAIMED_AT_ONCE));
      if (this.#away.delete(region.code)) this.log.event('outbox.back', { region: region.code });
    } catch (error) {
      // Once for each outage, not three times a second.
      if (!this.#away.has(region.code))
        this.log.event('outbox.away', { region: region.code, code: codeOf(error) }, 'warn');
      this.#away.add(region.code);
    }
    for (const id of claim.foreign) await this.#putOff(region, id, { code: 'residency.crossing', isPermanent: true });
    const isFull = claim.items.length + claim.foreign.length === CLAIMED_AT_ONCE;
    return { due: await this.#write(region, claim.items), claimedAt, isFull };
  }

  /** For whoever has a lane for them. Where that cannot be said, or is too late to be ours to say, their lease ends by itself. */
  async #giveBack(region: Region, backlog: Backlog): Promise<void> {
    const ids = backlog.due.splice(0).map(({ item }) => item.id);
    const isOurs = performance.now() - backlog.claimedAt < LEASE_SECONDS * 1_000 - UNIT_MILLISECONDS;
    if (ids.length > 0 && isOurs)
      await this.#unit(region, (ctx) => this.outbox.giveBack(ctx, ids)).catch(() => undefined);
  }

  /** The letters of a claim, in one unit of work: what they are made from is asked for together. */
  async #write(region: Region, items: readonly ClaimedItem[]): Promise<Due[]> {
    // Whoever died of one each time did not note that.
    const asked = items.filter(({ attempts }) => attempts <= ATTEMPTS_MAX);
    const answers = asked.length > 0 ? await this.#unit(region, (ctx) => this.letters.write(ctx, asked)) : [];
    const written = new Map(asked.map((item, index) => [item, answers[index]!]));
    return items.map((item) => ({ item, written: written.get(item) ?? { status: 'rejected', reason: new GivenUp() } }));
  }

  async #carryOut(region: Region, { item, written }: Due, removals: Gathered<OutboxId>): Promise<void> {
    try {
      if (written.status === 'rejected') throw written.reason;
      const letter = written.value;
      if (letter) {
        const { to, subject } = letter;
        const messageId = `${item.id}@${mailHost(region)}`;
        await this.mailer.send(region, { to, subject, messageId, ...renderLetter(region, letter) });
      }
      await removals.do(item.id);
    } catch (error) {
      const code = codeOf(error);
      this.log.event('outbox.failed', { region: region.code, code, attempt: item.attempts }, 'warn');
      const isPermanent = error instanceof GivenUp || (error instanceof MailError && error.isPermanent);
      await this.#putOff(region, item.id, { code, isPermanent });
    }
  }

  /** A note that cannot be taken is none: the lease ends by itself. */
  async #putOff(
    region: Region,
    id: ClaimedItem['id'],
    { code, isPermanent }: { readonly code: string; readonly isPermanent: boolean },
  ): Promise<void> {
    try {
      const isDead = await this.#unit(region, (ctx) => this.outbox.putOff(ctx, id, code, isPermanent));
      if (isDead) this.log.event('mail.dead', { region: region.code, code, item: id }, 'error');
    } catch (error) {
      this.log.event('outbox.note_failed', { region: region.code, code: codeOf(error) }, 'warn');
    }
  }

  #unit<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> {
    return this.contexts.run(
      { region, actor: { kind: 'job', name: 'outbox' }, deadlineMilliseconds: UNIT_MILLISECONDS },
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

/** An item that was claimed too often, each time by somebody who ended before it could be put off. */
class GivenUp extends Error {
  readonly code = 'outbox.given_up';
}

/** A code for the log and the row; messages can quote an address. */
function codeOf(error: unknown): string {
  if (isBranded(error) || error instanceof MailError || error instanceof GivenUp) return error.code;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[\w.]{1,60}$/.test(code) ? code : 'unknown';
}
