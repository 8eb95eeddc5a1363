import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Contexts,
  Door,
  IdCodec,
  type RegionContext,
  Regions,
  ResidencyModule,
  type ResidencyOptions,
  SecretCodec,
  receiptKeyId,
} from '@domicile/residency';
import { apiSettings, frontDoorSettings, SETTINGS_TABLE, SettingsError } from '@domicile/runtime';
import { Test } from '@nestjs/testing';
import { RegionRouter } from '../../libs/residency/src/http/region-router.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { boot } from '../support/boot.js';
import { type Core, complaint, createCore, refusal } from '../support/core.js';
import { type TestDatabase, createDatabase, eu, regions, us } from '../support/databases.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { threeRegions } from '../support/third-region.js';
import { TOYS, Thing } from '../support/toy-schema.js';

const FILE = join(import.meta.dirname, '../../deploy/regions.json');
const nobody = { kind: 'nobody' } as const;
let home: TestDatabase;
let abroad: TestDatabase;
beforeAll(async () => {
  [home, abroad] = await Promise.all([createDatabase(eu, TOYS), createDatabase(us, TOYS)]);
});
afterAll(() => Promise.all([home?.drop(), abroad?.drop()]));

describe('L6 a process of one region', () => {
  let core: Core<undefined>;
  beforeAll(async () => {
    core = await createCore({ databases: [{ ...home, drop: async () => undefined }] });
  });
  afterAll(() => core?.close());

  it('opens no unit of work for a region that it does not serve', async () => {
    expect(await refusal(() => core.within(us, async () => 'in'))).toBe('crossing');
    expect(await refusal(() => core.contexts.open({ region: us, actor: nobody }))).toBe('crossing');
    expect([core.contexts.serves(eu), core.contexts.serves(us)]).toEqual([true, false]);
    expect(await core.within(eu, (ctx) => core.things.list(ctx, {}))).toEqual([]);
  });

  it('holds no database of another region, even where a context of it could be had', async () => {
    const careless = new Contexts(core.ids, regions, [eu, us], 1_000);
    const uses: ((ctx: RegionContext) => Promise<unknown>)[] = [
      (ctx) => core.things.list(ctx, {}),
      (ctx) => core.door.transaction(ctx, async () => 'in'),
      (ctx) => core.door.ping(ctx),
    ];
    for (const use of uses)
      expect(await careless.run({ region: us, actor: nobody }, (ctx) => refusal(() => use(ctx)))).toBe('crossing');
  });

  it('knows where the other region is at home, and serves nothing at its address', async () => {
    const ids = new IdCodec(regions);
    const router = new RegionRouter(regions, [eu], ids, new SecretCodec(ids, {}));
    const id = ids.mint('acct', us);
    const ask = (authority: string) =>
      router.resolve({ authority, path: `/v1/accounts/${id}`, params: { id }, authorization: undefined });
    for (const authority of ['eu.localhost:4000', 'us.localhost:4000'])
      expect(await refusal(() => ask(authority))).toBe('misdirected');
    expect(router.originOf('us.localhost:4000')).toBeUndefined();
    expect(router.originOf('eu.localhost:4000')).toBe(eu);
  });
});

describe('L6 the wiring', () => {
  const module = async (options: Partial<ResidencyOptions>): Promise<string> => {
    const all = {
      regions,
      topology: 'separate',
      databases: [home.options],
      secrets: {},
      deadlineMilliseconds: 500,
      ...options,
    } as const;
    return complaint(async () => {
      const app = await Test.createTestingModule({ imports: [ResidencyModule.forRoot(all)] })

        .compile();
      await app.init();
      await app.close();
    });
  };

  it('of the separate topology takes exactly one region', async () => {
    expect(await module({})).toBe('not refused');
    for (const databases of [[], [home.options, abroad.options]])
      expect(await module({ databases })).toMatch(
        /^residency.configuration_invalid: In separate topology a process serves exactly one region/,
      );
    expect(await module({ topology: 'combined', databases: [home.options, abroad.options] })).toBe('not refused');
    expect(await module({ topology: 'combined', databases: [] })).toMatch(/configuration_invalid: No region is served/);
  });

  it('refuses one database for two regions, and two for one region', async () => {
    const both = (a: TestDatabase['options'], b: TestDatabase['options']) =>
      complaint(() => new Door([new RegionDatabase(a), new RegionDatabase(b)], new IdCodec(regions)));
    expect(await both(home.options, { ...abroad.options, url: home.appUrl })).toMatch(
      /configuration_invalid: Two regions name the same database/,
    );
    expect(await both(home.options, { ...home.options, url: abroad.appUrl })).toMatch(
      /configuration_invalid: A region is named twice/,
    );
    // The same database in another spelling is told by its marker.
    expect(
      await boot([home.options, { ...abroad.options, url: home.appUrl.replace('127.0.0.1', 'localhost') }]),
    ).toMatch(/^residency.marker_mismatch/);
  });

  it('serves neither region when one of the two is wrong', async () => {
    const door = new Door(
      [
        new RegionDatabase(home.options),
        new RegionDatabase({ ...abroad.options, url: abroad.appUrl.replace(abroad.name, 'nowhere') }),
      ],
      new IdCodec(regions),
    );
    const things = door.table(Thing);
    expect(await refusal(() => door.open())).not.toMatch(/^not refused/);
    const contexts = new Contexts(new IdCodec(regions), regions, [eu, us], 1_000);
    expect(await contexts.run({ region: eu, actor: nobody }, (ctx) => refusal(() => things.list(ctx, {})))).toBe(
      'unavailable',
    );
  });
});

