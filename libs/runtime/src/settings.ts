import { resolve } from 'node:path';
import { type DatabaseSettings, databaseSettings, type Environment } from './database-settings.js';
import { limitSettings, type LimitSettings, trustedProxyCidrs } from './limit-settings.js';
import type { Reach } from './outbound/calls.js';
import { outboundSettings } from './outbound-settings.js';
import { regionFilePath } from './project-root.js';
import { type RelaySettings, relaySettings } from './relay-settings.js';
import { SETTINGS_TABLE } from './settings-table.js';

/** How many regions a process holds: see "Two topologies, one code" in the laws. */
export type Topology = 'combined' | 'separate';

/** What the process knows of one region it serves. */
export interface RegionSettings {
  readonly code: string;
  /** Absolute path of the region's own folder. */
  readonly home: string;
  readonly database: DatabaseSettings;
  /** The region's key store; on another server than its rows. */
  readonly keyStore: DatabaseSettings;
  /** How what its customers name is reached, see `Outbound`. */
  readonly reach: Reach;
}

/** How long a session lasts. */
export interface SessionSettings {
  /** Without a request; one hour to 30 days. */
  readonly idleMilliseconds: number;
  /** Whatever is done with it; one hour to 30 days. */
  readonly absoluteMilliseconds: number;
}

/** Everything the environment says, checked. */
export interface ApiSettings {
  readonly port: number;
  readonly topology: Topology;
  readonly stack: string;
  readonly environment: string;
  /** Absolute path. */
  readonly regionsFile: string;
  /** Absolute path. */
  readonly policiesDir: string | undefined;
  /** Public port by region code, for `{port}` in origins; may name regions that are not served, as origins are public. */
  readonly publicPorts: Readonly<Record<string, number>>;
  readonly requestDeadlineMilliseconds: number;
  readonly poolSize: number;
  /** After the start; see KeyPreload. */
  readonly keysAheadAfterMilliseconds: number;
  /** Networks whose `X-Forwarded-For` is believed, for counting alone: it never decides a region. */
  readonly trustedProxyCidrs: readonly string[];
  readonly limits: LimitSettings;
  readonly sessions: SessionSettings;
  /** The served regions in the order of `DOMICILE_SERVES`: one when separate, at least one when combined. */
  readonly regions: readonly RegionSettings[];
}

/** The same of the worker: it listens nowhere, and it alone knows how to reach the relays. */
export interface WorkerSettings extends ApiSettings {
  /** One for each served region, in their order. */
  readonly relays: readonly RelaySettings[];
}

/** All that the front door knows: of the regions nothing but where their public file is. */
export type FrontDoorSettings = Pick<ApiSettings, 'port' | 'regionsFile' | 'publicPorts'>;

/** Settings that do not hold. `problems` has one sentence each, all at once, with names of variables and never a value. */
export class SettingsError extends Error {
  readonly code = 'settings.invalid';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings do not hold, so nothing was started:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads whole numbers and words, noting what is wrong under the variable's name. An empty variable counts as not set. */
class Reader {
  readonly problems: string[] = [];
  constructor(readonly env: Environment) {}

  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.env[name];
    if (!text) return fallback;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    this.problems.push(
      `${name} is not a whole number from ${min} to ${max}; correct it or leave it out for ${fallback}.`,
    );
    return fallback;
  }

  required(name: string, pattern: RegExp, expected: string): string {
    const text = this.env[name] ?? '';
    if (!pattern.test(text))
      this.problems.push(`${name} is ${text === '' ? 'missing' : 'not acceptable'}; set it to ${expected}.`);
    return text;
  }
}

const SECOND_MILLISECONDS = 1000;
const HOUR_MILLISECONDS = 60 * 60 * SECOND_MILLISECONDS;

const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/**
 * The settings of the API: the only place of the project where the environment is read (`main.ts` passes `process.env` in).
 * `regionCodes` are those of the region file (find it with {@link regionFilePath}). Law L6: a process holds nothing of a region that
 * it does not serve, no owner's credential, and in the separate topology exactly one region.
 * @throws SettingsError with every problem at once.
 */
export function apiSettings(env: Environment, regionCodes: readonly string[]): ApiSettings {
  const read = new Reader(env);
  const { settings } = processSettings(read, regionCodes, 'api');
  if (read.problems.length > 0) throw new SettingsError(read.problems);
  return settings;
}

