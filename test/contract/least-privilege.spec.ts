import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, migrateRegionDatabase } from '@domicile/residency';
import pg from 'pg';
import { MIGRATION_TABLE, catalogueOf, strangeObjects } from '../support/catalogue.js';
import { barePool } from '../support/guard.js';
import { type TestDatabase, createDatabase, query, regions } from '../support/databases.js';
import { ATTEMPTS, LEFT_TO_THE_GUARD } from '../support/forbidden-statements.js';
import { KEY_SCHEMA, SCHEMA } from '../support/installation.js';

const DENIED = '42501';

/** The two kinds of database that a region has; of their tables those whose rows are never changed, and those whose rows stay for good. */
const KINDS = {
  rows: {
    schema: SCHEMA,
    words: { TABLE: 'person', HISTORY: 'acceptance', SEALED: 'sealed' },
    insert: "insert into person (id, sealed) values ($1, '\\x00')",
    narrower: {
      acceptance: 'INSERT SELECT',
      account_event: 'INSERT SELECT',
      affiliation: 'DELETE INSERT SELECT',
      passkey_locator: 'DELETE INSERT SELECT',
      person_address: 'DELETE INSERT SELECT',
      person_event: 'INSERT SELECT',
      recovery_code: 'DELETE INSERT SELECT',
      domain_way: 'DELETE INSERT SELECT',
      invitation_way: 'DELETE INSERT SELECT',
      tombstone: 'INSERT SELECT',
    },
  },
  keys: {
    schema: KEY_SCHEMA,
    words: { TABLE: 'data_key', HISTORY: 'tombstone', SEALED: 'wrapped' },
    insert: "insert into data_key (id, wrapped, wrapping_version) values ($1, '\\x00', 1)",
    narrower: { tombstone: 'INSERT SELECT' },
  },
} as const;
const SITES = regions.all.flatMap((region) => (['rows', 'keys'] as const).map((purpose) => ({ region, purpose })));

