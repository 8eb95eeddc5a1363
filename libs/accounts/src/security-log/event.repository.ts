import {
  type AccountContext,
  type Door,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Person } from '../person.entity.js';
import { AccountEvent } from './account-event.entity.js';
import { PersonEvent } from './person-event.entity.js';

const personEvent = value.id(ID_PREFIXES.personEvent);
const accountEvent = value.id(ID_PREFIXES.accountEvent);
const person = value.id(ID_PREFIXES.person);

const OWN_PARAMS = { personId: person, after: value.nullable(personEvent), limit: value.integer };
const OWN_ROW = {
  id: personEvent,
  kind: value.text,
  sessionId: value.nullable(value.id(ID_PREFIXES.session)),
  sealed: value.nullable(value.bytes),
  createdAt: value.time,
};
const ACCOUNT_PARAMS = { after: value.nullable(accountEvent), limit: value.integer };
const PULL_PARAMS = { ...ACCOUNT_PARAMS, lagSeconds: value.integer };
const ACCOUNT_ROW = {
  id: accountEvent,
  kind: value.text,
  actorId: value.nullable(person),
  subjectKind: value.nullable(value.text),
  subjectUuid: value.nullable(value.text),
  sealed: value.nullable(value.bytes),
  createdAt: value.time,
};
const NOTICED_PARAMS = { id: personEvent };
const NOTICED_ROW = {
  personId: person,
  kind: value.text,
  sealed: value.nullable(value.bytes),
  createdAt: value.time,
  personSealed: value.bytes,
  personStatus: value.text,
};

const ACCOUNT_COLUMNS = `e.id, e.kind, e.actor_id as "actorId", e.subject_kind as "subjectKind", e.subject_id::text as "subjectUuid",
  e.sealed, e.created_at as "createdAt"`;

/**
 * `created_at` is when the transaction of a line began, by the one clock of the database. One that is older than any transaction may
 * last has been decided, so nothing can come to stand before a line that was given out. Ids say when they were minted, which is before
 * that, by the clock of any process: they only order lines of one moment.
 */
const PULL_SQL = `select ${ACCOUNT_COLUMNS} from account_event e
  where e.account_id = :accountId and e.created_at < now() - make_interval(secs => :lagSeconds::int)
    and (:after::uuid is null or (e.created_at, e.id) >
      (select c.created_at, c.id from account_event c where c.account_id = :accountId and c.id = :after))
  order by e.created_at, e.id limit :limit`;

/** Reads the security log. */
export class EventRepository {
  readonly #own: Statement<PersonEvent, typeof OWN_PARAMS, typeof OWN_ROW>;
  readonly #noticed: Statement<PersonEvent | Person, typeof NOTICED_PARAMS, typeof NOTICED_ROW>;
  readonly #ofAccount: Statement<AccountEvent, typeof ACCOUNT_PARAMS, typeof ACCOUNT_ROW>;
  readonly #pulled: Statement<AccountEvent, typeof PULL_PARAMS, typeof ACCOUNT_ROW>;
  readonly #accounts: Table<AccountEvent>;

  constructor(door: Door) {
    this.#accounts = door.table(AccountEvent);
    this.#own = door.statement({
      name: 'person_event.list',
      tables: [PersonEvent],
      sql: `select id, kind, session_id as "sessionId", sealed, created_at as "createdAt" from person_event
        where person_id = :personId and (:after::uuid is null or id < :after) order by id desc limit :limit`,
      params: OWN_PARAMS,
      row: OWN_ROW,
    });
    this.#noticed = door.statement({
      name: 'person_event.noticed',
      tables: [PersonEvent, Person],
      sql: `select e.person_id as "personId", e.kind, e.sealed, e.created_at as "createdAt", p.sealed as "personSealed",
          p.status as "personStatus" from person_event e join person p on p.id = e.person_id where e.id = :id`,
      params: NOTICED_PARAMS,
      row: NOTICED_ROW,
    });
    this.#ofAccount = door.statement({
      name: 'account_event.list',
      tables: [AccountEvent],
      sql: `select ${ACCOUNT_COLUMNS} from account_event e
        where e.account_id = :accountId and (:after::uuid is null or e.id < :after) order by e.id desc limit :limit`,
      params: ACCOUNT_PARAMS,
      row: ACCOUNT_ROW,
    });
    this.#pulled = door.statement({
      name: 'account_event.pull',
      tables: [AccountEvent],
      sql: PULL_SQL,
      params: PULL_PARAMS,
      row: ACCOUNT_ROW,
    });
  }

  /** Lines of a person, newest first, those older than `after`. */
  own(ctx: RegionContext, personId: Person['id'], after: PersonEvent['id'] | null, limit: number) {
    return this.#own.all(ctx, { personId, after, limit });
  }

  /** One line with its person; null when there is none of that id. */
  noticed(ctx: RegionContext, id: PersonEvent['id']) {
    return this.#noticed.one(ctx, { id });
  }

  /** Lines of an account, newest first, those older than `after`. */
  ofAccount(account: AccountContext, after: AccountEvent['id'] | null, limit: number) {
    return this.#ofAccount.all(account, { after, limit });
  }

  /** True when it is a line of that account. */
  async has(account: AccountContext, id: AccountEvent['id']): Promise<boolean> {
    return (await this.#accounts.find(account, id)) !== null;
  }

  /** Lines of an account that are older than the lag, oldest first, those that follow `after`; none when that is no line of the account. */
  pulled(account: AccountContext, after: AccountEvent['id'] | null, limit: number, lagSeconds: number) {
    return this.#pulled.all(account, { after, limit, lagSeconds });
  }
}
