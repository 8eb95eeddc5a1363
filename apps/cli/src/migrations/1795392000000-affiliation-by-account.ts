import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Affiliations of one account are counted for its receipt, and looked up when an account goes: neither may read the whole table. */
export class AffiliationByAccount1795392000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index affiliation_account_id_idx on affiliation (account_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index affiliation_account_id_idx');
  }
}
