import { join, resolve } from 'node:path';
import type { DatabasePurpose } from '@domicile/residency';
import {
  type DatabaseSettings,
  databaseSettings,
  type Environment,
  regionFilePath,
  SETTINGS_TABLE,
} from '@domicile/runtime';

/** What `init` and `migrate` know of an external database. The addresses are secrets. */
export interface OwnerAccess {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Name of the role that the API will use. */
  readonly appRole: string;
  /** PEM */
  readonly ca?: string;
}

/** Folder of a region's embedded key store: apart from the rows, as its backups are to be. */
export function keyStoreHome(regionHome: string): string {
  return join(regionHome, 'key-store');
}

/** Everything the environment says to the `domicile` command, checked. */
export interface CliSettings {
  /** Absolute path of the folder that holds one folder per region. */
  readonly home: string;
  readonly port: number;
  readonly stack: string;
  readonly environment: string;
  readonly regionsFile: string;
  /** What every API process is given unchanged: a few general variables and the general settings of the API. */
  readonly passedOn: Readonly<Record<string, string>>;
  /** Absolute path of the folder that holds everything of that region. */
  readonly regionHome: (code: string) => string;
  /**
   * The settings of the region's database and key store as the API takes them; undefined when it is to have embedded servers.
   * @throws Error in one sentence when a key store is configured without a database: it would be passed over in silence
   */
  readonly externalDatabase: (code: string) => Readonly<Record<string, string>> | undefined;
  /** The settings of the region's mail relay as the worker takes them; undefined when it is to have a catcher on this machine. */
  readonly externalRelay: (code: string) => Readonly<Record<string, string>> | undefined;
  /** Address and CA of the region's database for the application role: the configured one, else that of the embedded server. */
  readonly rows: (code: string) => Pick<DatabaseSettings, 'url' | 'ca'>;
  /** Address and CA of the region's key store for the application role: the configured one, else that of the embedded server. */
  readonly keyStore: (code: string) => Pick<DatabaseSettings, 'url' | 'ca'>;
  /** @throws Error in one sentence when the region has no complete owner's access to an external database of that purpose. */
  readonly owner: (code: string, purpose: DatabasePurpose) => OwnerAccess;
}

const GENERAL = ['PATH', 'HOME', 'TZ', 'LANG', 'NODE_ENV'];
const GENERAL_OF_API = SETTINGS_TABLE.filter(
  ({ name, reader }) => ['every', 'api'].includes(reader) && !name.includes('<CODE>'),
).map(({ name }) => name);
const DATABASE_OF_REGION = ['DATABASE_URL', 'DATABASE_URL_FILE', 'DATABASE_CA_FILE'].flatMap((name) => [
  name,
  `KEY_${name}`,
]);
const RELAY_OF_REGION = ['SMTP_URL', 'SMTP_URL_FILE', 'SMTP_CA_FILE'];

/**
 * The command's settings from an environment (`main.ts` passes `process.env` in).
 * @throws Error in one sentence: PORT is no port, or a `DOMICILE_…` name is unknown (a slip would otherwise go unnoticed).
 */
export function cliSettings(env: Environment): CliSettings {
  refuseUnknown(env);
  const home = resolve(env['DOMICILE_HOME'] || '.domicile');
  return {
    home,
    port: portOf(env['PORT'] || '4000'),
    stack: env['DOMICILE_STACK'] || 'local',
    environment: env['DOMICILE_ENVIRONMENT'] || 'development',
    regionsFile: regionFilePath(env),
    passedOn: picked(env, [...GENERAL, ...GENERAL_OF_API]),
    regionHome: (code) => resolve(home, code),
    externalDatabase: (code) => {
      const own = picked(
        env,
        DATABASE_OF_REGION.map((name) => prefixed(code, name)),
      );
      const isGiven = (infix: string): boolean =>
        [`${infix}DATABASE_URL`, `${infix}DATABASE_URL_FILE`].some((name) => own[prefixed(code, name)] !== undefined);
      if (isGiven('KEY_') && !isGiven(''))
        throw new Error(
          `${prefixed(code, 'KEY_DATABASE_URL')} is set and ${prefixed(code, 'DATABASE_URL')} is not; a region has both of its own, or neither.`,
        );
      return isGiven('') ? own : undefined;
    },
    externalRelay: (code) => {
      const own = picked(
        env,
        RELAY_OF_REGION.map((name) => prefixed(code, name)),
      );
      return Object.keys(own).length > 0 ? own : undefined;
    },
    rows: (code) => reached(env, code, '', join(resolve(home, code), 'run')),
    keyStore: (code) => reached(env, code, 'KEY_', join(keyStoreHome(resolve(home, code)), 'run')),
    owner: (code, purpose) => ownerAccess(env, code, purpose === 'keys' ? 'KEY_' : ''),
  };
}

function prefixed(code: string, name: string): string {
  return `DOMICILE_${code.toUpperCase()}_${name}`;
}

/** The configured server, else the embedded one whose address lies in that folder. */
function reached(env: Environment, code: string, infix: string, folder: string): DatabaseSettings {
  const problems: string[] = [];
  const file = prefixed(code, `${infix}DATABASE_URL_FILE`);
  const configured = env[prefixed(code, `${infix}DATABASE_URL`)] ?? env[file];
  const embedded = { [file]: join(folder, 'database.url') };
  const found = databaseSettings(configured ? env : embedded, prefixed(code, infix).replace(/_$/, ''), problems);
  if (!found)
    throw new Error(
      `Region ${code} has no ${infix ? 'key store' : 'database'} that can be reached: ${problems.join(' ')}`,
    );
  return found;
}

function ownerAccess(env: Environment, code: string, infix: string): OwnerAccess {
  const problems: string[] = [];
  // The owner reaches the same server, so it is checked against the same CA.
  const owner = databaseSettings(
    {
      ...env,
      [prefixed(code, `OWNER_${infix}DATABASE_CA_FILE`)]: env[prefixed(code, `${infix}DATABASE_CA_FILE`)],
    },
    prefixed(code, `OWNER_${infix}`).replace(/_$/, ''),
    problems,
  );
  const app = databaseSettings(env, prefixed(code, infix).replace(/_$/, ''), problems);
  if (!owner || !app) {
    throw new Error(
      `Region ${code} has no external ${infix ? 'key store' : 'database'} to work on (embedded ones are prepared by "npm start"): ${problems.join(' ')}`,
    );
  }
  const appRole = decodeURIComponent(new URL(app.url).username);
  return { ownerUrl: owner.url, appUrl: app.url, appRole, ...(owner.ca === undefined ? {} : { ca: owner.ca }) };
}

function refuseUnknown(env: Environment): void {
  const known = SETTINGS_TABLE.map(({ name }) => new RegExp(`^${name.replace('<CODE>', '[A-Z]{2,8}')}$`));
  const strange = Object.keys(env).filter(
    (name) => name.startsWith('DOMICILE_') && !known.some((pattern) => pattern.test(name)),
  );
  if (strange.length > 0)
    throw new Error(`${strange.join(', ')} is not a setting of Domicile; correct the name or remove it.`);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Error(`PORT is ${JSON.stringify(text)}, which is no port; set it to a whole number from 1 to 65535.`);
}

function picked(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
