import { type KeyDoor, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Tombstone, WrappedKey } from './data-key.entity.js';
import type { Wrapped } from './key-provider.js';
import { type Erased, Tombstones } from './tombstones.js';
import { WRAPPED_BYTES } from './wrapped-keys.js';

/** Id of a data key. */
export type KeyId = WrappedKey['id'];

const keyId = value.id(ID_PREFIXES.dataKey);
const keyIds = value.list(keyId);
const MINT_PARAMS = { ids: keyIds, wrapped: value.list(value.bytes), wrappingVersion: value.integer };
const FIND_PARAMS = { id: keyId };
const FIND_ROW = { wrapped: value.bytes, wrappingVersion: value.integer };
const FOUND_ROW = { id: keyId, ...FIND_ROW };
const IDS_PARAMS = { ids: keyIds };
const OLDER_PARAMS = { wrappingVersion: value.integer, limit: value.integer };
const BLOCK_PARAMS = { after: value.bytes, length: value.integer, limit: value.integer };
const BLOCK_ROW = { block: value.nullable(value.bytes) };
const COUNT_ROW = { wrappingVersion: value.integer, count: value.integer };

/** A rotation may have begun meanwhile: nothing is added under a version that another row has left behind already. */
const MINT_SQL = `insert into data_key (id, wrapped, wrapping_version)
  select n.id, n.wrapped, :wrappingVersion from unnest(:ids::uuid[], :wrapped::bytea[]) as n(id, wrapped)
  where not exists (select from data_key where wrapping_version > :wrappingVersion)`;
const REWRAP_SQL = `update data_key k set wrapped = n.wrapped, wrapping_version = :wrappingVersion, version = k.version + 1
  from unnest(:ids::uuid[], :wrapped::bytea[]) as n(id, wrapped) where k.id = n.id`;

/** One value for a whole page: what a row costs to read is more than what stands in it. The form of a record: see WrappedKeys. */
const BLOCK_SQL = `select string_agg(uuid_send(id) || int4send(wrapping_version) || wrapped, ''::bytea order by id) as block
  from (select id, wrapping_version, wrapped from data_key
    where id > encode(:after::bytea, 'hex')::uuid and octet_length(wrapped) = :length order by id limit :limit) as page`;

/** The regions' wrapped data keys and tombstones, in databases of their own. It never sees a key in clear. */
export class KeyStore {
  readonly #mint: Statement<WrappedKey, typeof MINT_PARAMS, Record<never, never>>;
  readonly #find: Statement<WrappedKey, typeof FIND_PARAMS, typeof FIND_ROW>;
  readonly #findAll: Statement<WrappedKey, typeof IDS_PARAMS, typeof FOUND_ROW>;
  readonly #remove: Statement<WrappedKey, typeof IDS_PARAMS, Record<never, never>>;
  readonly #known: Statement<WrappedKey | Tombstone, typeof IDS_PARAMS, typeof FIND_PARAMS>;
  readonly #older: Statement<WrappedKey, typeof OLDER_PARAMS, typeof FOUND_ROW>;
  readonly #rewrap: Statement<WrappedKey, typeof MINT_PARAMS, Record<never, never>>;
  readonly #block: Statement<WrappedKey, typeof BLOCK_PARAMS, typeof BLOCK_ROW>;
  readonly #count: Statement<WrappedKey, Record<never, never>, typeof COUNT_ROW>;
  readonly tombstones: Tombstones;

