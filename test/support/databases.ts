import { createHash, createPublicKey, randomBytes } from 'node:crypto';
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
import { grants } from '../../libs/residency/src/grants.js';

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
  /** Runs SQL as that role in a session of its own; rejects with pg's error. */
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
  const place = placeOn(server, { region, purpose, ...(keysDir === undefined ? {} : { keysDir }) });
  const { name, provision, urls, roles } = place;
  const pattern = await over(server.superuserUrl, async (client) => {
    const found = prepare === 'migrated' ? await patternOf(server, client, { region, purpose, schema }) : undefined;
    await createRoles(client, roles);
    // Copied as files: block by block through the log, as it is done otherwise, takes half as long again.
    const like = found ? ` template ${found.name} strategy file_copy` : '';
    await client.query(`create database ${name} owner ${roles.owner.role}${like}`);
    return found;
  });
  mkdirSync(provision.keysDir, { recursive: true, mode: 0o700 });
  if (prepare === 'sealed') await initRegionDatabase({ ...provision, confirm: EMBEDDED });
  if (pattern) await takeOver(place, pattern, schema);
  return {
    region,
    name,
    keysDir: provision.keysDir,
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
        publicKey: createPublicKey(prepare === 'empty' ? ANY_KEY : readFileSync(join(provision.keysDir, 'marker.pub'))),
      },
      poolSize: 4,
    },
    sql: (role, text, values) =>
      role === 'superuser' ? asSuperuser(place, text, values) : query(urls[role], text, values),
    drop: async () => {
      await letGo(name);
      await over(server.superuserUrl, async (client) => {
        await client.query(`drop database ${name} with (force)`);
        await client.query(`drop role ${roles.app.role}, ${roles.owner.role}`);
      });
    },
  };
}

type Role = Readonly<Record<'role' | 'password', string>>;

/** A database to be: its name, its roles, its addresses. */
interface Place {
  readonly name: string;
  readonly roles: Readonly<Record<'owner' | 'app', Role>>;
  readonly urls: Readonly<Record<'superuser' | 'owner' | 'app', string>>;
  readonly provision: ProvisionOptions;
}

function placeOn(
  server: Server,
  { region, purpose, keysDir, name = `t_${randomBytes(6).toString('hex')}` }: PlaceOptions,
): Place {
  const role = (kind: string): Role => ({ role: `${name}_${kind}`, password: randomBytes(9).toString('hex') });
  const roles = { owner: role('owner'), app: role('app') };
  const superuser = new URL(server.superuserUrl);
  const url = (username: string, password: string): string =>
    Object.assign(new URL(superuser), { username, password, pathname: `/${name}` }).href;
  const urls = {
    superuser: url(superuser.username, superuser.password),
    owner: url(roles.owner.role, roles.owner.password),
    app: url(roles.app.role, roles.app.password),
  };
  const provision = {
    region,
    purpose,
    ...STACK,
    ownerUrl: urls.owner,
    appRole: roles.app.role,
    keysDir: keysDir ?? join(server.home, 'test-keys', name),
  };
  return { name, roles, urls, provision };
}

interface PlaceOptions {
  readonly region: Region;
  readonly purpose: DatabasePurpose;
  readonly keysDir?: string;
  readonly name?: string;
}

async function createRoles(client: pg.Client, { owner, app }: Place['roles']): Promise<void> {
  await client.query(`create role ${owner.role} login password '${owner.password}'`);
  await client.query(`create role ${app.role} login noinherit password '${app.password}'`);
}

/**
 * A database that was sealed and migrated for the same region and schema, to be copied: made by whoever needs it first on that server, as
 * fifty migrations for each spec file would take minutes of the run. Nobody can connect to it.
 */
