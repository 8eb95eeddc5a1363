import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/** The tombstones of destroyed keys: the one table that key store and rows both have. */
export const TOMBSTONE = `create table tombstone (
  id uuid not null constraint tombstone_pkey primary key,
  account_id uuid,
  person_id uuid,
  destroyed_at timestamptz not null default now(),
  ${home('tombstone', 'id')}, ${home('tombstone', 'account_id')}, ${home('tombstone', 'person_id')});
create index tombstone_account_id_idx on tombstone (account_id);
create index tombstone_person_id_idx on tombstone (person_id)`;

/** The tables of a key store: wrapped data keys and tombstones. */
export class KeyStore1795478300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table data_key (
  id uuid not null constraint data_key_pkey primary key,
  wrapped bytea not null,
  wrapping_version integer not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('data_key', 'id')})`);
    await runner.query('create index data_key_wrapping_version_idx on data_key (wrapping_version)');
    await runner.query(TOMBSTONE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tombstone');
    await runner.query('drop table data_key');
  }
}
