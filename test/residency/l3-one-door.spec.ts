import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { GuardedClient, GuardedPool } from '../../libs/residency/src/guarded-pool.js';
import { permits } from '../../libs/residency/src/permit.js';
import { SnakeCaseNaming } from '../../libs/residency/src/naming.js';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';
import { type BarePool, type Held, barePool, openUnit } from '../support/guard.js';
import { Account, Note, Thing } from '../support/toy-schema.js';

let core: Core<undefined>;
beforeAll(async () => {
  core = await createCore();
});
afterAll(() => core?.close());

describe('L3 the guard below TypeORM, without a door', () => {
  let dataSource: DataSource;
  let bare: BarePool;
  beforeAll(() => {
    bare = barePool(core.databases['eu']!);
    const { guard } = bare;
    class Pool extends GuardedPool {
      constructor(options: pg.PoolConfig) {
        super(options, guard);
      }
    }
    const options = {
      type: 'postgres',
      url: core.databases['eu']!.appUrl,
      driver: { ...pg, Pool },
      entities: [Thing, Account, Note],
      namingStrategy: new SnakeCaseNaming(),
      installExtensions: false,
    };
    dataSource = new DataSource(options as DataSourceOptions);
  });

  it('does not even let it connect', async () => {
    expect(await refusal(() => dataSource.initialize())).toBe('context_missing');
    expect(await core.within(eu, () => refusal(() => dataSource.initialize()))).toBe('context_missing');
    expect(await core.within(us, () => refusal(() => dataSource.initialize()))).toBe('context_missing');
  });

  it('lets it connect with the permit of the boot, which asks three questions and reads no row', async () => {
    const boot = bare.permit({ unit: 'boot' });
    await permits.run(boot, () => dataSource.initialize());
    for (const read of [
      () => dataSource.query('select 1'),
      () => dataSource.getRepository(Thing).find(),
      () => dataSource.transaction(async () => 1),
      () => dataSource.createQueryRunner().startTransaction(),
    ]) {
      expect(await refusal(read)).toBe('context_missing');
      expect(await permits.run(boot, () => refusal(read))).toMatch(
        /statement_refused|statement that neither is registered/,
      );
    }
    await dataSource.destroy();
  });
});

