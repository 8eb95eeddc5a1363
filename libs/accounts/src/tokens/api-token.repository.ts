import {
  type AccountContext,
  type Door,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Account } from '../account.entity.js';
import type { Person } from '../person.entity.js';
import { ApiToken } from './api-token.entity.js';

const id = value.id(ID_PREFIXES.apiToken);
const makerId = value.id(ID_PREFIXES.person);
const LIST_PARAMS = { after: value.nullable(id), limit: value.integer };
const LIST_ROW = {
  id,
  makerId,
  sealed: value.bytes,
  scopes: value.text,
  expiresAt: value.time,
  lastUsedAt: value.nullable(value.time),
  createdAt: value.time,
};
const LIVE_PARAMS = { now: value.time };
const LIVE_ROW = { count: value.integer };
const USED_PARAMS = { id, now: value.time };
const ERASE_PARAMS = { id };
const MAKER_PARAMS = { makerId };
const GONE_ROW = { id };

/**
 * The tokens of a region's accounts. The table is regional, as a secret leads to its row before any account is entered; whatever is
 * asked about an account's tokens names the account all the same.
 */
export class ApiTokenRepository {
  readonly #tokens: Table<ApiToken>;
  readonly #list: Statement<ApiToken | Account, typeof LIST_PARAMS, typeof LIST_ROW>;
  readonly #live: Statement<ApiToken | Account, typeof LIVE_PARAMS, typeof LIVE_ROW>;
  readonly #used: Statement<ApiToken, typeof USED_PARAMS, Record<never, never>>;
  readonly #erase: Statement<ApiToken | Account, typeof ERASE_PARAMS, typeof GONE_ROW>;
  readonly #eraseOf: Statement<ApiToken | Account, typeof MAKER_PARAMS, typeof GONE_ROW>;

  constructor(door: Door) {
    this.#tokens = door.table(ApiToken);
    this.#list = door.statement({
      name: 'api_token.list',
      tables: [ApiToken, Account],
      sql: `select t.id, t.maker_id as "makerId", t.sealed, t.scopes, t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt",
          t.created_at as "createdAt"
        from api_token t join account a on a.id = t.account_id
        where t.account_id = :accountId and (:after::uuid is null or t.id > :after::uuid) order by t.id limit :limit`,
      params: LIST_PARAMS,
      row: LIST_ROW,
    });
    this.#live = door.statement({
      name: 'api_token.live',
      tables: [ApiToken, Account],
      sql: `select count(*)::int as count from api_token t join account a on a.id = t.account_id
        where t.account_id = :accountId and t.expires_at > :now`,
      params: LIVE_PARAMS,
      row: LIVE_ROW,
    });
    this.#used = door.statement({
      name: 'api_token.used',
      tables: [ApiToken],
      sql: `update api_token set last_used_at = :now, version = version + 1
        where id = :id and (last_used_at is null or last_used_at < :now)`,
      params: USED_PARAMS,
      row: {},
    });
    this.#erase = door.statement({
      name: 'api_token.erase',
      tables: [ApiToken, Account],
      sql: 'delete from api_token t using account a where a.id = :accountId and t.account_id = a.id and t.id = :id returning t.id',
      params: ERASE_PARAMS,
      row: GONE_ROW,
    });
    this.#eraseOf = door.statement({
      name: 'api_token.erase_of',
      tables: [ApiToken, Account],
      sql: `delete from api_token t using account a
        where a.id = :accountId and t.account_id = a.id and t.maker_id = :makerId returning t.id`,
      params: MAKER_PARAMS,
      row: GONE_ROW,
    });
  }

  async insert(
    account: AccountContext,
    token: Pick<ApiToken, 'id' | 'makerId' | 'secretHash' | 'sealed' | 'scopes' | 'expiresAt'>,
  ): Promise<void> {
    await this.#tokens.insert(account.context, { ...token, accountId: account.accountId });
  }

  /** Tokens of the account after that one, in the order in which they were made. */
  list(account: AccountContext, after: ApiToken['id'] | null, limit: number) {
    return this.#list.all(account, { after, limit });
  }

  /** How many tokens of the account are not over. */
  async live(account: AccountContext, now: Date): Promise<number> {
    return (await this.#live.one(account, { now }))!.count;
  }

  /** Notes a use; of many at once one writes. */
  async used(ctx: RegionContext, token: ApiToken['id'], now: Date): Promise<void> {
    await this.#used.run(ctx, { id: token, now });
  }

  /** @returns false when the account has no such token */
  async erase(account: AccountContext, token: ApiToken['id']): Promise<boolean> {
    return (await this.#erase.one(account, { id: token })) !== null;
  }

  /** Removes every token that a person made in the account. @returns which */
  async eraseOf(account: AccountContext, maker: Person['id']): Promise<ApiToken['id'][]> {
    return (await this.#eraseOf.all(account, { makerId: maker })).map((row) => row.id);
  }
}
