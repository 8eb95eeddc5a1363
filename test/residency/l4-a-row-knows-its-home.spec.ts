import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AccountId,
  type Id,
  type Region,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';
import { type Row, type StubDoor, stubDoor } from '../support/stub-door.js';
import { ID_COLUMNS, Note, Thing, Way } from '../support/toy-schema.js';

let core: Core<undefined>;
beforeAll(async () => {
  core = await createCore();
});
afterAll(() => core?.close());

const other = (region: Region): Region => (region === eu ? us : eu);
const uuid = (prefix: string, region: Region): string => core.ids.encode(core.ids.mint(prefix, region), prefix, region);

/** Tables whose rows the application may not change at all: append-only, or without a version. */
const FIXED = ['account', 'entry', 'way'];

describe('L4 in the database alone, whoever writes the SQL', () => {
  const PLAIN: Row = { text: 'x', key: Buffer.alloc(32, 1), label: 'x' };
  const COLUMNS: Record<string, string[]> = {
    account: ['id'],
    note: ['account_id', 'id', 'text', 'thing_id'],
    thing: ['id', 'label', 'note_id'],
    way: ['key', 'thing_id'],
    entry: ['id', 'text'],
  };
  const prefixOf = (table: string, column: string) => ID_COLUMNS.find(([t, c]) => t === table && c === column)?.[2];
  const insert = async (role: 'app' | 'owner', home: Region, table: string, change: Row = {}): Promise<unknown> => {
    const account = uuid('acct', home);
    const database = core.databases[home.code]!;
    if (table === 'note') await database.sql('owner', 'insert into account values ($1)', [account]);
    if (table === 'way') await database.sql('owner', 'delete from way');
    const columns = COLUMNS[table]!;
    const cell = (c: string): unknown => (c === 'account_id' ? account : (PLAIN[c] ?? uuid(prefixOf(table, c)!, home)));
    const row = { ...Object.fromEntries(columns.map((c) => [c, cell(c)])), ...change };
    const places = columns.map((_, i) => `$${i + 1}`).join(', ');
    return database.sql(
      role,
      `insert into ${table} (${columns.join(', ')}) values (${places}) returning *`,
      columns.map((c) => row[c]),
    );
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 'stored',
      (e: { code: string; constraint: string }) => [e.code, e.constraint],
    );

  it('lists every column that holds an id', async () => {
    const rows = await core.databases['eu']!.sql(
      'owner',
      "select table_name t, column_name c from information_schema.columns where table_schema = 'public' and data_type = 'uuid' order by 1, 2",
    );
    expect(rows.map(({ t, c }) => [t, c])).toEqual(ID_COLUMNS.map(([t, c]) => [t, c]).sort());
  });

  it.each(ID_COLUMNS.flatMap((column) => (['app', 'owner'] as const).map((role) => [...column, role] as const)))(
    'refuses a row of the other region: %s.%s (%s) as %s',
    async (table, column, prefix, role) => {
      for (const home of [eu, us]) {
        const constraint = ['23514', `${table}_${column}_home`];
        expect(await failure(insert(role, home, table, { [column]: uuid(prefix, other(home)) }))).toEqual(constraint);
        expect(await failure(insert(role, home, table))).toBe('stored');
        const database = core.databases[home.code]!;
        const moved = failure(database.sql(role, `update ${table} set ${column} = $1`, [uuid(prefix, other(home))]));
        expect(await moved).toEqual(role === 'app' && FIXED.includes(table) ? ['42501', undefined] : constraint);
      }
    },
  );

  it('refuses ids of no region at all', async () => {
    for (const id of [
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '00000000-0000-8000-bfff-ffffffffffff',
    ])
      expect(await failure(insert('owner', eu, 'thing', { id }))).toEqual(['23514', 'thing_id_home']);
  });

  it('answers the door as a crossing, with the name of the constraint and no value', async () => {
    const id = uuid('thing', us);
    const error = await core
      .within(eu, (ctx) => {
        // What a broken codec would let through.
        Object.defineProperty(core.ids, 'encode', { value: () => id, configurable: true });
        return core.things
          .insert(ctx, { id: core.ids.mint('thing', eu) })
          .finally(() => Reflect.deleteProperty(core.ids, 'encode'));
      })
      .catch((e: unknown) => e as { code: string; message: string; constraint: string });
    expect(error).toMatchObject({ code: 'residency.crossing', constraint: 'thing_id_home' });
    expect(JSON.stringify([error, (error as { message?: string }).message])).not.toContain(id);
  });

  it('lets the application role change neither the region nor the marker nor a constraint', async () => {
    for (const sql of [
      "create or replace function residency.region() returns smallint language sql immutable as 'select 2::smallint'",
      'drop function residency.region() cascade',
      "update residency.marker set statement = 'x'",
      'delete from residency.marker',
      'alter table thing drop constraint thing_id_home',
      'create table t (x int)',
      'create temp table t (x int)',
      'create schema s',
      'set session authorization postgres',
      'update entry set text = text',
      'delete from entry',
      'truncate thing',
    ])
      expect([sql, await failure(core.databases['eu']!.sql('app', sql))]).toEqual([sql, ['42501', undefined]]);
  });
});

