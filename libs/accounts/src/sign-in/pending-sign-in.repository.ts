import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Person } from '../person.entity.js';
import { PendingSignIn } from './pending-sign-in.entity.js';

/** Id of a sign-in that waits for its second step. */
export type SignInId = Id<typeof ID_PREFIXES.signIn>;

const id = value.id(ID_PREFIXES.signIn);
const FIND_PARAMS = { id };
const FIND_ROW = {
  personId: value.id(ID_PREFIXES.person),
  personStatus: value.text,
  secretHash: value.bytes,
  factors: value.text,
};
const TRY_PARAMS = { id, triesMax: value.integer, now: value.time };
const FINISH_PARAMS = { id, now: value.time };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** Sign-ins of a region that wait for their second step. Nothing that it returns is proven: see second-step.ts. */
export class PendingSignInRepository {
  readonly #rows: Table<PendingSignIn>;
  readonly #find: Statement<PendingSignIn | Person, typeof FIND_PARAMS, typeof FIND_ROW>;
  readonly #try: Statement<PendingSignIn, typeof TRY_PARAMS, Record<never, never>>;
  readonly #finish: Statement<PendingSignIn, typeof FINISH_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<PendingSignIn, typeof OVER_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [PendingSignIn] as const;
    this.#rows = door.table(PendingSignIn);
    this.#find = door.statement({
      name: 'pending_sign_in.find',
      tables: [PendingSignIn, Person],
      sql: `select s.person_id as "personId", p.status as "personStatus", s.secret_hash as "secretHash", s.factors
        from pending_sign_in s join person p on p.id = s.person_id where s.id = :id`,
      params: FIND_PARAMS,
      row: FIND_ROW,
    });
    this.#try = door.statement({
      name: 'pending_sign_in.try',
      tables,
      sql: `update pending_sign_in set tries = tries + 1, version = version + 1
        where id = :id and tries < :triesMax and expires_at > :now`,
      params: TRY_PARAMS,
      row: {},
    });
    this.#finish = door.statement({
      name: 'pending_sign_in.finish',
      tables,
      sql: 'delete from pending_sign_in where id = :id and expires_at > :now',
      params: FINISH_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'pending_sign_in.erase_over',
      tables,
      sql: `delete from pending_sign_in where id in
        (select id from pending_sign_in where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  async insert(
    tx: RegionContext,
    row: Pick<PendingSignIn, 'id' | 'personId' | 'secretHash' | 'factors' | 'expiresAt'>,
  ): Promise<void> {
    await this.#rows.insert(tx, row);
  }

  find(ctx: RegionContext, of: SignInId) {
    return this.#find.one(ctx, { id: of });
  }

  /** Counts one try. @returns false when there may be none any more */
  async countTry(ctx: RegionContext, of: SignInId, triesMax: number, now: Date): Promise<boolean> {
    return (await this.#try.run(ctx, { id: of, triesMax, now })) === 1;
  }

  /** Takes it away: of many at once one does. @returns false when it was gone or over */
  async finish(tx: RegionContext, of: SignInId, now: Date): Promise<boolean> {
    return (await this.#finish.run(tx, { id: of, now })) === 1;
  }

  /** Removes those that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
