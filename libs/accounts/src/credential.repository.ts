import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Credential } from './credential.entity.js';
import { Person, PersonAddress } from './person.entity.js';

const PARAMS = { addressKey: value.bytes };
const ROW = {
  personId: value.id(ID_PREFIXES.person),
  personStatus: value.text,
  id: value.id(ID_PREFIXES.credential),
  sealed: value.bytes,
};

/** What the persons of a region prove themselves with. */
export class CredentialRepository {
  readonly #byAddress: Statement<PersonAddress | Person | Credential, typeof PARAMS, typeof ROW>;

  constructor(door: Door) {
    this.#byAddress = door.statement({
      name: 'credential.by_address',
      tables: [PersonAddress, Person, Credential],
      sql: `select p.id as "personId", p.status as "personStatus", c.id, c.sealed
        from person_address a join person p on p.id = a.person_id
          join credential c on c.person_id = p.id and c.kind = 'password'
        where a.key = :addressKey and a.kept_by is null order by c.id desc limit 1`,
      params: PARAMS,
      row: ROW,
    });
  }

  /** The password of who has that address, sealed; null when nobody has it. */
  byAddress(ctx: RegionContext, addressKey: Buffer) {
    return this.#byAddress.one(ctx, { addressKey });
  }
}
