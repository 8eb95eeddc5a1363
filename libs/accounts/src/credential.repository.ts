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
const REPLACE_PARAMS = { personId: value.id(ID_PREFIXES.person), id: ROW.id, sealed: ROW.sealed };
const PERSON_ROW = { id: ROW.id, sealed: ROW.sealed, version: ROW.version };

/** What the persons of a region prove themselves with. */
export class CredentialRepository {
  readonly #credentials: Table<Credential>;
  readonly #byAddress: Statement<PersonAddress | Person | Credential, typeof PARAMS, typeof ROW>;
  readonly #ofPerson: Statement<Credential, typeof PERSON_PARAMS, typeof PERSON_ROW>;

  readonly #replacePassword: Statement<Credential, typeof REPLACE_PARAMS, Record<never, never>>;
  readonly #erasePasswords: Statement<Credential, typeof PERSON_PARAMS, Record<never, never>>;

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
    this.#replacePassword = door.statement({
      name: 'credential.replace_password',
      tables: [Credential],
      sql: `with replaced as (delete from credential where person_id = :personId and kind = 'password')
        insert into credential (id, person_id, kind, sealed) values (:id, :personId, 'password', :sealed)`,
      params: REPLACE_PARAMS,
      row: {},
    });
    this.#erasePasswords = door.statement({
      name: 'credential.erase_passwords',
      tables: [Credential],
      sql: "delete from credential where person_id = :personId and kind = 'password'",
      params: PERSON_PARAMS,
      row: {},
    });
    this.#ofPerson = door.statement({
      name: 'credential.of_person',
      tables: [Credential],
      sql: `select id, sealed, version from credential where person_id = :personId and kind = 'password' order by id desc limit 1`,
      params: PERSON_PARAMS,
      row: PERSON_ROW,
    });
  }

  /** One password in the place of all there were, or of none. @param tx holds the person's row */
  async replacePassword(tx: RegionContext, credential: Pick<Credential, 'personId' | 'id' | 'sealed'>): Promise<void> {
    await this.#replacePassword.run(tx, credential);
  }

  /** Leaves the person without a password: a recovery sets the next one. @param tx holds the person's row */
  async erasePasswords(tx: RegionContext, personId: Person['id']): Promise<void> {
    await this.#erasePasswords.run(tx, { personId });
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
