import { homeCheck } from '@domicile/residency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kept answers and counts: what requests leave behind for a day at most. */
export class RequestState1795651200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const home = (table: string): string => {
      const { name, expression } = homeCheck(table, 'id');
      return `constraint "${name}" check (${expression})`;
    };
    await runner.query(`create table idempotency (
  id uuid not null constraint idempotency_pkey primary key,
  fingerprint bytea not null,
  answer bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('idempotency')});
create index idempotency_expires_at_idx on idempotency (expires_at)`);
    await runner.query(`create table rate_count (
  id uuid not null constraint rate_count_pkey primary key,
  count integer not null,
  expires_at timestamptz not null,
  version integer not null default 1,
  ${home('rate_count')});
create index rate_count_expires_at_idx on rate_count (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table "rate_count"');
    await runner.query('drop table "idempotency"');
  }
}
