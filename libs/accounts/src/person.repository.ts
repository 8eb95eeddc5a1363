import type { Door, RegionContext, Table } from '@domicile/residency';
import { PersonAddress } from './person.entity.js';

/** Persons of a region, and the ways to them. */
export class PersonRepository {
  readonly #addresses: Table<PersonAddress>;

  constructor(door: Door) {
    this.#addresses = door.table(PersonAddress);
  }

  /** True when somebody of this region has that address. For callers that have proved to own it. */
  async hasAddress(ctx: RegionContext, addressKey: Buffer): Promise<boolean> {
    return (await this.#addresses.find(ctx, addressKey)) !== null;
  }
}
