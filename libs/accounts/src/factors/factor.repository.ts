import { type Door, type RegionContext, ResidencyError, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Credential } from '../credential.entity.js';
import { Passkey } from '../passkeys/passkey.entity.js';
import { Person } from '../person.entity.js';
import { RecoveryCode } from '../recovery-codes/recovery-code.entity.js';
import { Session } from '../session.entity.js';
import type { SessionId } from '../session.repository.js';
import { PendingSignIn } from '../sign-in/pending-sign-in.entity.js';
import { Totp } from '../totp/totp.entity.js';

const PERSON_PARAMS = { personId: value.id(ID_PREFIXES.person) };
const PERSON_ROW = { status: value.text, sealed: value.bytes };
const OF_ROW = {
  hasPassword: value.boolean,
  passkeyCount: value.integer,
  hasTotp: value.boolean,
  recoveryCodeCount: value.integer,
};
const OTHERS_PARAMS = { ...PERSON_PARAMS, sessionId: value.id(ID_PREFIXES.session) };
const OF_TABLES = [Credential, Passkey, Totp, RecoveryCode] as const;

/** What the persons of a region can prove themselves with, taken together. */
export class FactorRepository {
  readonly #persons: Table<Person>;
  readonly #sessions: Table<Session>;
  readonly #of: Statement<InstanceType<(typeof OF_TABLES)[number]>, typeof PERSON_PARAMS, typeof OF_ROW>;
  readonly #lock: Statement<Person, typeof PERSON_PARAMS, typeof PERSON_ROW>;
  readonly #endOthers: Statement<Session | PendingSignIn, typeof OTHERS_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#persons = door.table(Person);
    this.#sessions = door.table(Session);
    this.#of = door.statement({
      name: 'factor.of',
      tables: OF_TABLES,
      sql: `select exists (select from credential where person_id = :personId and kind = 'password') as "hasPassword",
          (select count(*)::int from passkey where person_id = :personId) as "passkeyCount",
          exists (select from totp where person_id = :personId and confirmed_at is not null) as "hasTotp",
          (select count(*)::int from recovery_code where person_id = :personId) as "recoveryCodeCount"`,
      params: PERSON_PARAMS,
      row: OF_ROW,
    });
    this.#lock = door.statement({
      name: 'factor.lock',
      tables: [Person],
      sql: 'select status, sealed from person where id = :personId for no key update',
      params: PERSON_PARAMS,
      row: PERSON_ROW,
    });
    this.#endOthers = door.statement({
      name: 'factor.end_others',
      tables: [Session, PendingSignIn],
      sql: `with begun as (delete from pending_sign_in where person_id = :personId)
        delete from session where person_id = :personId and id <> :sessionId`,
      params: OTHERS_PARAMS,
      row: {},
    });
  }

  /** What a person has. */
  async of(ctx: RegionContext, personId: Person['id']) {
    const row = await this.#of.one(ctx, { personId });
    if (!row) throw new Error('A statement that always has one row had none.');
    return row;
  }

  /** A person by her session. @throws ResidencyError residency.not_found */
  person(ctx: RegionContext, personId: Person['id']): Promise<Person> {
    return this.#persons.get(ctx, personId);
  }

  /** Lets nobody else change her factors until the transaction ends. @returns her state @throws ResidencyError residency.not_found */
  async lock(tx: RegionContext, personId: Person['id']): Promise<string> {
    const row = await this.#lock.one(tx, { personId });
    if (!row) throw new ResidencyError('residency.not_found');
    return row.status;
  }

  /** Whether the session is still there: for who has waited for {@link lock}. */
  async isOpen(tx: RegionContext, sessionId: SessionId): Promise<boolean> {
    return (await this.#sessions.find(tx, sessionId)) !== null;
  }

  /** Ends every other session of the person, and every sign-in that waits for its second step. */
  async endOthers(tx: RegionContext, personId: Person['id'], sessionId: SessionId): Promise<void> {
    await this.#endOthers.run(tx, { personId, sessionId });
  }
}
