import type { Door, IdCodec, RegionContext, Table } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Acceptance } from './acceptance.entity.js';
import type { Account } from './account.entity.js';
import { Credential } from './credential.entity.js';
import { Affiliation } from './membership.entity.js';
import { Person, PersonAddress } from './person.entity.js';

/** Everything that makes a person at once. */
export interface NewPerson {
  readonly id: Person['id'];
  readonly email: string;
  readonly displayName: string | null;
  /** Blind index of the address in normal form. */
  readonly addressKey: Buffer;
  readonly passwordPhc: string;
  readonly acceptance: Pick<Acceptance, 'documentKind' | 'documentVersion' | 'textHash' | 'how' | 'acceptedAt'>;
}

/** Persons of a region with their addresses, credentials, acceptances and the way to their accounts. */
export class PersonRepository {
  readonly #persons: Table<Person>;
  readonly #addresses: Table<PersonAddress>;
  readonly #credentials: Table<Credential>;
  readonly #acceptances: Table<Acceptance>;
  readonly #affiliations: Table<Affiliation>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
  ) {
    this.#persons = door.table(Person);
    this.#addresses = door.table(PersonAddress);
    this.#credentials = door.table(Credential);
    this.#acceptances = door.table(Acceptance);
    this.#affiliations = door.table(Affiliation);
  }

  /**
   * Adds a person; the address is claimed first, so that of many at once all but one stop there.
   * @throws ResidencyError residency.conflict with constraint {@link ADDRESS_KEY} when the address is taken
   */
  async claim(tx: RegionContext, person: NewPerson): Promise<void> {
    await this.#persons.insert(tx, { id: person.id, email: person.email, displayName: person.displayName });
    await this.#addresses.insert(tx, { key: person.addressKey, personId: person.id });
    const { region } = tx;
    await this.#credentials.insert(tx, {
      id: this.ids.mint(ID_PREFIXES.credential, region),
      personId: person.id,
      kind: 'password',
      secret: person.passwordPhc,
    });
    await this.#acceptances.insert(tx, {
      id: this.ids.mint(ID_PREFIXES.acceptance, region),
      personId: person.id,
      ...person.acceptance,
    });
  }

  /** True when somebody of this region has that address. For callers that have proved to own it. */
  async hasAddress(ctx: RegionContext, addressKey: Buffer): Promise<boolean> {
    return (await this.#addresses.find(ctx, addressKey)) !== null;
  }

  /** Adds the way from a person to an account; the account's own membership must be there too. */
  async affiliate(tx: RegionContext, personId: Person['id'], accountId: Account['id']): Promise<void> {
    const id = this.ids.mint(ID_PREFIXES.affiliation, tx.region);
    await this.#affiliations.insert(tx, { id, personId, accountId });
  }
}

/** The constraint that makes an address unique in its region. */
export const ADDRESS_KEY = 'person_address_pkey';