describe('L6 the settings', () => {
  const OWN = {
    DOMICILE_TOPOLOGY: 'separate',
    DOMICILE_SERVES: 'eu',
    DOMICILE_STACK: 'test',
    DOMICILE_ENVIRONMENT: 'test',
    DOMICILE_EU_HOME: '/srv/eu',
    DOMICILE_EU_DATABASE_URL: 'postgres://app:x@127.0.0.1:5432/eu',
    DOMICILE_EU_KEY_DATABASE_URL: 'postgres://app:x@127.0.0.1:5434/eu_keys',
  };
  const problems = (more: Record<string, string>): string => {
    try {
      apiSettings({ ...OWN, ...more }, ['eu', 'us']);
      return 'taken';
    } catch (error) {
      return error instanceof SettingsError ? error.problems.join('\n') : String(error);
    }
  };

  it.each([
    'DATABASE_URL',
    'DATABASE_URL_FILE',
    'DATABASE_CA_FILE',
    'KEY_DATABASE_URL',
    'KEY_DATABASE_URL_FILE',
    'KEY_DATABASE_CA_FILE',
    'HOME',
    'OWNER_DATABASE_URL',
    'OWNER_KEY_DATABASE_URL',
    'ANYTHING',
  ])("refuse the other region's DOMICILE_US_%s", (name) => {
    expect(problems({ [`DOMICILE_US_${name}`]: 's3cret' })).toContain(
      `DOMICILE_US_${name} belongs to a region that this process does not serve (law L6)`,
    );
    expect(problems({ [`DOMICILE_US_${name}`]: 's3cret' })).not.toContain('s3cret');
    expect(problems({})).toBe('taken');
  });

  it('refuse two regions in the separate topology, the combined one in production, and one database for two', () => {
    const second = {
      DOMICILE_SERVES: 'eu,us',
      DOMICILE_US_HOME: '/srv/us',
      DOMICILE_US_DATABASE_URL: 'postgres://app:x@localhost:5432/eu',
      DOMICILE_US_KEY_DATABASE_URL: 'postgres://app:x@localhost:5435/us_keys',
    };
    expect(problems(second)).toContain('names several regions in the separate topology');
    expect(problems({ DOMICILE_TOPOLOGY: 'combined', NODE_ENV: 'production' })).toContain(
      'production runs one region a process',
    );
    expect(problems({ ...second, DOMICILE_TOPOLOGY: 'combined' })).toContain('names the same database');
    const right = {
      ...second,
      DOMICILE_TOPOLOGY: 'combined',
      DOMICILE_US_DATABASE_URL: 'postgres://app:x@localhost:5433/us',
    };
    expect(problems(right)).toBe('taken');
    for (const url of [OWN.DOMICILE_EU_KEY_DATABASE_URL, OWN.DOMICILE_EU_DATABASE_URL])
      expect(problems({ ...right, DOMICILE_US_KEY_DATABASE_URL: url })).toMatch(
        /^DOMICILE_US_KEY_DATABASE_URL names the same database as DOMICILE_EU_(KEY_)?DATABASE_URL/,
      );
  });
});

