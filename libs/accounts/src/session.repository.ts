import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Affiliation } from './membership.entity.js';
import { Person } from './person.entity.js';
import { Session } from './session.entity.js';

/** Id of a session. */
export type SessionId = Id<typeof ID_PREFIXES.session>;

const PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
const PROOF_ROW = { personId: value.id(ID_PREFIXES.person), secretHash: value.bytes, expiresAt: value.time };
const OVERVIEW_ROW = {
  ...PROOF_ROW,
  email: value.text,
  displayName: value.nullable(value.text),
  version: value.integer,
  accountId: value.nullable(value.id(ID_PREFIXES.account)),
};

/** Accounts that one answer lists at most. */
const ACCOUNTS_MAX = 100;

/** Sessions of a region, and what hangs on them. Nothing that it returns is proven: see sessions.ts. */
export class SessionRepository {
  readonly #sessions: Table<Session>;
  readonly #proof: Statement<Session, typeof PARAMS, typeof PROOF_ROW>;
  readonly #overview: Statement<Session | Person | Affiliation, typeof PARAMS, typeof OVERVIEW_ROW>;

  constructor(door: Door) {
    this.#sessions = door.table(Session);
    this.#proof = door.statement({
      name: 'session.proof',
      tables: [Session],
      sql: 'select person_id as "personId", secret_hash as "secretHash", expires_at as "expiresAt" from session where id = :sessionId',
      params: PARAMS,
      row: PROOF_ROW,
    });
    this.#overview = door.statement({
      name: 'session.overview',
      tables: [Session, Person, Affiliation],
      sql: `select s.person_id as "personId", s.secret_hash as "secretHash", s.expires_at as "expiresAt",
          p.email, p.display_name as "displayName", p.version, a.account_id as "accountId"
        from session s join person p on p.id = s.person_id left join affiliation a on a.person_id = p.id
        where s.id = :sessionId order by a.id limit ${ACCOUNTS_MAX}`,
      params: PARAMS,
      row: OVERVIEW_ROW,
    });
  }

  async insert(
    ctx: RegionContext,
    session: Pick<Session, 'id' | 'personId' | 'secretHash' | 'authenticatedAt' | 'expiresAt'>,
  ): Promise<void> {
    await this.#sessions.insert(ctx, session);
  }

  /** What proves a session, or null when there is none of that id. */
  proof(ctx: RegionContext, sessionId: SessionId) {
    return this.#proof.one(ctx, { sessionId });
  }

  /** The session with its person, one row for each account (at most 100) or one without; empty when there is no such session. */
  overview(ctx: RegionContext, sessionId: SessionId) {
    return this.#overview.all(ctx, { sessionId });
  }
}
