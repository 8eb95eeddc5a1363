import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { type Person, PersonAddress } from '../person.entity.js';
import { AddressChangeRow } from './address-change.entity.js';

/** Id of a change of address. */
export type AddressChangeId = Id<typeof ID_PREFIXES.addressChange>;

const id = value.id(ID_PREFIXES.addressChange);
const personId = value.id(ID_PREFIXES.person);
const WRONG_PARAMS = { id, now: value.time, max: value.integer };
const WRONG_ROW = { attempts: value.integer };
const CONFIRM_PARAMS = { id, now: value.time, max: value.integer, undoUntil: value.time, sealed: value.bytes };
const UNDO_PARAMS = { id, now: value.time };
const ID_ROW = { id };
const UNDONE_ROW = { id, confirmedAt: value.time };
const VOID_PARAMS = { id, personId, confirmedAt: value.time, now: value.time };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** Changes of address of a region. */
export class AddressChangeRepository {
  readonly #changes: Table<AddressChangeRow>;
  readonly #countWrong: Statement<AddressChangeRow, typeof WRONG_PARAMS, typeof WRONG_ROW>;
  readonly #confirm: Statement<AddressChangeRow, typeof CONFIRM_PARAMS, typeof ID_ROW>;
  readonly #undo: Statement<AddressChangeRow, typeof UNDO_PARAMS, typeof UNDONE_ROW>;
  readonly #voidLater: Statement<AddressChangeRow, typeof VOID_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<AddressChangeRow | PersonAddress, typeof OVER_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [AddressChangeRow] as const;
    this.#changes = door.table(AddressChangeRow);
    this.#countWrong = door.statement({
      name: 'address_change.count_wrong',
      tables,
      sql: `update address_change set attempts = attempts + 1, version = version + 1 where id = :id and confirmed_at is null
        and undone_at is null and expires_at > :now and attempts < :max returning attempts`,
      params: WRONG_PARAMS,
      row: WRONG_ROW,
    });
    this.#confirm = door.statement({
      name: 'address_change.confirm',
      tables,
      sql: `update address_change set confirmed_at = :now, expires_at = :undoUntil, sealed = :sealed, version = version + 1
        where id = :id and confirmed_at is null and undone_at is null and expires_at > :now and attempts < :max returning id`,
      params: CONFIRM_PARAMS,
      row: ID_ROW,
    });
    this.#undo = door.statement({
      name: 'address_change.undo',
      tables,
      sql: `update address_change set undone_at = :now, version = version + 1
        where id = :id and confirmed_at is not null and undone_at is null and expires_at > :now
        returning id, confirmed_at as "confirmedAt"`,
      params: UNDO_PARAMS,
      row: UNDONE_ROW,
    });
    this.#voidLater = door.statement({
      name: 'address_change.void_later',
      tables,
      sql: `update address_change set undone_at = :now, version = version + 1
        where person_id = :personId and id <> :id and undone_at is null
          and (confirmed_at is null or confirmed_at >= :confirmedAt)`,
      params: VOID_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'address_change.erase_over',
      tables: [AddressChangeRow, PersonAddress],
      sql: `with gone as (select id from address_change where expires_at < :before
          order by expires_at limit :limit for update skip locked),
        freed as (delete from person_address where kept_by in (select id from gone))
        delete from address_change where id in (select id from gone)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  async insert(
    tx: RegionContext,
    change: Pick<AddressChangeRow, 'id' | 'personId' | 'sealed' | 'expiresAt'>,
  ): Promise<void> {
    await this.#changes.insert(tx, change);
  }

  find(ctx: RegionContext, change: AddressChangeId): Promise<AddressChangeRow | null> {
    return this.#changes.find(ctx, change);
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, change: AddressChangeId): Promise<AddressChangeRow> {
    return this.#changes.get(ctx, change);
  }

  /** Counts a wrong code, all at once. @returns false when nothing was counted, as the change takes no more codes */
  async countWrong(ctx: RegionContext, change: AddressChangeId, now: Date, max: number): Promise<boolean> {
    return (await this.#countWrong.one(ctx, { id: change, now, max })) !== null;
  }

  /** Of many at once one. @returns false when it was not open any more */
  async confirm(
    tx: RegionContext,
    change: { id: AddressChangeId; now: Date; max: number; undoUntil: Date; sealed: Buffer },
  ): Promise<boolean> {
    return (await this.#confirm.one(tx, change)) !== null;
  }

  /** Of many at once one, with all that came after it. @returns false when it could not be undone any more */
  async undo(tx: RegionContext, change: AddressChangeId, person: Person['id'], now: Date): Promise<boolean> {
    const undone = await this.#undo.one(tx, { id: change, now });
    if (!undone) return false;
    const { confirmedAt } = undone;
    await this.#voidLater.run(tx, { id: change, personId: person, confirmedAt, now });
    return true;
  }

  /** Removes changes that were over before that time, at most `limit`, and frees what they kept. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
