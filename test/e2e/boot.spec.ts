import { createServer } from 'node:net';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freeLoopbackPort } from '../../apps/cli/src/local/ports.js';
import { createDatabase, eu, query, serverOf, type TestDatabase } from '../support/databases.js';
import { ask } from '../support/http.js';
import { Installation, SCHEMA } from '../support/installation.js';
import { ownServer } from '../support/own-server.js';

type Environment = Record<string, string>;

describe('a process that must not serve', () => {
  let installation: Installation;
  const databases: TestDatabase[] = [];
  const extra = async (...args: Parameters<typeof createDatabase>): Promise<TestDatabase> => {
    const database = await createDatabase(...args);
    databases.push(database);
    return database;
  };

  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.drop()));
    await installation?.close();
  });

  /** Starts a process whose environment was changed; it must end by itself, in words, having served nobody. */
  async function refusal(
    change: (environment: Environment) => void,
    served = ['eu', 'us'],
    of = installation,
  ): Promise<string> {
    const ports = Object.fromEntries(await Promise.all(served.map(async (code) => [code, await freeLoopbackPort()])));
    const environment = of.environment({ served, ports, separate: served.length === 1 });
    change(environment);
    const api = of.spawn(environment);
    const { code } = await api.ended;
    expect([code, api.events('api.listening')]).toEqual([1, []]);
    await expect(ask({ port: Number(environment['PORT']), path: '/healthz' })).rejects.toThrow();
    // Words for a person: no stack, and no password of any database.
    expect(api.errors).not.toMatch(/\n\s+at |node:internal/);
    for (const url of [environment['DOMICILE_EU_DATABASE_URL'], environment['DOMICILE_US_DATABASE_URL']])
      if (url?.includes('@')) expect(api.errors + api.output).not.toContain(new URL(url).password);
    return api.errors;
  }
  const use = (code: 'EU' | 'US', url: string) => (environment: Environment) =>
    void (environment[`DOMICILE_${code}_DATABASE_URL`] = url);

  it('refuses swapped database URLs, saying whose each is', async () => {
    const [first, second] = [installation.site('eu').database.appUrl, installation.site('us').database.appUrl];
    const words = await refusal((environment) => {
      use('EU', second)(environment);
      use('US', first)(environment);
    });
    expect(words).toMatch(/is refused for region (eu|us): it carries the marker of region (us|eu), stack test/);
  });

  it('refuses a clone of its database', async () => {
    const { name, appUrl, superuserUrl } = installation.site('eu').database;
    const copy = `${name}_clone`;
    await query(serverOf(eu).superuserUrl, `create database ${copy} template ${name}`);
    try {
      await query(
        Object.assign(new URL(superuserUrl), { pathname: `/${copy}` }).href,
        `revoke temp on database ${copy} from public`,
      );
      expect(await refusal(use('EU', Object.assign(new URL(appUrl), { pathname: `/${copy}` }).href))).toMatch(
        /marker of region eu.*this is a copy or it has moved, and a person must re-seal it/,
      );
    } finally {
      await query(serverOf(eu).superuserUrl, `drop database ${copy} with (force)`);
    }
  });

  it('refuses a server that holds two regions', async () => {
    // A server of its own: on the shared one the guest would be noticed by every other process that boots meanwhile.
    const server = await ownServer();
    try {
      const crowded = await Installation.create({ servers: { eu: server, us: server } });
      expect(await refusal(() => undefined, ['eu', 'us'], crowded)).toMatch(
        /same server also holds the database .* sealed for domicile region/,
      );
      await crowded.close();
    } finally {
      await server.stop();
    }
  });

  it('refuses an empty database, leaves it empty, and says what a person may do', async () => {
    const empty = await extra(eu, SCHEMA, { prepare: 'empty' });
    expect(await refusal(use('EU', empty.appUrl))).toMatch(
      /carries no marker; .* run "domicile init --region eu --confirm /,
    );
    expect(await empty.sql('superuser', "select 1 from pg_namespace where nspname = 'residency'")).toEqual([]);
  });

  it('refuses a database that is sealed but not migrated', async () => {
    const sealed = await extra(eu, SCHEMA, { prepare: 'sealed' });
    const keys = join(installation.site('eu').home, 'keys', 'marker.pub');
    const own = readFileSync(keys);
    writeFileSync(keys, readFileSync(join(sealed.keysDir, 'marker.pub')));
    try {
      expect(await refusal(use('EU', sealed.appUrl))).not.toBe('');
    } finally {
      writeFileSync(keys, own);
    }
  });

  it.each([
    ['another stack', 'DOMICILE_STACK', 'other', /stack test.*this process is stack other/],
    ['another environment', 'DOMICILE_ENVIRONMENT', 'production', /environment test.*environment production/],
  ])('refuses a database of %s', async (_, name, value, words) => {
    expect(await refusal((environment) => void (environment[name] = value))).toMatch(words);
  });

  it('refuses a marker that another key has signed', async () => {
    const other = await extra(eu, SCHEMA);
    expect(await refusal(use('EU', other.appUrl))).toMatch(/signature is not by this region's marker key/);
  });

  it('refuses the superuser and the owner', async () => {
    const { database } = installation.site('eu');
    expect(await refusal(use('EU', database.superuserUrl))).toMatch(/the role is superuser/);
    expect(await refusal(use('EU', database.ownerUrl))).toMatch(/the role may create/);
  });

  it('refuses a database that is away, in words', async () => {
    const url = Object.assign(new URL(installation.site('eu').database.appUrl), {
      port: String(await freeLoopbackPort()),
    });
    expect(await refusal(use('EU', url.href))).toMatch(
      /of region eu could not be reached \(ECONNREFUSED\).*running and can be reached/s,
    );
  });

  it('refuses settings of a region that it does not serve', async () => {
    const { appUrl } = installation.site('us').database;
    const words = await refusal(use('US', appUrl), ['eu']);
    expect(words).toContain('DOMICILE_US_DATABASE_URL belongs to a region that this process does not serve');
    expect(words).not.toContain(new URL(appUrl).password);
  });

  it.each([
    ['the combined topology in production', 'NODE_ENV', 'production', /production runs one region a process/],
    ['an unknown setting', 'DOMICILE_REGOIN', 'eu', /DOMICILE_REGOIN is not a setting/],
    ['a region that is in no file', 'DOMICILE_SERVES', 'eu,xx', /not in the region file/],
    ['no topology', 'DOMICILE_TOPOLOGY', '', /DOMICILE_TOPOLOGY is missing/],
    [
      "the owner's credential",
      'DOMICILE_EU_OWNER_DATABASE_URL',
      'postgres://o:s3cret@127.0.0.1/d',
      /only the domicile command may hold/,
    ],
    [
      'TLS by words in the URL',
      'DOMICILE_EU_DATABASE_URL',
      'postgres://a:s3cret@127.0.0.1/d?sslmode=disable',
      /DOMICILE_EU_DATABASE_URL/,
    ],
    ['a far database without its CA', 'DOMICILE_EU_DATABASE_URL', 'postgres://a:s3cret@db.example.org/d', /CA/],
  ])('refuses %s', async (_, name, value, words) => {
    expect(await refusal((environment) => void (environment[name] = value))).toMatch(words);
  });

  it('refuses a key that others can read, and one that is gone', async () => {
    const key = join(installation.site('eu').home, 'keys', 'index.key');
    const own = readFileSync(key);
    chmodSync(key, 0o644);
    expect(await refusal(() => undefined)).toMatch(/index\.key/);
    rmSync(key);
    expect(await refusal(() => undefined)).toMatch(/index\.key .* is missing/);
    writeFileSync(key, own, { mode: 0o600 });
  });

  it('refuses a receipt key that the region file does not pin, and one that others can read', async () => {
    const bare = join(import.meta.dirname, '../../deploy/regions.json');
    expect(await refusal((environment) => void (environment['DOMICILE_REGIONS_FILE'] = bare))).toMatch(
      /^The API was not started: The receipt key ed25519:[0-9a-f-]+ of region eu is not pinned in the region file; add what "domicile keys public --region eu" prints to that region's receiptKeys\.\n$/,
    );
    const key = join(installation.site('eu').home, 'keys', 'receipt.1.key');
    chmodSync(key, 0o644);
    expect(await refusal(() => undefined)).toMatch(/receipt\.1\.key of region eu can be read by others/);
    chmodSync(key, 0o600);
    // Another region's key is no better than an unpinned one.
    const own = readFileSync(key);
    writeFileSync(key, readFileSync(join(installation.site('us').home, 'keys', 'receipt.1.key')));
    expect(await refusal(() => undefined)).toMatch(/of region eu is not pinned in the region file/);
    writeFileSync(key, own);
  });

  it('refuses a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const ports = { eu: port, us: port };
    const api = installation.spawn(installation.environment({ served: ['eu', 'us'], ports }));
    expect((await api.ended).code).toBe(1);
    expect(api.errors).toBe(
      'The API was not started: its port is in use by another program; stop that one or set PORT to another.\n',
    );
    taken.close();
  });

  it('serves once all of that is right, so nothing above is refused for another reason', async () => {
    const api = await installation.start();
    expect((await api.ask('eu', '/readyz')).json()).toMatchObject({ status: 'ready' });
    expect(await api.stop('SIGTERM')).toEqual([{ code: 0, signal: null }]);
  });
});
