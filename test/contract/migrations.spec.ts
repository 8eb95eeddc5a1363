import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, migrateRegionDatabase } from '@domicile/residency';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { catalogueOf, strangeObjects, type Read } from '../support/catalogue.js';
import { problemsOf } from '../support/catalogue-rules.js';
import { STACK, type TestDatabase, createDatabase, query, regions, serverOf } from '../support/databases.js';

const SCHEMA = { entities: ENTITIES, migrations: MIGRATIONS };
const NAMES = MIGRATIONS.map(({ name }) => name);
const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');
const GRANTS =
  'select relname, relacl::text as acl from pg_class where relacl is not null and oid >= 16384 order by relname';

describe.each(regions.all)('migrations of $code', (region) => {
  const made: TestDatabase[] = [];
  let reference: unknown;

  const database = async (prepare: 'migrated' | 'sealed' | 'empty'): Promise<TestDatabase> => {
    const one = await createDatabase(region, SCHEMA, { prepare });
    made.push(one);
    return one;
  };
  const migrate = (one: TestDatabase): Promise<string[]> => migrateRegionDatabase({ ...one.provision, ...SCHEMA });
  const readOf =
    (one: TestDatabase): Read =>
    (text) =>
      one.sql('superuser', text);
  /** Tables, columns, constraints, indexes and rights, with the roles' names taken out. */
  const picture = async (one: TestDatabase): Promise<unknown> => {
    const grants = JSON.stringify(await readOf(one)(GRANTS)).replaceAll(one.name, 'database');
    return [await catalogueOf(readOf(one)), JSON.parse(grants)];
  };
  const untouched = async (one: TestDatabase): Promise<void> => {
    expect(await catalogueOf(readOf(one))).toEqual([]);
    expect(await strangeObjects(readOf(one))).toEqual([]);
  };

  beforeAll(async () => {
    reference = await picture(await database('migrated'));
  });
  afterEach(async () => {
    for (const one of made.splice(0)) await one.drop();
  });

  it('bring an empty database up to date, and then have nothing to do', async () => {
    const one = await database('sealed');
    expect(await migrate(one)).toEqual(NAMES);
    expect(await picture(one)).toEqual(reference);
    expect(await migrate(one)).toEqual([]);
    expect(await picture(one)).toEqual(reference);
  });

  it('go down to nothing and up again to the same', async () => {
    const one = await database('migrated');
    const dataSource = await new DataSource({
      type: 'postgres',
      url: one.ownerUrl,
      migrations: [...MIGRATIONS],
      migrationsTableName: 'migration',
      installExtensions: false,
    }).initialize();
    for (const _each of MIGRATIONS) await dataSource.undoLastMigration({ transaction: 'each' });
    await dataSource.destroy();
    expect((await catalogueOf(readOf(one))).map(({ name }) => name)).toEqual(['migration']);
    expect(await strangeObjects(readOf(one))).toEqual([]);
    expect(await migrate(one)).toEqual(NAMES);
    expect(await picture(one)).toEqual(reference);
  });

  it('are applied once by five runs at the same time', async () => {
    const one = await database('sealed');
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(one)));
    expect(runs.flat()).toEqual(NAMES);
    expect(await one.sql('owner', 'select name from migration order by id')).toEqual(NAMES.map((name) => ({ name })));
    expect(await picture(one)).toEqual(reference);
  });

  it('stop at a declared table that they do not make, and change nothing', async () => {
    const one = await database('sealed');
    await expect(migrateRegionDatabase({ ...one.provision, entities: ENTITIES, migrations: [] })).rejects.toThrow();
    expect(await readOf(one)(GRANTS)).toEqual([{ relname: 'marker', acl: expect.any(String) }]);
  });

  describe('never reach', () => {
    let one: TestDatabase;
    let stranger: TestDatabase;
    beforeAll(async () => {
      [one, stranger] = await Promise.all(
        Array.from({ length: 2 }, () => createDatabase(region, SCHEMA, { prepare: 'sealed' })) as [
          Promise<TestDatabase>,
          Promise<TestDatabase>,
        ],
      );
    });
    afterEach(() => untouched(one));
    afterAll(() => Promise.all([one.drop(), stranger.drop()]));

    const refused = async (provision: Partial<TestDatabase['provision']>, code: string): Promise<void> => {
      await expect(migrateRegionDatabase({ ...one.provision, ...provision, ...SCHEMA })).rejects.toMatchObject({
        code,
      });
    };
    const at = (name: string, url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

    it.each([
      ['the database of another region', { region: regions.all.find(({ code }) => code !== region.code)! }],
      ['the database of another stack', { stack: 'other' }],
      ['the database of another environment', { environment: 'production' }],
    ])('%s', async (_what, provision) => {
      await refused(provision, 'residency.marker_mismatch');
    });

    it('a database whose marker another key has signed', async () => {
      await refused({ keysDir: stranger.keysDir }, 'residency.marker_mismatch');
    });

    it('a database whose marker was rewritten', async () => {
      const rewrite = (from: number, to: number): Promise<unknown> =>
        one.sql(
          'owner',
          `update residency.marker set statement = replace(statement, '"epoch":${from}', '"epoch":${to}')`,
        );
      await rewrite(1, 2);
      await refused({}, 'residency.marker_mismatch');
      await rewrite(2, 1);
    });

    it('a database without a marker', async () => {
      const empty = await database('empty');
      await refused({ ownerUrl: empty.ownerUrl }, 'residency.marker_missing');
      expect(await empty.sql('superuser', 'select relname from pg_class where oid >= 16384')).toEqual([]);
    });

    it('a copy of the right database', async () => {
      const copy = `${one.name}_copy`;
      const { superuserUrl } = serverOf(region);
      await query(superuserUrl, `create database ${copy} template ${one.name} owner ${new URL(one.ownerUrl).username}`);
      await refused({ ownerUrl: at(copy, one.ownerUrl) }, 'residency.marker_moved');
      expect(await catalogueOf((text) => query(at(copy, one.superuserUrl), text))).toEqual([]);
      await query(superuserUrl, `drop database ${copy} with (force)`);
    });
  });

  describe('cut off half-way, by', () => {
    let home: string;
    beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'domicile-migrate-'))));
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    /** Holds the name of the last table to be made, so that a migration waits there with all others already made. */
    async function obstacle(one: TestDatabase): Promise<{ remove(): Promise<void>; waiting(): Promise<number> }> {
      const client = new pg.Client({ connectionString: one.superuserUrl });
      await client.connect();
      await client.query('begin; create table outbox ()');
      return {
        remove: async () => {
          await client.query('rollback');
          await client.end();
        },
        waiting: async () => {
          for (const end = performance.now() + 10_000; performance.now() < end; await sleep(20)) {
            const rows = await one.sql(
              'superuser',
              "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'create table outbox%'",
            );
            if (rows[0]) return rows[0]['pid'] as number;
          }
          throw new Error('The migration never came to the obstacle.');
        },
      };
    }

    function command(one: TestDatabase): ChildProcess {
      const folder = join(home, one.name, region.code);
      mkdirSync(folder, { recursive: true });
      symlinkSync(one.keysDir, join(folder, 'keys'));
      const prefix = `DOMICILE_${region.code.toUpperCase()}`;
      return spawn(process.execPath, [CLI, 'migrate', '--region', region.code], {
        env: {
          PATH: '/usr/bin:/bin',
          DOMICILE_HOME: join(home, one.name),
          DOMICILE_STACK: STACK.stack,
          DOMICILE_ENVIRONMENT: STACK.environment,
          [`${prefix}_DATABASE_URL`]: one.appUrl,
          [`${prefix}_OWNER_DATABASE_URL`]: one.ownerUrl,
        },
        stdio: 'ignore',
      });
    }

    const nothingHalf = async (one: TestDatabase): Promise<void> => {
      const declared = declarations().map(({ table }) => table);
      const names = (await catalogueOf(readOf(one))).map(({ name }) => name);
      expect(names.filter((name) => declared.includes(name))).toEqual([]);
    };

    it('kill -9 of the command: nothing is there, and the next run does the whole', async () => {
      const one = await database('sealed');
      const held = await obstacle(one);
      const child = command(one);
      const pid = await held.waiting();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await nothingHalf(one);
      await held.remove();
      // The server notices that nobody is there any more when it wants to answer.
      for (let gone = false; !gone; await sleep(20))
        gone = (await one.sql('superuser', 'select from pg_stat_activity where pid = $1', [pid])).length === 0;
      await nothingHalf(one);
      expect(await migrate(one)).toEqual(NAMES);
      expect(await picture(one)).toEqual(reference);
    });

    it('kill -9 of the command while the next run already waits', async () => {
      const one = await database('sealed');
      const held = await obstacle(one);
      const child = command(one);
      await held.waiting();
      child.kill('SIGKILL');
      const next = migrate(one);
      await sleep(100);
      await held.remove();
      expect(await next).toEqual(NAMES);
      expect(await picture(one)).toEqual(reference);
    });

    // Skipped until asOwner() of provision.ts listens to its client's errors: today this one is thrown at the whole process.
    it('the end of the connection that holds its lock: it fails in order, and the next run does the rest', async () => {
      const one = await database('sealed');
      const cut =
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())";
      class Cutting1700000000000 {
        async up(): Promise<void> {
          await one.sql('superuser', cut);
          await sleep(100);
        }
        async down(): Promise<void> {}
      }
      await expect(
        migrateRegionDatabase({ ...one.provision, ...SCHEMA, migrations: [Cutting1700000000000, ...MIGRATIONS] }),
      ).rejects.toThrow();
      expect(await migrate(one)).toEqual([]);
      expect(await picture(one)).toEqual(reference);
    });

    it('the end of its connection: it fails, nothing is there, and the next run does the whole', async () => {
      const one = await database('sealed');
      const held = await obstacle(one);
      const run = expect(migrate(one)).rejects.toThrow();
      await one.sql('superuser', 'select pg_terminate_backend($1)', [await held.waiting()]);
      await run;
      await held.remove();
      await nothingHalf(one);
      expect(await migrate(one)).toEqual(NAMES);
      expect(await picture(one)).toEqual(reference);
    });
  });

  it('end in what is declared and nothing else', async () => {
    const one = await database('migrated');
    expect(await problemsOf(readOf(one), declarations())).toEqual([]);
  });
});
