import { type AccountContext, type Door, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Account } from './account.entity.js';
import { Membership } from './membership.entity.js';
import type { Role } from './permissions.js';
import { Person } from './person.entity.js';
import { Session } from './session.entity.js';
import { PROOF_COLUMNS, PROOF_ROW, type SessionId } from './session.repository.js';
import { ApiToken } from './tokens/api-token.entity.js';

/** What every entry reads of the account; null without a part in it. */
const ENTRY_ROW = {
  role: value.nullable(value.text),
  sealed: value.nullable(value.bytes),
  status: value.nullable(value.text),
  createdAt: value.nullable(value.time),
  closingAt: value.nullable(value.time),
  version: value.nullable(value.integer),
};
const ENTRY_COLUMNS = `m.role, a.sealed, a.status, a.created_at as "createdAt", a.closing_at as "closingAt", a.version`;

const SESSION_PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
const SESSION_ROW = {
  ...PROOF_ROW,
  ...ENTRY_ROW,
  secondFactorRequired: value.nullable(value.boolean),
  ownProviderRequired: value.nullable(value.boolean),
  byProvider: value.boolean,
  byOwnProvider: value.boolean,
  sessionIdleMinutes: value.nullable(value.integer),
  sessionAbsoluteHours: value.nullable(value.integer),
};

/**
 * The hot read: session, person, membership and account with its policy in one statement. Outer joins, so that a session without a
 * part in the account (404) is told from no session at all (401).
 */
const SEEN_BY_SESSION = `select ${PROOF_COLUMNS}, ${ENTRY_COLUMNS},
    a.second_factor_required as "secondFactorRequired", a.own_provider_required as "ownProviderRequired",
    s.provider_id is not null as "byProvider", coalesce(s.provider_id = a.provider_id, false) as "byOwnProvider",
    a.session_idle_minutes as "sessionIdleMinutes",
    a.session_absolute_hours as "sessionAbsoluteHours"
  from session s join person p on p.id = s.person_id
    left join membership m on m.account_id = :accountId and m.person_id = s.person_id
    left join account a on a.id = m.account_id
  where s.id = :sessionId`;

const tokenId = value.id(ID_PREFIXES.apiToken);
const TOKEN_PARAMS = { tokenId };
const TOKEN_ROW = {
  ...ENTRY_ROW,
  personId: value.id(ID_PREFIXES.person),
  secretHash: value.bytes,
  expiresAt: value.time,
  personStatus: value.text,
  isOwn: value.boolean,
  scopes: value.text,
  lastUsedAt: value.nullable(value.time),
};

/** The same for a token: its maker's part, and whether it is this account's at all. */
const SEEN_BY_TOKEN = `select t.maker_id as "personId", t.secret_hash as "secretHash", t.expires_at as "expiresAt",
    p.status as "personStatus", t.account_id = :accountId as "isOwn", t.scopes, t.last_used_at as "lastUsedAt", ${ENTRY_COLUMNS}
  from api_token t join person p on p.id = t.maker_id
    left join membership m on m.account_id = :accountId and m.account_id = t.account_id and m.person_id = t.maker_id
    left join account a on a.id = m.account_id
  where t.id = :tokenId`;

const HOLD_ROW = { status: value.text };
const ROLE_PARAMS = { personId: value.id(ID_PREFIXES.person) };
const ROLE_ROW = { role: value.text };
const CLOSE_PARAMS = { closingAt: value.nullable(value.time), from: value.text, to: value.text };
const CLOSE_ROW = { version: value.integer };

/** What of an account's row its people change. */
export type AccountPatch = Partial<
  Pick<
    Account,
    | 'sealed'
    | 'billing'
    | 'secondFactorRequired'
    | 'ownProviderRequired'
    | 'sessionIdleMinutes'
    | 'sessionAbsoluteHours'
    | 'providerId'
  >
>;

/** Accounts of a region and the people in them. Nothing that it returns is proven: see account-access.ts. */
export class AccountRepository {
  readonly #accounts: Table<Account>;
  readonly #bySession: Statement<Session | Person | Membership | Account, typeof SESSION_PARAMS, typeof SESSION_ROW>;
  readonly #byToken: Statement<ApiToken | Person | Membership | Account, typeof TOKEN_PARAMS, typeof TOKEN_ROW>;
  readonly #hold: Statement<Account, Record<never, never>, typeof HOLD_ROW>;
  readonly #role: Statement<Membership, typeof ROLE_PARAMS, typeof ROLE_ROW>;
  readonly #move: Statement<Account, typeof CLOSE_PARAMS, typeof CLOSE_ROW>;

  constructor(door: Door) {
    this.#accounts = door.table(Account);
    this.#bySession = door.statement({
      name: 'account.seen_by_session',
      tables: [Session, Person, Membership, Account],
      sql: SEEN_BY_SESSION,
      params: SESSION_PARAMS,
      row: SESSION_ROW,
    });
    this.#byToken = door.statement({
      name: 'account.seen_by_token',
      tables: [ApiToken, Person, Membership, Account],
      sql: SEEN_BY_TOKEN,
      params: TOKEN_PARAMS,
      row: TOKEN_ROW,
    });
    this.#hold = door.statement({
      name: 'account.hold',
      tables: [Account],
      sql: 'select status from account where id = :accountId for no key update',
      params: {},
      row: HOLD_ROW,
    });
    this.#role = door.statement({
      name: 'account.role_of',
      tables: [Membership],
      sql: 'select role from membership where account_id = :accountId and person_id = :personId',
      params: ROLE_PARAMS,
      row: ROLE_ROW,
    });
    this.#move = door.statement({
      name: 'account.move',
      tables: [Account],
      sql: `update account set status = :to, closing_at = :closingAt, version = version + 1
        where id = :accountId and status = :from returning version`,
      params: CLOSE_PARAMS,
      row: CLOSE_ROW,
    });
  }

  /** The account's own row. @throws ResidencyError residency.not_found */
  get(account: AccountContext): Promise<Account> {
    return this.#accounts.get(account, account.accountId);
  }

  /** Changes the row that is at that version. @throws ResidencyError residency.stale */
  async update(account: AccountContext, version: number, patch: AccountPatch): Promise<void> {
    await this.#accounts.update(account, account.accountId, version, patch);
  }

  /** The session with what its person may see of the account; null when there is no such session. */
  seenBySession(account: AccountContext, sessionId: SessionId) {
    return this.#bySession.one(account, { sessionId });
  }

  /** The same for a token; null when there is no such token. */
  seenByToken(account: AccountContext, id: ApiToken['id']) {
    return this.#byToken.one(account, { tokenId: id });
  }

  /**
   * Holds the account until the transaction ends: who decides about the people in it waits in line, and reads afterwards what the one
   * before has left. @param account narrowed from the transaction's context @returns its state; null when there is none
   */
  async hold(account: AccountContext): Promise<string | null> {
    return (await this.#hold.one(account, {}))?.status ?? null;
  }

  /** The part that a person has in the account; null for none. */
  async roleOf(account: AccountContext, personId: Person['id']): Promise<Role | null> {
    return ((await this.#role.one(account, { personId }))?.role ?? null) as Role | null;
  }

  /** Begins or takes back the closing of an account. @returns false when it was not in the state `from` */
  async move(
    account: AccountContext,
    change: { from: 'active' | 'closing'; to: 'active' | 'closing'; closingAt: Date | null },
  ): Promise<boolean> {
    return (await this.#move.one(account, change)) !== null;
  }
}
