import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/** What signing in was proved with, jobs about more than signups, and the security log. */
export class Identity1795737600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table session add factors text not null default 'password'`);
    await runner.query(`alter table outbox add subject_kind text not null default 'sgn'`);
    await runner.query(`alter table outbox alter subject_kind drop default`);
    await runner.query(`create table person_event (
  id uuid not null constraint person_event_pkey primary key,
  person_id uuid not null constraint person_event_person_id_fkey references person (id),
  kind text not null,
  session_id uuid,
  created_at timestamptz not null default now(),
  ${home('person_event', 'id')}, ${home('person_event', 'person_id')}, ${home('person_event', 'session_id')});
create index person_event_person_id_idx on person_event (person_id)`);
    await runner.query(`create table account_event (
  account_id uuid not null constraint account_event_account_id_fkey references account (id),
  id uuid not null,
  kind text not null,
  actor_id uuid not null,
  subject_kind text,
  subject_id uuid,
  created_at timestamptz not null default now(),
  constraint account_event_pkey primary key (account_id, id),
  ${home('account_event', 'account_id')}, ${home('account_event', 'id')}, ${home('account_event', 'actor_id')},
  ${home('account_event', 'subject_id')})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table account_event');
    await runner.query('drop table person_event');
    await runner.query('alter table outbox drop subject_kind');
    await runner.query('alter table session drop factors');
  }
}
