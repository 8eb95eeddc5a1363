import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every process asks once a second which keys were destroyed lately. The same for rows and key stores, as the table is the same. */
export class TombstonesByTime1796344200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index tombstone_destroyed_at_idx on tombstone (destroyed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index tombstone_destroyed_at_idx');
  }
}