describe.each(SITES)('the roles of $region.code, $purpose', ({ region, purpose }) => {
  const { schema, words, insert } = KINDS[purpose];
  const narrower: Readonly<Record<string, string>> = KINDS[purpose].narrower;
  const declared = declarations().filter(({ entity }) => schema.entities.includes(entity));
  let database: TestDatabase;
  let app: pg.Client;
  let superuser: pg.Client;
  let pid: number;
  let before: unknown;
  const role = { owner: '', app: '' };
  const read = async (text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
    (await superuser.query<Record<string, unknown>>(text, values)).rows;

  const filled = (attempt: string): string =>
    Object.entries({ ...words, OWNER: role.owner, APP: role.app, DATABASE: database.name, PID: String(pid) }).reduce(
      (sql, [word, text]) => sql.replaceAll(word, text),
      attempt,
    );

  beforeAll(async () => {
    database = await createDatabase(region, schema, { purpose });
    role.owner = new URL(database.ownerUrl).username;
    role.app = new URL(database.appUrl).username;
    app = new pg.Client({ connectionString: database.appUrl });
    superuser = new pg.Client({ connectionString: database.superuserUrl });
    await Promise.all([app.connect(), superuser.connect()]);
    pid = (await read('select pg_backend_pid() as pid'))[0]!['pid'] as number;
    before = [await catalogueOf(read), await strangeObjects(read)];
  });
  afterAll(async () => {
    await Promise.all([app.end(), superuser.end()]);
    await database.drop();
  });

  describe.each(Object.entries(ATTEMPTS))('the application cannot %s', (_what, attempts) => {
    it.each(attempts.map((attempt) => (typeof attempt === 'string' ? ([attempt, DENIED] as const) : attempt)))(
      '%s',
      async (attempt, sqlState) => {
        const sql = filled(attempt);
        const outcome = await app.query(sql).then(
          () => 'succeeded',
          (error: { code?: string }) => error.code,
        );
        expect(outcome).toBe(sqlState);
      },
    );

    it('and nothing has changed by trying', async () => {
      expect([await catalogueOf(read), await strangeObjects(read)]).toEqual(before);
    });
  });

  it('the application sees no statement of others', async () => {
    const seen = (await app.query('select distinct query from pg_stat_activity where usename <> current_user')).rows;
    expect(seen).toEqual([{ query: '<insufficient privilege>' }]);
  });

  it.each(LEFT_TO_THE_GUARD)('the guard stops what PostgreSQL lets every role do: %s', async (attempt) => {
    const sql = filled(attempt);
    await app.query('begin');
    await app.query(sql);
    await app.query('rollback');
    const { permit, client, pool } = barePool(database);
    const held = await client(permit());
    await expect(held.query(sql)).rejects.toMatchObject({ code: 'residency.statement_refused' });
    held.release();
    await pool.end();
  });

  it('gives away nothing that it may do', async () => {
    await app.query(`grant all on ${words.TABLE} to public`).catch(() => undefined);
    expect(await grantsOf(words.TABLE)).toEqual({ [role.app]: 'DELETE INSERT SELECT UPDATE' });
  });

  it('the application may do its work: add, read, change and remove', async () => {
    await app.query('begin');
    // Version 8 and the region's number in the bits where the codec puts them.
    const bits = (0x8000 | (region.number << 4)).toString(16);
    const [{ id } = {}] = await read('select overlay(gen_random_uuid()::text placing $1 from 20 for 4) as id', [bits]);
    const { TABLE: table } = words;
    expect((await app.query(insert, [id])).rowCount).toBe(1);
    expect((await app.query(`update ${table} set version = 2 where id = $1`, [id])).rowCount).toBe(1);
    expect((await app.query(`select version from ${table} where id = $1`, [id])).rows).toEqual([{ version: 2 }]);
    expect((await app.query(`delete from ${table} where id = $1`, [id])).rowCount).toBe(1);
    await app.query('rollback');
  });

  it('neither role is more than a role that may log in', async () => {
    const rows = await read(
      `select rolname as name, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as more,
        rolinherit as inherits, rolconfig as settings,
        array(select r.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = a.oid) as member,
        array(select r.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.member where m.roleid = a.oid) as members
        from pg_roles a where rolname = any($1) order by rolname`,
      [[role.app, role.owner]],
    );
    const plain = { more: false, settings: null, member: [], members: [] };
    expect(rows).toEqual([
      { name: role.app, inherits: false, ...plain },
      { name: role.owner, inherits: expect.any(Boolean), ...plain },
    ]);
  });

  it('the public has no right on database, schemas or tables, and no default gives one', async () => {
    expect(
      await read(`select 'database' as what from pg_database, aclexplode(datacl) where datname = current_database() and grantee = 0
        union all select nspname::text from pg_namespace, aclexplode(nspacl) where nspname in ('public', 'residency') and grantee = 0
        union all select relname::text from pg_class, aclexplode(relacl) where relnamespace in ('public'::regnamespace, 'residency'::regnamespace) and grantee = 0
        union all select 'default' from pg_default_acl`),
    ).toEqual([]);
  });

  it('database, schema and tables grant exactly what they must', async () => {
    expect(
      await read(`select privilege_type as may, is_grantable as further from pg_database, aclexplode(datacl)
      where datname = current_database() and grantee = '${role.app}'::regrole`),
    ).toEqual([{ may: 'CONNECT', further: false }]);
    expect(
      await read(`select nspname as schema, string_agg(privilege_type, ' ') as may, bool_or(is_grantable) as further from pg_namespace, aclexplode(nspacl)
      where grantee = '${role.app}'::regrole group by nspname order by nspname`),
    ).toEqual([
      { schema: 'public', may: 'USAGE', further: false },
      { schema: 'residency', may: 'USAGE', further: false },
    ]);
    expect(
      await read('select attrelid::regclass, attname from pg_attribute where attacl is not null and attrelid >= 16384'),
    ).toEqual([]);
  });

  it.each([...declared.map(({ table }) => [table, narrower[table] ?? 'DELETE INSERT SELECT UPDATE'] as const)])(
    '%s may be used by the application to %s, and by nobody else',
    async (table, rights) => {
      expect(await grantsOf(table)).toEqual({ [role.app]: rights });
    },
  );

  it('the marker is read only, and what TypeORM keeps is nobody’s', async () => {
    expect(await grantsOf('marker', 'residency')).toEqual({ [role.app]: 'SELECT' });
    expect(await grantsOf(MIGRATION_TABLE)).toEqual({});
    expect(await grantsOf(`${MIGRATION_TABLE}_id_seq`)).toEqual({});
  });

  it('everything belongs to the owner', async () => {
    expect(
      await read(`select distinct relowner::regrole::text as owner from pg_class where oid >= 16384
        union select proowner::regrole::text from pg_proc where pronamespace = 'residency'::regnamespace
        union select nspowner::regrole::text from pg_namespace where nspname = 'residency'
        union select datdba::regrole::text from pg_database where datname = current_database()`),
    ).toEqual([{ owner: role.owner }]);
  });

  it('a right that somebody added is gone after the next migration run', async () => {
    await database.sql('owner', `grant truncate, trigger, references on ${words.TABLE} to ${role.app}`);
    await database.sql('owner', `grant update, delete on ${words.HISTORY} to ${role.app}`);
    await database.sql('owner', `grant select on ${MIGRATION_TABLE} to ${role.app}`);
    expect(await migrateRegionDatabase({ ...database.provision, ...schema })).toEqual([]);
    expect(await grantsOf(words.TABLE)).toEqual({ [role.app]: 'DELETE INSERT SELECT UPDATE' });
    expect(await grantsOf(words.HISTORY)).toEqual({ [role.app]: 'INSERT SELECT' });
    expect(await grantsOf(MIGRATION_TABLE)).toEqual({});
  });

  it('another database of the same server lets neither role in', async () => {
    const other = await createDatabase(region, schema, { purpose, prepare: 'sealed' });
    for (const url of [database.appUrl, database.ownerUrl]) {
      const there = Object.assign(new URL(url), { pathname: `/${other.name}` }).href;
      await expect(query(there, 'select 1')).rejects.toMatchObject({ code: DENIED });
    }
    await other.drop();
  });

  /** Rights on one relation by role, the owner's left out. */
  async function grantsOf(relation: string, schema = 'public'): Promise<Record<string, string>> {
    const rows = (await read(
      `select coalesce(g.rolname, 'public') as grantee, string_agg(privilege_type || case when is_grantable then '*' else '' end, ' ' order by privilege_type) as rights
        from pg_class c, aclexplode(relacl) left join pg_roles g on g.oid = grantee
        where c.relname = $1 and c.relnamespace = $2::regnamespace and grantee <> c.relowner group by 1`,
      [relation, schema],
    )) as { grantee: string; rights: string }[];
    return Object.fromEntries(rows.map(({ grantee, rights }) => [grantee, rights]));
  }
});
