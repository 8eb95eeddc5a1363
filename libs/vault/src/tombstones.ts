import { type AccountId, type Door, type Id, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Tombstone, type WrappedKey } from './data-key.entity.js';

/** The destroyed key of one subject: either an account or a person. */
export interface Erased {
  readonly key: WrappedKey['id'];
  readonly accountId: AccountId | null;
  readonly personId: Id<typeof ID_PREFIXES.person> | null;
}

const keyId = value.id(ID_PREFIXES.dataKey);
const accountId = value.nullable(value.id(ID_PREFIXES.account));
const personId = value.nullable(value.id(ID_PREFIXES.person));
const ADD_PARAMS = { keys: value.list(keyId), accounts: value.list(accountId), persons: value.list(personId) };
const KEYS_PARAMS = { keys: value.list(keyId) };
const KEY_ROW = { key: keyId };
const WITHIN_PARAMS = { seconds: value.integer };
const PAGE_PARAMS = { after: value.nullable(keyId), limit: value.integer };
const PAGE_ROW = { key: keyId, account: accountId, personId };

/** The tombstones of one kind of database, the key store's or the rows'. */
export class Tombstones {
  readonly #add: Statement<Tombstone, typeof ADD_PARAMS, Record<never, never>>;
  readonly #missing: Statement<Tombstone, typeof KEYS_PARAMS, typeof KEY_ROW>;
  readonly #within: Statement<Tombstone, typeof WITHIN_PARAMS, typeof KEY_ROW>;
  readonly #page: Statement<Tombstone, typeof PAGE_PARAMS, typeof PAGE_ROW>;

  constructor(door: Door) {
    const tables = [Tombstone] as const;
    this.#add = door.statement({
      name: 'tombstone.add',
      tables,
      sql: `insert into tombstone (id, account_id, person_id)
        select * from unnest(:keys::uuid[], :accounts::uuid[], :persons::uuid[]) on conflict (id) do nothing`,
      params: ADD_PARAMS,
      row: {},
    });
    this.#missing = door.statement({
      name: 'tombstone.missing',
      tables,
      sql: `select n.id as key from unnest(:keys::uuid[]) as n(id)
        where not exists (select from tombstone t where t.id = n.id)`,
      params: KEYS_PARAMS,
      row: KEY_ROW,
    });
    this.#within = door.statement({
      name: 'tombstone.within',
      tables,
      sql: `select id as key from tombstone where destroyed_at > now() - make_interval(secs => :seconds::int)`,
      params: WITHIN_PARAMS,
      row: KEY_ROW,
    });
    this.#page = door.statement({
      name: 'tombstone.page',
      tables,
      sql: `select id as key, account_id as account, person_id as "personId" from tombstone
        where :after::uuid is null or id > :after::uuid order by id limit :limit`,
      params: PAGE_PARAMS,
      row: PAGE_ROW,
    });
  }

  /** Adds those that are not there yet. */
  async add(ctx: RegionContext, erased: readonly Erased[]): Promise<void> {
    await this.#add.run(ctx, {
      keys: erased.map(({ key }) => key),
      accounts: erased.map((one) => one.accountId),
      persons: erased.map((one) => one.personId),
    });
  }

  /** Those of the keys that have no tombstone here. */
  async missing(ctx: RegionContext, keys: readonly WrappedKey['id'][]): Promise<WrappedKey['id'][]> {
    return (await this.#missing.all(ctx, { keys })).map(({ key }) => key);
  }

  /** The keys that were destroyed in the last so many seconds, by the database's clock. */
  async destroyedWithin(ctx: RegionContext, seconds: number): Promise<WrappedKey['id'][]> {
    return (await this.#within.all(ctx, { seconds })).map(({ key }) => key);
  }

  /** The next `limit` in the order of ids, from the first when `after` is null. */
  async page(ctx: RegionContext, after: WrappedKey['id'] | null, limit: number): Promise<Erased[]> {
    const rows = await this.#page.all(ctx, { after, limit });
    return rows.map(({ key, account, personId: person }) => ({ key, accountId: account, personId: person }));
  }
}
