import { type Door, type Id, type IdCodec, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { FailureStreak } from './failure-streak.entity.js';

/** Purpose of the keyed hash that ids of streaks are derived from. */
const INDEX = 'request.streak';
/** A streak is over when nothing was tried for so long. */
const PEACE_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;

const id = value.id(ID_PREFIXES.failureStreak);

/** What {@link STREAK_AGAIN} and an insert before it go by. */
export const STREAK_PARAMS = { now: value.time, expiresAt: value.time, max: value.integer };
/** The same at one moment, with at most `max` failures in a row. */
export function streakTerms(now: Date, max: number): { now: Date; expiresAt: Date; max: number } {
  return { now, expiresAt: new Date(now.getTime() + PEACE_MILLISECONDS), max };
}
/**
 * Counts a try where there was one before, once a streak. It stays at one more than the limit: a number that grows with every guess
 * would say how hard somebody tries.
 */
export const STREAK_AGAIN = `on conflict (id) do update set
    count = case when failure_streak.expires_at <= :now then 1 else least(failure_streak.count, :max) + 1 end,
    expires_at = excluded.expires_at, version = failure_streak.version + 1
  returning id, count`;

const COUNT_PARAMS = { id, ...STREAK_PARAMS };
const COUNT_ROW = { count: value.integer };
const FORGET_PARAMS = { ids: value.list(id) };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** Id of a streak. */
export type FailureStreakId = Id<typeof ID_PREFIXES.failureStreak>;

/** What is tried: a constant kind, and whose it is. */
export interface Tried {
  readonly kind: 'address' | 'device';
  readonly subject: string;
}

/**
 * Counts failures in a row (NIST SP 800-63B section 3.2.2: 100 at most), over one table of the region and so for all its processes.
 * A try is counted before its outcome is known and forgotten when it was right: guesses made at the same time are counted all the same.
 * Mostly it is counted by the statement that counts the limits of a sign-in, see {@link RateCounter}.
 */
export class FailureStreaks {
  readonly #count: Statement<FailureStreak, typeof COUNT_PARAMS, typeof COUNT_ROW>;
  readonly #forget: Statement<FailureStreak, typeof FORGET_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<FailureStreak, typeof OVER_PARAMS, Record<never, never>>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
    private readonly max: number,
  ) {
    const tables = [FailureStreak] as const;
    this.#count = door.statement({
      name: 'failure_streak.count',
      tables,
      sql: `insert into failure_streak (id, count, expires_at) values (:id, 1, :expiresAt) ${STREAK_AGAIN}`,
      params: COUNT_PARAMS,
      row: COUNT_ROW,
    });
    this.#forget = door.statement({
      name: 'failure_streak.forget',
      tables,
      // In the order of ids, as many are counted at once in that order too: neither waits for the other.
      sql: `delete from failure_streak where id in
        (select id from failure_streak where id = any(:ids::uuid[]) order by id for update)`,
      params: FORGET_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'failure_streak.erase_over',
      tables,
      sql: `delete from failure_streak where id in
        (select id from failure_streak where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** Counts one try as failed, by itself. @returns false when more failed in a row than may */
  async count(ctx: RegionContext, tried: Tried): Promise<boolean> {
    const terms = streakTerms(this.clock.now(), this.max);
    const row = await this.#count.one(ctx, { id: this.idOf(ctx, tried), ...terms });
    return row !== null && row.count <= this.max;
  }

  /** Ends streaks: one of the tries was right. */
  async forget(ctx: RegionContext, ...tried: readonly Tried[]): Promise<void> {
    await this.#forget.run(ctx, { ids: tried.map((each) => this.idOf(ctx, each)) });
  }

  /** Where a try is counted, for who counts it by {@link STREAK_AGAIN}, or ends its streak, in a statement of its own. */
  idOf(ctx: RegionContext, { kind, subject }: Tried): FailureStreakId {
    const hash = this.index.of(ctx, INDEX, JSON.stringify([kind, subject]));
    return this.ids.derive(ID_PREFIXES.failureStreak, ctx.region, hash);
  }

  /** Removes streaks that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
