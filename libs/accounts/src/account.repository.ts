import { type AccountContext, type Door, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Account } from './account.entity.js';
import { Membership } from './membership.entity.js';
import { Person } from './person.entity.js';
import { Session } from './session.entity.js';
import { PROOF_COLUMNS, PROOF_ROW, type SessionId } from './session.repository.js';

const PARAMS = { sessionId: value.id(ID_PREFIXES.session) };
const ROW = {
  ...PROOF_ROW,
  role: value.nullable(value.text),
  sealed: value.nullable(value.bytes),
  status: value.nullable(value.text),
  createdAt: value.nullable(value.time),
  version: value.nullable(value.integer),
};

/**
 * The hot read: session, person, membership and account in one statement. Outer joins, so that a session without a part in the
 * account (404) is told from no session at all (401).
 */
const SEEN_BY_SESSION = `select ${PROOF_COLUMNS}, m.role, a.sealed, a.status, a.created_at as "createdAt", a.version
  from session s join person p on p.id = s.person_id
    left join membership m on m.account_id = :accountId and m.person_id = s.person_id
    left join account a on a.id = m.account_id
  where s.id = :sessionId`;

/** Accounts of a region and the people in them. Nothing that it returns is proven: see accounts.ts. */
export class AccountRepository {
  readonly #accounts: Table<Account>;
  readonly #seen: Statement<Session | Person | Membership | Account, typeof PARAMS, typeof ROW>;

  constructor(door: Door) {
    this.#accounts = door.table(Account);
    this.#seen = door.statement({
      name: 'account.seen_by_session',
      tables: [Session, Person, Membership, Account],
      sql: SEEN_BY_SESSION,
      params: PARAMS,
      row: ROW,
    });
  }

  /** Puts another sealed profile in the place of the one at that version. @throws ResidencyError residency.stale */
  async update(account: AccountContext, version: number, sealed: Buffer): Promise<void> {
    await this.#accounts.update(account, account.accountId, version, { sealed });
  }

  /** The session with what its person may see of the account; null when there is no such session. */
  seenBySession(account: AccountContext, sessionId: SessionId) {
    return this.#seen.one(account, { sessionId });
  }
}
