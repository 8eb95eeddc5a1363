import { type Door, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Credential } from './credential.entity.js';
import { Person } from './person.entity.js';
import type { SessionId } from './session.repository.js';
import { Session } from './session.entity.js';

const personId = value.id(ID_PREFIXES.person);
const PERSON_PARAMS = { personId };
const LOCK_ROW = { status: value.text, version: value.integer };
const REPLACE_PARAMS = { personId, id: value.id(ID_PREFIXES.credential), sealed: value.bytes };
const END_PARAMS = { personId, except: value.nullable(value.id(ID_PREFIXES.session)) };

/** What a person gets in with, as a whole: her password and her sessions. Every verb belongs into a transaction that holds {@link lock}. */
export class PersonAccessRepository {
  readonly #persons: Table<Person>;
  readonly #sessions: Table<Session>;
  readonly #lock: Statement<Person, typeof PERSON_PARAMS, typeof LOCK_ROW>;
  readonly #replacePassword: Statement<Credential, typeof REPLACE_PARAMS, Record<never, never>>;
  readonly #erasePasswords: Statement<Credential, typeof PERSON_PARAMS, Record<never, never>>;
  readonly #endSessions: Statement<Session, typeof END_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#persons = door.table(Person);
    this.#sessions = door.table(Session);
    this.#lock = door.statement({
      name: 'person_access.lock',
      tables: [Person],
      sql: 'select status, version from person where id = :personId for no key update',
      params: PERSON_PARAMS,
      row: LOCK_ROW,
    });
    this.#replacePassword = door.statement({
      name: 'person_access.replace_password',
      tables: [Credential],
      sql: `with replaced as (delete from credential where person_id = :personId and kind = 'password')
        insert into credential (id, person_id, kind, sealed) values (:id, :personId, 'password', :sealed)`,
      params: REPLACE_PARAMS,
      row: {},
    });
    this.#erasePasswords = door.statement({
      name: 'person_access.erase_passwords',
      tables: [Credential],
      sql: "delete from credential where person_id = :personId and kind = 'password'",
      params: PERSON_PARAMS,
      row: {},
    });
    this.#endSessions = door.statement({
      name: 'person_access.end_sessions',
      tables: [Session],
      sql: 'delete from session where person_id = :personId and id is distinct from :except::uuid',
      params: END_PARAMS,
      row: {},
    });
  }

  /** @throws ResidencyError residency.not_found */
  get(ctx: RegionContext, person: Person['id']): Promise<Person> {
    return this.#persons.get(ctx, person);
  }

  find(ctx: RegionContext, person: Person['id']): Promise<Person | null> {
    return this.#persons.find(ctx, person);
  }

  /**
   * Makes everything that changes how a person gets in wait for each other. Taken before any other row, so that no two wait for one
   * another. @returns null when there is no such person
   */
  lock(tx: RegionContext, person: Person['id']) {
    return this.#lock.one(tx, { personId: person });
  }

  /** One password in the place of all there were, or of none. */
  async replacePassword(tx: RegionContext, credential: Pick<Credential, 'personId' | 'id' | 'sealed'>): Promise<void> {
    await this.#replacePassword.run(tx, credential);
  }

  /** Leaves the person without a password: a recovery sets the next one. */
  async erasePasswords(tx: RegionContext, person: Person['id']): Promise<void> {
    await this.#erasePasswords.run(tx, { personId: person });
  }

  /** Whether a session proven a moment ago is still there. */
  async isSessionThere(tx: RegionContext, session: SessionId): Promise<boolean> {
    return (await this.#sessions.find(tx, session)) !== null;
  }

  /** Ends all sessions but one, or all. @returns how many */
  endSessions(tx: RegionContext, person: Person['id'], except: SessionId | null): Promise<number> {
    return this.#endSessions.run(tx, { personId: person, except });
  }
}
