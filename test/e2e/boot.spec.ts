import { createServer } from 'node:net';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freeLoopbackPort } from '../../apps/cli/src/local/ports.js';
import { createDatabase, eu, query, serverOf, type TestDatabase } from '../support/databases.js';
import { ask } from '../support/http.js';
import { Installation, KEY_SCHEMA, SCHEMA } from '../support/installation.js';
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
    for (const [name, url] of Object.entries(environment))
      if (name.endsWith('DATABASE_URL') && url.includes('@'))
        expect(api.errors + api.output).not.toContain(new URL(url).password);
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

  it.each(['', 'KEY_'] as const)(
    'refuses DOMICILE_US_%sDATABASE_URL in a process of the other region',
    async (infix) => {
      const { database, keyStore } = installation.site('us');
      const { appUrl } = infix === '' ? database : keyStore;
      const name = `DOMICILE_US_${infix}DATABASE_URL`;
      const words = await refusal((environment) => void (environment[name] = appUrl), ['eu']);
      expect(words).toContain(`${name} belongs to a region that this process does not serve`);
      expect(words).not.toContain(new URL(appUrl).password);
    },
  );

  it.each([
    ['the combined topology in production', 'NODE_ENV', 'production', /production runs one region a process/],
    ['an unknown setting', 'DOMICILE_REGOIN', 'eu', /DOMICILE_REGOIN is not a setting/],
    [
      'a setting of a key store that is none',
      'DOMICILE_EU_KEYS_DATABASE_URL',
      'x',
      /DOMICILE_EU_KEYS_DATABASE_URL is not a/,
    ],
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
    ['a far key store without its CA', 'DOMICILE_EU_KEY_DATABASE_URL', 'postgres://a:s3cret@db.example.org/d', /CA/],
    ['a region without a key store', 'DOMICILE_EU_KEY_DATABASE_URL', '', /DOMICILE_EU_KEY_DATABASE_URL.* both missing/],
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
      /^The API was not started: The receipt key ed25519:[0-9a-f-]+ of region eu is not pinned in the region file; add what "domicile receipt-keys public --region eu" prints to that region's receiptKeys\.\n$/,
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

  describe('for its key store:', () => {
    const keys = (url: string) => (environment: Environment) =>
      void (environment['DOMICILE_EU_KEY_DATABASE_URL'] = url);

    it('refuses rows and keys swapped', async () => {
      const { database, keyStore } = installation.site('eu');
      const words = await refusal((environment) => {
        use('EU', keyStore.appUrl)(environment);
        keys(database.appUrl)(environment);
      });
      expect(words).toMatch(
        /it carries the marker of region eu, .*, for (rows and not for keys|keys and not for rows)\./,
      );
    });

    it('refuses one key store that is among the rows', async () => {
      expect(await refusal(keys(installation.site('eu').database.appUrl))).toMatch(
        /DOMICILE_EU_KEY_DATABASE_URL names the same database as DOMICILE_EU_DATABASE_URL/,
      );
    });

    it('refuses the key stores of the regions swapped', async () => {
      const [first, second] = [installation.site('eu').keyStore.appUrl, installation.site('us').keyStore.appUrl];
      const words = await refusal((environment) => {
        keys(second)(environment);
        environment['DOMICILE_US_KEY_DATABASE_URL'] = first;
      });
      expect(words).toMatch(/is refused for region (eu|us): it carries the marker of region (us|eu), stack test/);
    });

    it('refuses a key store on the server of the rows', async () => {
      const beside = await extra(eu, KEY_SCHEMA, {
        purpose: 'keys',
        server: serverOf(eu),
        keysDir: installation.site('eu').database.keysDir,
      });
      expect(await refusal(keys(beside.appUrl))).toMatch(
        /The key store of region eu is on the same server as its rows; give it a server of its own\./,
      );
    });

    it('refuses one that is away, in words', async () => {
      const url = Object.assign(new URL(installation.site('eu').keyStore.appUrl), {
        port: String(await freeLoopbackPort()),
      });
      expect(await refusal(keys(url.href))).toMatch(/of region eu could not be reached \(ECONNREFUSED\)/);
    });

    it('refuses an empty one, leaves it empty, and says what a person may do', async () => {
      const empty = await extra(eu, KEY_SCHEMA, { purpose: 'keys', prepare: 'empty' });
      expect(await refusal(keys(empty.appUrl))).toMatch(
        /carries no marker; .* run "domicile init --region eu --keys --confirm /,
      );
      expect(await empty.sql('superuser', "select 1 from pg_namespace where nspname = 'residency'")).toEqual([]);
    });

    it('refuses one that another key has signed', async () => {
      const other = await extra(eu, KEY_SCHEMA, { purpose: 'keys' });
      expect(await refusal(keys(other.appUrl))).toMatch(/signature is not by this region's marker key/);
    });

    it('refuses its superuser and its owner', async () => {
      const { keyStore } = installation.site('eu');
      expect(await refusal(keys(keyStore.superuserUrl))).toMatch(/the role is superuser/);
      expect(await refusal(keys(keyStore.ownerUrl))).toMatch(/the role may create/);
    });

    it('refuses a wrapping key that others can read, one that is none, and one that is gone', async () => {
      const key = join(installation.site('eu').home, 'keys', 'wrapping.1.key');
      const own = readFileSync(key);
      chmodSync(key, 0o644);
      expect(await refusal(() => undefined)).toMatch(
        /The wrapping key .*wrapping\.1\.key of region eu can be read by others/,
      );
      chmodSync(key, 0o600);
      for (const wrong of ['', own.toString().slice(0, 62), `${own.toString().trim()}00`, own.toString('base64')]) {
        writeFileSync(key, wrong);
        expect(await refusal(() => undefined)).toMatch(/wrapping\.1\.key of region eu does not hold 32 bytes as hex/);
      }
      rmSync(key);
      expect(await refusal(() => undefined)).toMatch(
        /Region eu has no wrapping key \(wrapping\.<version>\.key in .*\)/,
      );
      // A later one that cannot be used is found at boot as well, and not when the first value needs it.
      writeFileSync(key, own, { mode: 0o600 });
      const second = join(installation.site('eu').home, 'keys', 'wrapping.2.key');
      writeFileSync(second, 'x', { mode: 0o600 });
      expect(await refusal(() => undefined)).toMatch(/wrapping\.2\.key of region eu does not hold 32 bytes as hex/);
      rmSync(second);
    });

    it('refuses one that does not know the newest keys in use: an older copy', async () => {
      const { keyStore } = installation.site('eu');
      const api = await installation.start();
      await api.member('eu');
      const newer = await api.member('eu');
      await api.stop('SIGTERM');
      const all = await keyStore.sql('superuser', 'select * from data_key');
      const [{ sealed }] = (await installation
        .site('eu')
        .database.sql('superuser', 'select sealed from person order by id desc limit 1')) as [{ sealed: Buffer }];
      const key = sealed.toString('hex', 1, 17);
      await keyStore.sql('superuser', 'delete from data_key where id = $1::text::uuid', [key]);
      const words = await refusal(() => undefined);
      expect(words).toMatch(
        /The key store of region eu does not know 1 of the newest 2 keys in use: it was restored from an older copy; restore a newer one\./,
      );
      expect(words).not.toContain(newer.person.email);
      const row = all.find(({ id }) => String(id).replaceAll('-', '') === key)!;
      await keyStore.sql(
        'superuser',
        `insert into data_key (${Object.keys(row).join()}) values (${Object.keys(row)
          .map((_, i) => `$${i + 1}`)
          .join()})`,
        Object.values(row),
      );
    });
  });

  it('serves once all of that is right, so nothing above is refused for another reason', async () => {
    const api = await installation.start();
    expect((await api.ask('eu', '/readyz')).json()).toMatchObject({ status: 'ready' });
    expect(await api.stop('SIGTERM')).toEqual([{ code: 0, signal: null }]);
  });
});