/** The settings of the worker, under the same laws. @throws SettingsError with every problem at once. */
export function workerSettings(env: Environment, regionCodes: readonly string[]): WorkerSettings {
  const read = new Reader(env);
  const { settings, serves } = processSettings(read, regionCodes, 'worker');
  const relays = serves.flatMap((code) => relaySettings(env, code, prefixOf(code), read.problems) ?? []);
  for (const [i, { region, host, port }] of relays.entries()) {
    const other = relays.slice(0, i).find((each) => each.host === host && each.port === port);
    if (other)
      read.problems.push(
        `${prefixOf(region)}_SMTP_URL names the same relay as ${prefixOf(other.region)}_SMTP_URL; give each region its own.`,
      );
  }
  if (read.problems.length > 0) throw new SettingsError(read.problems);
  return { ...settings, relays };
}

/**
 * The settings of the front door, which serves no region: so no region's own setting may be in its environment, whichever (law L6).
 * @throws SettingsError with every problem at once.
 */
export function frontDoorSettings(env: Environment, regionCodes: readonly string[]): FrontDoorSettings {
  const read = new Reader(env);
  const known = SETTINGS_TABLE.filter(({ reader }) => reader === 'every').map(({ name }) => name);
  for (const name of Object.keys(env).filter((key) => key.startsWith('DOMICILE_') && !known.includes(key))) {
    const isOfRegion = regionCodes.some((code) => name.startsWith(`${prefixOf(code)}_`));
    read.problems.push(
      isOfRegion
        ? `${name} belongs to a region, and the front door serves none (law L6); remove it here.`
        : `${name} is not a setting that the front door knows; correct its name or remove it.`,
    );
  }
  const settings = publicSettings(read, regionCodes);
  if (read.problems.length > 0) throw new SettingsError(read.problems);
  return settings;
}

function publicSettings(read: Reader, regionCodes: readonly string[]): FrontDoorSettings {
  return {
    port: read.integer('PORT', 4000, 0, 65_535),
    regionsFile: regionFilePath(read.env),
    publicPorts: publicPorts(read, regionCodes),
  };
}

function processSettings(
  read: Reader,
  regionCodes: readonly string[],
  reader: 'api' | 'worker',
): { readonly settings: ApiSettings; readonly serves: readonly string[] } {
  const { env } = read;
  const topology = read.required('DOMICILE_TOPOLOGY', /^(?:combined|separate)$/, 'separate or combined');
  const serves = servedCodes(read, topology, regionCodes);
  if (topology === 'combined' && env['NODE_ENV'] === 'production') {
    read.problems.push(
      'DOMICILE_TOPOLOGY is combined with NODE_ENV=production, but production runs one region a process; set it to separate.',
    );
  }
  refuseForeign(read, serves, regionCodes, reader);
  const settings = {
    ...publicSettings(read, regionCodes),
    topology: topology as Topology,
    stack: read.required('DOMICILE_STACK', NAME, 'a name of lower-case letters, digits and hyphens'),
    environment: read.required('DOMICILE_ENVIRONMENT', NAME, 'a name of lower-case letters, digits and hyphens'),
    policiesDir: env['DOMICILE_POLICIES_DIR'] ? resolve(env['DOMICILE_POLICIES_DIR']) : undefined,
    requestDeadlineMilliseconds: read.integer('DOMICILE_REQUEST_DEADLINE_MILLISECONDS', 1500, 100, 30_000),
    poolSize: read.integer('DOMICILE_POOL_SIZE', 10, 1, 100),
    keysAheadAfterMilliseconds: read.integer('DOMICILE_KEYS_AHEAD_AFTER_SECONDS', 10, 0, 86_400) * SECOND_MILLISECONDS,
    trustedProxyCidrs: trustedProxyCidrs(env['DOMICILE_TRUSTED_PROXY_CIDRS'], read.problems),
    limits: limitSettings((...about) => read.integer(...about)),
    sessions: {
      idleMilliseconds: read.integer('DOMICILE_SESSION_IDLE_HOURS', 336, 1, 720) * HOUR_MILLISECONDS,
      absoluteMilliseconds: read.integer('DOMICILE_SESSION_ABSOLUTE_HOURS', 720, 1, 720) * HOUR_MILLISECONDS,
    },
    regions: servedRegions(read, serves),
  };
  return { settings, serves };
}

