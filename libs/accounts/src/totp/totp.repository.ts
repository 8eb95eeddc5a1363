import { type Door, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Totp } from './totp.entity.js';

const id = value.id(ID_PREFIXES.totp);
const OFFER_PARAMS = { id, personId: value.id(ID_PREFIXES.person), sealed: value.bytes, now: value.time };
const CONFIRM_PARAMS = { id, version: value.integer, step: value.integer, now: value.time };
const ADVANCE_PARAMS = { id, step: value.integer };

/** Authenticator apps of the persons of a region. */
export class TotpRepository {
  readonly #totps: Table<Totp>;
  readonly #offer: Statement<Totp, typeof OFFER_PARAMS, Record<never, never>>;
  readonly #confirm: Statement<Totp, typeof CONFIRM_PARAMS, Record<never, never>>;
  readonly #advance: Statement<Totp, typeof ADVANCE_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [Totp] as const;
    this.#totps = door.table(Totp);
    this.#offer = door.statement({
      name: 'totp.offer',
      tables,
      sql: `insert into totp (id, person_id, sealed, created_at) values (:id, :personId, :sealed, :now)
        on conflict (id) do update set sealed = excluded.sealed, created_at = excluded.created_at, version = totp.version + 1
        where totp.confirmed_at is null`,
      params: OFFER_PARAMS,
      row: {},
    });
    this.#confirm = door.statement({
      name: 'totp.confirm',
      tables,
      sql: `update totp set confirmed_at = :now, last_step = :step, version = version + 1
        where id = :id and version = :version and confirmed_at is null`,
      params: CONFIRM_PARAMS,
      row: {},
    });
    this.#advance = door.statement({
      name: 'totp.advance',
      tables,
      sql: `update totp set last_step = :step, version = version + 1
        where id = :id and confirmed_at is not null and last_step < :step`,
      params: ADVANCE_PARAMS,
      row: {},
    });
  }

  find(ctx: RegionContext, of: Totp['id']): Promise<Totp | null> {
    return this.#totps.find(ctx, of);
  }

  /** Puts a secret there that is still to be confirmed, in the place of another such. @returns false when one is confirmed already */
  async offer(tx: RegionContext, row: Pick<Totp, 'id' | 'personId' | 'sealed'>, now: Date): Promise<boolean> {
    return (await this.#offer.run(tx, { ...row, now })) === 1;
  }

  /** @returns false when it was replaced, confirmed or removed meanwhile */
  async confirm(tx: RegionContext, { id: of, version }: Totp, step: number, now: Date): Promise<boolean> {
    return (await this.#confirm.run(tx, { id: of, version, step, now })) === 1;
  }

  /** Uses the code of a step. @returns false when it, or a newer one, was used before */
  async advance(ctx: RegionContext, of: Totp['id'], step: number): Promise<boolean> {
    return (await this.#advance.run(ctx, { id: of, step })) === 1;
  }

  /** @returns false when there was none */
  erase(tx: RegionContext, of: Totp['id']): Promise<boolean> {
    return this.#totps.erase(tx, of);
  }
}
