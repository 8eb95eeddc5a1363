import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EMBEDDED,
  type Id,
  initRegionDatabase,
  migrateRegionDatabase,
  resealRegionDatabase,
} from '@domicile/residency';
import { endpointOf } from '../../libs/residency/src/connection.js';
import { markerKeyPair } from '../../libs/residency/src/marker.js';
import { boot } from '../support/boot.js';
import { type Core, complaint, createCore, refusal } from '../support/core.js';
import { type TestDatabase, createDatabase, eu, query, serverOf, us } from '../support/databases.js';
import { TOYS } from '../support/toy-schema.js';

const made: TestDatabase[] = [];
const database = async (prepare: 'migrated' | 'sealed' | 'empty', region = eu): Promise<TestDatabase> => {
  made.push(await createDatabase(region, TOYS, { prepare }));
  return made.at(-1)!;
};
afterAll(() => Promise.all(made.map((one) => one.drop())));

const markerOf = (one: TestDatabase) =>
  one.sql('owner', 'select statement, encode(signature, $1) as signature from residency.marker', ['hex']);
const schemas = (one: TestDatabase) =>
  one.sql('superuser', "select nspname from pg_namespace where nspname = 'residency'");

describe('L5 init', () => {
  it('seals an empty database for the region that a person confirmed, once', async () => {
    const empty = await database('empty');
    const confirm = endpointOf(empty.ownerUrl);
    expect(await initRegionDatabase({ ...empty.provision, confirm })).toEqual({ created: true });
    const sealed = await markerOf(empty);
    expect(JSON.parse(sealed[0]!['statement'] as string)).toMatchObject({
      format: 1,
      region: 'eu',
      number: 1,
      stack: 'test',
      environment: 'test',
      epoch: 1,
      endpoint: confirm,
    });
    expect(await initRegionDatabase({ ...empty.provision, confirm })).toEqual({ created: false });
    expect(await markerOf(empty)).toEqual(sealed);
  });

  it('seals once when two people do it at the same time', async () => {
    const empty = await database('empty');
    markerKeyPair(empty.keysDir);
    const both = await Promise.all([1, 2].map(() => initRegionDatabase({ ...empty.provision, confirm: EMBEDDED })));
    expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
  });

  it.each(['127.0.0.1:5432/other', '', 'EMBEDDED', 'yes'])(
    'refuses the confirmation "%s" and says where the URL leads',
    async (confirm) => {
      const empty = await database('empty');
      expect(await complaint(() => initRegionDatabase({ ...empty.provision, confirm }))).toBe(
        `residency.configuration_invalid: --confirm says ${confirm}, but the owner's URL of region eu leads to ${endpointOf(empty.ownerUrl)}; confirm that one if it is right.`,
      );
      expect(await schemas(empty)).toEqual([]);
      expect(existsSync(join(empty.keysDir, 'marker.key'))).toBe(false);
    },
  );

  it('takes no database of another machine for one of our own launcher', async () => {
    const empty = await database('empty');
    const ownerUrl = 'postgres://owner:s3cret@db.example/domicile';
    const refused = await complaint(() => initRegionDatabase({ ...empty.provision, ownerUrl, confirm: EMBEDDED }));
    expect(refused).toMatch(
      /configuration_invalid: --confirm says embedded, but .* leads to db.example:5432\/domicile/,
    );
    expect(refused).not.toContain('s3cret');
  });

  it.each([
    ['a table', 'create table stranger (x int)'],
    ['a table elsewhere', 'create schema s; create table s.stranger (x int)'],
    ['a partitioned table', 'create table stranger (x int) partition by list (x)'],
    ['a materialized view', "create materialized view stranger as select 'ada@example.org' as address"],
    ['a sequence', 'create sequence stranger'],
    ['a view', 'create view stranger as select 1 as x'],
  ])('refuses a database that already holds %s', async (_, sql) => {
    const full = await database('empty');
    await full.sql('superuser', sql);
    expect(await complaint(() => initRegionDatabase({ ...full.provision, confirm: EMBEDDED }))).toMatch(
      /configuration_invalid: The database meant for region eu holds .* init seals empty databases only/,
    );
    expect(await schemas(full)).toEqual([]);
  });

  it('refuses a database that was sealed for something else, and changes nothing there', async () => {
    const sealed = await database('sealed');
    const before = await markerOf(sealed);
    const as = (change: object) =>
      complaint(() => initRegionDatabase({ ...sealed.provision, confirm: EMBEDDED, ...change }));
    expect(await as({ region: us })).toMatch(
      /^residency.marker_mismatch: .* refused for region us: it carries the marker of region eu/,
    );
    expect(await as({ stack: 'blue' })).toMatch(/^residency.marker_mismatch/);
    expect(await as({ environment: 'production' })).toMatch(/^residency.marker_mismatch/);
    expect(await as({ keysDir: join(sealed.keysDir, 'other') })).toMatch(/^residency.marker_mismatch: .*signature/);
    expect(await as({ ownerUrl: sealed.ownerUrl.replace('127.0.0.1', 'localhost') })).toBe('not refused');
    expect(await markerOf(sealed)).toEqual(before);
  });

  it('is the only way to a first marker: migration makes none, and never reaches a foreign database', async () => {
    const [empty, foreign] = [await database('empty'), await database('sealed', us)];
    const migrate = (one: TestDatabase) =>
      complaint(() => migrateRegionDatabase({ ...one.provision, region: eu, ...TOYS }));
    expect(await migrate(empty)).toMatch(
      /^residency.configuration_invalid: .*marker\.pub is missing; run "domicile init"/,
    );
    expect(await migrate(foreign)).toMatch(/^residency.marker_mismatch/);
    for (const one of [empty, foreign])
      expect(await one.sql('superuser', "select 1 from pg_class where relnamespace = 'public'::regnamespace")).toEqual(
        [],
      );
  });
});

