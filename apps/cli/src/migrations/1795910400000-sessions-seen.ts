import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a session was last used, and where sessions and lines of the security log came from. Sessions from before count as used now. */
export class SessionsSeen1795910400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table session add last_seen_at timestamptz not null default now(), add sealed bytea');
    await runner.query('create index session_expires_at_idx on session (expires_at)');
    await runner.query('alter table person_event add sealed bytea');
    await runner.query('create index person_event_person_id_id_idx on person_event (person_id, id)');
    await runner.query('drop index person_event_person_id_idx');
    await runner.query('alter table account_event add sealed bytea');
    await runner.query(
      'create index account_event_account_id_created_at_id_idx on account_event (account_id, created_at, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index account_event_account_id_created_at_id_idx');
    await runner.query('alter table account_event drop sealed');
    await runner.query('create index person_event_person_id_idx on person_event (person_id)');
    await runner.query('drop index person_event_person_id_id_idx');
    await runner.query('alter table person_event drop sealed');
    await runner.query('drop index session_expires_at_idx');
    await runner.query('alter table session drop sealed, drop last_seen_at');
  }
}
