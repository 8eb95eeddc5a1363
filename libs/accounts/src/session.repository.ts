import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Affiliation } from './membership.entity.js';
import { Person } from './person.entity.js';
import { Session } from './session.entity.js';

/** Id of a session. */
export type SessionId = Id<typeof ID_PREFIXES.session>;

const PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
const SEEN_PARAMS = { ...PARAMS, now: value.time };
/** What every statement reads that proves a session: see sessions.ts. */
export const PROOF_ROW = {
  personId: value.id(ID_PREFIXES.person),
  secretHash: value.bytes,
  authenticatedAt: value.time,
  factors: value.text,
  expiresAt: value.time,
  personStatus: value.text,
};
const OVERVIEW_ROW = {
  ...PROOF_ROW,
  sealed: value.bytes,
  version: value.integer,
  accountId: value.nullable(value.id(ID_PREFIXES.account)),
};

/** Accounts that one answer lists at most. */
const ACCOUNTS_MAX = 100;

/** Sessions of a region, and what hangs on them. Nothing that it returns is proven: see sessions.ts. */
export class SessionRepository {
  readonly #sessions: Table<Session>;
  readonly #proof: Statement<Session | Person, typeof PARAMS, typeof PROOF_ROW>;
  readonly #seen: Statement<Session, typeof SEEN_PARAMS, Record<never, never>>;
  readonly #overview: Statement<Session | Person | Affiliation, typeof PARAMS, typeof OVERVIEW_ROW>;

  constructor(door: Door) {
    this.#sessions = door.table(Session);
    this.#proof = door.statement({
      name: 'session.proof',
      tables: [Session, Person],
      sql: `select s.person_id as "personId", s.secret_hash as "secretHash", s.authenticated_at as "authenticatedAt", s.factors,
          s.expires_at as "expiresAt", p.status as "personStatus"
        from session s join person p on p.id = s.person_id where s.id = :sessionId`,
      params: PARAMS,
      row: PROOF_ROW,
    });
    this.#seen = door.statement({
      name: 'session.seen',
      tables: [Session],
      sql: 'update session set last_seen_at = :now, version = version + 1 where id = :sessionId and last_seen_at < :now',
      params: SEEN_PARAMS,
      row: {},
    });
    this.#overview = door.statement({
      name: 'session.overview',
      tables: [Session, Person, Affiliation],
      sql: `select s.person_id as "personId", s.secret_hash as "secretHash", s.authenticated_at as "authenticatedAt",
          s.factors, s.expires_at as "expiresAt", p.status as "personStatus", p.sealed, p.version, a.account_id as "accountId"
        from session s join person p on p.id = s.person_id left join affiliation a on a.person_id = p.id
        where s.id = :sessionId order by a.id limit ${ACCOUNTS_MAX}`,
      params: PARAMS,
      row: OVERVIEW_ROW,
    });
  }

  async insert(
    ctx: RegionContext,
    session: Pick<Session, 'id' | 'personId' | 'secretHash' | 'authenticatedAt' | 'factors' | 'expiresAt'>,
  ): Promise<void> {
    await this.#sessions.insert(ctx, session);
  }

  /** Ends a session. @returns false when it had ended already */
  end(ctx: RegionContext, sessionId: SessionId): Promise<boolean> {
    return this.#sessions.erase(ctx, sessionId);
  }

  /** Notes that a session was used. */
  async seen(ctx: RegionContext, sessionId: SessionId, now: Date): Promise<void> {
    await this.#seen.run(ctx, { sessionId, now });
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
