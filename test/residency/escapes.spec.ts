import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Id } from '@domicile/residency';
import { DataSource, type QueryRunner, Raw, type Repository, type SelectQueryBuilder } from 'typeorm';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';
import { Thing } from '../support/toy-schema.js';

const ROOT = join(import.meta.dirname, '../..');
let core: Core<undefined>;
const things: Record<string, Id<'thing'>> = {};

beforeAll(async () => {
  core = await createCore();
  for (const region of [eu, us])
    things[region.code] = (
      await core.within(region, (ctx) =>
        core.things.insert(ctx, { id: core.ids.mint('thing', region), label: 'canary' }),
      )
    ).id;
});
afterAll(() => core?.close());

const SQL = 'select label from thing';
/** TypeORM's older names for the data source, still there at run time. */
const alias = (thing: object, name = 'connection'): DataSource => (thing as Record<string, DataSource>)[name]!;
const driverOf = (ds: DataSource) =>
  ds.driver as unknown as {
    master: { query(t: string): unknown };
    obtainMasterConnection(): Promise<unknown>;
    loadStreamDependency: unknown;
  };
const repository = (ds: DataSource): Repository<Thing> => ds.getRepository(Thing);
const builder = (ds: DataSource): SelectQueryBuilder<Thing> => repository(ds).createQueryBuilder('t');
const onRunner = async (ds: DataSource, work: (runner: QueryRunner) => Promise<unknown>): Promise<unknown> => {
  const runner = ds.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
};

/** As leaks.md numbers them: each with a data source that was stolen, and one of the other region. */
const ESCAPES: [number, string, (ds: DataSource, other: DataSource) => unknown][] = [
  [1, 'dataSource.query', (ds) => ds.query(SQL)],
  [2, 'dataSource.sql', (ds) => ds.sql`select label from thing`],
  [3, 'manager.query', (ds) => ds.manager.query(SQL)],
  [4, 'manager.sql', (ds) => ds.manager.sql`select label from thing`],
  [5, 'repository.query', (ds) => repository(ds).query(SQL)],
  [6, 'repository.sql', (ds) => repository(ds).sql`select label from thing`],
  [7, 'repository.manager', (ds) => repository(ds).manager.find(Thing)],
  [8, 'repository.manager.dataSource', (ds) => repository(ds).manager.dataSource.query(SQL)],
  [9, 'repository.metadata.dataSource', (ds) => repository(ds).metadata.dataSource.query(SQL)],
  [10, 'metadata.connection', (ds) => alias(ds.getMetadata(Thing)).query(SQL)],
  [11, 'manager.connection', (ds) => alias(ds.manager).query(SQL)],
  [12, 'queryBuilder.dataSource', (ds) => alias(builder(ds), 'dataSource').query(SQL)],
  [13, 'queryBuilder.connection', (ds) => alias(builder(ds)).query(SQL)],
  [14, 'builder with raw where', (ds) => builder(ds).where('1 = 1 or t.label is null').getMany()],
  [
    15,
    'builder from another table',
    (ds) => ds.createQueryBuilder().select('*').from('residency.marker', 'm').getRawMany(),
  ],
  [16, 'createQueryRunner().query', (ds) => onRunner(ds, (runner) => runner.query(SQL))],
  [17, 'driver.master.query', (ds) => driverOf(ds).master.query(SQL)],
  [18, 'driver.obtainMasterConnection', (ds) => driverOf(ds).obtainMasterConnection()],
  [19, 'Raw()', (ds) => repository(ds).findBy({ label: Raw((column) => `${column} is not null or true`) })],
  [20, 'find() without where', (ds) => repository(ds).find()],
  [21, 'where with undefined', (ds) => repository(ds).find({ where: { id: undefined as never } })],
  [22, 'where with null', (ds) => repository(ds).find({ where: { label: null as never } })],
  [23, 'builder where({id: undefined})', (ds) => builder(ds).where({ id: undefined }).getMany()],
  [24, 'builder parameter undefined', (ds) => builder(ds).where('t.id = :id or true', { id: undefined }).getMany()],
  [25, 'misspelt option key', (ds) => repository(ds).find({ wehre: { label: 'none' } } as never)],
  [26, 'new DataSource at run time', (ds) => new DataSource({ ...ds.options }).initialize()],
  [
    27,
    'setOptions to the other region',
    (ds, other) => {
      const { options } = ds;
      ds.setOptions(other.options);
      return ds.query(SQL).finally(() => ds.setOptions(options));
    },
  ],
  [
    28,
    'queryRunner.stream',
    (ds) => {
      driverOf(ds).loadStreamDependency = () =>
        class {
          constructor(readonly text: string) {}
          submit(): void {}
        };
      return onRunner(ds, (runner) => runner.stream(SQL));
    },
  ],
];

