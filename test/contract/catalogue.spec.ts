import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, schemaDrift } from '@domicile/residency';
import pg from 'pg';
import { ENTITIES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { MIGRATION_TABLE, RULES, catalogueOf, problemsOf, strangeObjects, type Read } from '../support/catalogue.js';
import { type TestDatabase, createDatabase, regions } from '../support/databases.js';

const declared = declarations();
/** Rules that were seen to notice something. */
const alive = new Set<string>();

/** A change by hand, and the sentence that must tell of it. Each is made in a transaction that is rolled back. */
const PLANTED: readonly (readonly [change: string, sentence: string | RegExp])[] = [
  ['create table stray (id uuid primary key)', 'stray is not declared'],
  ['drop table outbox', 'outbox is missing'],
  ['create view peek as select id from person', 'peek is of kind vp'],
  ['create materialized view copy as select id from person', 'copy is of kind mp'],
  ['alter table outbox set unlogged', 'outbox is of kind ru'],
  ['create table part (id uuid) partition by hash (id)', 'part is of kind pp'],
  [
    'create foreign data wrapper w; create server s foreign data wrapper w; create foreign table far (id int) server s',
    'far is of kind fp',
  ],
  ['alter table person add note text', 'person has the undeclared column note'],
  ['alter table person drop display_name', 'person lacks the column display_name'],
  ['alter table person add other_id uuid', 'person holds undeclared ids in other_id'],
  [
    'alter table membership drop constraint membership_person_id_home',
    'membership is not kept at home by membership_person_id_home (there is none)',
  ],
  [
    'alter table person drop constraint person_id_home; alter table person add constraint person_id_home check (residency.region_of(id) = residency.region()) not valid',
    /^person is not kept at home by person_id_home .*NOT VALID/,
  ],
  [
    'alter table person drop constraint person_id_home; alter table person add constraint person_id_home check (residency.region_of(id) = residency.region()) not enforced',
    /^person is not kept at home by person_id_home .*NOT ENFORCED/,
  ],
  [
    'alter table person drop constraint person_id_home; alter table person add constraint person_id_home check (residency.region_of(id) = residency.region() or true)',
    /^person is not kept at home by person_id_home/,
  ],
  [
    'alter table session drop constraint session_person_id_home; alter table session add constraint session_person_id_home check (residency.region_of(id) = residency.region())',
    /^session is not kept at home by session_person_id_home/,
  ],
  ['alter table person add constraint tall check (length(email) > 1)', 'person has the undeclared check tall'],
  [
    'alter table membership drop constraint membership_pkey; alter table membership add primary key (id, account_id)',
    'membership has the key (id,account_id)',
  ],
  [
    'alter table outbox drop constraint outbox_pkey; alter table outbox add primary key (id) deferrable',
    'outbox has the key (id)',
  ],
  ['alter table person_address add clear text', 'person_address holds clear (text)'],
  ['create unique index person_email_idx on person (email)', 'person has the unique index person_email_idx'],
  [
    'create unique index membership_person_id_idx on membership (person_id)',
    'membership has the unique index membership_person_id_idx',
  ],
  [
    'alter table person add constraint person_status_idx unique (status)',
    'person has the unique index person_status_idx',
  ],
  [
    'create index person_status_lower_idx on person (lower(status))',
    'person has the undeclared index person_status_lower_idx',
  ],
  ['create index person_email_idx on person (email)', 'person spreads email into person_email_idx'],
  ['alter table session drop constraint session_person_id_fkey', 'session lacks the foreign key over person_id'],
  [
    'alter table acceptance add constraint acceptance_person_id_fkey foreign key (person_id) references person (id)',
    'acceptance has the undeclared foreign key acceptance_person_id_fkey',
  ],
  ['alter table session alter constraint session_person_id_fkey deferrable', /^session has the loose foreign key/],
  [
    'alter table affiliation add constraint affiliation_account_id_id_fkey foreign key (account_id, id) references membership (account_id, id)',
    /^affiliation has the loose foreign key affiliation_account_id_id_fkey/,
  ],
  ['alter table outbox add constraint alone exclude using btree (kind with =)', 'outbox has alone of kind x'],
  ['alter table person alter email type varchar(100)', 'person holds email in another type than text'],
  ['alter table person add notes jsonb', 'person does not say whether notes is personal'],
  ['alter table person drop version', 'person has no version'],
  ['alter table person alter version type bigint', 'person has no version'],
  ['alter table person alter version drop default', 'person has no version'],
  ['alter table acceptance add version integer not null default 1', 'acceptance has a version though it never changes'],
  ['alter table person alter created_at type timestamp', 'person has created_at of type timestamp without time zone'],
  ['alter table person add serial_number serial', 'person has serial_number of type integer'],
  ['alter table person add counted integer generated always as identity', 'person has counted of type integer'],
  ['alter table person rename email to "eMail"', 'person.eMail is no snake_case name'],
  ['create table persons (id uuid)', 'persons is no singular name'],
  ['create sequence counter', 'there is the sequence public.counter'],
  ['create schema elsewhere', 'there is the schema elsewhere'],
  ['create table residency.extra ()', 'there is the table residency.extra'],
  ["create function leak() returns int language sql as 'select 1'", 'there is the function public.leak()'],
  [
    "create function residency.region_of(text) returns int language sql as 'select 1'",
    'there is the function residency.region_of(pg_catalog.text)',
  ],
  [
    "create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger spy after insert on person execute function f()",
    'there is the trigger spy on person',
  ],
  [
    "create function f() returns event_trigger language plpgsql as 'begin end'; create event trigger ddl on ddl_command_end execute function f()",
    'there is the event trigger ddl',
  ],
  ['alter table session disable trigger all', /^there is the trigger RI_.* on session \(switched off\)$/],
  ['create rule spy as on insert to person do also select 1', 'there is the rule spy on public.person'],
  ['create policy all_of_it on person using (true)', 'there is the policy all_of_it on public.person'],
  ['create extension dblink', 'there is the extension dblink'],
  ['create extension postgres_fdw', 'there is the foreign-data wrapper postgres_fdw'],
  ['create extension pgcrypto', 'there is the extension pgcrypto'],
  ['create publication all_of_it for all tables', 'there is the publication all_of_it'],
  [
    "create subscription everything connection 'host=127.0.0.1' publication p with (connect = false)",
    'there is the subscription everything',
  ],
  ['create foreign data wrapper w; create server s foreign data wrapper w', 'there is the server s'],
  ['select lo_create(0)', /^there is the large object /],
  ['create type mood as enum ()', 'there is the type mood'],
  ['create domain name_of as text', 'there is the type name_of'],
  ['create aggregate total (int) (sfunc = int4pl, stype = int)', 'there is the aggregate public.total(integer)'],
  ['create cast (account as person) with inout', /^there is the cast /],
  ['alter default privileges grant select on tables to public', /^there is the default acl /],
];

describe.each(regions.all)('the catalogue of $code', (region) => {
  let database: TestDatabase;
  let superuser: pg.Client;
  const read: Read = async (text) => (await superuser.query<Record<string, unknown>>(text)).rows;

  beforeAll(async () => {
    database = await createDatabase(region, { entities: ENTITIES, migrations: MIGRATIONS });
    superuser = new pg.Client({ connectionString: database.superuserUrl });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser.end();
    await database.drop();
  });

  it('is looked at whole: every table of the application, and TypeORM’s own', async () => {
    expect(ENTITIES.length).toBe(declared.length);
    const names = (await catalogueOf(read)).map(({ name }) => name);
    expect(names.sort()).toEqual([...declared.map(({ table }) => table), MIGRATION_TABLE].sort());
  });

  it.each(Object.entries(RULES))('%s', async (_sentence, rule) => {
    expect(rule(await catalogueOf(read), declared)).toEqual([]);
  });

  it('holds nothing but tables, indexes and what init made: no code, no sequence, no way out', async () => {
    expect(await strangeObjects(read)).toEqual([]);
  });

  it('has no extension but plpgsql, and no result cache of TypeORM', async () => {
    expect(await read('select extname from pg_extension')).toEqual([{ extname: 'plpgsql' }]);
    expect(await read(`select to_regclass('"query-result-cache"') is null as absent`)).toEqual([{ absent: true }]);
  });

  it('says its own region in an immutable function with a literal body', async () => {
    const functions =
      await read(`select proname as name, provolatile as volatility, proparallel as parallel, prosecdef as definer,
      proconfig as settings, prosrc as source from pg_proc where pronamespace = 'residency'::regnamespace order by proname`);
    const pure = { volatility: 'i', parallel: 's', definer: false, settings: null };
    expect(functions).toEqual([
      { name: 'region', ...pure, source: `select ${region.number}::smallint` },
      { name: 'region_of', ...pure, source: expect.stringContaining('uuid_send(id)') },
    ]);
  });

  it('agrees with the entities to the letter: the next migration would be empty', async () => {
    expect(await schemaDrift({ ...database.provision, entities: ENTITIES })).toEqual([]);
  });

  it.each([
    ['a column', 'alter table person add nickname text', 'alter table person drop nickname', 'nickname'],
    [
      'a default',
      "alter table person alter status set default 'x'",
      "alter table person alter status set default 'active'",
      'status',
    ],
    [
      'an index',
      'drop index session_person_id_idx',
      'create index session_person_id_idx on session (person_id)',
      'session_person_id_idx',
    ],
    [
      'a check',
      'alter table person add constraint odd check (version > 0)',
      'alter table person drop constraint odd',
      'odd',
    ],
  ])('notices %s that the entities do not know', async (_what, plant, mend, word) => {
    await database.sql('owner', plant);
    expect((await schemaDrift({ ...database.provision, entities: ENTITIES })).join()).toContain(word);
    await database.sql('owner', mend);
    expect(await schemaDrift({ ...database.provision, entities: ENTITIES })).toEqual([]);
  });

  it.each(PLANTED)('notices %s', async (change, sentence) => {
    await superuser.query('begin');
    try {
      await superuser.query(change);
      const tables = await catalogueOf(read);
      for (const [name, rule] of Object.entries(RULES)) if (rule(tables, declared).length > 0) alive.add(name);
      const problems = await problemsOf(read, declared);
      expect(problems).toContainEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
    } finally {
      await superuser.query('rollback');
    }
  });
});

it('has no rule that never notices anything', () => {
  expect([...alive].sort()).toEqual(Object.keys(RULES).sort());
});