describe('L3 a guarded connection', () => {
  let bare: BarePool;
  const using = async <T>(options: Parameters<BarePool['permit']>[0], work: (held: Held) => Promise<T>): Promise<T> => {
    const held = await bare.client(bare.permit(options));
    return work(held).finally(() => held.release());
  };
  beforeAll(() => {
    bare = barePool(core.databases['eu']!);
    bare.guard.register('toy.two', 'select 2 as two');
  });
  afterAll(() => bare.pool.end());

  it('runs a registered statement by name and text, and marked text', async () => {
    await using({}, async ({ query }) => {
      expect((await query({ name: 'toy.two', text: 'select 2 as two' })).rows).toEqual([{ two: 2 }]);
      expect((await query(`/* ${bare.guard.mark} */ select 3 as three`)).rows).toEqual([{ three: 3 }]);
      expect((await query({ text: `/* ${bare.guard.mark} */ select $1::int as four`, values: [4] })).rows).toEqual([
        { four: 4 },
      ]);
    });
  });

  const REFUSED: [string, unknown][] = [
    ...[
      'select 1',
      'select 2 as two',
      '',
      ' ',
      'SELECT version()',
      "SET app.region = 'us'",
      'RESET ALL',
      'LISTEN x',
      "NOTIFY x, 'y'",
      'PREPARE p AS select 1',
      'EXECUTE p',
      'DECLARE c CURSOR FOR select 1',
    ].map((t): [string, string] => [t || 'nothing', t]),
    ...[
      'create temp table t (x int)',
      'DISCARD ALL',
      'COPY thing TO STDOUT',
      "COPY thing TO PROGRAM 'cat'",
      'BEGIN',
      'COMMIT',
      'ROLLBACK',
      'begin',
      'BEGIN; select 1',
      'SAVEPOINT s',
    ].map((t): [string, string] => [t, t]),
    ['multi statements', 'select 2 as two; select 1'],
    ['a mark of somebody else', '/* door:0123456789abcdef0123456789abcdef */ select 1'],
    ['a mark not in front', 'select 1 /* door */'],
    ['a registered text without its name', { text: 'select 2 as two' }],
    ['a registered name with another text', { name: 'toy.two', text: 'select 3' }],
    ['an unregistered name', { name: 'toy.three', text: 'select 2 as two' }],
    ["a name of Object's", { name: 'constructor', text: 'select 1' }],
    ['a cursor', { text: 'select 2 as two', name: 'toy.two', submit: () => undefined }],
    ['a Query object', new pg.Query('select 1')],
    [
      'text of the second look',
      {
        get text() {
          return Math.random() > 2 ? 'select 2 as two' : 'select 1';
        },
        name: 'toy.two',
      },
    ],
    ['no text', { name: 'toy.two' }],
    ['an array', ['select 2 as two']],
    ['a text object', { toString: () => 'select 2 as two' }],
  ];

  it.each(REFUSED)('refuses %s', async (_, text) => {
    expect(await using({}, ({ query }) => refusal(() => query(text)))).toBe('statement_refused');
  });

  it('refuses each word of another transaction in a transaction, but for BEGIN, COMMIT and ROLLBACK as the door says them', async () => {
    await using({ transaction: true }, async ({ query }) => {
      for (const text of ['BEGIN', 'ROLLBACK', 'BEGIN', 'COMMIT']) await query(text);
      for (const [, text] of REFUSED.filter(([, t]) => !['BEGIN', 'COMMIT', 'ROLLBACK'].includes(t as string)))
        expect(await refusal(() => query(text))).toBe('statement_refused');
    });
  });

  it('reads a text once: what was judged is what runs', async () => {
    const read = (looks: number) => ({
      get text() {
        return looks-- > 0 ? `/* ${bare.guard.mark} */ select 2 as two` : 'select 666 as two';
      },
    });
    for (let looks = 0; looks < 12; looks++) {
      const found = await using({}, ({ query }) =>
        query(read(looks))
          .then(({ rows }) => rows[0]!['two'])
          .catch(() => 'refused'),
      );
      expect([2, 'refused']).toContain(found);
    }
  });

  it('is refused to whoever does not run under its permit, and after it went back', async () => {
    const held = await bare.client(bare.permit());
    const marked = `/* ${bare.guard.mark} */ select 1`;
    expect(await refusal(() => held.client.query(marked))).toBe('context_missing');
    expect(await permits.run(bare.permit(), () => refusal(() => held.client.query(marked)))).toBe('context_missing');
    held.release();
    expect(held.permit.live).toBe(false);
    expect(await refusal(() => held.query(marked))).toBe('context_missing');
    // The same connection, now somebody else's.
    const next = await bare.client(bare.permit());
    expect(next.client).toBe(held.client);
    expect(await refusal(() => held.query(marked))).toBe('context_missing');
    next.release();
  });

  it('is refused once its unit of work was closed or is late, and may then roll back only', async () => {
    for (const [unit, code] of [
      [openUnit(eu, 60), 'unavailable'],
      [openUnit(eu), 'context_closed'],
    ] as const) {
      await using({ unit, transaction: true }, async ({ query }) => {
        await query('BEGIN');
        await new Promise((resolve) => setTimeout(resolve, 70));
        unit.open = code !== 'context_closed';
        for (const text of [
          `/* ${bare.guard.mark} */ select 1`,
          'COMMIT',
          { name: 'toy.two', text: 'select 2 as two' },
        ])
          expect(await refusal(() => query(text))).toBe(code);
        await query('ROLLBACK');
      });
      expect(await refusal(() => bare.client(bare.permit({ unit })))).toBe(code);
    }
  });

  it('is handed out once a permit, of this very region, live and held', async () => {
    const spent = bare.permit();
    (await bare.client(spent)).release();
    const twice = bare.permit();
    await permits.run(twice, async () => {
      const client = await bare.pool.connect();
      expect(await refusal(() => bare.pool.connect())).toBe('context_missing');
      client.release();
    });
    expect(await refusal(() => bare.client(spent))).toBe('context_missing');
    expect(await refusal(() => bare.client(twice))).toBe('context_missing');
    expect(await refusal(() => bare.client(bare.permit({ region: us })))).toBe('crossing');
    expect(await refusal(() => bare.client(bare.permit({ region: { ...eu } })))).toBe('crossing');
    expect(await refusal(() => bare.pool.connect())).toBe('context_missing');
    expect(await refusal(() => bare.pool.connect(() => undefined))).toBe('context_missing');
    for (const region of [eu, us])
      expect(await core.within(region, () => refusal(() => bare.pool.connect()))).toBe('context_missing');
  });

  it('is no way around by the pool itself, permit or not', async () => {
    const query = bare.pool.query as (text: string) => Promise<unknown>;
    expect(await refusal(() => query.call(bare.pool, 'select 1'))).toBe('context_missing');
    expect(
      await permits.run(bare.permit(), () => refusal(() => query.call(bare.pool, `/* ${bare.guard.mark} */ select 1`))),
    ).toBe('context_missing');
  });

  it('runs nothing before its database was proven', async () => {
    const client = new GuardedClient({ connectionString: core.databases['eu']!.appUrl });
    await client.connect();
    client.bind(bare.permit());
    expect(await refusal(() => client.query('SELECT version()') as Promise<unknown>)).toBe('context_missing');
    await client.end();
  });
});