describe('L5 re-sealing', () => {
  it("makes a copy the region's again by the decision of a person, with the next epoch", async () => {
    const original = await database('migrated');
    const name = `${original.name}_copy`;
    const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
    const owner = original.provision.appRole.replace('_app', '_owner');
    await query(serverOf(eu).superuserUrl, `create database ${name} template ${original.name} owner ${owner}`);
    const options = { ...original.options, url: at(original.appUrl) };
    const provision = { ...original.provision, ownerUrl: at(original.ownerUrl) };
    try {
      expect(await boot(options)).toMatch(/^residency.marker_moved/);
      for (const times of [2, 3]) {
        await resealRegionDatabase({ ...provision, confirm: EMBEDDED });
        expect(await boot(options)).toBe('booted');
        const [marker] = await query(provision.ownerUrl, 'select statement from residency.marker');
        expect(JSON.parse(marker!['statement'] as string)).toMatchObject({ region: 'eu', epoch: times, stack: 'test' });
      }
      expect(await boot(original.options)).toBe('booted');
    } finally {
      await query(serverOf(eu).superuserUrl, `drop database ${name} with (force)`);
    }
  });

  it('never changes the region, seals nothing that was not sealed, and names an address that is its own', async () => {
    const [sealed, empty] = [await database('sealed'), await database('empty')];
    const before = await markerOf(sealed);
    expect(await complaint(() => resealRegionDatabase({ ...sealed.provision, region: us, confirm: EMBEDDED }))).toBe(
      'residency.marker_mismatch: The database was made for region number 1, not for us; it cannot change.',
    );
    for (const confirm of ['127.0.0.1:5432/other', ''])
      expect(await complaint(() => resealRegionDatabase({ ...sealed.provision, confirm }))).toMatch(
        /^residency.configuration_invalid/,
      );
    expect(await complaint(() => resealRegionDatabase({ ...empty.provision, confirm: EMBEDDED }))).toMatch(
      /^residency.marker_missing/,
    );
    expect(await markerOf(sealed)).toEqual(before);
    expect(await schemas(empty)).toEqual([]);
  });
});

describe('L5 while it runs', () => {
  let core: Core<undefined>;
  let thing: Id<'thing'>;
  let abroad: TestDatabase;
  beforeAll(async () => {
    abroad = await database('sealed', us);
    core = await createCore({ databases: [await createDatabase(eu, TOYS)], poolSize: 1 });
    thing = (await core.within(eu, (ctx) => core.things.insert(ctx, { id: core.ids.mint('thing', eu) }))).id;
  });
  afterAll(() => core?.close());

  it.each([
    ['taken away', 'delete from residency.marker', 'marker_missing'],
    ["replaced by the other region's", 'update residency.marker set statement = $1, signature = $2', 'marker_mismatch'],
    ['spoilt', "update residency.marker set signature = '\\x00'", 'marker_mismatch'],
  ])('a new connection is refused when the marker was %s, and served again once it is back', async (_, sql, code) => {
    const database = core.databases['eu']!;
    const use = (): Promise<string> => core.within(eu, (ctx) => refusal(() => core.things.find(ctx, thing)));
    const dropConnections = () =>
      database
        .sql(
          'superuser',
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${database.provision.appRole}'`,
        )
        .then(() => new Promise((resolve) => setTimeout(resolve, 50)));
    const [kept] = await database.sql('owner', 'select statement, signature from residency.marker');
    const [theirs] = await abroad.sql('owner', 'select statement, signature from residency.marker');
    await database.sql('owner', sql, sql.includes('$1') ? [theirs!['statement'], theirs!['signature']] : []);
    await dropConnections();
    for (let i = 0; i < 3; i++) expect(await use()).toBe(code);
    expect(
      await core.within(eu, (ctx) => refusal(() => core.door.transaction(ctx, (tx) => core.things.find(tx, thing)))),
    ).toBe(code);
    expect(await core.within(eu, (ctx) => refusal(() => core.door.ping(ctx)))).toBe(code);
    await database.sql('owner', 'delete from residency.marker');
    await database.sql('owner', 'insert into residency.marker (statement, signature) values ($1, $2)', [
      kept!['statement'],
      kept!['signature'],
    ]);
    expect(await use()).toMatch(/^not refused/);
  });
});
