import { HOME_SUFFIX, translateDatabaseError } from './database-errors.js';
import { declarations, homeChecks } from './declarations.js';
import type { ResidencyError } from './errors.js';
import type { HandshakeQuery } from './guarded-pool.js';
import { AUDIT_SQL, isWrongDatabase, proveMarker } from './handshake.js';
import { HOME_LANGUAGE, REGION_OF_BODY, regionBody } from './home-functions.js';
import type { Expected, Marker } from './marker.js';

/** What a database proved to be, by its marker. */
export type DatabaseIdentity = Pick<Marker, 'database' | 'systemIdentifier' | 'epoch' | 'sealedAt'>;

/**
 * What is looked at: `marker` (signed statement, server and database), `role` (the role's powers and what its database offers
 * it: see AUDIT_SQL), `home` (the check on every id column), `functions` (what these checks call), `exits` (triggers, rules,
 * subscriptions and slots, which would carry rows elsewhere, and protections switched off).
 */
export type Check = 'marker' | 'role' | 'home' | 'functions' | 'exits';

/** One thing measured. `detail` is one sentence about names of the schema and the server, never about a row. */
export interface Finding {
  readonly check: Check;
  readonly holds: boolean;
  readonly measuredAt: Date;
  readonly detail: string;
}

const HOME_SQL = `select t.relname || '.' || c.conname as name, pg_get_constraintdef(c.oid) as definition, c.convalidated as validated,
  coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) as enforced
  from pg_constraint c join pg_class t on t.oid = c.conrelid
  where c.contype = 'c' and t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace and c.conname like '%\\${HOME_SUFFIX}'`;

const FUNCTIONS_SQL = `select p.oid::regprocedure::text as signature, p.prosrc as body, p.provolatile as volatility, l.lanname as language
  from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = 'residency'::regnamespace`;

const EXITS_SQL = `
select 'the trigger ' || g.tgname || ' stands on ' || t.relname as problem from pg_trigger g join pg_class t on t.oid = g.tgrelid
  where t.relnamespace = 'public'::regnamespace and not g.tgisinternal
union all select distinct 'triggers of ' || t.relname || ' are switched off' from pg_trigger g join pg_class t on t.oid = g.tgrelid
  where t.relnamespace = 'public'::regnamespace and g.tgenabled <> 'O'
union all select 'the rule ' || r.rulename || ' stands on ' || t.relname from pg_rewrite r join pg_class t on t.oid = r.ev_class
  where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')
union all select 'there is the event trigger ' || evtname from pg_event_trigger
union all select 'there is the subscription ' || subname from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()
union all select 'there is the replication slot ' || slot_name from pg_replication_slots where database = current_database()
order by problem`;

/**
 * Proves anew what the connected database is.
 * @throws ResidencyError residency.marker_missing, residency.marker_mismatch, residency.marker_moved
 */
export async function identify(query: HandshakeQuery, expected: Expected): Promise<DatabaseIdentity> {
  const { database, systemIdentifier, epoch, sealedAt } = await proveMarker(query, expected);
  return { database, systemIdentifier, epoch, sealedAt };
}

/**
 * Measures the live database against what was declared and sealed (law L10). A check that cannot be made does not hold.
 * @param at time of the measurement
 * @returns one finding for each {@link Check}, always all of them
 * @throws ResidencyError residency.unavailable when the database went away meanwhile: that says nothing about it
 */
export async function inspect(query: HandshakeQuery, expected: Expected, at: Date): Promise<readonly Finding[]> {
  const problemsOf = async (sql: string): Promise<string[]> =>
    ((await query(sql)).rows as { problem: string }[]).map(({ problem }) => problem);
  const checks = declaredChecks(expected.purpose);
  const looks: readonly (readonly [Check, string, () => Promise<string[]>])[] = [
    ['marker', 'the marker was proven', async () => (await identify(query, expected), [])],
    ['role', 'the role and its database offer no way out', () => problemsOf(AUDIT_SQL)],
    ['home', `all ${checks.length} id columns have their home check`, () => homeProblems(query, checks)],
    ['functions', 'the functions behind them are the sealed ones', () => functionProblems(query, expected)],
    ['exits', 'nothing carries rows elsewhere', () => problemsOf(EXITS_SQL)],
  ];
  const findings: Finding[] = [];
  for (const [check, good, look] of looks) {
    const problems = await look().catch((failure: unknown) => [inWords(translateDatabaseError(failure))]);
    findings.push({
      check,
      holds: problems.length === 0,
      measuredAt: at,
      detail: problems.length === 0 ? good : shortened(problems),
    });
  }
  return findings;
}

/** Problems that one detail names; a database without any check would fill pages. */
const NAMED_MAX = 5;

function shortened(problems: readonly string[]): string {
  const more = problems.length - NAMED_MAX;
  return problems.slice(0, NAMED_MAX).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** @throws the error when it says nothing about the database: it is away, or the unit of work is over */
function inWords(error: ResidencyError): string {
  if (isWrongDatabase(error)) return MARKER_WORDS[error.code]!;
  if (error.code !== 'residency.database_fault') throw error;
  return `it could not be measured (SQLSTATE ${error.sqlState})`;
}

/** The error's own message names the address of the database, which no customer needs. */
const MARKER_WORDS: Readonly<Record<string, string>> = {
  'residency.marker_missing': 'the database carries no marker',
  'residency.marker_mismatch': 'the marker is not of this region, stack and environment',
  'residency.marker_moved':
    'the marker was made for another server, database or address: this is a copy or it has moved',
};

interface DeclaredCheck {
  readonly name: string;
  readonly definition: string;
}

function declaredChecks(purpose: Expected['purpose']): DeclaredCheck[] {
  return declarations(purpose).flatMap((declaration) =>
    homeChecks(declaration).map(({ name, expression }) => ({
      name: `${declaration.table}.${name}`,
      definition: `CHECK ((${expression}))`,
    })),
  );
}

async function homeProblems(query: HandshakeQuery, checks: readonly DeclaredCheck[]): Promise<string[]> {
  const rows = (await query(HOME_SQL)).rows as {
    name: string;
    definition: string;
    validated: boolean;
    enforced: boolean;
  }[];
  const found = new Map(rows.map((row) => [row.name, row]));
  return checks.flatMap(({ name, definition }) => {
    const row = found.get(name);
    if (!row) return [`the check ${name} is missing`];
    if (!row.enforced) return [`the check ${name} is not enforced`];
    if (!row.validated) return [`the check ${name} was never validated`];
    return row.definition === definition ? [] : [`the check ${name} says something else`];
  });
}

async function functionProblems(query: HandshakeQuery, expected: Expected): Promise<string[]> {
  const rows = (await query(FUNCTIONS_SQL)).rows as {
    signature: string;
    body: string;
    volatility: string;
    language: string;
  }[];
  const wanted = new Map([
    ['residency.region()', regionBody(expected.region)],
    ['residency.region_of(uuid)', REGION_OF_BODY],
  ]);
  const wrong = rows
    .filter(
      ({ signature, body, volatility, language }) =>
        wanted.get(signature) !== body || volatility !== 'i' || language !== HOME_LANGUAGE,
    )
    .map(({ signature }) => `the function ${signature} is not as it was sealed`);
  const missing = [...wanted.keys()].filter((signature) => !rows.some((row) => row.signature === signature));
  return [...wrong, ...missing.map((signature) => `the function ${signature} is missing`)];
}
