import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, migrateRegionDatabase } from '@domicile/residency';
import pg from 'pg';
import { ENTITIES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { MIGRATION_TABLE, catalogueOf, strangeObjects } from '../support/catalogue.js';
import { barePool } from '../support/guard.js';
import { type TestDatabase, createDatabase, query, regions } from '../support/databases.js';

const SCHEMA = { entities: ENTITIES, migrations: MIGRATIONS };
const DENIED = '42501';

/** What the application role must not be able to do, and the SQLSTATE where it is not "insufficient privilege". OWNER, APP, PID are filled in. */
const ATTEMPTS: Readonly<Record<string, readonly (string | readonly [sql: string, sqlState: string])[]>> = {
  'change the schema': [
    'create table stray (id int)',
    'create table residency.stray (id int)',
    'create schema elsewhere',
    'create temp table mine (id int)',
    'create temp view mine as select 1',
    'select * into stray from person',
    'create view peek as select * from person',
    'create materialized view peek as select * from person',
    'create index on person (email)',
    'create sequence counter',
    'create type mood as enum ()',
    'create domain name_of as text',
    "create function leak() returns int language sql as 'select 1'",
    "create procedure leak() language sql as 'select 1'",
    'create trigger spy before insert on person execute function suppress_redundant_updates_trigger()',
    'create rule spy as on insert to person do also select 1',
    'create policy everyone on person using (true)',
    'create statistics on id, email from person',
    'alter table person add nickname text',
    'alter table person drop constraint person_id_home',
    'alter table person disable trigger all',
    'alter table person owner to APP',
    'alter table person enable row level security',
    'alter schema public owner to APP',
    'alter database DATABASE set search_path = public',
    'alter database DATABASE owner to APP',
    'drop table person',
    'drop schema residency cascade',
    'drop database DATABASE',
    'truncate person',
    'truncate acceptance',
    "comment on table person is 'x'",
    "comment on database DATABASE is 'domicile region x'",
    'reindex table person',
    'cluster person using person_pkey',
  ],
  'touch what says whose database this is': [
    'update residency.marker set statement = statement',
    "insert into residency.marker values (false, '', '')",
    'delete from residency.marker',
    'truncate residency.marker',
    'select statement from residency.marker for update',
    "create or replace function residency.region() returns smallint language sql immutable as 'select 3::smallint'",
    "create or replace function residency.region_of(id uuid) returns smallint language sql immutable as 'select 3::smallint'",
    'alter function residency.region() rename to other',
    'alter function residency.region() volatile',
    'drop function residency.region() cascade',
  ],
  'reach files and programs of the server': [
    "copy person to program 'cat'",
    "copy person from program 'cat /dev/null'",
    "copy person to '/tmp/person.copy'",
    "copy person from '/etc/passwd'",
    "select lo_import('/etc/passwd')",
    "select lo_export(0, '/tmp/large')",
    "select pg_read_file('postgresql.conf')",
    "select pg_read_binary_file('global/pg_control')",
    "select pg_stat_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    'select pg_ls_logdir()',
    'select pg_ls_waldir()',
    'select pg_ls_tmpdir()',
    "load '/tmp/library.so'",
    "create tablespace outside location '/tmp'",
    "create function run(cstring) returns int language c as '/lib/x86_64-linux-gnu/libc.so.6', 'system'",
    'show data_directory',
    'select * from pg_hba_file_rules',
    'select * from pg_file_settings',
  ],
  'reach another server': [
    'create extension dblink',
    'create extension postgres_fdw',
    'create extension file_fdw',
    'create extension plpython3u',
    'create extension pgcrypto',
    'create foreign data wrapper away',
    ["create server away foreign data wrapper postgres_fdw options (host '127.0.0.1')", '42704'],
    ['import foreign schema public from server away into public', '42704'],
    ["select dblink('host=127.0.0.1', 'select 1')", '42883'],
    ["select dblink_connect('host=127.0.0.1')", '42883'],
    'create publication everything for all tables',
    'create publication persons for table person',
    "create subscription everything connection 'host=127.0.0.1' publication p with (connect = false)",
    "select pg_create_physical_replication_slot('away')",
    "select pg_create_logical_replication_slot('away', 'pgoutput')",
    "select pg_replication_origin_create('away')",
  ],
  'become somebody else': [
    'set session authorization OWNER',
    'set session authorization postgres',
    'set role OWNER',
    'set role pg_read_all_data',
    'set role pg_execute_server_program',
    'create role other',
    'create role other superuser',
    'create user other',
    'alter role APP superuser',
    'alter role APP createdb',
    'alter role APP replication',
    'alter role APP bypassrls',
    "alter role APP valid until 'infinity'",
    "alter role OWNER password 'x'",
    'drop role OWNER',
    'grant OWNER to APP',
    'grant pg_read_all_data to APP',
    'grant pg_monitor to APP',
    'reassign owned by OWNER to APP',
    'create database other',
    'create database other template DATABASE',
    'alter default privileges for role OWNER grant all on tables to APP',
  ],
  'meddle with the server or with others on it': [
    "alter system set log_statement = 'all'",
    'select pg_reload_conf()',
    'select pg_rotate_logfile()',
    'select pg_switch_wal()',
    "select pg_create_restore_point('here')",
    "select pg_backup_start('away')",
    'checkpoint',
    'select pg_terminate_backend(PID)',
    'select pg_cancel_backend(PID)',
    'select pg_log_backend_memory_contexts(PID)',
    "set log_statement = 'all'",
    "set log_min_error_statement = 'error'",
    "set log_error_verbosity = 'verbose'",
    'set log_parameter_max_length = -1',
    'set log_min_duration_statement = 0',
    "set session_replication_role = 'replica'",
    'set allow_system_table_mods = on',
    "set session_preload_libraries = 'auto_explain'",
    'select pg_stat_reset()',
  ],
  'read or rewrite what is not its own': [
    `select * from ${MIGRATION_TABLE}`,
    `insert into ${MIGRATION_TABLE} (timestamp, name) values (1, 'x')`,
    `delete from ${MIGRATION_TABLE}`,
    `select nextval('${MIGRATION_TABLE}_id_seq')`,
    "update acceptance set how = 'signup'",
    'delete from acceptance',
    'select id from acceptance for update',
    "insert into acceptance select * from acceptance on conflict (id) do update set how = 'x'",
    'merge into acceptance a using person p on a.person_id = p.id when matched then delete',
    'select * from pg_authid',
    'select * from pg_shadow',
    'select * from pg_user_mapping',
    'select * from pg_statistic',
    'select * from pg_largeobject',
    'update pg_class set relname = relname',
    'delete from pg_constraint',
  ],
};

/** What PostgreSQL lets every role do on any database. None of it reaches another database; the guard alone refuses it to the application. */
const LEFT_TO_THE_GUARD = [
  'select lo_create(0)',
  "do $$ begin raise log 'anything'; end $$",
  "notify anyone, 'anything'",
  'listen anyone',
  'select pg_advisory_lock(1)',
  'lock table person in access exclusive mode',
  "set application_name = 'anything'",
  "alter role APP set work_mem = '1MB'",
  "alter role APP password 'anything'",
  'prepare anything as select 1',
  'select pg_sleep(0)',
  "select pg_logical_emit_message(true, 'anything', 'anything')",
  'copy person to stdout',
];

/** Tables whose rows are never changed, and the one whose rows stay for good. */
const NARROWER: Readonly<Record<string, string>> = {
  acceptance: 'INSERT SELECT',
  affiliation: 'DELETE INSERT SELECT',
  person_address: 'DELETE INSERT SELECT',
};

describe.each(regions.all)('the roles of $code', (region) => {
  let database: TestDatabase;
  let app: pg.Client;
  let superuser: pg.Client;
  let pid: number;
  let before: unknown;
  const role = { owner: '', app: '' };
  const read = async (text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
    (await superuser.query<Record<string, unknown>>(text, values)).rows;

  beforeAll(async () => {
    database = await createDatabase(region, SCHEMA);
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
        const sql = attempt
          .replaceAll('OWNER', role.owner)
          .replaceAll('APP', role.app)
          .replaceAll('DATABASE', database.name)
          .replaceAll('PID', String(pid));
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
    const sql = attempt.replaceAll('APP', role.app);
    await app.query('begin');
    await app.query(sql).finally(() => app.query('rollback'));
    const { permit, client, pool } = barePool(database);
    const held = await client(permit());
    await expect(held.query(sql)).rejects.toMatchObject({ code: 'residency.statement_refused' });
    held.release();
    await pool.end();
  });

  it('gives away nothing that it may do', async () => {
    await app.query('grant all on person to public').catch(() => undefined);
    expect(await grantsOf('person')).toEqual({ [role.app]: 'DELETE INSERT SELECT UPDATE' });
  });

  it('the application may do its work: add, read, change and remove', async () => {
    await app.query('begin');
    // Version 8 and the region's number in the bits where the codec puts them.
    const bits = (0x8000 | (region.number << 4)).toString(16);
    const made = await app.query(
      "insert into person (id, email) values (overlay(gen_random_uuid()::text placing $1 from 20 for 4)::uuid, 'a@b.example') returning id",
      [bits],
    );
    const { id: person } = made.rows[0] as { id: string };
    expect((await app.query('update person set version = 2 where id = $1', [person])).rowCount).toBe(1);
    expect((await app.query('select version from person where id = $1', [person])).rows).toEqual([{ version: 2 }]);
    expect((await app.query('delete from person where id = $1', [person])).rowCount).toBe(1);
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

  it.each([...declarations().map(({ table }) => [table, NARROWER[table] ?? 'DELETE INSERT SELECT UPDATE'] as const)])(
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
    await database.sql('owner', `grant truncate, trigger, references on person to ${role.app}`);
    await database.sql('owner', `grant update on acceptance to ${role.app}`);
    await database.sql('owner', `grant select on ${MIGRATION_TABLE} to ${role.app}`);
    expect(await migrateRegionDatabase({ ...database.provision, ...SCHEMA })).toEqual([]);
    expect(await grantsOf('person')).toEqual({ [role.app]: 'DELETE INSERT SELECT UPDATE' });
    expect(await grantsOf('acceptance')).toEqual({ [role.app]: 'INSERT SELECT' });
    expect(await grantsOf(MIGRATION_TABLE)).toEqual({});
  });

  it('another database of the same server lets neither role in', async () => {
    const other = await createDatabase(region, SCHEMA, { prepare: 'sealed' });
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