  constructor(private readonly door: KeyDoor) {
    const keys = { tables: [WrappedKey] } as const;
    this.tombstones = new Tombstones(door);
    this.#mint = door.statement({ ...keys, name: 'data_key.mint', sql: MINT_SQL, params: MINT_PARAMS, row: {} });
    this.#find = door.statement({
      ...keys,
      name: 'data_key.find',
      sql: 'select wrapped, wrapping_version as "wrappingVersion" from data_key where id = :id',
      params: FIND_PARAMS,
      row: FIND_ROW,
    });
    this.#findAll = door.statement({
      ...keys,
      name: 'data_key.find_all',
      sql: 'select id, wrapped, wrapping_version as "wrappingVersion" from data_key where id = any(:ids::uuid[])',
      params: IDS_PARAMS,
      row: FOUND_ROW,
    });
    this.#remove = door.statement({
      ...keys,
      name: 'data_key.remove',
      sql: 'delete from data_key where id = any(:ids::uuid[])',
      params: IDS_PARAMS,
      row: {},
    });
    this.#known = door.statement({
      name: 'data_key.known',
      tables: [WrappedKey, Tombstone],
      sql: `select id from data_key where id = any(:ids::uuid[])
        union all select id from tombstone where id = any(:ids::uuid[])`,
      params: IDS_PARAMS,
      row: FIND_PARAMS,
    });
    this.#older = door.statement({
      ...keys,
      name: 'data_key.older',
      sql: `select id, wrapped, wrapping_version as "wrappingVersion" from data_key
        where wrapping_version < :wrappingVersion order by wrapping_version limit :limit for update skip locked`,
      params: OLDER_PARAMS,
      row: FOUND_ROW,
    });
    this.#rewrap = door.statement({ ...keys, name: 'data_key.rewrap', sql: REWRAP_SQL, params: MINT_PARAMS, row: {} });
    this.#block = door.statement({
      ...keys,
      name: 'data_key.block',
      sql: BLOCK_SQL,
      params: BLOCK_PARAMS,
      row: BLOCK_ROW,
    });
    this.#count = door.statement({
      ...keys,
      name: 'data_key.count',
      sql: 'select wrapping_version as "wrappingVersion", count(*)::int as count from data_key group by wrapping_version order by wrapping_version',
      params: {},
      row: COUNT_ROW,
    });
  }

  /** Adds keys wrapped under that version. @returns false when a newer version is in use already, and nothing was added */
  async add(
    ctx: RegionContext,
    wrappingVersion: number,
    ids: readonly KeyId[],
    wrapped: readonly Buffer[],
  ): Promise<boolean> {
    return (await this.#mint.run(ctx, { ids, wrapped, wrappingVersion })) === ids.length;
  }

  /** The wrapped key, or null when it is not there: destroyed, or never was. */
  async find(ctx: RegionContext, id: KeyId): Promise<Wrapped | null> {
    const row = await this.#find.one(ctx, { id });
    return row && { version: row.wrappingVersion, bytes: row.wrapped };
  }

  /** Those of the wrapped keys that are there. */
  async findAll(ctx: RegionContext, ids: readonly KeyId[]): Promise<ReadonlyMap<KeyId, Wrapped>> {
    const rows = await this.#findAll.all(ctx, { ids });
    return new Map(rows.map(({ id, wrappingVersion: version, wrapped: bytes }) => [id, { version, bytes }]));
  }

  /**
   * The next `limit` wrapped keys in the order of ids, as records of {@link WrappedKeys}; fewer at the end. Their ids are judged when one is
   * used: a wrapped key opens under its own id and region alone.
   * @param after bytes of the last id read; zeros at the beginning
   */
  async block(ctx: RegionContext, after: Buffer, limit: number): Promise<Buffer> {
    return (await this.#block.one(ctx, { after, length: WRAPPED_BYTES, limit }))?.block ?? Buffer.alloc(0);
  }

  /** Removes keys for good and says so in tombstones, both or neither. Repeating it changes nothing. */
  async destroy(ctx: RegionContext, erased: readonly Erased[]): Promise<void> {
    await this.door.transaction(ctx, async (tx) => {
      await this.#remove.run(tx, { ids: erased.map(({ key }) => key) });
      await this.tombstones.add(tx, erased);
    });
  }

  /** Removes keys of subjects that never came to be; no tombstone, as no row of theirs outlives them. */
  async discard(ctx: RegionContext, ids: readonly KeyId[]): Promise<void> {
    await this.#remove.run(ctx, { ids });
  }

  /** Those of the ids that the store knows, as keys or as tombstones. */
  async known(ctx: RegionContext, ids: readonly KeyId[]): Promise<KeyId[]> {
    return (await this.#known.all(ctx, { ids })).map(({ id }) => id);
  }

  /**
   * Wraps up to `limit` keys anew that are wrapped under an older version. @returns how many; 0 when none is left
   * @param rewrap the key under the new version
   */
  async rewrapOlder(
    ctx: RegionContext,
    wrappingVersion: number,
    limit: number,
    rewrap: (id: KeyId, wrapped: Wrapped) => Promise<Buffer>,
  ): Promise<number> {
    return this.door.transaction(ctx, async (tx) => {
      const rows = await this.#older.all(tx, { wrappingVersion, limit });
      if (rows.length === 0) return 0;
      const wrapped = await Promise.all(
        rows.map((row) => rewrap(row.id, { version: row.wrappingVersion, bytes: row.wrapped })),
      );
      return this.#rewrap.run(tx, { ids: rows.map(({ id }) => id), wrapped, wrappingVersion });
    });
  }

  /** How many keys are wrapped under each version. */
  countByVersion(ctx: RegionContext): Promise<{ wrappingVersion: number; count: number }[]> {
    return this.#count.all(ctx, {});
  }
}
