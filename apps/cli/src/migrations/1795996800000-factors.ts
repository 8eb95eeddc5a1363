import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

const TABLES = ['passkey_challenge', 'passkey_locator', 'passkey', 'totp', 'recovery_code', 'pending_sign_in'];

/** What a person can prove herself with beside a password, and sign-ins that wait for their second step. */
export class Factors1795996800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table passkey (
  id uuid not null constraint passkey_pkey primary key,
  person_id uuid not null constraint passkey_person_id_fkey references person (id),
  sealed bytea not null,
  sign_count bigint not null default 0,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1,
  ${home('passkey', 'id')}, ${home('passkey', 'person_id')});
create index passkey_person_id_idx on passkey (person_id)`);
    await runner.query(`create table passkey_locator (
  key bytea not null constraint passkey_locator_pkey primary key,
  passkey_id uuid not null constraint passkey_locator_passkey_id_fkey references passkey (id),
  ${home('passkey_locator', 'passkey_id')});
create index passkey_locator_passkey_id_idx on passkey_locator (passkey_id)`);
    await runner.query(`create table passkey_challenge (
  id uuid not null constraint passkey_challenge_pkey primary key,
  expires_at timestamptz not null,
  version int not null default 1,
  ${home('passkey_challenge', 'id')});
create index passkey_challenge_expires_at_idx on passkey_challenge (expires_at)`);
    await runner.query(`create table totp (
  id uuid not null constraint totp_pkey primary key,
  person_id uuid not null constraint totp_person_id_fkey references person (id),
  sealed bytea not null,
  last_step int not null default 0,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1,
  ${home('totp', 'id')}, ${home('totp', 'person_id')});
create index totp_person_id_idx on totp (person_id)`);
    await runner.query(`create table recovery_code (
  key bytea not null constraint recovery_code_pkey primary key,
  person_id uuid not null constraint recovery_code_person_id_fkey references person (id),
  ${home('recovery_code', 'person_id')});
create index recovery_code_person_id_idx on recovery_code (person_id)`);
    await runner.query(`create table pending_sign_in (
  id uuid not null constraint pending_sign_in_pkey primary key,
  person_id uuid not null constraint pending_sign_in_person_id_fkey references person (id),
  secret_hash bytea not null,
  factors text not null,
  tries int not null default 0,
  expires_at timestamptz not null,
  version int not null default 1,
  ${home('pending_sign_in', 'id')}, ${home('pending_sign_in', 'person_id')});
create index pending_sign_in_person_id_idx on pending_sign_in (person_id);
create index pending_sign_in_expires_at_idx on pending_sign_in (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`drop table ${table}`);
  }
}
