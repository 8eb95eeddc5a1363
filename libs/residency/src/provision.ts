import { existsSync, mkdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { connectionOptions, endpointOf, isLoopback } from './connection.js';
import type { EntityClass } from './declarations.js';
import { ResidencyError, isResidencyError, sharedServer } from './errors.js';
import { grants } from './grants.js';
import { proveMarker } from './handshake.js';
import { HOME_LANGUAGE, REGION_OF_BODY, regionBody } from './home-functions.js';
import {
  type DatabasePurpose,
  type Expected,
  type Marker,
  markerKeyPair,
  markerPublicKey,
  sealMarker,
} from './marker.js';
import { SnakeCaseNaming } from './naming.js';
import type { Region } from './regions.js';
import { SilentLogger } from './silent-logger.js';

/** Who prepares a region's database, and as whom. The owner's credential is for these functions alone; no server holds it. */
export interface ProvisionOptions {
  readonly region: Region;
  /** What the database is for; `rows` when left out. */
  readonly purpose?: DatabasePurpose;
  readonly stack: string;
  readonly environment: string;
  /** Connection URL of the role that owns the database. */
  readonly ownerUrl: string;
  /** Name of the role that the API will use; it must exist. */
  readonly appRole: string;
  /** Folder of the region's keys; the marker key pair is made there. */
  readonly keysDir: string;
  /** PEM of the region's CA. */
  readonly ca?: string;
}

/** What a migration run works with. */
export interface MigrateOptions extends ProvisionOptions {
  readonly migrations: readonly Migration[];
  /** Declared tables that the application uses; each must exist once the migrations have run. */
  readonly entities: readonly EntityClass[];
  /** System identifier of a server that it must not be on: that of the region's keys, for its rows. */
  readonly apartFrom?: string | undefined;
}

/** A TypeORM migration class. */
export type Migration = new () => MigrationInterface;

/** `confirm` for servers of our own launcher, which a person need not confirm: they are reached on this machine only. */
export const EMBEDDED: unique symbol = Symbol('embedded');

/**
 * Seals an empty database for a region: schema `residency` with `region()` (IMMUTABLE, literal body), `region_of(uuid)` and
 * the signed marker, and the application role's right to read them. Does nothing when the right marker is there.
 * @param options.confirm `host:port/database` as typed by a person, or {@link EMBEDDED}
 * @param options.beforeSealing makes what must be there before a database is sealed, its keys; called for an empty database only
 * @throws ResidencyError residency.configuration_invalid (wrong confirmation, database not empty), residency.marker_mismatch or
 *   residency.marker_moved (sealed for something else)
 */
export async function initRegionDatabase(
  options: ProvisionOptions & { readonly confirm: string | typeof EMBEDDED; readonly beforeSealing?: () => void },
): Promise<{ created: boolean }> {
  const { region, ownerUrl, confirm } = options;
  const endpoint = confirmed(region, ownerUrl, confirm);
  return asOwner(options, async (client) => {
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('domicile.init'))");
    if (await sealed(client, options)) return { created: false };
    await assertEmpty(client, region);
    options.beforeSealing?.();
    await seal(client, options, endpoint);
    await client.query('commit');
    return { created: true };
  });
}

/**
 * Writes a fresh marker over an old one, with the next epoch: after a person has decided that this database, copied or
 * moved, is now the region's. The old signature is not asked for; the region function must already say this region.
 * @throws ResidencyError residency.marker_mismatch when the database was made for another region
 */
