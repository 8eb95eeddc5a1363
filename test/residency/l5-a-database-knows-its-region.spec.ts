import { generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { initRegionDatabase, isWrongDatabase } from '@domicile/residency';
import {
  type Expected,
  MEASURE_SQL,
  type Measured,
  checkMarker,
  markerKeyPair,
} from '../../libs/residency/src/marker.js';
import { endpointOf } from '../../libs/residency/src/connection.js';
import type { RegionDatabaseOptions } from '../../libs/residency/src/region-database.js';
import { boot, complaintOf } from '../support/boot.js';
import { complaint, refusal } from '../support/core.js';
import { type TestDatabase, createDatabase, eu, query, serverOf, us } from '../support/databases.js';
import { TOYS } from '../support/toy-schema.js';

let home: TestDatabase;
let abroad: TestDatabase;
beforeAll(async () => {
  [home, abroad] = await Promise.all([createDatabase(eu, TOYS), createDatabase(us, TOYS)]);
});
afterAll(() => Promise.all([home?.drop(), abroad?.drop()]));

const bootHome = (change: Partial<RegionDatabaseOptions> = {}): Promise<string> => boot({ ...home.options, ...change });
const expecting = (change: Partial<Expected>): Promise<string> =>
  bootHome({ expected: { ...home.options.expected, ...change } });
/** The marker is replaced for the time of some work; only the owner can. */
const withMarker = async <T>(set: string, values: unknown[], work: () => Promise<T>): Promise<T> => {
  const [kept] = await home.sql('owner', 'select statement, signature from residency.marker');
  await home.sql('owner', `update residency.marker set ${set}`, values);
  try {
    return await work();
  } finally {
    await home.sql('owner', 'update residency.marker set statement = $1, signature = $2', [
      kept!['statement'],
      kept!['signature'],
    ]);
  }
};

describe('L5 a process', () => {
  it("boots on its own region's database", async () => {
    expect(await bootHome()).toBe('booted');
    expect(await boot(abroad.options)).toBe('booted');
  });

  it('refuses the database of the other region, naming whose it is: swapped URLs', async () => {
    expect(await bootHome({ url: abroad.appUrl })).toMatch(
      /^residency.marker_mismatch: Database .* is refused for region eu: it carries the marker of region us, stack test, environment test \(database [0-9a-f-]{36}\)\.$/,
    );
    expect(await boot({ ...abroad.options, url: home.appUrl })).toMatch(
      /marker_mismatch: .* refused for region us: it carries the marker of region eu/,
    );
    // Even with the other one's key: the region itself is what differs.
    expect(await bootHome({ url: abroad.appUrl, expected: abroad.options.expected })).toMatch(/marker_mismatch/);
  });

  it('refuses a database of another stack or environment, naming both', async () => {
    expect(await expecting({ stack: 'blue' })).toMatch(
      /marker_mismatch: .*stack test, environment test .* this process is stack blue, environment test/,
    );
    expect(await expecting({ environment: 'production' })).toMatch(
      /marker_mismatch: .*this process is stack test, environment production/,
    );
  });

  it('refuses a marker by another key', async () => {
    const stranger = generateKeyPairSync('ed25519');
    expect(await expecting({ publicKey: stranger.publicKey })).toMatch(
      /marker_mismatch: .* signature is not by this region's marker key/,
    );
    const [{ statement }] = (await home.sql('owner', 'select statement from residency.marker')) as [
      { statement: string },
    ];
    const forged = sign(null, Buffer.from(statement), stranger.privateKey);
    expect(await withMarker('signature = $1', [forged], bootHome)).toMatch(/marker_mismatch: .* signature is not by/);
  });

  it('refuses an altered statement, and one that cannot be read at all', async () => {
    for (const set of [
      'statement = replace(statement, \'"epoch":1\', \'"epoch":2\')',
      "statement = statement || ' '",
      "signature = ''",
      'signature = set_bit(signature, 100, 1 - get_bit(signature, 100))',
      "statement = 'not json'",
      "statement = ''",
      "statement = 'null'",
      "statement = '[]'",
    ])
      expect([set, await withMarker(set, [], bootHome)]).toEqual([
        set,
        expect.stringMatching(/^residency\.marker_mismatch: Database .* is refused for region eu/),
      ]);
    expect(await bootHome()).toBe('booted');
  });

  it('refuses a database whose region() says something else than its marker', async () => {
    const region = (number: number) =>
      home.sql(
        'owner',
        `create or replace function residency.region() returns smallint language sql immutable parallel safe as 'select ${number}::smallint'`,
      );
    await region(us.number);
    expect(await bootHome()).toMatch(/marker_mismatch/);
    await region(eu.number);
    expect(await bootHome()).toBe('booted');
  });

  it('refuses an empty database, says what a person may do, and leaves it empty', async () => {
    const empty = await createDatabase(eu, TOYS, { prepare: 'empty' });
    expect(await boot(empty.options)).toBe(
      `residency.marker_missing: Database ${endpointOf(empty.appUrl)} carries no marker; if it is meant for region eu, run "domicile init --region eu --confirm ${endpointOf(empty.appUrl)}".`,
    );
    expect(
      await empty.sql(
        'superuser',
        "select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')",
      ),
    ).toEqual([]);
    expect(
      await empty.sql('superuser', "select relname from pg_class where relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
    await empty.drop();
  });

  it('tells a wrong database from one that is merely away', async () => {
    const failed: unknown[] = [];
    const away = await boot(
      { ...home.options, url: home.appUrl.replace(/:\d+\//, ':1/') },
      (error) => (failed.push(error), complaintOf(error)),
    );
    await boot({ ...home.options, url: abroad.appUrl }, (error) => String(failed.push(error)));
    expect(failed.map(isWrongDatabase)).toEqual([false, true]);
    expect(away).toMatch(/^residency.unavailable/);
    expect(away).not.toContain(new URL(home.appUrl).password);
  });

  it('never shows the password of a database in a refusal', async () => {
    for (const url of [
      home.appUrl + '?sslmode=disable',
      'postgres://me:s3cret@db.example/x',
      'postgres//me:s3cret',
      'http://me:s3cret@localhost/x',
      'postgres://localhost/x',
      'postgres://me:s3cret@localhost',
    ]) {
      const error = await boot(
        { ...home.options, url },
        (e) => JSON.stringify(e, Object.getOwnPropertyNames(e)) + String(e),
      );
      expect([url, error]).toEqual([url, expect.stringContaining('residency.configuration_invalid')]);
      expect(error).not.toMatch(/s3cret/);
      expect(error).not.toContain(new URL(home.appUrl).password);
    }
  });
});

describe('L5 a copy', () => {
  it('made with CREATE DATABASE … TEMPLATE is refused as moved', async () => {
    const original = await createDatabase(eu, TOYS);
    const name = `${original.name}_copy`;
    const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
    await query(
      serverOf(eu).superuserUrl,
      `create database ${name} template ${original.name} owner ${original.provision.appRole.replace('_app', '_owner')}`,
    );
    try {
      expect(await boot({ ...original.options, url: at(original.appUrl) })).toMatch(
        /^residency.marker_moved: .*which was sealed on another server or database: this is a copy or it has moved, and a person must re-seal it/,
      );
      expect(await boot(original.options)).toBe('booted');
    } finally {
      await query(serverOf(eu).superuserUrl, `drop database ${name} with (force)`);
      await original.drop();
    }
  });

  it.each([eu, us])(
    'of marker and functions on another server or database is refused as moved ($code)',
    async (where) => {
      const copy = await createDatabase(eu, TOYS, { server: serverOf(where), prepare: 'empty' });
      const [marker] = await home.sql('owner', 'select statement, signature from residency.marker');
      const [functions] = await home.sql(
        'owner',
        "select pg_get_functiondef('residency.region()'::regprocedure) as region, pg_get_functiondef('residency.region_of(uuid)'::regprocedure) as region_of",
      );
      for (const sql of [
        'create schema residency',
        functions!['region'],
        functions!['region_of'],
        'create table residency.marker (statement text, signature bytea)',
        `grant usage on schema residency to ${copy.provision.appRole}`,
        `grant select on residency.marker to ${copy.provision.appRole}`,
      ])
        await copy.sql('owner', sql as string);
      await copy.sql('owner', 'insert into residency.marker values ($1, $2)', [
        marker!['statement'],
        marker!['signature'],
      ]);
      expect(await boot({ ...home.options, url: copy.appUrl })).toMatch(/^residency.marker_moved: /);
      await copy.drop();
    },
  );

  it('behind another address than the confirmed one is refused as moved', async () => {
    const plain = await createDatabase(eu, TOYS, { prepare: 'empty' });
    const endpoint = endpointOf(plain.ownerUrl);
    await initRegionDatabase({ ...plain.provision, confirm: endpoint });
    const publicKey = markerKeyPair(plain.keysDir).publicKey;
    const options = { ...plain.options, expected: { ...plain.options.expected, publicKey } };
    expect(await boot(options)).toBe('booted');
    expect(await boot({ ...options, url: options.url.replace('127.0.0.1', 'localhost') })).toMatch(
      new RegExp(`^residency.marker_moved: Database localhost:.* which was sealed for the address ${endpoint}`),
    );
    await plain.drop();
  });
});

describe('L5 the judgement alone', () => {
  let measured: Measured;
  let expected: Expected;
  beforeAll(async () => {
    [measured] = (await home.sql('app', MEASURE_SQL)) as unknown as [Measured];
    expected = {
      ...home.options.expected,
      region: eu,
      purpose: 'rows',
      endpoint: endpointOf(home.appUrl),
      loopback: true,
    };
  });

  it('accepts what is right, and refuses every single flipped bit of statement and signature', async () => {
    expect(checkMarker(measured, expected)).toMatchObject({
      region: 'eu',
      number: 1,
      stack: 'test',
      epoch: 1,
      endpoint: 'embedded',
    });
    const judged = (change: Partial<Measured>): Promise<string> =>
      refusal(() => checkMarker({ ...measured, ...change }, expected));
    const flipped = (bytes: Buffer, bit: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    };
    for (let bit = 0; bit < measured.signature.length * 8; bit++)
      expect(await judged({ signature: flipped(measured.signature, bit) })).toBe('marker_mismatch');
    const statement = Buffer.from(measured.statement);
    for (let bit = 0; bit < statement.length * 8; bit++)
      expect([bit, await judged({ statement: flipped(statement, bit).toString('latin1') })]).toEqual([
        bit,
        'marker_mismatch',
      ]);
  });

  it.each([
    ['another server', { systemIdentifier: '1' }, {}, 'marker_moved'],
    ['another database of the server', { databaseOid: '1' }, {}, 'marker_moved'],
    ['a function of another region', { number: 2 }, {}, 'marker_mismatch'],
    ['a marker of our own launcher on another machine', {}, { loopback: false }, 'marker_moved'],
    ['another region', {}, { region: us }, 'marker_mismatch'],
    ['another number of the region', {}, { region: { ...eu, number: 3 } }, 'marker_mismatch'],
    ['another spelling of the stack', {}, { stack: 'TEST' }, 'marker_mismatch'],
    ['no environment', {}, { environment: '' }, 'marker_mismatch'],
  ])('refuses %s', async (_, found, wanted, code) => {
    expect(await refusal(() => checkMarker({ ...measured, ...found }, { ...expected, ...wanted }))).toBe(code);
  });

  it('keeps its signing key from others', async () => {
    const { mode } = statSync(join(home.keysDir, 'marker.key'));
    expect(mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home.keysDir, 'marker.pub'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    chmodSync(join(home.keysDir, 'marker.key'), 0o644);
    expect(await complaint(() => markerKeyPair(home.keysDir))).toMatch(
      /configuration_invalid: .*marker.key can be read by others; make it mode 0600/,
    );
    chmodSync(join(home.keysDir, 'marker.key'), 0o600);
  });
});
