import type { MigrationInterface, QueryRunner } from 'typeorm';
import { home } from './home.js';

/** The relying parties of the region's OpenID Connect issuer, and what it remembers. */
export class Oidc1796256000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table oidc_client (
  id uuid not null constraint oidc_client_pkey primary key,
  title text not null,
  redirect_uris text not null,
  post_logout_redirect_uris text not null,
  secret_hash bytea,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('oidc_client', 'id')})`);
    await runner.query(`create table oidc_record (
  id uuid not null constraint oidc_record_pkey primary key,
  model text not null,
  grant_key bytea,
  payload bytea not null,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  ${home('oidc_record', 'id')});
create index oidc_record_grant_key_idx on oidc_record (grant_key);
create index oidc_record_expires_at_idx on oidc_record (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table oidc_record');
    await runner.query('drop table oidc_client');
  }
}