export async function resealRegionDatabase(
  options: ProvisionOptions & { readonly confirm: string | typeof EMBEDDED },
): Promise<void> {
  const { region, ownerUrl, confirm } = options;
  const endpoint = confirmed(region, ownerUrl, confirm);
  await asOwner(options, async (client) => {
    if (!(await hasMarkerTable(client)))
      throw new ResidencyError(
        'residency.marker_missing',
        `Database ${endpointOf(ownerUrl)} was never sealed; run "domicile init" for region ${region.code}.`,
      );
    const { rows } = await client.query(
      'select residency.region()::int as number, (select statement from residency.marker) as statement',
    );
    const found = rows[0] as { number: number; statement: string };
    if (found.number !== region.number)
      throw new ResidencyError(
        'residency.marker_mismatch',
        `The database was made for region number ${found.number}, not for ${region.code}; it cannot change.`,
      );
    await client.query('begin');
    await client.query('delete from residency.marker');
    const { database, epoch } = JSON.parse(found.statement) as Marker;
    await writeMarker(client, options, { endpoint, database, epoch: epoch + 1 });
    await client.query('commit');
  });
}

/**
 * Brings the schema up to date, as the owner, one transaction a migration, under a lock so that two runs never mix, then
 * grants the application role what the declarations say and nothing else.
 * Proves the marker first: a migration never reaches another region's database, nor seals rows beside their own keys.
 * @throws ResidencyError residency.marker_*; residency.configuration_invalid on the server of `apartFrom`
 * @returns names of the migrations applied, in order; empty when there was nothing to do
 */
