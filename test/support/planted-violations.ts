import type { FieldSet, PersonalDeclaration, TableDeclaration } from '@domicile/residency';

/** A change by hand, and the sentence that must tell of it. Each is made in a transaction that is rolled back. */
export type Planted = readonly [change: string, sentence: string | RegExp];

/** In a region's rows. */
export const PLANTED_IN_ROWS: readonly Planted[] = [
  ['create table stray (id uuid primary key)', 'stray is not declared'],
  ['create table data_key (id uuid primary key, wrapped bytea)', 'data_key is not declared'],
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
  ['alter table person add born_on date', 'person holds born_on (date), and nothing says what that tells of somebody'],
  [
    'alter table session drop last_seen_at; alter table session add last_seen_at bigint',
    'session holds last_seen_at (bigint), and nothing says what that tells of somebody',
  ],
  ['alter table totp drop last_step', 'totp lacks last_step integer, which is explained'],
  ['alter table person drop status', 'person lacks the column status'],
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
  ['alter table person add constraint tall check (length(status) > 1)', 'person has the undeclared check tall'],
  [
    'alter table membership drop constraint membership_pkey; alter table membership add primary key (id, account_id)',
    'membership has the key (id,account_id)',
  ],
  [
    'alter table outbox drop constraint outbox_pkey; alter table outbox add primary key (id) deferrable',
    'outbox has the key (id)',
  ],
  ['alter table person_address add clear text', 'person_address holds clear (text)'],
  ['create unique index person_sealed_idx on person (sealed)', 'person has the unique index person_sealed_idx'],
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
  ['create index person_sealed_idx on person (sealed)', 'person spreads sealed into person_sealed_idx'],
  [
    'create index session_person_id_idx2 on session (person_id) include (secret_hash)',
    'session has the undeclared index session_person_id_idx2',
  ],
  [
    'create index signup_expires_at_sealed_idx on signup (expires_at) include (sealed)',
    'signup spreads sealed into signup_expires_at_sealed_idx',
  ],
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
  [
    "alter table person alter sealed type text using encode(sealed, 'hex')",
    'person holds sealed in another type than bytea',
  ],
  ['alter table person alter sealed drop not null', 'person may hold a row without sealed'],
  ['alter table credential alter sealed drop not null', 'credential may hold a row without sealed'],
  ['alter table signup alter sealed set not null', 'signup can never be emptied of sealed'],
  ["alter table account alter sealed set default '\\x00'", 'account has a default for sealed'],
  ['alter table person drop sealed', 'person declares sealed, which is not there'],
  ['alter table person add email text', 'person holds email in clear'],
  ['alter table credential add secret bytea', 'credential holds secret in clear'],
  // A field of one table in another: a copy is as much in clear as the first.
  ['alter table session add display_name text', 'session holds display_name in clear'],
  ['alter table person_address add email text', 'person_address holds email in clear'],
  ['alter table outbox rename kind to account_name', 'outbox holds account_name in clear'],
  ['alter table person add notes jsonb', 'person neither seals notes nor says why it is not personal'],
  ['alter table person add hidden bytea', 'person neither seals hidden nor says why it is not personal'],
  ['alter table person drop version', 'person has no version'],
  ['alter table person alter version type bigint', 'person has no version'],
  ['alter table person alter version drop default', 'person has no version'],
  ['alter table acceptance add version integer not null default 1', 'acceptance has a version though it never changes'],
  ['alter table person alter created_at type timestamp', 'person has created_at of type timestamp without time zone'],
  ['alter table person add serial_number serial', 'person has serial_number of type integer'],
  ['alter table person add counted integer generated always as identity', 'person has counted of type integer'],
  ['alter table person rename status to "sTatus"', 'person.sTatus is no snake_case name'],
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

/** In a region's key store. */
export const PLANTED_IN_KEYS: readonly Planted[] = [
  ['create table stray (id uuid primary key)', 'stray is not declared'],
  ['create table person (id uuid primary key)', 'person is not declared'],
  ['drop table tombstone', 'tombstone is missing'],
  ['create view peek as select wrapped from data_key', 'peek is of kind vp'],
  ['alter table data_key set unlogged', 'data_key is of kind ru'],
  ['alter table data_key add subject text', 'data_key has the undeclared column subject'],
  ['alter table data_key add subject text', 'data_key neither seals subject nor says why it is not personal'],
  [
    'alter table data_key add born_in smallint',
    'data_key holds born_in (smallint), and nothing says what that tells of somebody',
  ],
  ['alter table data_key add email text', 'data_key holds email in clear'],
  ['alter table tombstone add name text', 'tombstone holds name in clear'],
  ['alter table data_key drop wrapping_version', 'data_key lacks the column wrapping_version'],
  ['alter table data_key add person_id uuid', 'data_key holds undeclared ids in person_id'],
  [
    'alter table tombstone drop constraint tombstone_person_id_home; alter table tombstone alter person_id type text',
    'tombstone declares ids in person_id, which is no uuid column',
  ],
  [
    'alter table data_key drop constraint data_key_id_home',
    'data_key is not kept at home by data_key_id_home (there is none)',
  ],
  [
    'alter table tombstone drop constraint tombstone_person_id_home',
    'tombstone is not kept at home by tombstone_person_id_home (there is none)',
  ],
  ['alter table data_key add constraint old check (version > 0)', 'data_key has the undeclared check old'],
  [
    'alter table data_key drop constraint data_key_pkey; alter table data_key add primary key (id, version)',
    'data_key has the key (id,version)',
  ],
  [
    'create unique index data_key_wrapped_idx on data_key (wrapped)',
    'data_key has the unique index data_key_wrapped_idx',
  ],
  ['create index keys on data_key (created_at)', 'data_key has the undeclared index keys'],
  [
    'alter table tombstone add constraint tombstone_id_fkey foreign key (id) references data_key (id)',
    'tombstone has the undeclared foreign key tombstone_id_fkey',
  ],
  ['alter table data_key add constraint alone exclude using btree (wrapped with =)', 'data_key has alone of kind x'],
  ['alter table data_key drop version', 'data_key has no version'],
  ['alter table tombstone add version integer not null default 1', 'tombstone has a version though it never changes'],
  [
    'alter table data_key alter created_at type timestamp',
    'data_key has created_at of type timestamp without time zone',
  ],
  ['alter table data_key rename wrapped to "wRapped"', 'data_key.wRapped is no snake_case name'],
  ['create table data_keys (id uuid)', 'data_keys is no singular name'],
  ['create sequence counter', 'there is the sequence public.counter'],
  ['create extension dblink', 'there is the extension dblink'],
  ['create publication all_of_it for all tables', 'there is the publication all_of_it'],
  [
    "create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger spy after insert on data_key execute function f()",
    'there is the trigger spy on data_key',
  ],
];

/** A declaration made otherwise, in tables that stay as they are. */
export type Misdeclared = readonly [
  what: string,
  change: (declared: readonly TableDeclaration[]) => readonly TableDeclaration[],
  sentence: string,
];

const changed =
  (table: string, change: (one: TableDeclaration) => Partial<TableDeclaration>) =>
  (declared: readonly TableDeclaration[]): readonly TableDeclaration[] =>
    declared.map((one) => (one.table === table ? { ...one, ...change(one) } : one));

/** The set that `person` seals, made otherwise. */
const resealed = (change: (set: FieldSet) => Partial<FieldSet>) =>
  changed('person', ({ sealed }) => ({
    sealed: new Map([...sealed].map(([column, set]) => [column, { ...set, ...change(set) }])),
  }));

const said = (part: keyof PersonalDeclaration, value: unknown): Misdeclared => [
  `${part} said as ${JSON.stringify(value)}`,
  resealed(({ fields }) => ({
    fields: new Map(
      [...fields].map(([field, declaration]) => [
        field,
        field === 'email' ? { ...declaration, [part]: value } : declaration,
      ]),
    ),
  })),
  `person.profile does not say the ${part} of email`,
];

export const MISDECLARED: readonly Misdeclared[] = [
  [
    'a set of the name of another',
    resealed(() => ({ name: 'signup.request' })),
    'two columns seal the set signup.request',
  ],
  [
    'a set that is not named after its table',
    resealed(() => ({ name: 'profile' })),
    'person seals the set profile, which is not named after it',
  ],
  [
    'a field of another subject',
    resealed(() => ({ subject: 'account' })),
    'person.profile seals email of another subject',
  ],
  ...(
    ['subject', 'category', 'purpose', 'legalBasis', 'retention', 'optional', 'export', 'erase', 'mask'] as const
  ).map((part) => said(part, undefined)),
  said('purpose', ' '),
  said('optional', 'no'),
  said('mask', 'clear'),
  ['a field that no column seals', changed('person', () => ({ sealed: new Map() })), 'person seals email nowhere'],
  [
    'a column without a word',
    changed('person', () => ({ sealed: new Map() })),
    'person neither seals sealed nor says why it is not personal',
  ],
  [
    'a column that is both',
    changed('person', ({ notPersonal }) => ({ notPersonal: new Map([...notPersonal, ['sealed', 'why not']]) })),
    'person says both of sealed',
  ],
  [
    'a reason that is none',
    changed('person', ({ notPersonal }) => ({ notPersonal: new Map([...notPersonal].map(([name]) => [name, ' '])) })),
    'person gives no reason for status',
  ],
];
