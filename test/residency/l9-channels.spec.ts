import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contexts, declarations, Door, IdCodec, type Region } from '@domicile/residency';
import { Letters, type Mail, Outbox, OutboxDrain, OutboxItem } from '@domicile/messaging';
import { BlindIndex, RegionKeys } from '@domicile/vault';
import { BaseEntity, DataSource, getMetadataArgsStorage } from 'typeorm';
import { ENTITIES, KEY_STORE_TABLES } from '../../apps/cli/src/migrations/index.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { createDatabase, eu, query, regions, type TestDatabase, us } from '../support/databases.js';
import { type BarePool, barePool } from '../support/guard.js';
import { eventually } from '../support/http.js';
import { KEY_SCHEMA, SCHEMA } from '../support/installation.js';
import { refusal, stealing } from '../support/refusals.js';
import { dropSites, openSealing, type SealedSite, sealedSites, type SealingCore } from '../support/sealing.js';

/** Rows of the list of leaks that have no other test; their numbers stand in the names. */
const TABLES = [...new Set([...ENTITIES, ...KEY_STORE_TABLES])];

describe('the entities', () => {
  it('have no static way to a database, and no global data source to find (leak row 6)', () => {
    expect(TABLES.length).toBe(declarations().filter(({ entity }) => TABLES.includes(entity)).length);
    for (const entity of TABLES) {
      expect(entity.prototype).not.toBeInstanceOf(BaseEntity);
      expect(Reflect.get(entity, 'useDataSource')).toBeUndefined();
      for (
        let one: object | null = entity;
        one !== null && one !== Function.prototype;
        one = Reflect.getPrototypeOf(one)
      )
        expect(Object.getOwnPropertyNames(one).sort()).toEqual(['length', 'name', 'prototype']);
    }
    class Active extends BaseEntity {}
    expect([Active.prototype instanceof BaseEntity, typeof Reflect.get(Active, 'useDataSource')]).toEqual([
      true,
      'function',
    ]);
  });

  it('have no subscriber, no listener and no hook that is told of rows (leak row 9)', () => {
    const { entitySubscribers, entityListeners } = getMetadataArgsStorage();
    expect([entitySubscribers.length, entityListeners.length]).toEqual([0, 0]);
  });
});

describe('a data source of the core', () => {
  let databases: TestDatabase[];
  let door: Door;
  let stolen: Record<string, DataSource>;
  beforeAll(async () => {
    databases = await Promise.all([eu, us].map((region) => createDatabase(region, SCHEMA)));
    const own = databases.map(({ options }) => new RegionDatabase(options));
    door = new Door(own, new IdCodec(regions));
    stolen = await stealing(() => door.open());
  });
  afterAll(async () => {
    await door?.close();
    await Promise.all(databases?.map((database) => database.drop()) ?? []);
  });

  it.each([eu, us])(
    'of $code keeps no results, no log, no subscriber and no schema of its own making (leak rows 9, 10, 24)',
    async ({ code }) => {
      const { options, queryResultCache, subscribers } = stolen[code]!;
      expect(stolen[code]).toBeInstanceOf(DataSource);
      const { cache, logging, maxQueryExecutionTime, synchronize, migrationsRun } = options;
      expect({ cache, logging, maxQueryExecutionTime, synchronize, migrationsRun }).toEqual({
        cache: false,
        logging: false,
        maxQueryExecutionTime: undefined,
        synchronize: false,
        migrationsRun: false,
      });
      expect([queryResultCache, subscribers]).toEqual([undefined, []]);
      const [row] = await databases
        .find(({ region }) => region.code === code)!
        .sql('superuser', `select to_regclass('"query-result-cache"') as cache`);
      expect(row).toEqual({ cache: null });
    },
  );
});