describe('the 28 escapes of TypeORM, each with a stolen data source', () => {
  it('are all here', () => {
    expect(ESCAPES.map(([number]) => number)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
    expect(Object.keys(core.stolen).sort()).toEqual(['eu', 'us']);
  });

  // 21 and 22 are stopped by TypeORM itself, which is told to throw on such conditions; the guard would stop them as well.
  const stopped = /^context_missing$|Undefined value encountered|Null value encountered/;

  it.each(ESCAPES)('%i %s', async (_number, _name, escape) => {
    for (const [region, other] of [
      [eu, us],
      [us, eu],
    ] as const) {
      const attempt = (): Promise<string> => refusal(() => escape(core.stolen[region.code]!, core.stolen[other.code]!));
      expect(await attempt()).toMatch(stopped);
      expect(await core.within(region, attempt)).toMatch(stopped);
      expect(await core.within(other, attempt)).toMatch(stopped);
      expect(await core.within(region, (ctx) => core.door.transaction(ctx, attempt))).toMatch(stopped);
      // While the door itself is at work in this very unit.
      const during = await core.within(region, (ctx) =>
        Promise.all([core.things.list(ctx, {}), attempt(), core.things.list(ctx, {})]),
      );
      expect(during[1]).toMatch(stopped);
    }
  });

  it('left both regions as they were', async () => {
    for (const code of ['eu', 'us'])
      expect(await core.databases[code]!.sql('owner', 'select label from thing')).toEqual([{ label: 'canary' }]);
  });
});

describe('three more', () => {
  it.each([
    ['eu', 'us'],
    ['us', 'eu'],
  ])('a save of an entity loaded in %s through %s', async (from, to) => {
    const [home, abroad] = [core.databases[from]!.region, core.databases[to]!.region];
    const loaded = await core.within(home, (ctx) => core.things.get(ctx, things[from]!));
    await core.within(abroad, async (ctx) => {
      expect(await refusal(() => core.things.insert(ctx, loaded))).toBe('crossing');
      expect(await refusal(() => core.things.insert(ctx, { ...loaded, id: core.ids.mint('thing', abroad) }))).toBe(
        'crossing',
      );
      expect(await refusal(() => core.things.update(ctx, things[to]!, 1, { ...loaded }))).toMatch(
        /crossing|statement_refused/,
      );
      expect(await refusal(() => core.stolen[to]!.getRepository(Thing).save(loaded))).toBe('context_missing');
    });
  });

  const sources = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules'))
      .map((file) => join(folder, file));

  it("new pg.Client, pg-boss's own pool: only the core and the launcher know pg, and only the core makes a data source", () => {
    const files = [...sources('libs'), ...sources('apps')];
    const having = (pattern: RegExp): string[] =>
      files.filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')));
    const outside = (file: string): boolean => !/^(libs\/residency\/src|apps\/cli\/src\/local)\//.test(file);
    expect(files.length).toBeGreaterThan(30);
    expect(
      having(
        /(from|import|require)\s*\(?\s*['"](pg|pg-[a-z-]+|postgres|slonik|knex|@nestjs\/typeorm)(\/[^'"]*)?['"]/,
      ).filter(outside),
    ).toEqual([]);
    expect(having(/new\s+(pg\.)?(Client|Pool|DataSource)\s*\(/).filter(outside)).toEqual([]);
    expect(
      having(/new\s+DataSource\s*\(/)
        .map((file) => file.split('/').at(-1))
        .sort(),
    ).toEqual(['provision.ts', 'region-database.ts']);
    expect(
      having(/new\s+(pg\.)?(Client|Pool)\s*\(/)
        .filter((file) => file.startsWith('libs/residency'))
        .map((file) => file.split('/').at(-1)),
    ).toEqual(['provision.ts']);
  });

  it('is held by the linter, everywhere else', () => {
    const config = readFileSync(join(ROOT, 'oxlint.config.ts'), 'utf8');
    for (const rule of [
      "name: 'pg'",
      "name: 'typeorm'",
      "name: '@nestjs/typeorm'",
      'no-restricted-imports',
      'no-restricted-syntax',
      'NewExpression',
    ])
      expect(config).toContain(rule);
  });
});
