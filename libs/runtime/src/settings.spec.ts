import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from './database-settings.js';
import { projectRoot, regionFilePath } from './project-root.js';
import { apiSettings, SettingsError } from './settings.js';
import { SETTINGS_TABLE } from './settings-table.js';

const CODES = ['eu', 'us'];
const SECRET = 'Sw0rdfish-never-shown';

const EU = {
  DOMICILE_EU_HOME: 'home/eu',
  DOMICILE_EU_DATABASE_URL: `postgres://app:${SECRET}@127.0.0.1:5433/domicile`,
  DOMICILE_EU_KEY_DATABASE_URL: `postgres://app:${SECRET}@127.0.0.1:5435/domicile`,
};
const US = {
  DOMICILE_US_HOME: '/home/us',
  DOMICILE_US_DATABASE_URL: `postgresql://app:${SECRET}@localhost:5434/domicile`,
  DOMICILE_US_KEY_DATABASE_URL: `postgresql://app:${SECRET}@localhost:5436/domicile`,
};
const SEPARATE: Environment = {
  PATH: '/bin',
  DOMICILE_TOPOLOGY: 'separate',
  DOMICILE_SERVES: 'eu',
  DOMICILE_STACK: 'eu-1',
  DOMICILE_ENVIRONMENT: 'test',
  ...EU,
};
const COMBINED: Environment = { ...SEPARATE, DOMICILE_TOPOLOGY: 'combined', DOMICILE_SERVES: 'eu,us', ...US };

const problems = (env: Environment, codes: readonly string[] = CODES): readonly string[] => {
  try {
    apiSettings(env, codes);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain(SECRET);
    expect(JSON.stringify(error)).not.toContain(SECRET);
    return error.problems;
  }
};

