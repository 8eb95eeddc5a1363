import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { type Person, PersonAddress } from '../person.entity.js';
import { AddressChangeRow } from './address-change.entity.js';
import type { AddressChangeId } from './address-change.repository.js';

const personId = value.id(ID_PREFIXES.person);
const ADDRESS_PARAMS = { key: value.bytes, personId };
const ADDRESS_ROW = { personId };
const KEEP_PARAMS = { ...ADDRESS_PARAMS, id: value.id(ID_PREFIXES.addressChange) };

/** The addresses that changes give, keep and free. Every verb belongs into a transaction that holds the person. */
export class HeldAddressRepository {
  readonly #claim: Statement<PersonAddress, typeof ADDRESS_PARAMS, typeof ADDRESS_ROW>;
  readonly #keepOthers: Statement<PersonAddress, typeof KEEP_PARAMS, Record<never, never>>;
  readonly #freeOthers: Statement<PersonAddress | AddressChangeRow, typeof ADDRESS_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#claim = door.statement({
      name: 'address_change.claim',
      tables: [PersonAddress],
      // One's own address from before, which is still kept, may be taken again. Ways to rows are made and removed, never altered.
      sql: `with own as (delete from person_address where key = :key and person_id = :personId returning key)
        insert into person_address (key, person_id) select coalesce((select key from own), :key), :personId
        on conflict (key) do nothing returning person_id as "personId"`,
      params: ADDRESS_PARAMS,
      row: ADDRESS_ROW,
    });
    this.#keepOthers = door.statement({
      name: 'address_change.keep_others',
      tables: [PersonAddress],
      sql: `with others as
          (delete from person_address where person_id = :personId and key <> :key and kept_by is null returning key)
        insert into person_address (key, person_id, kept_by) select key, :personId::uuid, :id::uuid from others`,
      params: KEEP_PARAMS,
      row: {},
    });
    this.#freeOthers = door.statement({
      name: 'address_change.free_others',
      tables: [PersonAddress, AddressChangeRow],
      sql: `delete from person_address where person_id = :personId and key <> :key and (kept_by is null
        or kept_by in (select id from address_change where person_id = :personId and undone_at is not null))`,
      params: ADDRESS_PARAMS,
      row: {},
    });
  }

  /** Gives the person that address. @returns false when somebody else has it, or may have it back */
  async claim(tx: RegionContext, key: Buffer, person: Person['id']): Promise<boolean> {
    return (await this.#claim.one(tx, { key, personId: person })) !== null;
  }

  /** Keeps the address in use until now for who may undo the change. @param key of the new one */
  async keepOthers(tx: RegionContext, key: Buffer, person: Person['id'], change: AddressChangeId): Promise<void> {
    await this.#keepOthers.run(tx, { key, personId: person, id: change });
  }

  /** Frees what undone changes brought and kept. @param key of the one that came back */
  async freeOthers(tx: RegionContext, key: Buffer, person: Person['id']): Promise<void> {
    await this.#freeOthers.run(tx, { key, personId: person });
  }
}
