import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, migrateRegionDatabase } from '@domicile/residency';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ensureWrappingKey } from '@domicile/vault';
import { catalogueOf, strangeObjects, type Read } from '../support/catalogue.js';
import { problemsOf } from '../support/catalogue-rules.js';
import { type TestDatabase, createDatabase, query, regions, serverOf } from '../support/databases.js';
import { KEY_SCHEMA, SCHEMA } from '../support/installation.js';
import { migrateCommand } from '../support/migrate-command.js';

/** The two kinds of database that a region has, each with the last table that its first migration makes. */
const KINDS = {
  rows: { schema: SCHEMA, last: 'outbox', other: 'keys' },
  keys: { schema: KEY_SCHEMA, last: 'tombstone', other: 'rows' },
} as const;
const SITES = regions.all.flatMap((region) => (['rows', 'keys'] as const).map((purpose) => ({ region, purpose })));
const GRANTS =
  'select relname, relacl::text as acl from pg_class where relacl is not null and oid >= 16384 order by relname';

describe.each(SITES)('migrations of $region.code, $purpose', ({ region, purpose }) => {
  const { schema, last, other } = KINDS[purpose];
  const { migrations, entities } = schema;
  const names = migrations.map(({ name }) => name);
  const declared = declarations().filter(({ entity }) => entities.includes(entity));
  const made: TestDatabase[] = [];
  let reference: unknown;

  const database = async (prepare: 'migrated' | 'sealed' | 'empty'): Promise<TestDatabase> => {
    const one = await createDatabase(region, schema, { purpose, prepare });
    made.push(one);
    return one;
  };
  const migrate = (one: TestDatabase): Promise<string[]> => migrateRegionDatabase({ ...one.provision, ...schema });
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
    expect(await migrate(one)).toEqual(names);
    expect(await picture(one)).toEqual(reference);
    expect(await migrate(one)).toEqual([]);
    expect(await picture(one)).toEqual(reference);
  });

  const undoing = async (one: TestDatabase, count: number): Promise<void> => {
    const dataSource = await new DataSource({
      type: 'postgres',
      url: one.ownerUrl,
      migrations: [...migrations],
      migrationsTableName: 'migration',
      installExtensions: false,
    }).initialize();
    try {
      for (let i = 0; i < count; i++) await dataSource.undoLastMigration({ transaction: 'each' });
    } finally {
      await dataSource.destroy();
    }
  };

  it('go down to nothing and up again to the same, from the first one', async () => {
    const one = await database('sealed');
    const first = migrations.slice(0, 1);
    await migrateRegionDatabase({ ...one.provision, entities: [], migrations: first });
    await undoing(one, 1);
    expect((await catalogueOf(readOf(one))).map(({ name }) => name)).toEqual(['migration']);
    expect(await strangeObjects(readOf(one))).toEqual([]);
    expect(await migrate(one)).toEqual(names);
    expect(await picture(one)).toEqual(reference);
  });

  if (purpose === 'rows')
    it('never go back to where values stood in clear', async () => {
      const one = await database('migrated');
      await expect(undoing(one, migrations.length)).rejects.toThrow('Sealed columns are not put back in clear');
      const sealing = names.findIndex((name) => name.startsWith('SealedColumns'));
      expect(await one.sql('owner', 'select name from migration order by id')).toEqual(
        names.slice(0, sealing + 1).map((name) => ({ name })),
      );
      expect(await migrate(one)).toEqual(names.slice(sealing + 1));
      expect(await picture(one)).toEqual(reference);
    });

  it('are applied once by five runs at the same time', async () => {
    const one = await database('sealed');
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(one)));
    expect(runs.flat()).toEqual(names);
    expect(await one.sql('owner', 'select name from migration order by id')).toEqual(names.map((name) => ({ name })));
    expect(await picture(one)).toEqual(reference);
  });

  it('stop at a declared table that they do not make, and change nothing', async () => {
    const one = await database('sealed');
    await expect(migrateRegionDatabase({ ...one.provision, entities, migrations: [] })).rejects.toThrow();
    expect(await readOf(one)(GRANTS)).toEqual([{ relname: 'marker', acl: expect.any(String) }]);
  });

  describe('never reach', () => {
    let one: TestDatabase;
    let stranger: TestDatabase;
    beforeAll(async () => {
      [one, stranger] = await Promise.all(
        Array.from({ length: 2 }, () => createDatabase(region, schema, { purpose, prepare: 'sealed' })) as [
          Promise<TestDatabase>,
          Promise<TestDatabase>,
        ],
      );
    });
    afterEach(() => untouched(one));
    afterAll(() => Promise.all([one.drop(), stranger.drop()]));

    const refused = async (provision: Partial<TestDatabase['provision']>, code: string): Promise<void> => {
      await expect(migrateRegionDatabase({ ...one.provision, ...provision, ...schema })).rejects.toMatchObject({
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
      const { superuserUrl } = serverOf(region, purpose);
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
      await client.query(`begin; create table ${last} ()`);
      return {
        remove: async () => {
          await client.query('rollback');
          await client.end();
        },
        waiting: async () => {
          for (const end = performance.now() + 10_000; performance.now() < end; await sleep(20)) {
            const rows = await one.sql(
              'superuser',
              `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'create table ${last}%'`,
            );
            if (rows[0]) return rows[0]['pid'] as number;
          }
          throw new Error('The migration never came to the obstacle.');
        },
      };
    }

    async function command(one: TestDatabase): Promise<ChildProcess> {
      const second = await createDatabase(region, KINDS[other].schema, {
        purpose: other,
        prepare: 'sealed',
        keysDir: one.keysDir,
      });
      made.push(second);
      ensureWrappingKey(one.keysDir);
      return migrateCommand(home, [one, second]);
    }

    const nothingHalf = async (one: TestDatabase): Promise<void> => {
      const tables = declared.map(({ table }) => table);
      const there = (await catalogueOf(readOf(one))).map(({ name }) => name);
      expect(there.filter((name) => tables.includes(name))).toEqual([]);
    };

    it('kill -9 of the command: nothing is there, and the next run does the whole', async () => {
      const one = await database('sealed');
      const held = await obstacle(one);
      const child = await command(one);
      const pid = await held.waiting();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await nothingHalf(one);
      await held.remove();
      // The server notices that nobody is there any more when it wants to answer.
      for (let gone = false; !gone; await sleep(20))
        gone = (await one.sql('superuser', 'select from pg_stat_activity where pid = $1', [pid])).length === 0;
      await nothingHalf(one);
      expect(await migrate(one)).toEqual(names);
      expect(await picture(one)).toEqual(reference);
    });

    it('kill -9 of the command while the next run already waits', async () => {
      const one = await database('sealed');
      const held = await obstacle(one);
      const child = await command(one);
      await held.waiting();
      child.kill('SIGKILL');
      const next = migrate(one);
      await sleep(100);
      await held.remove();
      expect(await next).toEqual(names);
      expect(await picture(one)).toEqual(reference);
    });

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
        migrateRegionDatabase({ ...one.provision, ...schema, migrations: [Cutting1700000000000, ...migrations] }),
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
      expect(await migrate(one)).toEqual(names);
      expect(await picture(one)).toEqual(reference);
    });
  });

  it('end in what is declared and nothing else', async () => {
    const one = await database('migrated');
    expect(await problemsOf(readOf(one), declared)).toEqual([]);
  });
});
