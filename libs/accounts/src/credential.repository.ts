import { type Door, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Credential } from './credential.entity.js';
import { Person, PersonAddress } from './person.entity.js';

const PARAMS = { addressKey: value.bytes };
const ROW = {
  personId: value.id(ID_PREFIXES.person),
  personStatus: value.text,
  id: value.id(ID_PREFIXES.credential),
  sealed: value.bytes,
  version: value.integer,
};
const PERSON_PARAMS = { personId: value.id(ID_PREFIXES.person) };
const PERSON_ROW = { id: ROW.id, sealed: ROW.sealed, version: ROW.version };

/** What the persons of a region prove themselves with. */
export class CredentialRepository {
  readonly #credentials: Table<Credential>;
  readonly #byAddress: Statement<PersonAddress | Person | Credential, typeof PARAMS, typeof ROW>;
  readonly #ofPerson: Statement<Credential, typeof PERSON_PARAMS, typeof PERSON_ROW>;

  constructor(door: Door) {
    this.#credentials = door.table(Credential);
    this.#byAddress = door.statement({
      name: 'credential.by_address',
      tables: [PersonAddress, Person, Credential],
      sql: `select p.id as "personId", p.status as "personStatus", c.id, c.sealed, c.version
        from person_address a join person p on p.id = a.person_id
          join credential c on c.person_id = p.id and c.kind = 'password'
        where a.key = :addressKey and a.kept_by is null order by c.id desc limit 1`,
      params: PARAMS,
      row: ROW,
    });
    this.#ofPerson = door.statement({
      name: 'credential.of_person',
      tables: [Credential],
      sql: `select id, sealed, version from credential where person_id = :personId and kind = 'password' order by id desc limit 1`,
      params: PERSON_PARAMS,
      row: PERSON_ROW,
    });
  }

  /** The password of who has that address, sealed; null when nobody has it. */
  byAddress(ctx: RegionContext, addressKey: Buffer) {
    return this.#byAddress.one(ctx, { addressKey });
  }

  /** The password of a person who is known, sealed; null when she has none. */
  ofPerson(ctx: RegionContext, personId: Person['id']) {
    return this.#ofPerson.one(ctx, { personId });
  }

  /** Puts another sealed secret in the place of the one at that version. @throws ResidencyError residency.stale */
  async update(ctx: RegionContext, id: Credential['id'], version: number, sealed: Buffer): Promise<void> {
    await this.#credentials.update(ctx, id, version, { sealed });
  }
}