describe('L6 the settings of the front door', () => {
  const problems = (env: Record<string, string>): string => {
    try {
      frontDoorSettings(env, ['eu', 'us']);
      return 'taken';
    } catch (error) {
      return error instanceof SettingsError ? error.problems.join('\n') : String(error);
    }
  };

  it.each(['eu', 'us'])('refuse every setting of region %s that there is, and any other by its prefix', (code) => {
    const own = SETTINGS_TABLE.map(({ name }) => name).filter((name) => name.includes('<CODE>'));
    expect(own.length).toBeGreaterThan(10);
    for (const name of [...own, 'DOMICILE_<CODE>_ANYTHING'].map((each) => each.replace('<CODE>', code.toUpperCase()))) {
      expect(problems({ [name]: 's3cret' })).toBe(
        `${name} belongs to a region, and the front door serves none (law L6); remove it here.`,
      );
    }
  });

  it('hold where the public file is, at which ports the regions are, and nothing else', () => {
    const env = { PORT: '4000', DOMICILE_REGIONS_FILE: '/srv/regions.json', DOMICILE_PUBLIC_PORTS: 'eu=4001,us=4002' };
    expect(frontDoorSettings(env, ['eu', 'us'])).toEqual({
      port: 4000,
      regionsFile: '/srv/regions.json',
      publicPorts: { eu: 4001, us: 4002 },
    });
    for (const { name, reader } of SETTINGS_TABLE.filter((setting) => !setting.name.includes('<CODE>')))
      expect([name, problems({ [name]: '1' }).includes('is not a setting that the front door knows')]).toEqual([
        name,
        reader !== 'every',
      ]);
  });
});