/** Expects exactly one problem that names the variable. */
const refuses = (env: Environment, variable: string, reason: RegExp): void => {
  const found = problems(env);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${variable}\\b`));
  expect(found[0]).toMatch(reason);
  expect(found[0]).toMatch(/; .+\.$/);
};

let folder = '';
const file = (name: string, content: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A self-signed certificate for these tests; nothing trusts it. */
const PEM = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBRjCB+aADAgECAhRaMBSLJYSmTVWN8IrJ0UmYgg4+UTAFBgMrZXAwGDEWMBQG',
  'A1UEAwwNc2V0dGluZ3MtdGVzdDAgFw0yNjExMjIxODUzMzBaGA8yMTI2MTAyOTE4',
  'NTMzMFowGDEWMBQGA1UEAwwNc2V0dGluZ3MtdGVzdDAqMAUGAytlcAMhALQeojlk',
  'SWBKj9wJcyAgYQZPyjgI0SdzLCPIvdAljtIuo1MwUTAdBgNVHQ4EFgQUpt4Jm/RQ',
  'S8ySuXTNDVpfsZZ8K8owHwYDVR0jBBgwFoAUpt4Jm/RQS8ySuXTNDVpfsZZ8K8ow',
  'DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQDI+61JXPMlVZv4v8hA7SpEwPzoNTBw',
  'qPfCOzpOWXbChAHSrPLSRLHqwa7xoE7rH5Omcensk1FGuL3R1HOhU+YJ',
  '-----END CERTIFICATE-----',
].join('\n');

describe('apiSettings', () => {
  it('reads the separate topology with its defaults', () => {
    const settings = apiSettings(SEPARATE, CODES);
    expect(settings).toMatchObject({
      port: 4000,
      topology: 'separate',
      stack: 'eu-1',
      environment: 'test',
      policiesDir: undefined,
      publicPorts: {},
      requestDeadlineMilliseconds: 1500,
      poolSize: 10,
    });
    expect(settings.regions).toHaveLength(1);
    expect(settings.regions[0]).toMatchObject({
      code: 'eu',
      database: { url: EU.DOMICILE_EU_DATABASE_URL, ca: undefined },
      keyStore: { url: EU.DOMICILE_EU_KEY_DATABASE_URL, ca: undefined },
    });
    expect(isAbsolute(settings.regions[0]?.home ?? '')).toBe(true);
  });

  it('reads the combined topology with everything set', () => {
    const env = {
      ...COMBINED,
      PORT: '0',
      DOMICILE_PUBLIC_PORTS: 'eu=4001,us=4002',
      DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '100',
      DOMICILE_POOL_SIZE: '1',
      DOMICILE_KEYS_AHEAD_AFTER_SECONDS: '0',
      DOMICILE_REGIONS_FILE: '/r.json',
      DOMICILE_POLICIES_DIR: '/policies',
      DOMICILE_HOME: '/home',
    };
    const settings = apiSettings(env, CODES);
    expect(settings).toMatchObject({
      port: 0,
      publicPorts: { eu: 4001, us: 4002 },
      requestDeadlineMilliseconds: 100,
      poolSize: 1,
      keysAheadAfterMilliseconds: 0,
      regionsFile: '/r.json',
      policiesDir: '/policies',
    });
    expect(settings.regions.map((region) => region.code)).toEqual(['eu', 'us']);
  });

  it('serves a third region by configuration alone', () => {
    const env = {
      ...SEPARATE,
      DOMICILE_SERVES: 'fr',
      DOMICILE_FR_HOME: '/fr',
      DOMICILE_FR_DATABASE_URL: 'postgres://a@[::1]/d',
      DOMICILE_FR_KEY_DATABASE_URL: 'postgres://a@[::1]/k',
    };
    const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DOMICILE_EU_')));
    expect(apiSettings(rest, [...CODES, 'fr']).regions[0]?.code).toBe('fr');
  });

  it.each(['DOMICILE_TOPOLOGY', 'DOMICILE_SERVES', 'DOMICILE_STACK', 'DOMICILE_ENVIRONMENT', 'DOMICILE_EU_HOME'])(
    'requires %s',
    (name) => {
      for (const value of [undefined, '']) {
        const found = problems({ ...SEPARATE, [name]: value });
        expect(found.some((problem) => problem.startsWith(`${name} is missing`))).toBe(true);
      }
    },
  );

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4e3'],
    ['PORT', ' 80'],
    ['PORT', '80.5'],
    ['DOMICILE_POOL_SIZE', '0'],
    ['DOMICILE_POOL_SIZE', '101'],
    ['DOMICILE_KEYS_AHEAD_AFTER_SECONDS', '86401'],
    ['DOMICILE_REQUEST_DEADLINE_MILLISECONDS', '99'],
    ['DOMICILE_REQUEST_DEADLINE_MILLISECONDS', '30001'],
    ['DOMICILE_STACK', 'EU'],
    ['DOMICILE_STACK', '1eu'],
    ['DOMICILE_ENVIRONMENT', `e${'x'.repeat(31)}`],
    ['DOMICILE_TOPOLOGY', 'both'],
    ['DOMICILE_SERVES', 'EU'],
    ['DOMICILE_PUBLIC_PORTS', 'eu'],
    ['DOMICILE_PUBLIC_PORTS', 'eu=0'],
    ['DOMICILE_PUBLIC_PORTS', 'eu=1,eu=2'],
    ['DOMICILE_PUBLIC_PORTS', 'fr=1'],
    ['DOMICILE_PUBLIC_PORTS', 'eu=65536'],
  ])('refuses %s=%s', (name, value) => {
    expect(problems({ ...SEPARATE, [name]: value }).some((problem) => problem.startsWith(name))).toBe(true);
  });

  it('refuses the combined topology in production, and only there', () => {
    refuses({ ...COMBINED, NODE_ENV: 'production' }, 'DOMICILE_TOPOLOGY', /production/);
    expect(problems({ ...SEPARATE, NODE_ENV: 'production' })).toEqual([]);
    expect(problems({ ...COMBINED, NODE_ENV: 'test' })).toEqual([]);
  });

  it('refuses two regions in the separate topology', () => {
    refuses({ ...COMBINED, DOMICILE_TOPOLOGY: 'separate' }, 'DOMICILE_SERVES', /several regions/);
  });

  it('refuses a region twice and a region that is not in the file', () => {
    refuses({ ...COMBINED, DOMICILE_SERVES: 'eu,us,eu' }, 'DOMICILE_SERVES', /twice/);
    refuses({ ...COMBINED, DOMICILE_SERVES: 'eu,us,fr' }, 'DOMICILE_SERVES', /not in the region file/);
  });

  it.each([
    'DOMICILE_US_HOME',
    'DOMICILE_US_DATABASE_URL',
    'DOMICILE_US_DATABASE_URL_FILE',
    'DOMICILE_US_DATABASE_CA_FILE',
    'DOMICILE_US_KEY_DATABASE_URL',
    'DOMICILE_US_KEY_DATABASE_URL_FILE',
    'DOMICILE_US_KEY_DATABASE_CA_FILE',
    'DOMICILE_US_OWNER_DATABASE_URL',
    'DOMICILE_US_OWNER_KEY_DATABASE_URL',
    'DOMICILE_US_ANYTHING',
  ])('refuses %s in a process that serves the other region, in either topology', (name) => {
    refuses({ ...SEPARATE, [name]: SECRET }, name, /does not serve/);
    refuses({ ...SEPARATE, DOMICILE_TOPOLOGY: 'combined', [name]: '' }, name, /does not serve/);
  });

  it.each([
    'DOMICILE_EU_OWNER_DATABASE_URL',
    'DOMICILE_EU_OWNER_DATABASE_URL_FILE',
    'DOMICILE_EU_OWNER_KEY_DATABASE_URL',
    'DOMICILE_EU_OWNER_KEY_DATABASE_URL_FILE',
  ])("refuses the owner's %s", (name) => {
    refuses({ ...SEPARATE, [name]: SECRET }, name, /owner's credential/);
  });

  it.each([
    'DOMICILE_SERVE',
    'DOMICILE_EU_DATABASE',
    'DOMICILE_EU_KEY',
    'DOMICILE_EU_KEYS_DATABASE_URL',
    'DOMICILE_KEY_DATABASE_URL',
    'DOMICILE_FR_HOME',
    'DOMICILE_',
    'DOMICILE_eu_HOME',
  ])('refuses the unknown %s', (name) => {
    refuses({ ...SEPARATE, [name]: SECRET }, name, /not a setting/);
  });

  it('tells all problems at once', () => {
    const found = problems({ DOMICILE_TOPOLOGY: 'x', DOMICILE_SERVES: 'eu', DOMICILE_X: SECRET, PORT: 'x' });
    expect(found).toHaveLength(8);
  });

  it('knows every name of the table that is for it', () => {
    const names = SETTINGS_TABLE.filter((setting) => ['every', 'api'].includes(setting.reader)).map(({ name }) =>
      name.replace('<CODE>', 'EU'),
    );
    for (const name of names)
      expect(problems({ ...SEPARATE, [name]: 'x' }).join()).not.toMatch(`${name} is not a setting`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each([
  ['the database', '', 'database'],
  ['the key store', 'KEY_', 'keyStore'],
] as const)('%s of a region', (_what, infix, property) => {
  const NAME = `DOMICILE_EU_${infix}DATABASE_URL` as const;
  const withUrl = (url: string): Environment => ({ ...SEPARATE, [NAME]: url });

  it.each([
    [SECRET, /not a PostgreSQL address/],
    [`mysql://a:${SECRET}@localhost/d`, /not a PostgreSQL address/],
    [`https://a:${SECRET}@localhost/d`, /not a PostgreSQL address/],
    [`postgres://a:${SECRET}@localhost/d?sslmode=require`, /TLS by a parameter/],
    [`postgres://a:${SECRET}@localhost/d?SSLMODE=disable`, /TLS by a parameter/],
    [`postgres://a:${SECRET}@localhost/d?x=1&sslrootcert=/x`, /TLS by a parameter/],
    [`postgres://a:${SECRET}@localhost/d?ssl=true`, /TLS by a parameter/],
    [`postgres://a:${SECRET}@localhost/d?host=db.example.com`, /parameter/],
    [`postgres://a:${SECRET}@localhost/d?`, /parameter/],
    [`postgres://a:${SECRET}@localhost/d#x`, /parameter/],
    [`postgres://a:${SECRET}@%2Fvar%2Frun/d`, /no host/],
    [`postgres:///d`, /no host/],
    [`postgres://localhost/d`, /no user/],
    [`postgres://a:${SECRET}@localhost`, /one database/],
    [`postgres://a:${SECRET}@localhost/`, /one database/],
    [`postgres://a:${SECRET}@localhost/a/b`, /one database/],
  ])('refuses address %#', (url, reason) => refuses(withUrl(url), NAME, reason));

  it.each([
    'db.example.com',
    '10.0.0.1',
    '0.0.0.0',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '[::2]',
    '1127.0.0.1',
  ])('requires a CA for %s', (host) => refuses(withUrl(`postgres://a:${SECRET}@${host}/d`), NAME, /without a CA/));

  it.each(['localhost', '127.0.0.1', '127.9.8.7', '[::1]'])('requires none for %s', (host) => {
    expect(problems(withUrl(`postgres://a:${SECRET}@${host}/d`))).toEqual([]);
  });

  it('reads the CA and refuses what is none', () => {
    const env = withUrl(`postgres://a:${SECRET}@db.example.com/d`);
    const ca = file('ca.pem', PEM, 0o644);
    const name = `DOMICILE_EU_${infix}DATABASE_CA_FILE`;
    expect(apiSettings({ ...env, [name]: ca }, CODES).regions[0]?.[property].ca).toBe(PEM);
    refuses({ ...env, [name]: file('bad.pem', SECRET) }, name, /not a readable PEM/);
    refuses({ ...env, [name]: join(folder, 'none.pem') }, name, /not a readable PEM/);
    refuses({ ...env, [name]: file('key.pem', `${PEM}\n-----BEGIN PRIVATE KEY-----`) }, name, /private key/);
  });

  it('reads the address from a file for its owner alone', () => {
    const name = `DOMICILE_EU_${infix}DATABASE_URL_FILE`;
    const url = EU[NAME];
    const env = { ...SEPARATE, [NAME]: undefined };
    expect(apiSettings({ ...env, [name]: file('url', `${url}\n`) }, CODES).regions[0]?.[property].url).toBe(url);
    refuses({ ...env, [name]: file('group', url, 0o640) }, name, /others can read/);
    refuses({ ...env, [name]: file('world', url, 0o604) }, name, /others can read/);
    refuses({ ...env, [name]: join(folder, 'none') }, name, /cannot be read/);
    refuses({ ...SEPARATE, [name]: file('both', url) }, NAME, /both set/);
    refuses(env, NAME, /both missing/);
  });
});

