import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contexts, keyDoor, ResidencyModule, type ResidencyOptions } from '@domicile/residency';
import { Test } from '@nestjs/testing';
import { endpointOf } from '../../libs/residency/src/connection.js';
import {
  checkMarker,
  type DatabasePurpose,
  type Expected,
  type Marker,
  markerKeyPair,
  MEASURE_SQL,
  type Measured,
  sealMarker,
} from '../../libs/residency/src/marker.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { boot } from '../support/boot.js';
import { complaint, createCore, refusal } from '../support/core.js';
import { createDatabase, eu, regions, serverOf, type TestDatabase, us } from '../support/databases.js';
import { Thing, TOYS } from '../support/toy-schema.js';

const nobody = { kind: 'nobody' } as const;
const PURPOSES: readonly DatabasePurpose[] = ['rows', 'keys'];
let rows: TestDatabase;
let keys: TestDatabase;
let abroad: TestDatabase;
let keysAbroad: TestDatabase;

const keyStoreOf = ({ region, keysDir }: TestDatabase, more: Parameters<typeof createDatabase>[2] = {}) =>
  createDatabase(region, TOYS, { purpose: 'keys', keysDir, ...more });

beforeAll(async () => {
  [rows, abroad] = await Promise.all([createDatabase(eu, TOYS), createDatabase(us, TOYS)]);
  [keys, keysAbroad] = await Promise.all([keyStoreOf(rows), keyStoreOf(abroad)]);
});
afterAll(() => Promise.all([rows, abroad, keys, keysAbroad].map((one) => one?.drop())));

describe('L5 a database is for rows or for keys', () => {
  it('and boots as what it is', async () => {
    for (const one of [rows, keys, abroad, keysAbroad]) expect(await boot(one.options)).toBe('booted');
  });

  it.each([
    ['a key store in the place of the rows', () => ({ ...rows.options, url: keys.appUrl }), 'keys', 'rows'],
    ['rows in the place of the key store', () => ({ ...keys.options, url: rows.appUrl }), 'rows', 'keys'],
  ] as const)('refuses %s, naming both', async (_what, options, found, wanted) => {
    expect(await boot(options())).toMatch(
      new RegExp(
        `^residency.marker_mismatch: Database .* is refused for region eu: it carries the marker of region eu, .*, for ${found} and not for ${wanted}\\.$`,
      ),
    );
  });

  it('refuses the key store of the other region', async () => {
    expect(await boot({ ...keys.options, url: keysAbroad.appUrl })).toMatch(
      /^residency.marker_mismatch: .* is refused for region eu: it carries the marker of region us/,
    );
    // Even with the other one's key.
    expect(await boot({ ...keys.options, url: keysAbroad.appUrl, expected: keysAbroad.options.expected })).toMatch(
      /^residency.marker_mismatch: .* marker of region us/,
    );
  });

  it('tells a person how to seal an empty one as a key store, and not as rows', async () => {
    for (const purpose of PURPOSES) {
      const empty = await createDatabase(eu, TOYS, { purpose, prepare: 'empty' });
      const [meant, option] = purpose === 'keys' ? ['as the key store of', ' --keys'] : ['for', ''];
      expect(await boot(empty.options)).toBe(
        `residency.marker_missing: Database ${endpointOf(empty.appUrl)} carries no marker; if it is meant ${meant} region eu, run "domicile init --region eu${option} --confirm ${endpointOf(empty.appUrl)}".`,
      );
      await empty.drop();
    }
  });
});

describe('L5 the judgement of the purpose alone', () => {
  /** The marker of a database with another purpose in it, signed anew by the region's own key: nothing else is wrong. */
  async function judged(one: TestDatabase, purpose: unknown, expected: DatabasePurpose): Promise<string> {
    const [measured] = (await one.sql('app', MEASURE_SQL)) as unknown as [Measured];
    const { purpose: _sealedAs, ...marker } = JSON.parse(measured.statement) as Marker;
    const signed = sealMarker(
      (purpose === undefined ? marker : { ...marker, purpose }) as Marker,
      markerKeyPair(one.keysDir).privateKey,
    );
    const wanted: Expected = {
      ...one.options.expected,
      region: one.region,
      purpose: expected,
      endpoint: endpointOf(one.appUrl),
      loopback: true,
    };
    return refusal(() => checkMarker({ ...measured, ...signed }, wanted).database);
  }

  it('counts a marker without a purpose, from before there were key stores, as that of rows', async () => {
    expect(await judged(rows, undefined, 'rows')).toMatch(/^not refused/);
    expect(await judged(keys, undefined, 'keys')).toBe('marker_mismatch');
  });

  it('accepts the purpose that is expected and no other', async () => {
    for (const expected of PURPOSES)
      for (const purpose of ['rows', 'keys', 'ROWS', 'key', '', null, 0, true, ['rows'], { keys: 1 }])
        expect([purpose, expected, await judged(rows, purpose, expected)]).toEqual([
          purpose,
          expected,
          // Nothing at all, in either spelling, is what markers of before say.
          purpose === expected || (purpose === null && expected === 'rows')
            ? expect.stringMatching(/^not refused/)
            : 'marker_mismatch',
        ]);
  });

  it('writes the purpose into every marker that is sealed today', async () => {
    for (const [one, purpose] of [
      [rows, 'rows'],
      [keys, 'keys'],
    ] as const) {
      const [marker] = await one.sql('owner', 'select statement from residency.marker');
      expect(JSON.parse(marker!['statement'] as string)).toMatchObject({ region: 'eu', purpose });
    }
  });
});