describe.each(regions.all)('the servers of $code', (region) => {
  let databases: TestDatabase[];
  beforeAll(async () => {
    databases = await Promise.all([
      createDatabase(region, SCHEMA),
      createDatabase(region, KEY_SCHEMA, { purpose: 'keys' }),
    ]);
  });
  afterAll(() => Promise.all(databases?.map((database) => database.drop()) ?? []));

  it.each([
    "copy (select 1) to program 'cat'",
    "copy (select 1) to '/tmp/leak'",
    "select lo_export(0, '/tmp/leak')",
    'select pg_ls_waldir()',
  ])('refuse the application, and the owner, with 42501: %s (leak row 13)', async (attempt) => {
    for (const database of databases)
      for (const role of ['app', 'owner'] as const)
        await expect(database.sql(role, attempt)).rejects.toMatchObject({ code: '42501' });
  });

  it('send their rows to nobody: no slot, publication, subscription, receiver or archive, and no role may open one (leak row 14)', async () => {
    for (const { superuserUrl } of databases) {
      const [found] = await query(
        superuserUrl,
        `select (select count(*)::int from pg_replication_slots) as slots, (select count(*)::int from pg_publication) as publications,
          (select count(*)::int from pg_subscription) as subscriptions, (select count(*)::int from pg_stat_replication) as receivers,
          current_setting('archive_mode') as archive, current_setting('wal_level') as level,
          (select count(*)::int from pg_roles where rolreplication and rolname <> 'postgres') as roles`,
      );
      expect(found).toEqual({
        slots: 0,
        publications: 0,
        subscriptions: 0,
        receivers: 0,
        archive: 'off',
        level: 'replica',
        roles: 0,
      });
    }
  });

  it('hear nothing said aloud from the application: LISTEN, NOTIFY and advisory locks stop at the guard (leak row 20)', async () => {
    const { permit, client, pool, guard } = barePool(databases[0]!);
    const held = await client(permit());
    for (const text of [
      'listen anyone',
      "notify anyone, 'x'",
      "select pg_notify('anyone', 'x')",
      'select pg_advisory_lock(1)',
      'unlisten *',
    ])
      expect([text, await refusal(() => held.query(text))]).toEqual([text, 'statement_refused']);
    expect(
      (await held.query(`/* ${guard.mark} */ select count(*)::int as heard from pg_listening_channels()`)).rows,
    ).toEqual([{ heard: 0 }]);
    held.release();
    await pool.end();
  });
});

describe('a connection that two units of work use after each other', () => {
  let bare: BarePool;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase(eu, SCHEMA);
    bare = barePool(database, 1);
    bare.guard.register('toy.state', STATE);
  });
  afterAll(async () => {
    await bare?.pool.end();
    await database?.drop();
  });

  /** What a session can carry from one request to the next. */
  const STATE = `select (select count(*)::int from pg_prepared_statements where name <> 'toy.state') as prepared,
    (select count(*)::int from pg_cursors where name <> '') as cursors, (select count(*)::int from pg_listening_channels()) as channels,
    (select count(*)::int from pg_settings where source = 'session') as settings, current_setting('app.region', true) as region,
    (select count(*)::int from pg_class where relpersistence = 't') as temporary,
    (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks, pg_backend_pid() as pid`;

  it('carries no state from one to the next (leak row 33)', async () => {
    const state = async (attempts: readonly string[] = []): Promise<Record<string, unknown>> => {
      const held = await bare.client(bare.permit());
      for (const text of attempts)
        expect([text, await refusal(() => held.query(text))]).toEqual([text, 'statement_refused']);
      const { rows } = await held.query({ name: 'toy.state', text: STATE });
      held.release();
      return rows[0]!;
    };
    const before = await state([
      "set app.region = 'us'",
      "select set_config('app.region', 'us', false)",
      'create temp table t (x int)',
      'declare c cursor with hold for select 1',
      'prepare p as select 1',
    ]);
    const after = await state();
    expect(after).toEqual(before);
    expect(after).toMatchObject({ prepared: 0, cursors: 0, channels: 0, region: null, temporary: 0, locks: 0 });
  });

  it('has no prepared statement but those of the door, each under its one name and text (leak row 34)', async () => {
    const held = await bare.client(bare.permit());
    for (const other of [
      { name: 'toy.state', text: 'select 2' },
      { name: 'of somebody else', text: STATE },
      { name: 'toy.state', text: `${STATE} ` },
    ])
      expect(await refusal(() => held.query(other))).toBe('statement_refused');
    await held.query({ name: 'toy.state', text: STATE });
    const { rows } = await held.query(`/* ${bare.guard.mark} */ select name, statement from pg_prepared_statements`);
    expect(rows).toEqual([{ name: 'toy.state', statement: STATE }]);
    held.release();
  });
});

