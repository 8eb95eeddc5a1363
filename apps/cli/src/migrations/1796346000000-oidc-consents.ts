import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/**
 * What people have agreed to with the relying parties. What the issuer remembers from before belongs to nobody that could be told
 * without its holder, so it is not listed; it ends by itself within 15 days.
 */
export class OidcConsents1796346000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table oidc_consent (
  id uuid not null constraint oidc_consent_pkey primary key,
  person_id uuid not null constraint oidc_consent_person_id_fkey references person (id),
  client_id uuid not null,
  scopes text not null,
  agreed_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('oidc_consent', 'id')}, ${home('oidc_consent', 'person_id')}, ${home('oidc_consent', 'client_id')});
create index oidc_consent_person_id_id_idx on oidc_consent (person_id, id);
create index oidc_consent_expires_at_idx on oidc_consent (expires_at)`);
    await runner.query(`alter table oidc_record add column consent_id uuid,
  add ${home('oidc_record', 'consent_id')}`);
    await runner.query('create index oidc_record_consent_id_idx on oidc_record (consent_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table oidc_record drop column consent_id');
    await runner.query('drop table oidc_consent');
  }
}
