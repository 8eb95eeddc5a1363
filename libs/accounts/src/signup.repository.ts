import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { PendingSignup } from './signup.entity.js';

/** Id of a signup. */
export type SignupId = Id<typeof ID_PREFIXES.signup>;

const id = value.id(ID_PREFIXES.signup);
const WRONG_PARAMS = { id, now: value.time, max: value.integer };
const WRONG_ROW = { attempts: value.integer };
const OVER_PARAMS = { before: value.time, limit: value.integer };
const LOCK_PARAMS = { id };
const LOCK_ROW = { id };

/** Pending signups of a region. */
export class SignupRepository {
  readonly #signups: Table<PendingSignup>;
  readonly #countWrong: Statement<PendingSignup, typeof WRONG_PARAMS, typeof WRONG_ROW>;
  readonly #lock: Statement<PendingSignup, typeof LOCK_PARAMS, typeof LOCK_ROW>;
  readonly #eraseOver: Statement<PendingSignup, typeof OVER_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#signups = door.table(PendingSignup);
    this.#countWrong = door.statement({
      name: 'signup.count_wrong',
      tables: [PendingSignup],
      sql: `update signup set attempts = attempts + 1, version = version + 1
        where id = :id and confirmed_at is null and expires_at > :now and attempts < :max returning attempts`,
      params: WRONG_PARAMS,
      row: WRONG_ROW,
    });
    this.#lock = door.statement({
      name: 'signup.lock',
      tables: [PendingSignup],
      sql: 'select id from signup where id = :id for update',
      params: LOCK_PARAMS,
      row: LOCK_ROW,
    });
    this.#eraseOver = door.statement({
      name: 'signup.erase_over',
      tables: [PendingSignup],
      sql: `delete from signup where id in
        (select id from signup where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  async insert(
    ctx: RegionContext,
    signup: Pick<PendingSignup, 'id' | 'email' | 'accountName' | 'displayName' | 'policyVersion' | 'expiresAt'>,
  ): Promise<void> {
    await this.#signups.insert(ctx, signup);
  }

  find(ctx: RegionContext, signup: SignupId): Promise<PendingSignup | null> {
    return this.#signups.find(ctx, signup);
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, signup: SignupId): Promise<PendingSignup> {
    return this.#signups.get(ctx, signup);
  }

  /** The row, held against every other transaction until this one ends. @throws ResidencyError residency.not_found */
  async lock(tx: RegionContext, signup: SignupId): Promise<PendingSignup> {
    await this.#lock.one(tx, { id: signup });
    return this.#signups.get(tx, signup);
  }

  /** Counts a wrong code, all at once. @returns false when nothing was counted, as the signup takes no more codes */
  async countWrong(ctx: RegionContext, signup: SignupId, now: Date, max: number): Promise<boolean> {
    return (await this.#countWrong.one(ctx, { id: signup, now, max })) !== null;
  }

  /** Marks it confirmed and empties what is personal. @throws ResidencyError residency.stale */
  async confirm(tx: RegionContext, signup: PendingSignup, now: Date): Promise<void> {
    await this.#signups.update(tx, signup.id, signup.version, {
      confirmedAt: now,
      email: null,
      accountName: null,
      displayName: null,
    });
  }

  /** Removes signups that ended before that time, confirmed or not, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
