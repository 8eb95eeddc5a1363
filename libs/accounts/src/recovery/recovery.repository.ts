import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { type Person, PersonAddress } from '../person.entity.js';
import { RecoveryRow } from './recovery.entity.js';

/** Id of a recovery. */
export type RecoveryId = Id<typeof ID_PREFIXES.recovery>;

const id = value.id(ID_PREFIXES.recovery);
const START_PARAMS = { id, addressKey: value.bytes, expiresAt: value.time };
const WRONG_PARAMS = { id, now: value.time, max: value.integer };
const WRONG_ROW = { attempts: value.integer };
const MAILED_PARAMS = { id, now: value.time };
const COMPLETE_PARAMS = { id, now: value.time, max: value.integer, byLink: value.boolean };
const OVER_PARAMS = { before: value.time, limit: value.integer };
const ID_ROW = { id };

/** Recoveries of a region. */
export class RecoveryRepository {
  readonly #recoveries: Table<RecoveryRow>;
  readonly #start: Statement<RecoveryRow | PersonAddress, typeof START_PARAMS, Record<never, never>>;
  readonly #countWrong: Statement<RecoveryRow, typeof WRONG_PARAMS, typeof WRONG_ROW>;
  readonly #markMailed: Statement<RecoveryRow, typeof MAILED_PARAMS, typeof ID_ROW>;
  readonly #complete: Statement<RecoveryRow, typeof COMPLETE_PARAMS, typeof ID_ROW>;
  readonly #eraseOver: Statement<RecoveryRow, typeof OVER_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [RecoveryRow] as const;
    this.#recoveries = door.table(RecoveryRow);
    this.#start = door.statement({
      name: 'recovery.start',
      tables: [RecoveryRow, PersonAddress],
      sql: `insert into recovery (id, person_id, expires_at) values
        (:id, (select person_id from person_address where key = :addressKey and kept_by is null), :expiresAt)`,
      params: START_PARAMS,
      row: {},
    });
    this.#countWrong = door.statement({
      name: 'recovery.count_wrong',
      tables,
      sql: `update recovery set attempts = attempts + 1, version = version + 1
        where id = :id and completed_at is null and expires_at > :now and attempts < :max returning attempts`,
      params: WRONG_PARAMS,
      row: WRONG_ROW,
    });
    this.#markMailed = door.statement({
      name: 'recovery.mark_mailed',
      tables,
      sql: `update recovery set mailed_at = :now, version = version + 1 where id = :id and mailed_at is null returning id`,
      params: MAILED_PARAMS,
      row: ID_ROW,
    });
    this.#complete = door.statement({
      name: 'recovery.complete',
      tables,
      sql: `update recovery set completed_at = :now, version = version + 1
        where id = :id and completed_at is null and expires_at > :now and (:byLink or attempts < :max) returning id`,
      params: COMPLETE_PARAMS,
      row: ID_ROW,
    });
    this.#eraseOver = door.statement({
      name: 'recovery.erase_over',
      tables,
      sql: `delete from recovery where id in
        (select id from recovery where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** Stores a recovery for whoever has that address, or for nobody: one statement either way. */
  async start(tx: RegionContext, recovery: { id: RecoveryId; addressKey: Buffer; expiresAt: Date }): Promise<void> {
    await this.#start.run(tx, recovery);
  }

  /** Stores a recovery for a person who is known already. */
  async startFor(
    tx: RegionContext,
    recovery: { id: RecoveryId; personId: Person['id']; expiresAt: Date },
  ): Promise<void> {
    await this.#recoveries.insert(tx, recovery);
  }

  find(ctx: RegionContext, recovery: RecoveryId): Promise<RecoveryRow | null> {
    return this.#recoveries.find(ctx, recovery);
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, recovery: RecoveryId): Promise<RecoveryRow> {
    return this.#recoveries.get(ctx, recovery);
  }

  /** Counts a wrong code, all at once. @returns false when nothing was counted, as the recovery takes no more typed codes */
  async countWrong(ctx: RegionContext, recovery: RecoveryId, now: Date, max: number): Promise<boolean> {
    return (await this.#countWrong.one(ctx, { id: recovery, now, max })) !== null;
  }

  /** @returns false when its mail was made before */
  async markMailed(tx: RegionContext, recovery: RecoveryId, now: Date): Promise<boolean> {
    return (await this.#markMailed.one(tx, { id: recovery, now })) !== null;
  }

  /** Uses a recovery up: of many at once one. @returns false when it was not open any more */
  async complete(
    tx: RegionContext,
    recovery: { id: RecoveryId; now: Date; max: number; byLink: boolean },
  ): Promise<boolean> {
    return (await this.#complete.one(tx, recovery)) !== null;
  }

  /** Removes recoveries that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