describe('L4 at the door alone, with nothing below it', () => {
  let stub: StubDoor;
  let things: Table<Thing>;
  let notes: Table<Note>;
  let ways: Table<Way>;
  let statement: Statement<Thing, { id: ReturnType<typeof value.id<'thing'>>; noteId: never }, { id: never }>;
  const key = Buffer.alloc(32, 7);
  const a: Record<string, { thing: Id<'thing'>; note: Id<'note'>; account: AccountId }> = {};

  beforeAll(async () => {
    stub = await stubDoor(eu);
    [things, notes, ways] = [stub.door.table(Thing), stub.door.table(Note), stub.door.table(Way)];
    statement = stub.door.statement({
      name: 'toy.find',
      tables: [Thing],
      sql: 'select id, note_id as "noteId" from thing where id = :id or note_id = :noteId',
      params: { id: value.id('thing'), noteId: value.nullable(value.id('note')) },
      row: { id: value.id('thing'), noteId: value.nullable(value.id('note')) },
    }) as never;
    for (const region of [eu, us])
      a[region.code] = {
        thing: stub.ids.mint('thing', region),
        note: stub.ids.mint('note', region),
        account: stub.ids.mint('acct', region),
      };
  });
  beforeEach(() => stub.answer());

  const run = (params: object) => (ctx: RegionContext) => statement.all(ctx, params as never);
  const PLACES: [string, (ctx: RegionContext, of: (typeof a)[string]) => Promise<unknown>][] = [
    ['find', (ctx, of) => things.find(ctx, of.thing)],
    ['get', (ctx, of) => things.get(ctx, of.thing)],
    ['erase', (ctx, of) => things.erase(ctx, of.thing)],
    ['list by id', (ctx, of) => things.list(ctx, { id: of.thing })],
    ['list by another id', (ctx, of) => things.list(ctx, { noteId: of.note })],
    ['insert', (ctx, of) => things.insert(ctx, { id: of.thing })],
    ['insert of another id', (ctx, of) => things.insert(ctx, { id: a['eu']!.thing, noteId: of.note })],
    ['update', (ctx, of) => things.update(ctx, of.thing, 1, { label: 'x' })],
    ['update to another id', (ctx, of) => things.update(ctx, a['eu']!.thing, 1, { noteId: of.note })],
    ['a way to a row', (ctx, of) => ways.insert(ctx, { key, thingId: of.thing })],
    ['list of ways', (ctx, of) => ways.list(ctx, { thingId: of.thing })],
    ['an account', async (ctx, of) => notes.list(ctx.account(of.account), {})],
    ["an account's row", (ctx, of) => notes.find(ctx.account(a['eu']!.account), of.note)],
    [
      "an account's row with another id",
      (ctx, of) => notes.insert(ctx.account(a['eu']!.account), { id: a['eu']!.note, text: 'x', thingId: of.thing }),
    ],
    ['a statement', (ctx, of) => run({ id: of.thing, noteId: null })(ctx)],
    ["a statement's other parameter", (ctx, of) => run({ id: a['eu']!.thing, noteId: of.note })(ctx)],
  ];

  it.each(PLACES)('refuses an id of the other region before any SQL is sent: %s', async (_, use) => {
    expect(await stub.within(eu, (ctx) => refusal(() => use(ctx, a['us']!)))).toBe('crossing');
    expect(stub.sent).toEqual([]);
    await stub.within(eu, (ctx) => refusal(() => use(ctx, a['eu']!)));
    expect(stub.sent).toHaveLength(1);
  });

  it.each(PLACES)('refuses an id of another kind, and what is no id, before any SQL is sent: %s', async (_, use) => {
    const kinds = { thing: a['eu']!.note, note: a['eu']!.account, account: a['eu']!.thing };
    const noIds = { thing: randomUUID(), note: "' or 1=1 --", account: '' };
    for (const wrong of [kinds, noIds])
      expect(await stub.within(eu, (ctx) => refusal(() => use(ctx, wrong as never)))).toBe('crossing');
    expect(stub.sent).toEqual([]);
  });

  it.each(PLACES)('refuses a unit of the other region, whose database it does not hold: %s', async (_, use) => {
    for (const code of ['eu', 'us'])
      expect(await stub.within(us, (ctx) => refusal(() => use(ctx, a[code]!)))).toBe('crossing');
    expect(stub.sent).toEqual([]);
  });

  const stored = (region: Region, note: Region | null = null, over: Row = {}): Row => {
    const id = stub.ids.encode(a[region.code]!.thing, 'thing', region);
    const noteId = note && stub.ids.encode(a[note.code]!.note, 'note', note);
    const row: Row = { id, label: 'x', note_id: noteId, noteId, version: 1, ...over };
    // As TypeORM selects, and as a RETURNING or a statement gives it.
    return { ...row, ...Object.fromEntries(Object.entries(row).map(([k, v]) => [`t_${k}`, v])) };
  };
  const READS: [string, (ctx: RegionContext) => Promise<unknown>][] = [
    ['find', (ctx) => things.find(ctx, a['eu']!.thing)],
    ['get', (ctx) => things.get(ctx, a['eu']!.thing)],
    ['list', (ctx) => things.list(ctx, {})],
    ['insert', (ctx) => things.insert(ctx, { id: a['eu']!.thing })],
    ['update', (ctx) => things.update(ctx, a['eu']!.thing, 1, { label: 'x' })],
  ];
  it.each(READS)('refuses a row of the other region after it was read: %s', async (verb, read) => {
    const foreign = [
      stored(us),
      stored(us, us),
      stored(eu, us),
      stored(eu, null, { id: randomUUID() }),
      stored(eu, null, { id: 'no uuid' }),
    ];
    for (const row of foreign) {
      stub.answer(row);
      expect(await stub.within(eu, (ctx) => refusal(() => read(ctx)))).toBe('crossing');
      expect(stub.sent).toHaveLength(1);
    }
    stub.answer(stored(eu), stored(us));
    if (verb === 'list') expect(await stub.within(eu, (ctx) => refusal(() => read(ctx)))).toBe('crossing');
    stub.answer(stored(eu, eu));
    expect(await stub.within(eu, read)).toEqual(expect.anything());
  });

  it('refuses a foreign id in the result of a statement', async () => {
    const params = { id: a['eu']!.thing, noteId: null };
    for (const row of [stored(us), stored(eu, us), stored(eu, null, { id: null }), stored(eu, null, { id: 7 })]) {
      stub.answer(row);
      expect(await stub.within(eu, (ctx) => refusal(() => run(params)(ctx)))).toBe('crossing');
      expect(await stub.within(eu, (ctx) => refusal(() => statement.one(ctx, params as never)))).toBe('crossing');
    }
    stub.answer(stored(eu, eu));
    expect(await stub.within(eu, run(params))).toEqual([{ id: a['eu']!.thing, noteId: a['eu']!.note }]);
  });
});

