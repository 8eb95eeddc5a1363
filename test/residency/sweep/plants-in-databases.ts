import { AWAY, HOME, inActivity, intoTable, type Plant, sql } from './planting.js';
import type { World } from './world.js';

/** One value of the home region, as its superuser reads it. */
async function one(world: World, text: string): Promise<unknown> {
  return Object.values((await sql(world, HOME, text))[0]!)[0];
}

const dumpOf = (code: string, table: string): RegExp => new RegExp(`^dump of ${code} ${table}$`);
const ACTIVITY = /^activity of the rows of eu, planted$/;
const LOG = /^server eu postgres\.log$/;

/** Sessions that say too much, in the server's own log (rows 18, 19). */
async function failing(world: World, settings: string, text: string): Promise<void> {
  await sql(world, HOME, `set log_min_messages = 'error'; ${settings}; ${text}`).catch(() => undefined);
}

/** A table of the other region with rows of this one, as a copy or a mistaken save leaves them. */
async function foreignRows(world: World, table: string, of: string, schema = 'public'): Promise<void> {
  await sql(world, AWAY, `create schema if not exists ${schema}`);
  await sql(world, AWAY, `create table ${schema}.${table} (like ${of})`);
  const rows = await sql(world, HOME, `select to_jsonb(t)::text as row from ${of} t`);
  for (const { row } of rows)
    await sql(world, AWAY, `insert into ${schema}.${table} select * from jsonb_populate_record(null::${of}, $1)`, [
      row,
    ]);
}

