import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

const CREATED_AND_VERSION = `created_at timestamptz not null default now(),
  version integer not null default 1`;

/** Codes that are mailed again, recoveries, changes of address with an undo, known devices, and failures in a row. */
export class AddressLife1796083200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table signup add issue integer not null default 1, add code_expires_at timestamptz`);
    await runner.query(`update signup set code_expires_at = expires_at`);
    await runner.query(`alter table signup alter code_expires_at set not null`);
    // Without a foreign key: it would be checked for known addresses alone, and a stranger could measure that.
    await runner.query(`create table recovery (
  id uuid not null constraint recovery_pkey primary key,
  person_id uuid,
  attempts integer not null default 0,
  mailed_at timestamptz,
  completed_at timestamptz,
  expires_at timestamptz not null,
  ${CREATED_AND_VERSION},
  ${home('recovery', 'id')}, ${home('recovery', 'person_id')});
create index recovery_expires_at_idx on recovery (expires_at)`);
    await runner.query(`create table address_change (
  id uuid not null constraint address_change_pkey primary key,
  person_id uuid not null constraint address_change_person_id_fkey references person (id),
  sealed bytea not null,
  attempts integer not null default 0,
  confirmed_at timestamptz,
  undone_at timestamptz,
  expires_at timestamptz not null,
  ${CREATED_AND_VERSION},
  ${home('address_change', 'id')}, ${home('address_change', 'person_id')});
create index address_change_person_id_idx on address_change (person_id);
create index address_change_expires_at_idx on address_change (expires_at)`);
    await runner.query(`alter table person_address
  add kept_by uuid,
  add ${home('person_address', 'kept_by')};
create index person_address_person_id_idx on person_address (person_id);
create index person_address_kept_by_idx on person_address (kept_by)`);
    await runner.query(`create table known_device (
  id uuid not null constraint known_device_pkey primary key,
  person_id uuid not null constraint known_device_person_id_fkey references person (id),
  secret_hash bytea not null,
  expires_at timestamptz not null,
  ${CREATED_AND_VERSION},
  ${home('known_device', 'id')}, ${home('known_device', 'person_id')});
create index known_device_person_id_idx on known_device (person_id);
create index known_device_expires_at_idx on known_device (expires_at)`);
    await runner.query(`create table failure_streak (
  id uuid not null constraint failure_streak_pkey primary key,
  count integer not null,
  expires_at timestamptz not null,
  version integer not null default 1,
  ${home('failure_streak', 'id')});
create index failure_streak_expires_at_idx on failure_streak (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table failure_streak');
    await runner.query('drop table known_device');
    // What was kept for an undo is nobody's any more.
    await runner.query('delete from person_address where kept_by is not null');
    await runner.query('drop index person_address_person_id_idx');
    await runner.query('alter table person_address drop kept_by');
    await runner.query('drop table address_change');
    await runner.query('drop table recovery');
    await runner.query('alter table signup drop issue, drop code_expires_at');
  }
}
