import { AsyncResource } from 'node:async_hooks';
import type { Contexts, Region, RegionContext } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { SessionId, SessionRepository } from './session.repository.js';

/** How old the note of a session's last use may be. */
const SEEN_MILLISECONDS = 5 * 60 * 1000;
/** How late the note of a use may come: so much longer a session counts as used, or who comes back in its last second would be sent away. */
export const NOTE_MILLISECONDS_MAX = 5_000;
/** How long sessions that are to be noted are gathered. */
const GATHER_MILLISECONDS = 1_000;
/** Sessions that one statement notes at the most. */
const TOGETHER_MAX = 1_000;
/** Sessions of a region that wait to be noted at the most; who is left out is noted by a later use. */
const WAITING_MAX = 20_000;

/**
 * Notes when sessions were last used: each at most every five minutes, and all of a second by one statement, as each by itself would wait
 * for the disk and let its request wait. What is lost with a process, or while its database is away, is noted by the next use.
 */
export class LastSeen implements BeforeApplicationShutdown {
  readonly #waiting = new Map<Region, Set<SessionId>>();
  /** Units of work are not opened inside of others: what notes many sessions runs in none of their requests. */
  readonly #outside = new AsyncResource('LastSeen');
  #timer: NodeJS.Timeout | undefined;
  #writing = Promise.resolve();

  constructor(
    private readonly contexts: Contexts,
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  /** Has the use of a proven session noted, if the note is old. @param lastSeenAt as it was read */
  note({ region }: RegionContext, id: SessionId, lastSeenAt: Date): void {
    if (lastSeenAt.getTime() >= this.clock.now().getTime() - SEEN_MILLISECONDS) return;
    const waiting = this.#waiting.get(region) ?? new Set();
    if (waiting.size < WAITING_MAX) this.#waiting.set(region, waiting.add(id));
    this.#timer ??= this.#outside.runInAsyncScope(() => this.#later());
  }

  /** Resolves when what waits and what was under way is written. Never rejects: that it cannot be noted is no reason to refuse anything. */
  async write(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    const all = [this.#writing, ...waiting.map(([region, ids]) => this.#writeOf(region, [...ids]))];
    // Of nothing: what a promise resolves to would hold what the ones before it did.
    this.#writing = Promise.all(all).then(() => undefined);
    await this.#writing;
  }

  /** The databases close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.write();
  }

  /** The next second begins when this one is written: a database that takes its time has one statement to answer. */
  #later(): NodeJS.Timeout {
    return setTimeout(() => {
      void this.write().then(() => (this.#timer = this.#waiting.size > 0 ? this.#later() : undefined));
    }, GATHER_MILLISECONDS).unref();
  }

  async #writeOf(region: Region, ids: readonly SessionId[]): Promise<void> {
    const actor = { kind: 'job', name: 'session.seen' } as const;
    for (let from = 0; from < ids.length; from += TOGETHER_MAX) {
      const now = this.clock.now();
      const before = new Date(now.getTime() - SEEN_MILLISECONDS);
      await this.contexts
        .run({ region, actor, deadlineMilliseconds: NOTE_MILLISECONDS_MAX - GATHER_MILLISECONDS }, (ctx) =>
          this.sessions.touch(ctx, ids.slice(from, from + TOGETHER_MAX), now, before),
        )
        .catch(() => undefined);
    }
  }
}
