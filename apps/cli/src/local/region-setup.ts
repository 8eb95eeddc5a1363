import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureOidcKeys } from '@domicile/oidc';
import { ensureReceiptKeys, pinReceiptKeys, receiptKeyHistory } from '@domicile/receipts';
import {
  type DatabasePurpose,
  EMBEDDED,
  initRegionDatabase,
  markerPublicKey,
  migrateRegionDatabase,
  type ProvisionOptions,
  type Region,
  Regions,
} from '@domicile/residency';
import { ensureRegionKeys, ensureWrappingKey } from '@domicile/vault';
import { type CliSettings, keyStoreHome } from '../cli-settings.js';
import {
  ENTITIES,
  KEY_STORE_MIGRATIONS,
  KEY_STORE_TABLES,
  migrationsWith,
  withRowSealer,
} from '../migrations/index.js';
import { APP_ROLE, embeddedDatabase } from './embedded-database.js';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { writePrivate } from './private-files.js';

const PORT_MAX = 65_535;

/** What was done to a region's database; nothing is a fine answer. */
export interface SetUp {
  readonly created: boolean;
  /** Names of the migrations applied now, in order. */
  readonly applied: readonly string[];
}

/**
 * The regions of the region file with their local origins. `PORT` itself is the front door's (decision 043).
 * @param separate one port a region (`PORT` + its number) instead of `PORT` + 1 for all
 * @throws Error in one sentence when the region file is wrong, or PORT too high to add the numbers of the regions to it
 */
export function localRegions(
  settings: CliSettings,
  separate: boolean,
): { regions: Regions; ports: Readonly<Record<string, number>> } {
  const numbered = Regions.load(settings.regionsFile, settings.port).all;
  const ports = Object.fromEntries(numbered.map(({ code, number }) => [code, settings.port + (separate ? number : 1)]));
  if (Object.values(ports).some((port) => port > PORT_MAX)) {
    const highest = PORT_MAX - Math.max(...numbered.map(({ number }) => number));
    throw new Error(
      `PORT is ${settings.port}, too high to add each region's number to it; set it to ${highest} or less.`,
    );
  }
  return { regions: Regions.load(settings.regionsFile, ports), ports };
}

/** One database of a region, as whoever prepares it knows it. */
interface Target extends ProvisionOptions {
  readonly appUrl: string;
}

/**
 * Writes the region file that the local API reads: the given one with every region's receipt keys pinned, as an operator pins them in
 * a stack. Public facts only (law L6). A region without keys gets no pin, and the API says what to do about it.
 * @returns its path
 */
export function writePinnedRegions(settings: CliSettings, regions: Regions): string {
  const histories = regions.all.map(({ code }) => [code, receiptKeyHistory(keysDirOf(settings, code))] as const);
  const file = join(settings.home, 'regions.json');
  const given: unknown = JSON.parse(readFileSync(settings.regionsFile, 'utf8'));
  writePrivate(file, pinReceiptKeys(given, Object.fromEntries(histories)));
  return file;
}

/** Where a region's keys are. */
export function keysDirOf({ regionHome }: CliSettings, code: string): string {
  return join(regionHome(code), 'keys');
}

/**
 * Roles, databases, markers and schemas on started servers of our own launcher: the one kind that is initialised without being
 * asked. The key store comes first, as rows may have to be sealed.
 */
export async function setUpEmbedded(
  settings: CliSettings,
  regions: Regions,
  region: Region,
  servers: { readonly rows: EmbeddedPostgres; readonly keys: EmbeddedPostgres },
): Promise<SetUp & { readonly appUrlFile: string; readonly keyAppUrlFile: string }> {
  const home = settings.regionHome(region.code);
  const rows = await embeddedDatabase(servers.rows, home);
  const keys = await embeddedDatabase(servers.keys, keyStoreHome(home));
  const shared = common(settings, region);
  const targets = {
    rows: { ...shared, ...rows, appRole: APP_ROLE },
    keys: { ...shared, ...keys, appRole: APP_ROLE, purpose: 'keys' as const },
  };
  await seal(targets.keys, EMBEDDED);
  const created = await seal(targets.rows, EMBEDDED);
  const applied = await migrate(regions, targets.rows, targets.keys);
  return { created, applied, appUrlFile: rows.appUrlFile, keyAppUrlFile: keys.appUrlFile };
}

/** Seals an external, empty database for the region, as confirmed by a person. False when it already was. */
export async function initExternal(
  settings: CliSettings,
  region: Region,
  purpose: DatabasePurpose,
  confirm: string,
): Promise<boolean> {
  return seal(external(settings, region, purpose), confirm);
}

/** Brings the schemas of an external key store and database up to date. @returns names of the migrations applied */
export function migrateExternal(settings: CliSettings, regions: Regions, region: Region): Promise<string[]> {
  return migrate(regions, external(settings, region, 'rows'), external(settings, region, 'keys'));
}

/**
 * A database's keys are made right before it is sealed and never after: another index key would make every address unfindable,
 * another wrapping key every data key unreadable. So a lost one is reported by the API, and restored by a person. Receipt and OpenID
 * keys may be made at any time: nothing is sealed with them.
 */
async function seal(target: Target, confirm: string | typeof EMBEDDED): Promise<boolean> {
  const { keysDir, purpose, region } = target;
  if (purpose !== 'keys') {
    ensureReceiptKeys(keysDir, region.code);
    ensureOidcKeys(keysDir);
  }
  const beforeSealing = (): void => (purpose === 'keys' ? ensureWrappingKey(keysDir) : ensureRegionKeys(keysDir));
  return (await initRegionDatabase({ ...target, confirm, beforeSealing })).created;
}

async function migrate(regions: Regions, rows: Target, keys: Target): Promise<string[]> {
  const first = await migrateRegionDatabase({
    ...keys,
    migrations: KEY_STORE_MIGRATIONS,
    entities: KEY_STORE_TABLES,
  });
  const { region, stack, environment, keysDir, ca } = keys;
  const keyStore = {
    region,
    url: keys.appUrl,
    ...(ca === undefined ? {} : { ca }),
    expected: { stack, environment, publicKey: markerPublicKey(keysDir) },
    poolSize: 1,
  };
  const then = await withRowSealer({ regions, keyStore, keysDir }, (sealer) =>
    migrateRegionDatabase({
      ...rows,
      migrations: migrationsWith(sealer),
      entities: ENTITIES,
      apartFrom: sealer.systemIdentifier,
    }),
  );
  return [...first, ...then];
}

function external(settings: CliSettings, region: Region, purpose: DatabasePurpose): Target {
  return { ...common(settings, region), ...settings.owner(region.code, purpose), purpose };
}

function common(
  settings: CliSettings,
  region: Region,
): Pick<ProvisionOptions, 'region' | 'stack' | 'environment' | 'keysDir'> {
  const { stack, environment } = settings;
  return { region, stack, environment, keysDir: keysDirOf(settings, region.code) };
}
