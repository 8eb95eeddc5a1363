import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/** Invitations, API tokens, and what an account and a person have settled for themselves. */
export class People1796169600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table account add billing bytea, add second_factor_required boolean not null default false,
  add session_idle_minutes integer, add session_absolute_hours integer, add closing_at timestamptz`);
    await runner.query('alter table person add preferences bytea');
    await runner.query(`create table invitation (
  account_id uuid not null constraint invitation_account_id_fkey references account (id),
  id uuid not null,
  sealed bytea not null,
  address_key bytea not null,
  role text not null,
  inviter_id uuid not null constraint invitation_inviter_id_fkey references person (id),
  attempts integer not null default 0,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  constraint invitation_pkey primary key (account_id, id),
  ${home('invitation', 'account_id')}, ${home('invitation', 'id')}, ${home('invitation', 'inviter_id')})`);
    await runner.query(`create table invitation_way (
  key bytea not null constraint invitation_way_pkey primary key,
  account_id uuid not null constraint invitation_way_account_id_fkey references account (id),
  invitation_id uuid not null,
  ${home('invitation_way', 'account_id')}, ${home('invitation_way', 'invitation_id')});
create index invitation_way_invitation_id_idx on invitation_way (invitation_id)`);
    await runner.query(`create table api_token (
  id uuid not null constraint api_token_pkey primary key,
  account_id uuid not null constraint api_token_account_id_fkey references account (id),
  maker_id uuid not null constraint api_token_maker_id_fkey references person (id),
  secret_hash bytea not null,
  sealed bytea not null,
  scopes text not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('api_token', 'id')}, ${home('api_token', 'account_id')}, ${home('api_token', 'maker_id')});
create index api_token_account_id_idx on api_token (account_id);
create index api_token_maker_id_idx on api_token (maker_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_token');
    await runner.query('drop table invitation_way');
    await runner.query('drop table invitation');
    await runner.query('alter table person drop preferences');
    await runner.query(`alter table account drop billing, drop second_factor_required, drop session_idle_minutes,
  drop session_absolute_hours, drop closing_at`);
  }
}