describe('what a process remembers', () => {
  let sites: SealedSite[];
  let core: SealingCore;
  beforeAll(async () => {
    sites = await sealedSites();
    core = await openSealing(sites);
  });
  afterAll(async () => {
    await core?.close();
    if (sites) await dropSites(sites);
  });

  it('of one region serves no unit of another: keys, however often they were used, and derived indexes (leak row 35)', async () => {
    const id = await core.person(eu, 'ada@example.org');
    expect(await core.profileOf(eu, id)).toMatchObject({ email: 'ada@example.org' });
    const sealed = await core.within(eu, async (ctx) => {
      const [row] = await sites[0]!.rows.sql('superuser', 'select sealed from person limit 1');
      await core.vault.keyOf(ctx, row!['sealed'] as Buffer);
      return row!['sealed'] as Buffer;
    });
    expect(await refusal(() => core.profileOf(us, id))).toBe('crossing');
    for (let i = 0; i < 3; i++)
      await expect(core.within(us, (ctx) => core.vault.keyOf(ctx, sealed))).rejects.toMatchObject({
        code: expect.stringMatching(/^(residency\.crossing|vault\.)/),
      });
    await expect(core.within(eu, (ctx) => core.vault.keyOf(ctx, sealed))).resolves.toBeDefined();

    // Subkeys of indexes are kept by purpose: both regions ask by turns, for the same, and each is answered as a process of its own would.
    const folders = sites.map(({ region: { code }, rows }) => ({ region: code, keysDir: rows.keysDir }));
    const indexOf = (codes: readonly string[]): BlindIndex =>
      new BlindIndex(new RegionKeys(folders.filter(({ region }) => codes.includes(region))));
    const shared = indexOf(['eu', 'us']);
    const of = (index: BlindIndex, region: Region): Promise<string> =>
      core.within(region, async (ctx) => index.of(ctx, 'person.address', 'ada@example.org').toString('hex'));
    const turns: string[] = [];
    for (const region of [eu, us, eu, us]) turns.push(await of(shared, region));
    const alone = [await of(indexOf(['eu']), eu), await of(indexOf(['us']), us)];
    expect(turns).toEqual([...alone, ...alone]);
    expect(alone[0]).not.toBe(alone[1]);
    const own = indexOf(['eu']);
    await of(own, eu);
    await expect(of(own, us)).rejects.toMatchObject({ code: 'residency.crossing' });
  });
});

describe('the outbox', () => {
  let database: TestDatabase;
  let door: Door;
  let drain: OutboxDrain;
  const ids = new IdCodec(regions);
  const sent: Mail[] = [];
  const events: string[] = [];

  beforeAll(async () => {
    database = await createDatabase(eu, SCHEMA);
    door = new Door([new RegionDatabase(database.options)], ids);
    const letters = new Letters();
    letters.handle('signup.code', async () => ({ to: 'a@example.org', language: 'en', subject: 'x', parts: [] }));
    drain = new OutboxDrain(
      new Contexts(ids, regions, [eu], 10_000),
      new Outbox(door, ids),
      letters,
      { send: async (_region, mail) => void sent.push(mail), close: () => undefined },
      { event: (name, fields) => void events.push(`${name} ${fields?.code}`), dropped: 0 },
    );
    await door.open();
  });
  afterAll(async () => {
    await door?.close();
    await database?.drop();
  });

  const idOf = (prefix: string, region: Region): string => ids.encode(ids.mint(prefix, region), prefix, region);
  const plant = (id: string, subject: string): Promise<unknown> =>
    database.sql(
      'superuser',
      "insert into outbox (id, kind, subject_kind, subject_id) values ($1, 'signup.code', 'sgn', $2)",
      [id, subject],
    );

  it('takes no job of another region, whoever plants it; one that is there all the same is refused, told and not carried out (leak row 37)', async () => {
    await expect(plant(idOf('obx', us), idOf('sgn', eu))).rejects.toMatchObject({ code: '23514' });
    await expect(plant(idOf('obx', eu), idOf('sgn', us))).rejects.toMatchObject({ code: '23514' });
    await database.sql('superuser', 'alter table outbox drop constraint outbox_subject_id_home');
    await plant(idOf('obx', eu), idOf('sgn', us));
    // One of its own, claimed in the same batch: it is not held up.
    await plant(idOf('obx', eu), idOf('sgn', eu));
    drain.onApplicationBootstrap();
    await eventually('a mail of its own', () => sent.length > 0);
    await eventually('the refusal', () => events.length > 0);
    await drain.beforeApplicationShutdown();
    expect([sent.length, events]).toEqual([1, ['mail.dead residency.crossing']]);
    const left = await database.sql('superuser', 'select last_code, dead_at is not null as dead from outbox');
    expect(left).toEqual([{ last_code: 'residency.crossing', dead: true }]);
  });

  it('holds ids and words of the code and nothing else, so nothing personal could be relayed or posted abroad (leak row 38)', () => {
    const declaration = declarations().find(({ entity }) => entity === OutboxItem)!;
    expect([declaration.personal.size, declaration.sealed.size, [...declaration.notPersonal.keys()]]).toEqual([
      0,
      0,
      ['kind', 'subjectKind', 'lastCode'],
    ]);
    expect([...declaration.ids.keys()].sort()).toEqual(['id', 'subjectId']);
    const columns = getMetadataArgsStorage().columns.filter(
      ({ target }) => target === OutboxItem || OutboxItem.prototype instanceof (target as () => object),
    );
    expect(columns.map(({ propertyName }) => propertyName).sort()).toEqual([
      'attempts',
      'createdAt',
      'deadAt',
      'dueAt',
      'id',
      'kind',
      'lastCode',
      'subjectId',
      'subjectKind',
      'version',
    ]);
  });
});