function servedCodes(read: Reader, topology: string, regionCodes: readonly string[]): string[] {
  const text = read.env['DOMICILE_SERVES'] ?? '';
  const codes = text === '' ? [] : text.split(',');
  const refuse = (what: string, remedy: string): number => read.problems.push(`DOMICILE_SERVES ${what}; ${remedy}.`);
  if (codes.length === 0) refuse('is missing', `set it to region codes out of ${regionCodes.join(', ')}`);
  if (codes.some((code) => !regionCodes.includes(code))) {
    refuse(
      'names a region that is not in the region file',
      `use ${regionCodes.join(', ')}, with commas and without spaces`,
    );
  }
  if (new Set(codes).size < codes.length) refuse('names a region twice', 'name each once');
  if (topology === 'separate' && codes.length > 1) {
    refuse('names several regions in the separate topology', 'name exactly one and start one process for each');
  }
  return [...new Set(codes)].filter((code) => regionCodes.includes(code));
}

function servedRegions(read: Reader, serves: readonly string[]): RegionSettings[] {
  const regions: RegionSettings[] = [];
  const nameOfPlace = new Map<string, string>();
  for (const code of serves) {
    const prefix = prefixOf(code);
    const home = read.required(`${prefix}_HOME`, /./, "the region's own folder");
    const database = databaseSettings(read.env, prefix, read.problems);
    const keyStore = databaseSettings(read.env, `${prefix}_KEY`, read.problems);
    const reach = outboundSettings(read.env, prefix, read.problems);
    if (database === undefined || keyStore === undefined) continue;
    for (const [name, { place }] of [
      [`${prefix}_DATABASE_URL`, database],
      [`${prefix}_KEY_DATABASE_URL`, keyStore],
    ] as const) {
      const other = nameOfPlace.get(place);
      if (other !== undefined) read.problems.push(`${name} names the same database as ${other}; give each its own.`);
      nameOfPlace.set(place, name);
    }
    regions.push({ code, home: resolve(home), database, keyStore, reach });
  }
  return regions;
}

function refuseForeign(
  read: Reader,
  serves: readonly string[],
  regionCodes: readonly string[],
  reader: 'api' | 'worker',
): void {
  const names = SETTINGS_TABLE.map((setting) => setting.name);
  const general = new Set(names.filter((name) => !name.includes('<CODE>')));
  const owned = new Set(serves.flatMap((code) => names.map((name) => name.replace('DOMICILE_<CODE>', prefixOf(code)))));
  for (const name of Object.keys(read.env).filter((key) => key.startsWith('DOMICILE_') && !general.has(key))) {
    const region = regionCodes.find((code) => name.startsWith(`${prefixOf(code)}_`));
    if (region !== undefined && !serves.includes(region)) {
      read.problems.push(`${name} belongs to a region that this process does not serve (law L6); remove it here.`);
    } else if (name.includes('_OWNER_')) {
      read.problems.push(
        `${name} holds the owner's credential, which only the domicile command may hold; remove it here.`,
      );
    } else if (!owned.has(name)) {
      read.problems.push(
        `${name} is not a setting that the ${reader === 'api' ? 'API' : 'worker'} knows; correct its name or remove it.`,
      );
    } else if (reader === 'api' && name.includes('_SMTP_')) {
      read.problems.push(`${name} is the way to the relay, which only the worker may hold; remove it here.`);
    }
  }
}

function publicPorts(read: Reader, regionCodes: readonly string[]): Record<string, number> {
  const ports: Record<string, number> = {};
  for (const pair of (read.env['DOMICILE_PUBLIC_PORTS'] ?? '').split(',').filter((text) => text !== '')) {
    const [, code = '', port = ''] = /^([a-z]{2,8})=([1-9]\d{0,4})$/.exec(pair) ?? [];
    if (!regionCodes.includes(code) || Number(port) > 65_535 || Object.hasOwn(ports, code)) {
      read.problems.push(
        'DOMICILE_PUBLIC_PORTS is not a list of one port for each region code; write it as eu=4001,us=4002.',
      );
      return {};
    }
    ports[code] = Number(port);
  }
  return ports;
}

function prefixOf(code: string): string {
  return `DOMICILE_${code.toUpperCase()}`;
}
