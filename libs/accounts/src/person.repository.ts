import { type Door, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Person, PersonAddress } from './person.entity.js';

const LOCK_PARAMS = { personId: value.id(ID_PREFIXES.person) };
const LOCK_ROW = { status: value.text, version: value.integer };

/** Persons of a region, and the ways to them. */
export class PersonRepository {
  readonly #persons: Table<Person>;
  readonly #addresses: Table<PersonAddress>;
  readonly #lock: Statement<Person, typeof LOCK_PARAMS, typeof LOCK_ROW>;

  constructor(door: Door) {
    this.#persons = door.table(Person);
    this.#addresses = door.table(PersonAddress);
    this.#lock = door.statement({
      name: 'person.lock',
      tables: [Person],
      sql: 'select status, version from person where id = :personId for no key update',
      params: LOCK_PARAMS,
      row: LOCK_ROW,
    });
  }

  /** True when somebody of this region has that address. For callers that have proved to own it. */
  async hasAddress(ctx: RegionContext, addressKey: Buffer): Promise<boolean> {
    return (await this.#addresses.find(ctx, addressKey)) !== null;
  }

  /**
   * Makes everything that changes how a person gets in wait for each other. Taken before any other row, so that no two wait for one
   * another. @returns null when there is no such person
   */
  lock(tx: RegionContext, id: Person['id']) {
    return this.#lock.one(tx, { personId: id });
  }

  find(ctx: RegionContext, id: Person['id']): Promise<Person | null> {
    return this.#persons.find(ctx, id);
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, id: Person['id']): Promise<Person> {
    return this.#persons.get(ctx, id);
  }

  /** Puts other sealed preferences in the place of those at that version. @throws ResidencyError residency.stale */
  async prefer(ctx: RegionContext, id: Person['id'], version: number, preferences: Buffer): Promise<void> {
    await this.#persons.update(ctx, id, version, { preferences });
  }

  /** Puts another sealed profile in the place of the one at that version. @throws ResidencyError residency.stale */
  async update(ctx: RegionContext, id: Person['id'], version: number, sealed: Buffer): Promise<void> {
    await this.#persons.update(ctx, id, version, { sealed });
  }
}
