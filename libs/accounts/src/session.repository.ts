import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Affiliation } from './membership.entity.js';
import { Person } from './person.entity.js';
import { Session } from './session.entity.js';
import { PendingSignIn } from './sign-in/pending-sign-in.entity.js';

/** Id of a session. */
export type SessionId = Id<typeof ID_PREFIXES.session>;

const PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
/** What every statement reads that proves a session: see sessions.ts. */
export const PROOF_ROW = {
  personId: value.id(ID_PREFIXES.person),
  secretHash: value.bytes,
  authenticatedAt: value.time,
  factors: value.text,
  expiresAt: value.time,
  lastSeenAt: value.time,
  personStatus: value.text,
};
/** The columns of {@link PROOF_ROW}, of `session s` and `person p`. */
export const PROOF_COLUMNS = `s.person_id as "personId", s.secret_hash as "secretHash", s.authenticated_at as "authenticatedAt",
    s.factors, s.expires_at as "expiresAt", s.last_seen_at as "lastSeenAt", p.status as "personStatus"`;
const OVERVIEW_ROW = {
  ...PROOF_ROW,
  sealed: value.bytes,
  version: value.integer,
  accountId: value.nullable(value.id(ID_PREFIXES.account)),
};

/** Accounts that one answer lists at most. */
const ACCOUNTS_MAX = 100;

/** What a session begins as. */
export type SessionRow = Pick<
  Session,
  | 'id'
  | 'personId'
  | 'secretHash'
  | 'authenticatedAt'
  | 'factors'
  | 'providerId'
  | 'expiresAt'
  | 'lastSeenAt'
  | 'sealed'
>;

const TOUCH_PARAMS = { ids: value.list(PARAMS.sessionId), now: value.time, before: value.time };
const ROTATE_PARAMS = {
  ...PARAMS,
  now: value.time,
  oldHash: value.bytes,
  newHash: value.bytes,
  factors: value.nullable(value.text),
};
const ROTATE_ROW = { personId: value.id(ID_PREFIXES.person), expiresAt: value.time };
const OF_PERSON = { personId: value.id(ID_PREFIXES.person), sessionId: value.nullable(PARAMS.sessionId) };
const OWN_PARAMS = { personId: value.id(ID_PREFIXES.person), sessionId: PARAMS.sessionId };
const LIST_PARAMS = {
  personId: value.id(ID_PREFIXES.person),
  after: value.nullable(PARAMS.sessionId),
  now: value.time,
  idleSince: value.time,
  limit: value.integer,
};
const LIST_ROW = {
  id: PARAMS.sessionId,
  createdAt: value.time,
  lastSeenAt: value.time,
  authenticatedAt: value.time,
  expiresAt: value.time,
  factors: value.text,
  sealed: value.nullable(value.bytes),
};
const OVER_PARAMS = { before: value.time, limit: value.integer };
type Nothing = Record<never, never>;

/** What {@link SessionRepository.rotate} works with; without factors the proof stays as old as it is. */
export interface Rotation {
  readonly sessionId: SessionId;
  readonly oldHash: Buffer;
  readonly newHash: Buffer;
  readonly factors: string | null;
  readonly now: Date;
}

/** A page of a person's sessions. */
export interface Asked {
  readonly personId: Person['id'];
  readonly after: SessionId | null;
  readonly now: Date;
  /** Sessions that were last used then are over. */
  readonly idleSince: Date;
  readonly limit: number;
}

/** Never waits for another that does the same: whoever has the row writes the time. */
const TOUCH_SQL = `update session set last_seen_at = :now where id in
  (select id from session where id = any(:ids::uuid[]) and last_seen_at < :before for update skip locked)`;

/** Of many with the same secret one finds it still there; with that it is there no more. */
const ROTATE_SQL = `update session set secret_hash = :newHash, last_seen_at = :now, version = version + 1,
    factors = coalesce(:factors::text, factors),
    authenticated_at = case when :factors::text is null then authenticated_at else :now end
  where id = :sessionId and secret_hash = :oldHash and expires_at > :now
  returning person_id as "personId", expires_at as "expiresAt"`;

const LIST_SQL = `select id, created_at as "createdAt", last_seen_at as "lastSeenAt", authenticated_at as "authenticatedAt",
    expires_at as "expiresAt", factors, sealed
  from session where person_id = :personId and expires_at > :now and last_seen_at > :idleSince
    and (:after::uuid is null or id < :after) order by id desc limit :limit`;