describe('L4 a loaded row carries its home', () => {
  it.each([
    [eu, us],
    [us, eu],
  ])('and is refused elsewhere, under a new id too', async (home, abroad) => {
    const loaded = await core.within(home, (ctx) =>
      core.things.insert(ctx, { id: core.ids.mint('thing', home), label: 'private' }),
    );
    const id = core.ids.mint('thing', abroad);
    const disguises: Record<string, object> = {
      itself: loaded,
      spread: { ...loaded, id },
      assigned: Object.assign({}, loaded, { id }),
      'with the rest': (({ label: _, ...rest }) => ({ ...rest, id }))(loaded),
    };
    const own = await core.within(abroad, (ctx) =>
      core.things.insert(ctx, { id: core.ids.mint('thing', abroad), label: 'own' }),
    );
    await core.within(abroad, async (ctx) => {
      for (const [how, row] of Object.entries(disguises)) {
        expect([how, await refusal(() => core.things.insert(ctx, row))]).toEqual([how, 'crossing']);
        expect([how, await refusal(() => core.things.update(ctx, own.id, 1, row))]).toEqual([how, 'crossing']);
        expect([how, await refusal(() => core.things.list(ctx, row))]).toEqual([how, 'crossing']);
      }
      expect(await refusal(() => core.door.transaction(ctx, (tx) => core.things.insert(tx, { ...loaded, id })))).toBe(
        'crossing',
      );
      expect(JSON.stringify(loaded)).not.toContain('home');
    });
    // At home the same copy is welcome, and what was listed, changed or found carries its home as well.
    const copy = await core.within(home, (ctx) =>
      core.things.insert(ctx, { ...loaded, id: core.ids.mint('thing', home), label: 'copy' }),
    );
    const again = await core.within(home, async (ctx) => [
      copy,
      await core.things.get(ctx, loaded.id),
      (await core.things.list(ctx, { id: loaded.id }))[0]!,
      await core.things.update(ctx, loaded.id, 1, { label: 'y' }),
    ]);
    for (const row of again)
      expect(await core.within(abroad, (ctx) => refusal(() => core.things.insert(ctx, { ...row, id })))).toBe(
        'crossing',
      );
  });
});
