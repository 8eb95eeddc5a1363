import { createPublicKey, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EMBEDDED,
  Regions,
  initRegionDatabase,
  migrateRegionDatabase,
  resealRegionDatabase,
  type DatabasePurpose,
  type EntityClass,
  type Migration,
  type ProvisionOptions,
  type Region,
  type RegionDatabaseOptions,
} from '@domicile/residency';
import pg from 'pg';

/** The regions of the public file, on no particular port. */
export const regions = Regions.load(join(import.meta.dirname, '../../deploy/regions.json'), 4000);
export const eu = regions.get('eu');
export const us = regions.get('us');

export const STACK = { stack: 'test', environment: 'test' } as const;

interface Server {
  readonly home: string;
  readonly superuserUrl: string;
}

/** What the databases of a spec file hold. */
export interface Schema {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly Migration[];
}

/** One spec file's own database of one region, with every credential a test may need. */
export interface TestDatabase {
  readonly region: Region;
  readonly name: string;
  readonly keysDir: string;
  readonly superuserUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly provision: ProvisionOptions;
  /** What a process needs to serve it. */
  readonly options: RegionDatabaseOptions;
  /** Runs SQL as that role on a connection of its own; rejects with pg's error. */
  sql(role: 'superuser' | 'owner' | 'app', text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

export function serverOf(region: Region, purpose: DatabasePurpose = 'rows'): Server {
  const servers = JSON.parse(process.env['DOMICILE_TEST_SERVERS']!) as Record<string, Server>;
  return servers[purpose === 'rows' ? region.code : `${region.code}-${purpose}`]!;
}

/**
 * A sealed and migrated database on the region's server (or on another one's, to build what must be refused).
 * @param prepare 'migrated' (default), 'sealed' without tables, 'empty'
 */
export async function createDatabase(
  region: Region,
  schema: Schema,
  {
    purpose = 'rows',
    server = serverOf(region, purpose),
    prepare = 'migrated',
    keysDir,
  }: {
    purpose?: DatabasePurpose;
    server?: Server;
    prepare?: 'migrated' | 'sealed' | 'empty';
    /** Of the region's other database, when it shares its marker key. */
    keysDir?: string;
  } = {},
): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const owner = { role: `${name}_owner`, password: randomBytes(9).toString('hex') };
  const app = { role: `${name}_app`, password: randomBytes(9).toString('hex') };
  await run(server.superuserUrl, [
    `create role ${owner.role} login password '${owner.password}'`,
    `create role ${app.role} login noinherit password '${app.password}'`,
    `create database ${name} owner ${owner.role}`,
  ]);
  const keys = keysDir ?? join(server.home, 'test-keys', name);
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const url = (user: string, password: string): string =>
    Object.assign(new URL(server.superuserUrl), { username: user, password, pathname: `/${name}` }).href;
  const provision: ProvisionOptions = {
    region,
    purpose,
    ...STACK,
    ownerUrl: url(owner.role, owner.password),
    appRole: app.role,
    keysDir: keys,
  };
  if (prepare !== 'empty') await initRegionDatabase({ ...provision, confirm: EMBEDDED });
  if (prepare === 'migrated') await migrateRegionDatabase({ ...provision, ...schema });
  const superuser = new URL(server.superuserUrl);
  const urls = {
    superuser: url(superuser.username, superuser.password),
    owner: provision.ownerUrl,
    app: url(app.role, app.password),
  };
  return {
    region,
    name,
    keysDir: keys,
    superuserUrl: urls.superuser,
    ownerUrl: urls.owner,
    appUrl: urls.app,
    provision,
    options: {
      region,
      purpose,
      url: urls.app,
      expected: {
        ...STACK,
        publicKey: createPublicKey(prepare === 'empty' ? ANY_KEY : readFileSync(join(keys, 'marker.pub'))),
      },
      poolSize: 4,
    },
    sql: (role, text, values) => query(urls[role], text, values),
    drop: () =>
      run(server.superuserUrl, [
        `drop database ${name} with (force)`,
        `drop role ${app.role}`,
        `drop role ${owner.role}`,
      ]),
  };
}

/** One SQL statement over a fresh connection. */
export async function query(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function run(url: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await query(url, text);
}

export { resealRegionDatabase };

/** Stands in where no marker key exists yet; any key will do for a database that must be refused. */
const ANY_KEY =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n';
