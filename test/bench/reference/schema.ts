/** Part of a row that every table of the product has as well. */
const CREATED_AND_VERSION = `created_at timestamptz not null default now(), version integer not null default 1`;

/**
 * The product's tables and indexes as far as the requests of a bench touch them: the same columns, in clear text where the product seals,
 * without the home checks.
 */
export const REFERENCE_SCHEMA = `
create table account (id uuid primary key default gen_random_uuid(), name text not null, status text not null default 'active',
  second_factor_required boolean not null default false, own_provider_required boolean not null default false, provider_id uuid,
  session_idle_minutes integer, session_absolute_hours integer, closing_at timestamptz, ${CREATED_AND_VERSION});
create table person (id uuid primary key default gen_random_uuid(), email text not null, display_name text, status text not null default 'active', ${CREATED_AND_VERSION});
create table person_address (key bytea primary key, person_id uuid not null references person (id), kept_by uuid);
create index on person_address (person_id);
create index on person_address (kept_by);
create table membership (account_id uuid not null references account (id), id uuid not null default gen_random_uuid(), person_id uuid not null references person (id),
  role text not null, provider_subject bytea, ${CREATED_AND_VERSION}, primary key (account_id, id));
create unique index on membership (account_id, person_id);
create unique index on membership (account_id, provider_subject);
create table affiliation (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), account_id uuid not null references account (id));
create index on affiliation (person_id);
create index on affiliation (account_id);
create table credential (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), kind text not null, secret text not null, ${CREATED_AND_VERSION});
create index on credential (person_id);
create table session (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), secret_hash bytea not null,
  authenticated_at timestamptz not null, factors text not null default 'password', provider_id uuid, expires_at timestamptz not null,
  last_seen_at timestamptz not null default now(), device text, country text, ${CREATED_AND_VERSION});
create index on session (person_id);
create index on session (expires_at);
create table person_event (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), kind text not null, session_id uuid,
  device text, country text, created_at timestamptz not null default now());
create index on person_event (person_id, id);
create table known_device (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), secret_hash bytea not null,
  expires_at timestamptz not null, ${CREATED_AND_VERSION});
create index on known_device (person_id);
create index on known_device (expires_at);
create table passkey (id uuid primary key, person_id uuid not null references person (id));
create index on passkey (person_id);
create table totp (id uuid primary key, person_id uuid not null references person (id), confirmed_at timestamptz);
create index on totp (person_id);
create table recovery_code (key bytea primary key, person_id uuid not null references person (id));
create index on recovery_code (person_id);
create table signup (id uuid primary key default gen_random_uuid(), email text, account_name text, display_name text, policy_version text not null,
  attempts integer not null default 0, expires_at timestamptz not null, confirmed_at timestamptz, ${CREATED_AND_VERSION});
create index on signup (expires_at);
create table acceptance (id uuid primary key default gen_random_uuid(), document_kind text not null, document_version text not null, text_hash bytea not null,
  person_id uuid not null, how text not null, accepted_at timestamptz not null);
create index on acceptance (person_id);
create table outbox (id uuid primary key default gen_random_uuid(), kind text not null, subject_id uuid not null, attempts integer not null default 0,
  due_at timestamptz not null default now(), ${CREATED_AND_VERSION});
create index on outbox (due_at);
create table rate_count (id uuid primary key, count integer not null, expires_at timestamptz not null, version integer not null default 1);
create index on rate_count (expires_at);
create table failure_streak (id uuid primary key, count integer not null, expires_at timestamptz not null, version integer not null default 1);
create index on failure_streak (expires_at);
`;
