import { type AccountContext, type Door, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Affiliation, Membership } from '../membership.entity.js';
import type { Role } from '../permissions.js';
import { Person } from '../person.entity.js';
import type { Standing } from './standing.js';

const id = value.id(ID_PREFIXES.membership);
const personId = value.id(ID_PREFIXES.person);
const MEMBER_ROW = {
  id,
  personId,
  role: value.text,
  joinedAt: value.time,
  version: value.integer,
  sealed: value.bytes,
};
const MEMBER_SQL = `select m.id, m.person_id as "personId", m.role, m.created_at as "joinedAt", m.version, p.sealed
  from membership m join person p on p.id = m.person_id and p.status <> 'erased' where m.account_id = :accountId`;
const LIST_PARAMS = { after: value.nullable(id), limit: value.integer };
const ONE_PARAMS = { personId };
const STANDING_PARAMS = { actorId: personId, personId };
const STANDING_ROW = {
  actorRole: value.nullable(value.text),
  role: value.nullable(value.text),
  id: value.nullable(id),
  version: value.nullable(value.integer),
  owners: value.integer,
};
const GONE_ROW = { personId };

/** An owner whose data was erased owns nothing any more, and is not counted. */
const STANDING_SQL = `select me.role as "actorRole", them.role, them.id, them.version,
    (select count(*)::int from membership o join person p on p.id = o.person_id
      where o.account_id = :accountId and o.role = 'owner' and p.status <> 'erased') as owners
  from (select 1) as one left join membership me on me.account_id = :accountId and me.person_id = :actorId
    left join membership them on them.account_id = :accountId and them.person_id = :personId`;

const REMOVE_SQL = `with gone as (
    delete from membership where account_id = :accountId and person_id = :personId returning person_id),
  untied as (delete from affiliation where account_id = :accountId and person_id in (select person_id from gone))
  select person_id as "personId" from gone`;

/** The people in an account. Nothing that it returns is proven. */
export class PeopleRepository {
  readonly #memberships: Table<Membership>;
  readonly #list: Statement<Membership | Person, typeof LIST_PARAMS, typeof MEMBER_ROW>;
  readonly #one: Statement<Membership | Person, typeof ONE_PARAMS, typeof MEMBER_ROW>;
  readonly #standing: Statement<Membership | Person, typeof STANDING_PARAMS, typeof STANDING_ROW>;
  readonly #remove: Statement<Membership | Affiliation, typeof ONE_PARAMS, typeof GONE_ROW>;

  constructor(door: Door) {
    this.#memberships = door.table(Membership);
    this.#list = door.statement({
      name: 'people.list',
      tables: [Membership, Person],
      sql: `${MEMBER_SQL} and (:after::uuid is null or m.id > :after::uuid) order by m.id limit :limit`,
      params: LIST_PARAMS,
      row: MEMBER_ROW,
    });
    this.#one = door.statement({
      name: 'people.one',
      tables: [Membership, Person],
      sql: `${MEMBER_SQL} and m.person_id = :personId`,
      params: ONE_PARAMS,
      row: MEMBER_ROW,
    });
    this.#standing = door.statement({
      name: 'people.standing',
      tables: [Membership, Person],
      sql: STANDING_SQL,
      params: STANDING_PARAMS,
      row: STANDING_ROW,
    });
    this.#remove = door.statement({
      name: 'people.remove',
      tables: [Membership, Affiliation],
      sql: REMOVE_SQL,
      params: ONE_PARAMS,
      row: GONE_ROW,
    });
  }

  /** Who has a part in the account, from after that membership on, in the order in which they joined. */
  list(account: AccountContext, after: Membership['id'] | null, limit: number) {
    return this.#list.all(account, { after, limit });
  }

  /** One of them; null when that person has no part in the account. */
  one(account: AccountContext, person: Person['id']) {
    return this.#one.one(account, { personId: person });
  }

  /** What two people are to the account; ask it in a transaction that holds the account. */
  async standing(
    account: AccountContext,
    actorId: Person['id'],
    person: Person['id'],
  ): Promise<Standing & { readonly id: Membership['id'] | null; readonly version: number | null }> {
    const row = (await this.#standing.one(account, { actorId, personId: person }))!;
    return {
      ...row,
      actorRole: row.actorRole as Role | null,
      role: row.role as Role | null,
      isSelf: actorId === person,
    };
  }

  /** @throws ResidencyError residency.stale when the membership is not at that version */
  async setRole(account: AccountContext, membership: Membership['id'], version: number, role: Role): Promise<void> {
    await this.#memberships.update(account, membership, version, { role });
  }

  /** Ends a person's part in the account, on both sides at once. @returns false when she had none */
  async remove(account: AccountContext, person: Person['id']): Promise<boolean> {
    return (await this.#remove.one(account, { personId: person })) !== null;
  }
}
