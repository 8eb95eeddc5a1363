import { type AccountContext, type Door, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Account } from './account.entity.js';
import { Membership } from './membership.entity.js';
import { Session } from './session.entity.js';
import type { SessionId } from './session.repository.js';

const PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
const ROW = {
  personId: value.id(ID_PREFIXES.person),
  secretHash: value.bytes,
  expiresAt: value.time,
  role: value.nullable(value.text),
  name: value.nullable(value.text),
  status: value.nullable(value.text),
  createdAt: value.nullable(value.time),
  version: value.nullable(value.integer),
};

/**
 * The hot read: session, membership and account in one statement. Outer joins, so that a session without a part in the account
 * (404) is told from no session at all (401).
 */
const SEEN_BY_SESSION = `select s.person_id as "personId", s.secret_hash as "secretHash", s.expires_at as "expiresAt",
    m.role, a.name, a.status, a.created_at as "createdAt", a.version
  from session s left join membership m on m.account_id = :accountId and m.person_id = s.person_id
    left join account a on a.id = m.account_id
  where s.id = :sessionId`;

/** Accounts of a region and the people in them. Nothing that it returns is proven: see accounts.ts. */
export class AccountRepository {
  readonly #accounts: Table<Account>;
  readonly #memberships: Table<Membership>;
  readonly #seen: Statement<Session | Membership | Account, typeof PARAMS, typeof ROW>;

  constructor(door: Door) {
    this.#accounts = door.table(Account);
    this.#memberships = door.table(Membership);
    this.#seen = door.statement({
      name: 'account.seen_by_session',
      tables: [Session, Membership, Account],
      sql: SEEN_BY_SESSION,
      params: PARAMS,
      row: ROW,
    });
  }

  /** Adds the account with its first owner. */
  async insert(account: AccountContext, name: string, owner: Pick<Membership, 'id' | 'personId'>): Promise<void> {
    await this.#accounts.insert(account, { name });
    await this.#memberships.insert(account, { ...owner, role: 'owner' });
  }

  /** The session with what its person may see of the account; null when there is no such session. */
  seenBySession(account: AccountContext, sessionId: SessionId) {
    return this.#seen.one(account, { sessionId });
  }
}
