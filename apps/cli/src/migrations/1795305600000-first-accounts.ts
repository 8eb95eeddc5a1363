import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

const CREATED_AND_VERSION = `created_at timestamptz not null default now(),
  version integer not null default 1`;

/** Tables in the order in which they can be made; no region stands here, `residency.region()` is made by `init`. */
const TABLES: readonly (readonly [name: string, create: string])[] = [
  [
    'account',
    `create table account (
  id uuid not null constraint account_pkey primary key,
  name text not null,
  status text not null default 'active',
  ${CREATED_AND_VERSION},
  ${home('account', 'id')})`,
  ],
  [
    'person',
    `create table person (
  id uuid not null constraint person_pkey primary key,
  email text not null,
  display_name text,
  status text not null default 'active',
  ${CREATED_AND_VERSION},
  ${home('person', 'id')})`,
  ],
  [
    'person_address',
    `create table person_address (
  key bytea not null constraint person_address_pkey primary key,
  person_id uuid not null constraint person_address_person_id_fkey references person (id),
  ${home('person_address', 'person_id')})`,
  ],
  [
    'membership',
    `create table membership (
  account_id uuid not null constraint membership_account_id_fkey references account (id),
  id uuid not null,
  person_id uuid not null constraint membership_person_id_fkey references person (id),
  role text not null,
  ${CREATED_AND_VERSION},
  constraint membership_pkey primary key (account_id, id),
  ${home('membership', 'account_id')}, ${home('membership', 'id')}, ${home('membership', 'person_id')});
create unique index membership_account_id_person_id_idx on membership (account_id, person_id)`,
  ],
  [
    'affiliation',
    `create table affiliation (
  id uuid not null constraint affiliation_pkey primary key,
  person_id uuid not null constraint affiliation_person_id_fkey references person (id),
  account_id uuid not null constraint affiliation_account_id_fkey references account (id),
  ${home('affiliation', 'id')}, ${home('affiliation', 'person_id')}, ${home('affiliation', 'account_id')});
create index affiliation_person_id_idx on affiliation (person_id)`,
  ],
  [
    'credential',
    `create table credential (
  id uuid not null constraint credential_pkey primary key,
  person_id uuid not null constraint credential_person_id_fkey references person (id),
  kind text not null,
  secret text not null,
  ${CREATED_AND_VERSION},
  ${home('credential', 'id')}, ${home('credential', 'person_id')});
create index credential_person_id_idx on credential (person_id)`,
  ],
  [
    'session',
    `create table session (
  id uuid not null constraint session_pkey primary key,
  person_id uuid not null constraint session_person_id_fkey references person (id),
  secret_hash bytea not null,
  authenticated_at timestamptz not null,
  expires_at timestamptz not null,
  ${CREATED_AND_VERSION},
  ${home('session', 'id')}, ${home('session', 'person_id')});
create index session_person_id_idx on session (person_id)`,
  ],
  [
    'signup',
    `create table signup (
  id uuid not null constraint signup_pkey primary key,
  email text,
  account_name text,
  display_name text,
  policy_version text not null,
  attempts integer not null default 0,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  ${CREATED_AND_VERSION},
  ${home('signup', 'id')});
create index signup_expires_at_idx on signup (expires_at)`,
  ],
  [
    'acceptance',
    `create table acceptance (
  id uuid not null constraint acceptance_pkey primary key,
  document_kind text not null,
  document_version text not null,
  text_hash bytea not null,
  person_id uuid not null,
  how text not null,
  accepted_at timestamptz not null,
  ${home('acceptance', 'id')}, ${home('acceptance', 'person_id')});
create index acceptance_person_id_idx on acceptance (person_id)`,
  ],
  [
    'outbox',
    `create table outbox (
  id uuid not null constraint outbox_pkey primary key,
  kind text not null,
  subject_id uuid not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  ${CREATED_AND_VERSION},
  ${home('outbox', 'id')}, ${home('outbox', 'subject_id')});
create index outbox_due_at_idx on outbox (due_at)`,
  ],
];

/** The first tables: accounts and the people in them, signups, sessions, acceptances, the outbox. */
export class FirstAccounts1795305600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [, create] of TABLES) await runner.query(create);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of TABLES.toReversed()) await runner.query(`drop table "${name}"`);
  }
}