export async function migrateRegionDatabase(options: MigrateOptions): Promise<string[]> {
  return asOwner(options, async (client) => {
    const expected = expectedOf(options, markerPublicKey(options.keysDir));
    const { systemIdentifier } = await proveMarker((text) => client.query(text), expected);
    if (systemIdentifier === options.apartFrom) throw sharedServer(options.region.code);
    await client.query("select pg_advisory_lock(hashtext('domicile.migrate'))");
    const dataSource = await ownerDataSource(options, { migrations: [...options.migrations] });
    try {
      const applied = await dataSource.runMigrations({ transaction: 'each' });
      await client.query(grants(options.entities, options.appRole));
      return applied.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  });
}

/**
 * The statements that would bring a migrated database to what the entities declare: empty when they agree.
 * For the drift gate and for writing the next migration.
 */
export async function schemaDrift(
  options: ProvisionOptions & { readonly entities: readonly EntityClass[] },
): Promise<string[]> {
  const dataSource = await ownerDataSource(options, { entities: [...options.entities] });
  try {
    return (await dataSource.driver.createSchemaBuilder().log()).upQueries.map((query) => query.query);
  } finally {
    await dataSource.destroy();
  }
}

async function sealed(client: pg.Client, options: ProvisionOptions): Promise<boolean> {
  if (!(await hasMarkerTable(client))) return false;
  try {
    await proveMarker((text) => client.query(text), expectedOf(options));
    return true;
  } catch (error) {
    if (isResidencyError(error, 'residency.marker_missing')) return false;
    throw error;
  }
}

/** Asked by name: a read that fails would abort the transaction. */
async function hasMarkerTable(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select to_regclass('residency.marker') is not null as present");
  return (rows[0] as { present: boolean }).present;
}

async function assertEmpty(client: pg.Client, region: Region): Promise<void> {
  const { rows } = await client.query(
    "select count(*)::int as objects from pg_class where relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')",
  );
  if ((rows[0] as { objects: number }).objects > 0)
    throw invalid(
      `The database meant for region ${region.code} holds tables or other objects but no marker; init seals empty databases only.`,
    );
}

/**
 * What the marker will name as its address: the confirmed one, if it is where the owner's URL leads.
 * @throws ResidencyError residency.configuration_invalid
 */
function confirmed(region: Region, ownerUrl: string, confirm: string | typeof EMBEDDED): string {
  const endpoint = endpointOf(ownerUrl);
  if (confirm === EMBEDDED ? !isLoopback(ownerUrl) : confirm !== endpoint)
    throw invalid(
      `--confirm says ${confirm === EMBEDDED ? 'embedded' : confirm}, but the owner's URL of region ${region.code} leads to ${endpoint}; confirm that one if it is right.`,
    );
  return confirm === EMBEDDED ? 'embedded' : endpoint;
}

async function seal(client: pg.Client, options: ProvisionOptions, endpoint: string): Promise<void> {
  const { region } = options;
  const role = pg.escapeIdentifier(options.appRole);
  await client.query(`
    create schema residency;
    create function residency.region() returns smallint language ${HOME_LANGUAGE} immutable parallel safe
      as '${regionBody(region)}';
    create function residency.region_of(id uuid) returns smallint language ${HOME_LANGUAGE} immutable parallel safe
      as '${REGION_OF_BODY}';
    create table residency.marker (singleton boolean primary key default true check (singleton), statement text not null, signature bytea not null);
    revoke all on schema public from public;
    grant usage on schema residency, public to ${role};
    grant select on residency.marker to ${role};`);
  await writeMarker(client, options, { endpoint, database: randomUUID(), epoch: 1 });
}

async function writeMarker(
  client: pg.Client,
  options: ProvisionOptions,
  { endpoint, database, epoch }: Pick<Marker, 'endpoint' | 'database' | 'epoch'>,
): Promise<void> {
  if (!existsSync(options.keysDir)) mkdirSync(options.keysDir, { recursive: true, mode: 0o700 });
  await claimDatabase(client, options);
  const { rows } = await client.query(
    'select c.system_identifier::text as system, d.oid::text as oid from pg_control_system() c, pg_database d where d.datname = current_database()',
  );
  const measured = rows[0] as { system: string; oid: string };
  const { statement, signature } = sealMarker(
    {
      format: 1,
      region: options.region.code,
      number: options.region.number,
      purpose: options.purpose ?? 'rows',
      stack: options.stack,
      environment: options.environment,
      epoch,
      database,
      systemIdentifier: measured.system,
      databaseOid: measured.oid,
      endpoint,
      sealedAt: new Date().toISOString(),
    },
    markerKeyPair(options.keysDir).privateKey,
  );
  await client.query('insert into residency.marker (statement, signature) values ($1, $2)', [statement, signature]);
}

/** What stands outside of the database's own contents, and so is lost in a copy: who may connect, and whose it is. */
async function claimDatabase(client: pg.Client, { region, appRole }: ProvisionOptions): Promise<void> {
  const { rows } = await client.query('select current_database() as name');
  const database = pg.escapeIdentifier((rows[0] as { name: string }).name);
  await client.query(
    `revoke all on database ${database} from public; grant connect on database ${database} to ${pg.escapeIdentifier(appRole)}`,
  );
  // Shared by the whole server, and so seen from its other databases: two regions on one server are noticed at boot.
  await client.query(`comment on database ${database} is ${pg.escapeLiteral(`domicile region ${region.code}`)}`);
}

function expectedOf(options: ProvisionOptions, publicKey = markerKeyPair(options.keysDir).publicKey): Expected {
  return {
    region: options.region,
    purpose: options.purpose ?? 'rows',
    stack: options.stack,
    environment: options.environment,
    endpoint: endpointOf(options.ownerUrl),
    loopback: isLoopback(options.ownerUrl),
    publicKey,
  };
}

async function asOwner<T>(options: ProvisionOptions, work: (client: pg.Client) => Promise<T>): Promise<T> {
  if (!existsSync(options.keysDir)) mkdirSync(options.keysDir, { recursive: true, mode: 0o700 });
  const client = new pg.Client({ ...connectionOptions(options.ownerUrl, options.ca), connectionTimeoutMillis: 5_000 });
  // A server that goes away between two statements is told by the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function ownerDataSource(options: ProvisionOptions, extra: Partial<DataSourceOptions>): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    installExtensions: false,
    synchronize: false,
    logging: false,
    logger: new SilentLogger(),
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseNaming(),
    extra: { ...connectionOptions(options.ownerUrl, options.ca), max: 1 },
    ...extra,
  } as DataSourceOptions).initialize();
}

function invalid(message: string): ResidencyError {
  return new ResidencyError('residency.configuration_invalid', message);
}