/** Sessions of a region, and what hangs on them. Nothing that it returns is proven: see sessions.ts. */
export class SessionRepository {
  readonly #sessions: Table<Session>;
  readonly #proof: Statement<Session | Person, typeof PARAMS, typeof PROOF_ROW>;
  readonly #overview: Statement<Session | Person | Affiliation, typeof PARAMS, typeof OVERVIEW_ROW>;

  readonly #touch: Statement<Session, typeof TOUCH_PARAMS, Nothing>;
  readonly #rotate: Statement<Session, typeof ROTATE_PARAMS, typeof ROTATE_ROW>;
  readonly #endOwn: Statement<Session, typeof OWN_PARAMS, Nothing>;
  readonly #endAll: Statement<Session | PendingSignIn, typeof OF_PERSON, Nothing>;
  readonly #list: Statement<Session, typeof LIST_PARAMS, typeof LIST_ROW>;
  readonly #eraseOver: Statement<Session, typeof OVER_PARAMS, Nothing>;

  constructor(door: Door) {
    const tables = [Session] as const;
    this.#sessions = door.table(Session);
    this.#touch = door.statement({ name: 'session.touch', tables, sql: TOUCH_SQL, params: TOUCH_PARAMS, row: {} });
    this.#rotate = door.statement({
      name: 'session.rotate',
      tables,
      sql: ROTATE_SQL,
      params: ROTATE_PARAMS,
      row: ROTATE_ROW,
    });
    this.#endOwn = door.statement({
      name: 'session.end_own',
      tables,
      sql: 'delete from session where id = :sessionId and person_id = :personId',
      params: OWN_PARAMS,
      row: {},
    });
    this.#endAll = door.statement({
      name: 'session.end_all',
      tables: [Session, PendingSignIn],
      sql: `with begun as (delete from pending_sign_in where person_id = :personId)
        delete from session where person_id = :personId and id is distinct from :sessionId::uuid`,
      params: OF_PERSON,
      row: {},
    });
    this.#list = door.statement({
      name: 'session.list',
      tables,
      sql: LIST_SQL,
      params: LIST_PARAMS,
      row: LIST_ROW,
    });
    this.#eraseOver = door.statement({
      name: 'session.erase_over',
      tables,
      sql: `delete from session where id in
        (select id from session where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
    this.#proof = door.statement({
      name: 'session.proof',
      tables: [Session, Person],
      sql: `select ${PROOF_COLUMNS}
        from session s join person p on p.id = s.person_id where s.id = :sessionId`,
      params: PARAMS,
      row: PROOF_ROW,
    });
    this.#overview = door.statement({
      name: 'session.overview',
      tables: [Session, Person, Affiliation],
      sql: `select ${PROOF_COLUMNS}, p.sealed, p.version, a.account_id as "accountId"
        from session s join person p on p.id = s.person_id left join affiliation a on a.person_id = p.id
        where s.id = :sessionId order by a.id limit ${ACCOUNTS_MAX}`,
      params: PARAMS,
      row: OVERVIEW_ROW,
    });
  }

  /** Ends a session. @returns false when it had ended already */
  end(ctx: RegionContext, sessionId: SessionId): Promise<boolean> {
    return this.#sessions.erase(ctx, sessionId);
  }

  /** Whether a session proven a moment ago is still there: for who has waited for its person's row. */
  async isThere(tx: RegionContext, sessionId: SessionId): Promise<boolean> {
    return (await this.#sessions.find(tx, sessionId)) !== null;
  }

  /** Ends one session of that person. @returns false when she has none of that id */
  async endOwn(ctx: RegionContext, personId: Person['id'], sessionId: SessionId): Promise<boolean> {
    return (await this.#endOwn.run(ctx, { personId, sessionId })) === 1;
  }

  /**
   * Ends all sessions of that person but one, or all, and every sign-in that waits for its second step: what it began with may be
   * worth nothing any more. @returns how many sessions
   */
  endAll(ctx: RegionContext, personId: Person['id'], but: SessionId | null): Promise<number> {
    return this.#endAll.run(ctx, { personId, sessionId: but });
  }

  /** Notes that sessions were used, each unless that was noted since `before` or is being noted now. */
  async touch(ctx: RegionContext, ids: readonly SessionId[], now: Date, before: Date): Promise<void> {
    await this.#touch.run(ctx, { ids, now, before });
  }

  /** Puts another secret in the place of the one with that hash. @returns null when it is not there any more, or the session is over */
  rotate(ctx: RegionContext, rotation: Rotation) {
    return this.#rotate.one(ctx, rotation);
  }

  /** Sessions of a person that are not over, newest first, those older than `after`. */
  list(ctx: RegionContext, asked: Asked) {
    return this.#list.all(ctx, asked);
  }

  /** Removes sessions that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
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
