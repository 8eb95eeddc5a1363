import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/** Mail domains that accounts claim, their own OpenID providers, and sign-ins that wait for an answer of one. */
export class Federation1796342400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table account add provider_id uuid,
  add own_provider_required boolean not null default false, add ${home('account', 'provider_id')}`);
    await runner.query(`alter table membership add provider_id uuid, add provider_subject bytea,
  add ${home('membership', 'provider_id')}`);
    await runner.query(
      'create unique index membership_account_id_provider_subject_idx on membership (account_id, provider_subject)',
    );
    await runner.query(`alter table session add provider_id uuid, add ${home('session', 'provider_id')}`);
    await runner.query('alter table account_event alter actor_id drop not null');
    await runner.query(`create table account_domain (
  account_id uuid not null constraint account_domain_account_id_fkey references account (id),
  id uuid not null,
  sealed bytea not null,
  domain_key bytea not null,
  verified_at timestamptz,
  checked_at timestamptz,
  missing_since timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  constraint account_domain_pkey primary key (account_id, id),
  ${home('account_domain', 'account_id')}, ${home('account_domain', 'id')});
create unique index account_domain_account_id_domain_key_idx on account_domain (account_id, domain_key)`);
    await runner.query(`create table domain_way (
  key bytea not null constraint domain_way_pkey primary key,
  account_id uuid not null constraint domain_way_account_id_fkey references account (id),
  domain_id uuid not null,
  ${home('domain_way', 'account_id')}, ${home('domain_way', 'domain_id')});
create index domain_way_domain_id_idx on domain_way (domain_id)`);
    await runner.query(`create table own_provider (
  account_id uuid not null constraint own_provider_account_id_fkey references account (id),
  id uuid not null,
  sealed bytea not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  constraint own_provider_pkey primary key (account_id, id),
  ${home('own_provider', 'account_id')}, ${home('own_provider', 'id')})`);
    await runner.query(`create table provider_sign_in (
  id uuid not null constraint provider_sign_in_pkey primary key,
  account_id uuid not null constraint provider_sign_in_account_id_fkey references account (id),
  provider_id uuid not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  version integer not null default 1,
  ${home('provider_sign_in', 'id')}, ${home('provider_sign_in', 'account_id')}, ${home('provider_sign_in', 'provider_id')});
create index provider_sign_in_expires_at_idx on provider_sign_in (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table provider_sign_in');
    await runner.query('drop table own_provider');
    await runner.query('drop table domain_way');
    await runner.query('drop table account_domain');
    await runner.query('delete from account_event where actor_id is null');
    await runner.query('alter table account_event alter actor_id set not null');
    await runner.query('alter table session drop provider_id');
    await runner.query('alter table membership drop provider_id, drop provider_subject');
    await runner.query('alter table account drop provider_id, drop own_provider_required');
  }
}
