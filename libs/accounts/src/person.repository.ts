import type { Door, RegionContext, Table } from '@domicile/residency';
import { Person, PersonAddress } from './person.entity.js';

/** Persons of a region, and the ways to them. */
export class PersonRepository {
  readonly #persons: Table<Person>;
  readonly #addresses: Table<PersonAddress>;

  constructor(door: Door) {
    this.#persons = door.table(Person);
    this.#addresses = door.table(PersonAddress);
  }

  /** True when somebody of this region has that address. For callers that have proved to own it. */
  async hasAddress(ctx: RegionContext, addressKey: Buffer): Promise<boolean> {
    return (await this.#addresses.find(ctx, addressKey)) !== null;
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