describe('L6 the region file', () => {
  const PUBLIC = [
    'accent',
    'code',
    'countries',
    'dataCentres',
    'jurisdiction',
    'name',
    'number',
    'origins',
    'owner',
    'receiptKeys',
  ];
  const file = JSON.parse(readFileSync(FILE, 'utf8')) as { regions: Record<string, unknown>[] };

  it('holds public facts only: no endpoint, credential, key, CA or network of any region', () => {
    expect(Object.keys(file)).toEqual(['regions']);
    for (const row of file.regions) {
      expect(Object.keys(row).filter((key) => !PUBLIC.includes(key))).toEqual([]);
      expect(Object.keys(row['origins'] as object).sort()).toEqual(['customer', 'staff']);
      expect(Object.keys(row['owner'] as object).sort()).toEqual(['country', 'name']);
    }
    expect(JSON.stringify(file)).not.toMatch(/postgres|password|secret|PRIVATE|BEGIN|\b\d{1,3}(\.\d{1,3}){3}\b|@/i);
  });

  it('hands on nothing more than that, whatever else were written into it, and cannot be altered', () => {
    const more = {
      regions: file.regions.map((row) => ({
        ...row,
        databaseUrl: 'postgres://x',
        owner: { ...(row['owner'] as object), key: 'x' },
      })),
    };
    for (const region of Regions.parse(more, 4000).all) {
      expect(Object.keys(region).sort()).toEqual(PUBLIC);
      expect(JSON.stringify(region)).not.toContain('postgres');
      for (const part of [region, region.origins, region.owner, region.countries, region.receiptKeys])
        expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each<[string, object]>([
    ['the same code', { code: 'eu' }],
    ['the same number', { number: 1 }],
    ['the same origin', { origins: file.regions[0]!['origins'] }],
    ['a number of eleven bits', { number: 1024 }],
    ['the number zero', { number: 0 }],
    ['an origin in clear text', { origins: { customer: 'http://us.example', staff: 'https://staff.us.example' } }],
    ['no owner', { owner: undefined }],
  ])('refuses two regions with %s', async (_, change) => {
    const rows = [file.regions[0], { ...file.regions[1], ...change }];
    expect(await complaint(() => Regions.parse({ regions: rows }, 4000))).toMatch(/^residency.configuration_invalid/);
  });
});

describe('L6 the receipt keys that the region file pins', () => {
  const { regions: rows } = JSON.parse(readFileSync(FILE, 'utf8')) as { regions: Record<string, unknown>[] };
  const [FROM, LATER] = ['2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'];
  const spki = (type: 'ed25519' | 'x25519' = 'ed25519'): Buffer =>
    generateKeyPairSync(type as 'ed25519').publicKey.export({ type: 'spki', format: 'der' });
  const pin = (der = spki(), from = FROM) => ({ keyId: receiptKeyId(der), publicKey: der.toString('base64'), from });
  const parsed = (...pins: unknown[]): Regions =>
    Regions.parse(
      { regions: rows.map((row, i) => ({ ...row, ...(i in pins ? { receiptKeys: pins[i] } : {}) })) },
      4000,
    );

  it('are known of every region, oldest first, each by the fingerprint of its own bytes', () => {
    const [old, young, other] = [pin(), pin(spki(), LATER), pin()];
    const all = parsed([young, { ...old, until: LATER, private: 'x' }], [other]).all;
    expect(all.map(({ receiptKeys }) => receiptKeys)).toEqual([[{ ...old, until: LATER }, young], [other]]);
    expect(Object.isFrozen(all[0]!.receiptKeys[0])).toBe(true);
    expect(old.keyId).toMatch(/^ed25519:([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    expect(parsed().all.map(({ receiptKeys }) => receiptKeys)).toEqual([[], []]);
  });

  const own = pin();
  it.each<[string, unknown[]]>([
    ['no list', [{}]],
    ['nothing', [[null]]],
    ['an id of another key', [[{ ...pin(), keyId: pin().keyId }]]],
    ['a key of another kind', [[pin(spki('x25519'))]]],
    ['a private key', [[pin(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }))]]],
    ['a second spelling of a key', [[{ ...own, publicKey: `${own.publicKey} ` }]]],
    ['bytes behind the key', [[pin(Buffer.concat([spki(), Buffer.of(0)]))]]],
    ['no beginning', [[{ ...own, from: undefined }]]],
    ['a beginning in another spelling', [[{ ...own, from: '2026-11-01' }]]],
    ['an end before the beginning', [[{ ...own, until: FROM }]]],
    ['a key twice', [[own, own]]],
    ['a key of another region', [[own], [own]]],
  ])('refuses %s', async (_, pins) => {
    expect(await complaint(() => parsed(...pins))).toMatch(/^residency.configuration_invalid: .*receipt ?key/i);
  });
});

describe('L6 a third region by configuration alone', () => {
  const three = Regions.parse(threeRegions(), 4000);
  const ch = three.get('ch');
  let server: OwnServer;
  let swiss: TestDatabase;
  let core: Core<undefined>;
  beforeAll(async () => {
    server = await ownServer();
    swiss = await createDatabase(ch, TOYS, { server });
    const databases = [home, abroad].map((database) => {
      const region = three.get(database.region.code);
      return { ...database, region, options: { ...database.options, region }, drop: async () => undefined };
    });
    core = await createCore({ regions: three, databases: [...databases, { ...swiss, drop: async () => undefined }] });
  });
  afterAll(async () => {
    await core?.close();
    await server?.stop();
  });

  it('works through the whole core, beside the two others and apart from them', async () => {
    const account = await core.account(ch);
    expect(account).toMatch(/^acct_ch_/);
    const note = await core.within(ch, (ctx) =>
      core.door.transaction(ctx, (tx) =>
        core.notes.insert(tx.account(account), { id: core.ids.mint('note', ch), text: 'grüezi' }),
      ),
    );
    expect(await core.within(ch, (ctx) => core.notes.get(ctx.account(account), note.id))).toEqual(note);
    for (const other of [three.get('eu'), three.get('us')]) {
      expect(await core.within(other, (ctx) => refusal(() => ctx.account(account)))).toBe('crossing');
      expect(await core.within(ch, (ctx) => refusal(() => core.things.find(ctx, core.ids.mint('thing', other))))).toBe(
        'crossing',
      );
      const uuid = core.ids.encode(core.ids.mint('thing', other), 'thing', other);
      expect(
        await swiss
          .sql('owner', 'insert into thing (id) values ($1)', [uuid])
          .catch((e: { constraint: string }) => e.constraint),
      ).toBe('thing_id_home');
    }
    expect(
      await Promise.all([home, abroad, swiss].map((d) => d.sql('owner', 'select count(*)::int as n from note'))),
    ).toEqual([[{ n: 0 }], [{ n: 0 }], [{ n: 1 }]]);
  });

  it('is refused on a server that also holds another region, and so is that one', async () => {
    expect(await boot(swiss.options, undefined, three)).toBe('booted');
    const neighbour = await createDatabase(us, TOYS, { server });
    expect(await boot(swiss.options, undefined, three)).toBe(
      `residency.role_unsafe: Database ${new URL(swiss.appUrl).host}/${swiss.name} is refused for region ch: the same server also holds the database ${neighbour.name} sealed for domicile region us.`,
    );
    expect(await boot(neighbour.options)).toMatch(
      /role_unsafe: .* refused for region us: the same server also holds the database .* sealed for domicile region ch/,
    );
    await neighbour.drop();
    expect(await boot(swiss.options, undefined, three)).toBe('booted');
  });
});
