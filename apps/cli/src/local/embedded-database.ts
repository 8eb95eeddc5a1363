import { join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { keptSecret, writePrivate } from './private-files.js';

/** The role that migrations run as. */
export const OWNER_ROLE = 'domicile_owner';
/** The role that the API works as: no DDL, nothing above its own rows. */
export const APP_ROLE = 'domicile_app';
const DATABASE = 'domicile';
const LEAST = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT';

/** How to reach a region's database on its own embedded server. All are secrets. */
export interface EmbeddedDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** File (0600) with the URL for the application role, `run/database.url`; what the API is given. */
  readonly appUrlFile: string;
}

/**
 * Makes the two roles and the one database on a started embedded server, or puts them right: safe to repeat after a kill at any
 * point. The only work done as superuser, on servers of our own launcher alone; passwords are kept in `keys/` and set anew each time.
 */
export async function embeddedDatabase(server: EmbeddedPostgres, home: string): Promise<EmbeddedDatabase> {
  const ownerPassword = keptSecret(join(home, 'keys', 'owner.password'));
  const appPassword = keptSecret(join(home, 'keys', 'app.password'));
  const client = new Client({
    connectionString: server.superuserUrl('postgres'),
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  // A server that goes away between two statements is told by the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await putRole(client, OWNER_ROLE, ownerPassword);
    await putRole(client, APP_ROLE, appPassword);
    await putDatabase(client);
  } finally {
    await client.end();
  }
  const appUrlFile = join(home, 'run', 'database.url');
  const appUrl = urlFor(server, APP_ROLE, appPassword);
  writePrivate(appUrlFile, `${appUrl}\n`);
  return { ownerUrl: urlFor(server, OWNER_ROLE, ownerPassword), appUrl, appUrlFile };
}

async function putRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${escapeIdentifier(role)} ${LEAST} PASSWORD ${escapeLiteral(password)}`);
}

async function putDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  const database = escapeIdentifier(DATABASE);
  if (!rowCount)
    await client.query(`CREATE DATABASE ${database} OWNER ${escapeIdentifier(OWNER_ROLE)} TEMPLATE template0`);
  // The server's own databases are closed as well: a role that gets in there could still look around and hold connections.
  for (const each of [database, 'postgres', 'template1'])
    await client.query(`REVOKE ALL ON DATABASE ${each} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${escapeIdentifier(APP_ROLE)}`);
}

function urlFor(server: EmbeddedPostgres, role: string, password: string): string {
  const url = new URL(server.superuserUrl(DATABASE));
  url.username = role;
  url.password = password;
  return url.href;
}