describe('two databases', () => {
  const NAMES = Object.keys({ ...EU, ...US }).filter((name) => name.endsWith('_URL'));
  const pairs = NAMES.flatMap((one, i) => NAMES.slice(i + 1).map((other) => [one, other] as const));

  it('are four of a process with two regions', () => {
    expect(pairs.length).toBe(6);
    expect(problems(COMBINED)).toEqual([]);
  });

  it.each(pairs)('are not one: %s and %s', (one, other) => {
    for (const [first, second] of [
      ['postgres://a:x@127.0.0.1:5499/domicile', 'postgres://a:x@localhost:5499/domicile'],
      ['postgres://a:x@127.0.0.1:5499/domicile', 'postgresql://b:y@[::1]:5499/domicile'],
      ['postgres://a:x@127.0.0.1:5499/domicile', 'postgres://a:x@127.0.0.2:5499/domicile'],
      ['postgres://a:x@127.0.0.1:5499/domicile', 'postgres://a:x@LOCALHOST:5499/domicile'],
      ['postgres://a@localhost/d', 'postgres://a@localhost:5432/d'],
    ])
      refuses(
        { ...COMBINED, [one]: first, [other]: second },
        `(?:${one}|${other})`,
        new RegExp(`same database as (?:${one}|${other});`),
      );
  });
});

describe('regionFilePath', () => {
  it('is the file of the project unless another is given', () => {
    expect(regionFilePath({})).toBe(join(projectRoot(), 'deploy', 'regions.json'));
    expect(regionFilePath({ DOMICILE_REGIONS_FILE: '' })).toBe(regionFilePath({}));
    expect(regionFilePath({ DOMICILE_REGIONS_FILE: '/r.json' })).toBe('/r.json');
  });
});