describe('L5 the wiring of key stores', () => {
  const wired = (options: Partial<ResidencyOptions>): Promise<string> =>
    complaint(async () => {
      const app = await Test.createTestingModule({
        imports: [
          ResidencyModule.forRoot({
            regions,
            topology: 'separate',
            databases: [rows.options],
            keyStores: [keys.options],
            secrets: {},
            deadlineMilliseconds: 500,
            ...options,
          }),
        ],
      }).compile();
      try {
        await app.init();
      } finally {
        await app.close();
      }
    });

  it('takes one for each served region, in either topology and in any order', async () => {
    expect(await wired({})).toBe('not refused');
    const databases = [rows.options, abroad.options];
    for (const keyStores of [
      [keys.options, keysAbroad.options],
      [keysAbroad.options, keys.options],
    ])
      expect(await wired({ topology: 'combined', databases, keyStores })).toBe('not refused');
  });

  it('refuses key stores of other regions than the databases', async () => {
    const other = /^residency.configuration_invalid: Key stores are given for other regions than the databases/;
    for (const keyStores of [[], [keysAbroad.options], [keys.options, keysAbroad.options]])
      expect(await wired({ keyStores })).toMatch(other);
    const databases = [rows.options, abroad.options];
    expect(await wired({ topology: 'combined', databases, keyStores: [keys.options] })).toMatch(other);
  });

  it('refuses a key store on the server of its rows', async () => {
    const beside = await keyStoreOf(rows, { server: serverOf(eu) });
    expect(await boot(beside.options)).toBe('booted');
    expect(await wired({ keyStores: [beside.options] })).toBe(
      'residency.configuration_invalid: The key store of region eu is on the same server as its rows; give it a server of its own.',
    );
    await beside.drop();
  });

  it('never opens one half without the other: with its key store away nothing is served', async () => {
    const away = { ...keys.options, url: keys.appUrl.replace(/:\d+\//, ':1/') };
    expect(await wired({ keyStores: [away] })).toMatch(/^residency.unavailable/);
    expect(await wired({ keyStores: [{ ...keys.options, url: rows.appUrl }] })).toMatch(/^residency.marker_mismatch/);
  });
});

describe('L5 the door to the keys', () => {
  it('knows its own region alone, and reads in the key store what a context of the rows is in a transaction for', async () => {
    const core = await createCore({ databases: [{ ...rows, drop: async () => undefined }] });
    const door = keyDoor([keys.options], core.ids);
    const things = door.table(Thing);
    await door.open();
    try {
      const careless = new Contexts(core.ids, regions, [eu, us], 5_000);
      expect(await careless.run({ region: us, actor: nobody }, (ctx) => refusal(() => things.list(ctx, {})))).toBe(
        'crossing',
      );
      const id = core.ids.mint('thing', eu);
      const rolledBack = core.within(eu, (ctx) =>
        core.door.transaction(ctx, async (tx) => {
          await core.things.insert(tx, { id, label: 'row' });
          await things.insert(tx, { id, label: 'key' });
          expect((await core.things.get(tx, id)).label).toBe('row');
          expect((await things.get(tx, id)).label).toBe('key');
          throw new Error('rolled back');
        }),
      );
      await expect(rolledBack).rejects.toThrow('rolled back');
      // What was said to the key store is no part of the transaction of the rows: it stands.
      expect(await core.within(eu, (ctx) => core.things.find(ctx, id))).toBeNull();
      expect((await core.within(eu, (ctx) => things.get(ctx, id))).label).toBe('key');
    } finally {
      await door.close();
      await core.close();
    }
  });

  it('names its connections apart from those of the rows', async () => {
    for (const [options, name] of [
      [rows.options, 'domicile-eu'],
      [keys.options, 'domicile-eu-keys'],
    ] as const) {
      const database = new RegionDatabase(options);
      await database.open([Thing]);
      const [found] = await database.check(["select current_setting('application_name') as name"]);
      expect(found?.rows).toEqual([{ name }]);
      await database.close();
    }
  });
});