async function patternOf(
  server: Server,
  client: pg.Client,
  { region, purpose, schema }: { region: Region; purpose: DatabasePurpose; schema: Schema },
): Promise<Place> {
  const contents = [region.code, region.number, purpose, ...[...schema.migrations, ...schema.entities].map(String)];
  const hash = createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 12);
  const place = placeOn(server, { region, purpose, name: `pattern_${hash}` });
  await client.query(`select pg_advisory_lock(hashtext('pattern'))`);
  const { rows } = await client.query('select from pg_database where datname = $1', [place.name]);
  if (rows.length === 0) await makePattern(client, place, schema);
  await client.query(`select pg_advisory_unlock(hashtext('pattern'))`);
  return place;
}

async function makePattern(client: pg.Client, { name, roles, provision }: Place, schema: Schema): Promise<void> {
  const making = `${name}_making`;
  await createRoles(client, roles);
  await client.query(`create database ${making} owner ${roles.owner.role}`);
  const ownerUrl = Object.assign(new URL(provision.ownerUrl), { pathname: `/${making}` }).href;
  await initRegionDatabase({ ...provision, ownerUrl, confirm: EMBEDDED });
  await migrateRegionDatabase({ ...provision, ownerUrl, ...schema });
  // Its contents are handed over in each copy; of what belongs to the server as a whole nothing is left to hand over, or to be noticed.
  for (const text of [
    `alter database ${making} owner to current_user`,
    `revoke all on database ${making} from ${roles.app.role}`,
    `comment on database ${making} is null`,
    `alter database ${making} with allow_connections false`,
    `alter database ${making} rename to ${name}`,
  ])
    await client.query(text);
}

/** Makes a copy of a pattern what its own init and migration would have made of it: its roles, its identity, its marker. */
async function takeOver(place: Place, pattern: Place, { entities }: Schema): Promise<void> {
  const { provision, roles } = place;
  const handedOver = [
    `reassign owned by ${pattern.roles.owner.role} to ${roles.owner.role}`,
    `drop owned by ${pattern.roles.app.role}`,
    `grant usage on schema residency, public to ${roles.app.role}`,
    `grant select on residency.marker to ${roles.app.role}`,
    `update residency.marker set statement =
      (statement::jsonb || jsonb_build_object('database', gen_random_uuid(), 'epoch', 0))::text`,
    // Granted by the owner, as a migration does.
    `set role ${roles.owner.role}; ${grants(entities, roles.app.role)}; reset role`,
  ];
  await asSuperuser(place, handedOver.join(';\n'));
  await resealRegionDatabase({ ...provision, confirm: EMBEDDED });
}

/** One SQL statement over a fresh connection. */
export async function query(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  // Neither can be done to a database that somebody is connected to.
  const quiet = /\b(?:template|alter database) (\w+)/i.exec(text)?.[1];
  if (quiet !== undefined) await letGo(quiet);
  return over(url, async (client) => (await client.query<Record<string, unknown>>(text, values)).rows);
}

/** Work over a connection that is made for it. */
async function over<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connected(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Connections that the superuser's last statement in a database has left, by its name: making one costs more than most statements. */
const kept = new Map<string, pg.Client>();

/** One SQL statement over a connection that nobody else uses, and of whose session nothing is left for the next. */
async function asSuperuser(
  { name, urls }: Place,
  text: string,
  values?: unknown[],
): Promise<Record<string, unknown>[]> {
  const client = kept.get(name) ?? (await connected(urls.superuser));
  kept.delete(name);
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, values);
    // Refused where the text has left a transaction open.
    const isClean = await client.query('discard all').then(
      () => true,
      () => false,
    );
    if (isClean && !kept.has(name)) kept.set(name, client);
    else await client.end();
    return rows;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away tells those that wait; one that is kept is forgotten.
  client.on('error', () => {
    for (const [name, each] of kept) if (each === client) kept.delete(name);
  });
  await client.connect();
  return client;
}

async function letGo(name: string): Promise<void> {
  const client = kept.get(name);
  kept.delete(name);
  await client?.end();
}

export { resealRegionDatabase };

/** Stands in where no marker key exists yet; any key will do for a database that must be refused. */
const ANY_KEY =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n';
