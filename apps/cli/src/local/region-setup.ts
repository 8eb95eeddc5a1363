import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReceiptKeys, pinReceiptKeys, receiptKeyHistory } from '@domicile/receipts';
import {
  EMBEDDED,
  initRegionDatabase,
  migrateRegionDatabase,
  type ProvisionOptions,
  type Region,
  Regions,
} from '@domicile/residency';
import { ensureRegionKeys } from '@domicile/vault';
import type { CliSettings } from '../cli-settings.js';
import { ENTITIES, MIGRATIONS } from '../migrations/index.js';
import { APP_ROLE, embeddedDatabase, type EmbeddedDatabase } from './embedded-database.js';
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
 * The regions of the region file with their local origins.
 * @param separate one port a region (`PORT` + its number) instead of `PORT` for all
 * @throws Error in one sentence when the region file is wrong, or PORT too high to add the numbers of the regions to it
 */
export function localRegions(
  settings: CliSettings,
  separate: boolean,
): { regions: Regions; ports: Readonly<Record<string, number>> } {
  const numbered = Regions.load(settings.regionsFile, settings.port).all;
  const ports = Object.fromEntries(numbered.map(({ code, number }) => [code, settings.port + (separate ? number : 0)]));
  if (Object.values(ports).some((port) => port > PORT_MAX)) {
    const highest = PORT_MAX - Math.max(...numbered.map(({ number }) => number));
    throw new Error(
      `PORT is ${settings.port}, too high to add each region's number to it; set it to ${highest} or less.`,
    );
  }
  return { regions: Regions.load(settings.regionsFile, ports), ports };
}

/** Roles, database, marker and schema on a started server of our own launcher: the one kind that is initialised without being asked. */
export async function setUpEmbedded(
  settings: CliSettings,
  region: Region,
  server: EmbeddedPostgres,
): Promise<SetUp & Pick<EmbeddedDatabase, 'appUrlFile'>> {
  const { ownerUrl, appUrlFile } = await embeddedDatabase(server, settings.regionHome(region.code));
  const target = { ...common(settings, region), ownerUrl, appRole: APP_ROLE };
  const created = await seal(target, EMBEDDED);
  return { created, applied: await migrate(target), appUrlFile };
}

/** Seals an external, empty database for the region, as confirmed by a person. False when it already was. */
export async function initExternal(settings: CliSettings, region: Region, confirm: string): Promise<boolean> {
  return seal(external(settings, region), confirm);
}

/** Brings an external database's schema up to date. @returns names of the migrations applied */
export function migrateExternal(settings: CliSettings, region: Region): Promise<string[]> {
  return migrate(external(settings, region));
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
 * The region's other keys are made before its marker key and never after it: once a database is sealed, a second index key
 * would make every address in it unfindable, so a lost one is reported by the API and restored by a person. A receipt key may be made
 * at any time: nothing is sealed with it.
 */
async function seal(target: ProvisionOptions, confirm: string | typeof EMBEDDED): Promise<boolean> {
  if (!existsSync(join(target.keysDir, 'marker.key'))) ensureRegionKeys(target.keysDir);
  ensureReceiptKeys(target.keysDir, target.region.code);
  return (await initRegionDatabase({ ...target, confirm })).created;
}

function migrate(target: ProvisionOptions): Promise<string[]> {
  return migrateRegionDatabase({ ...target, migrations: MIGRATIONS, entities: ENTITIES });
}

function external(settings: CliSettings, region: Region): ProvisionOptions {
  return { ...common(settings, region), ...settings.owner(region.code) };
}

function common(
  settings: CliSettings,
  region: Region,
): Pick<ProvisionOptions, 'region' | 'stack' | 'environment' | 'keysDir'> {
  const { stack, environment } = settings;
  return { region, stack, environment, keysDir: keysDirOf(settings, region.code) };
}
