/** Part of a row that every table of the product has as well. */
const CREATED_AND_VERSION = `created_at timestamptz not null default now(), version integer not null default 1`;

/** The product's tables and indexes as far as the references use them: the same columns in clear text, without the home checks. */
export const REFERENCE_SCHEMA = `
create table account (id uuid primary key default gen_random_uuid(), name text not null, status text not null default 'active', ${CREATED_AND_VERSION});
create table person (id uuid primary key default gen_random_uuid(), email text not null, display_name text, status text not null default 'active', ${CREATED_AND_VERSION});
create table person_address (key bytea primary key, person_id uuid not null references person (id));
create table membership (account_id uuid not null references account (id), id uuid not null default gen_random_uuid(), person_id uuid not null references person (id),
  role text not null, ${CREATED_AND_VERSION}, primary key (account_id, id));
create unique index on membership (account_id, person_id);
create table affiliation (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), account_id uuid not null references account (id));
create index on affiliation (person_id);
create index on affiliation (account_id);
create table credential (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), kind text not null, secret text not null, ${CREATED_AND_VERSION});
create index on credential (person_id);
create table session (id uuid primary key default gen_random_uuid(), person_id uuid not null references person (id), secret_hash bytea not null,
  authenticated_at timestamptz not null, expires_at timestamptz not null, ${CREATED_AND_VERSION});
create index on session (person_id);
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
`;