/** Leaks into tables, sessions, logs and the WAL of the servers. */
export const IN_DATABASES: readonly Plant[] = [
  {
    row: 1,
    how: 'what a raw query read in one region, kept in a table of the other',
    sink: dumpOf(AWAY, 'public.row_1'),
    isCopy: true,
    put: async (world) => intoTable(world, AWAY, 1, world.people.get('eu-combined')!.accountId),
  },
  {
    row: 3,
    how: 'a sealed value selected from one region into the other',
    sink: dumpOf(AWAY, 'public.row_3'),
    isCopy: true,
    put: async (world) => intoTable(world, AWAY, 3, (await one(world, 'select sealed from account limit 1')) as Buffer),
  },
  {
    row: 6,
    how: 'a static save through the wrong data source: an id of one region among the rows of the other',
    sink: dumpOf(AWAY, 'public.row_6'),
    isCopy: true,
    put: async (world) =>
      intoTable(world, AWAY, 6, String(await one(world, `select replace(id::text, '-', '') from person limit 1`))),
  },
  {
    row: 7,
    how: 'persons of one region saved through the other',
    sink: dumpOf(AWAY, 'public.row_7'),
    isCopy: true,
    put: (world) => foreignRows(world, 'row_7', 'person'),
  },
  {
    row: 9,
    how: 'an audit table that a subscriber fills with what it is told',
    sink: dumpOf(HOME, 'public.row_9'),
    put: (world, own) => intoTable(world, HOME, 9, JSON.stringify({ entity: 'person', after: own.text() })),
  },
  {
    row: 10,
    how: "TypeORM's result cache, with the query and the address that it gave",
    sink: dumpOf(HOME, 'public."query-result-cache"'),
    put: async (world, own) => {
      await sql(
        world,
        HOME,
        'create table "query-result-cache" (id serial, identifier text, time bigint, duration int, query text, result text)',
      );
      await sql(world, HOME, 'insert into "query-result-cache" (query, result) values ($1, $2)', [
        'select email from person where id = $1',
        JSON.stringify([{ email: own.address() }]),
      ]);
    },
  },
  {
    row: 11,
    how: 'a dump of one region restored into the other',
    sink: dumpOf(AWAY, 'restored.membership'),
    isCopy: true,
    put: (world) => foreignRows(world, 'membership', 'membership', 'restored'),
  },
  {
    row: 12,
    how: 'a table read from the other server with dblink',
    sink: dumpOf(AWAY, 'public.row_12'),
    isCopy: true,
    put: async (world) => {
      await sql(world, AWAY, 'create extension dblink');
      const url = world.installation.site(HOME).database.superuserUrl;
      await sql(
        world,
        AWAY,
        `create table row_12 as select * from dblink('${url}', 'select key, person_id from person_address') as t(key bytea, person_id uuid)`,
      );
    },
  },
  {
    row: 13,
    how: 'COPY … TO PROGRAM into a file beside the data',
    sink: /^server eu postgres\/row-13\.copy$/,
    put: async (world, own) => {
      await sql(world, HOME, 'create table row_13 (value text)');
      await sql(world, HOME, 'insert into row_13 values ($1)', [own.text()]);
      await sql(world, HOME, "copy row_13 to program 'cat > row-13.copy'");
    },
  },
  {
    row: 14,
    how: 'a logical message in the WAL, for whoever replicates',
    sink: /^server eu postgres\/pg_wal\//,
    put: (world, own) => sql(world, HOME, "select pg_logical_emit_message(true, 'row 14', $1)", [own.text()]),
  },
  {
    row: 17,
    how: 'a literal in a statement, shown by pg_stat_activity',
    sink: ACTIVITY,
    put: (world, own) => inActivity(world, `select '${own.text()}' as name`),
  },
  {
    row: 18,
    how: 'DETAIL of a refused row in the log of the server',
    sink: LOG,
    put: async (world, own) => {
      const value = own.text();
      await sql(world, HOME, 'create table row_18 (value text primary key)');
      await failing(
        world,
        "set log_error_verbosity = 'default'",
        `insert into row_18 values ('${value}'), ('${value}')`,
      );
    },
  },
  {
    row: 19,
    how: 'STATEMENT with its literals in the log of the server',
    sink: LOG,
    put: (world, own) => failing(world, "set log_min_error_statement = 'error'", `select nothing, '${own.text()}'`),
  },
  {
    row: 20,
    how: 'the payload of a NOTIFY',
    sink: ACTIVITY,
    put: (world, own) => inActivity(world, `notify row_20, '${own.text()}'`),
  },
  {
    row: 32,
    how: 'a session stored in the region of whoever ran next',
    sink: dumpOf(AWAY, 'public.row_32'),
    isCopy: true,
    put: (world) => foreignRows(world, 'row_32', 'session'),
  },
  {
    row: 33,
    how: 'session state that the next request sees',
    sink: ACTIVITY,
    put: (world, own) => inActivity(world, `set application_name = '${own.word()}'`),
  },
  {
    row: 34,
    how: 'a prepared statement with a value in its text',
    sink: ACTIVITY,
    put: (world, own) => inActivity(world, `prepare row_34 as select '${own.text()}' as name`),
  },
  {
    row: 36,
    how: 'a counter keyed by the plain address',
    sink: dumpOf(HOME, 'public.row_36'),
    put: (world, own) => intoTable(world, HOME, 36, `signup ${own.address().toLowerCase()}`),
  },
  {
    row: 37,
    how: 'a job whose payload is an address',
    sink: dumpOf(HOME, 'public.outbox'),
    put: (world, own) =>
      sql(
        world,
        HOME,
        `insert into outbox (id, kind, subject_kind, subject_id) select id, $1, 'sgn', id from signup limit 1`,
        [own.address()],
      ),
  },
  {
    row: 38,
    how: 'a webhook that carries a name to an address of the customer',
    sink: dumpOf(HOME, 'public.outbox'),
    put: async (world, own) => {
      await sql(world, HOME, 'alter table outbox add payload jsonb');
      await sql(
        world,
        HOME,
        `insert into outbox (id, kind, subject_kind, subject_id, payload) select id, $1, 'sgn', id, $2 from signup offset 1 limit 1`,
        ['webhook', JSON.stringify({ name: own.text() })],
      );
    },
  },
  {
    row: 60,
    how: 'a search index over names',
    sink: dumpOf(HOME, 'public.row_60'),
    put: async (world, own) => {
      await sql(world, HOME, 'create table row_60 (words tsvector)');
      await sql(world, HOME, "insert into row_60 values (to_tsvector('simple', $1))", [own.text()]);
    },
  },
];
