import { ResidencyError, isResidencyError } from './errors.js';
import type { HandshakeQuery } from './guarded-pool.js';
import { MEASURE_SQL, checkMarker, type Expected, type Marker, type Measured } from './marker.js';

/** SQLSTATEs of a database that has no marker at all: undefined table, schema, function. */
const UNSEALED = new Set(['42P01', '3F000', '42883']);

/** Extensions that a region's database may have; each other could be a way out (dblink, foreign data, file access). */
const EXTENSIONS_ALLOWED = ['plpgsql', 'pg_trgm', 'citext', 'pgcrypto'];

/** Predefined roles that lead out of the database or around its grants. */
const ROLES_FORBIDDEN = [
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_read_all_data',
  'pg_write_all_data',
  'pg_read_all_stats',
  'pg_read_all_settings',
  'pg_signal_backend',
  'pg_checkpoint',
  'pg_create_subscription',
  'pg_maintain',
];

/**
 * Proves the database behind a new connection before its first use.
 * @throws ResidencyError residency.marker_missing, residency.marker_mismatch, residency.marker_moved
 */
export async function proveMarker(query: HandshakeQuery, expected: Expected): Promise<Marker> {
  let rows: Measured[];
  try {
    rows = (await query(MEASURE_SQL)).rows as Measured[];
  } catch (error) {
    if (!UNSEALED.has((error as { code?: string }).code ?? '')) throw error;
    rows = [];
  }
  const [measured] = rows;
  if (!measured) {
    const { endpoint, purpose, region } = expected;
    const [what, option] = purpose === 'keys' ? ['as the key store of', ' --keys'] : ['for', ''];
    throw new ResidencyError(
      'residency.marker_missing',
      `Database ${endpoint} carries no marker; if it is meant ${what} region ${region.code}, run "domicile init --region ${region.code}${option} --confirm ${endpoint}".`,
    );
  }
  return checkMarker(measured, expected);
}

/** What is wrong with the connected role or its database, one sentence each; empty when nothing is. */
export const AUDIT_SQL = `
select problem from (
  select 'the role is ' || attribute as problem from pg_roles r,
    lateral (values ('superuser', rolsuper), ('allowed to create roles', rolcreaterole), ('allowed to create databases', rolcreatedb),
      ('allowed to replicate', rolreplication), ('exempt from row security', rolbypassrls)) as a(attribute, held)
    where r.rolname = current_user and held
  union all select 'the role is a member of ' || r.rolname from pg_roles r
    where pg_has_role(current_user, r.oid, 'member') and (r.rolname = any ('{${ROLES_FORBIDDEN.join(',')}}') or r.rolname in
      (select pg_get_userbyid(relowner) from pg_class where relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)))
  union all select 'the role may create objects in schema ' || nspname from pg_namespace
    where nspname !~ '^pg_' and has_schema_privilege(current_user, oid, 'create')
  union all select 'the role may create ' || what || ' in the database' from (values ('schemas', 'create'), ('temporary tables', 'temp')) as w(what, privilege)
    where has_database_privilege(current_user, current_database(), privilege)
  union all select 'the role may use the untrusted language ' || lanname from pg_language where not lanpltrusted and lanname not in ('c', 'internal')
    and has_language_privilege(current_user, oid, 'usage')
  union all select 'the database has the extension ' || extname from pg_extension where extname <> all ('{${EXTENSIONS_ALLOWED.join(',')}}')
  union all select 'the database has the foreign server ' || srvname from pg_foreign_server
  union all select 'the database has the publication ' || pubname from pg_publication
  union all select 'the same server also holds the database ' || d.datname || ' sealed for ' || s.description
    from pg_shdescription s join pg_database d on d.oid = s.objoid
    where s.classoid = 'pg_database'::regclass and s.description like 'domicile region %' and s.description <>
      (select 'domicile region ' || (statement::json ->> 'region') from residency.marker)
) as audit order by problem`;

/**
 * Refuses a role that could leave the database, and a server that holds two regions (laws L5, L6). Once at boot.
 * @throws ResidencyError residency.role_unsafe listing everything found
 */
export async function auditRole(query: HandshakeQuery, expected: Expected): Promise<void> {
  const found = (await query(AUDIT_SQL)).rows as { problem: string }[];
  if (found.length > 0)
    throw new ResidencyError(
      'residency.role_unsafe',
      `Database ${expected.endpoint} is refused for region ${expected.region.code}: ${found.map((row) => row.problem).join('; ')}.`,
    );
}

/** True for the refusals that mean "wrong database", as against a database that is merely away. */
export function isWrongDatabase(error: unknown): boolean {
  return (
    isResidencyError(error, 'residency.marker_missing') ||
    isResidencyError(error, 'residency.marker_mismatch') ||
    isResidencyError(error, 'residency.marker_moved') ||
    isResidencyError(error, 'residency.role_unsafe')
  );
}
