import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Effects that were given up, and why an attempt failed. */
export class DeadLetters1795824000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table outbox add dead_at timestamptz');
    await runner.query('alter table outbox add last_code text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from outbox where dead_at is not null');
    await runner.query('alter table outbox drop last_code');
    await runner.query('alter table outbox drop dead_at');
  }
}
