import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountId, type Door, type Id, type RegionContext, value } from '@domicile/residency';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';
import { type StubDoor, stubDoor } from '../support/stub-door.js';
import { Account, Note } from '../support/toy-schema.js';

const declare = (door: Door) => {
  const row = { id: value.id('note'), accountId: value.id('acct'), text: value.text };
  const columns = 'id, account_id as "accountId", text';
  return {
    read: door.statement({
      name: 'note.read',
      tables: [Note],
      params: { id: value.id('note') },
      row,
      sql: `select ${columns} from note where account_id = :accountId and id = :id`,
    }),
    all: door.statement({
      name: 'note.all',
      tables: [Note],
      params: {},
      row,
      sql: `select ${columns} from note where account_id = :accountId order by id`,
    }),
    change: door.statement({
      name: 'note.change',
      tables: [Note],
      params: { id: value.id('note'), text: value.text },
      row: {},
      sql: 'update note set text = :text where account_id = :accountId and id = :id',
    }),
    remove: door.statement({
      name: 'note.remove',
      tables: [Note, Account] as (new () => Note | Account)[],
      params: { id: value.id('note') },
      row: {},
      sql: 'delete from note using account a where note.account_id = a.id and a.id = :accountId and note.id = :id',
    }),
    careless: door.statement({
      name: 'note.careless',
      tables: [Note],
      params: { id: value.id('note') },
      row,
      sql: `select ${columns} from note where id = :id and :accountId::uuid is not null`,
    }),
    regional: door.statement({
      name: 'note.none',
      tables: [],
      params: {},
      row: { n: value.integer },
      sql: 'select 1 as n',
    }),
  };
};

let core: Core<ReturnType<typeof declare>>;
let mine: AccountId;
let theirs: AccountId;
let abroad: AccountId;
let note: Id<'note'>;
let foreign: Id<'note'>;
const stored = () => core.databases['eu']!.sql('owner', 'select account_id, id, text, version from note order by id');

beforeAll(async () => {
  core = await createCore({ declare });
  [mine, theirs, abroad] = [await core.account(eu), await core.account(eu), await core.account(us)];
});
afterAll(() => core?.close());
beforeEach(async () => {
  await core.databases['eu']!.sql('owner', 'delete from note');
  await core.within(eu, async (ctx) => {
    note = (await core.notes.insert(ctx.account(mine), { id: core.ids.mint('note', eu), text: 'mine' })).id;
    foreign = (await core.notes.insert(ctx.account(theirs), { id: core.ids.mint('note', eu), text: 'theirs' })).id;
  });
});

/** Every verb and statement over a resident table: how it is used, and what it answers where there is no such row. */
type Use = (ctx: RegionContext, account: AccountId, id: Id<'note'>) => Promise<unknown>;
const USES: [string, Use, unknown][] = [
  ['find', (ctx, account, id) => core.notes.find(ctx.account(account), id), null],
  ['get', (ctx, account, id) => core.notes.get(ctx.account(account), id), 'not_found'],
  ['list', (ctx, account, id) => core.notes.list(ctx.account(account), { id }), []],
  ['update', (ctx, account, id) => core.notes.update(ctx.account(account), id, 1, { text: 'changed' }), 'stale'],
  ['erase', (ctx, account, id) => core.notes.erase(ctx.account(account), id), false],
  ['statement.one', (ctx, account, id) => core.declared.read.one(ctx.account(account), { id }), null],
  ['statement.all', (ctx, account, id) => core.declared.read.all(ctx.account(account), { id }), []],
  [
    'statement.run that updates',
    (ctx, account, id) => core.declared.change.run(ctx.account(account), { id, text: 'changed' }),
    0,
  ],
  ['statement.run that deletes', (ctx, account, id) => core.declared.remove.run(ctx.account(account), { id }), 0],
];
const outcome = (work: () => Promise<unknown>): Promise<unknown> =>
  (async () => work())().catch((e: { code?: string }) => e.code?.replace('residency.', '') ?? e);

describe('L11 resident data', () => {
  it.each(USES)(
    'is reached through its own account, and nothing of it through another one: %s',
    async (_, use, nothing) => {
      const before = await stored();
      expect(await core.within(eu, (ctx) => outcome(() => use(ctx, mine, foreign)))).toEqual(nothing);
      expect(await core.within(eu, (ctx) => outcome(() => use(ctx, theirs, note)))).toEqual(nothing);
      expect(
        await core.within(eu, (ctx) => core.door.transaction(ctx, (tx) => outcome(() => use(tx, mine, foreign)))),
      ).toEqual(nothing);
      expect(await stored()).toEqual(before);
      const own = await core.within(eu, (ctx) => outcome(() => use(ctx, mine, note)));
      expect(own).not.toEqual(nothing);
      expect(JSON.stringify(own)).not.toContain('theirs');
    },
  );

  it.each(USES)('is not reached through an account of the other region: %s', async (_, use) => {
    const before = await stored();
    expect(await core.within(eu, (ctx) => outcome(() => use(ctx, abroad, note)))).toBe('crossing');
    expect(await core.within(us, (ctx) => outcome(() => use(ctx, mine, note)))).toBe('crossing');
    expect(await core.within(us, (ctx) => outcome(() => use(ctx, abroad, note)))).toBe('crossing');
    expect(await stored()).toEqual(before);
  });

  it('shows each account its own rows only, in a list and in a statement over all of them', async () => {
    await core.within(eu, async (ctx) => {
      for (const [account, text] of [
        [mine, 'mine'],
        [theirs, 'theirs'],
      ] as const) {
        for (const rows of [
          await core.notes.list(ctx.account(account), {}),
          await core.declared.all.all(ctx.account(account), {}),
        ])
          expect(rows.map((row) => [row.accountId, row.text])).toEqual([[account, text]]);
        expect(await core.accounts.list(ctx.account(account), {})).toMatchObject([{ id: account }]);
      }
    });
  });

  it('keeps the same id of two accounts apart', async () => {
    await core.within(eu, async (ctx) => {
      await core.notes.insert(ctx.account(theirs), { id: note, text: 'their twin' });
      expect(await core.notes.erase(ctx.account(theirs), note)).toBe(true);
      expect((await core.notes.get(ctx.account(mine), note)).text).toBe('mine');
    });
  });

  it('takes the account from the context and from nowhere else', async () => {
    const accountId = theirs as never;
    await core.within(eu, async (ctx) => {
      const account = ctx.account(mine);
      const given: [string, () => Promise<unknown>][] = [
        ['values', () => core.notes.insert(account, { id: core.ids.mint('note', eu), text: 'x', accountId } as never)],
        ['a condition', () => core.notes.list(account, { accountId } as never)],
        ['a patch', () => core.notes.update(account, note, 1, { accountId } as never)],
        [
          'a row of theirs',
          async () =>
            core.notes.insert(account, {
              ...(await core.notes.get(ctx.account(theirs), foreign)),
              id: core.ids.mint('note', eu),
            }),
        ],
        ['the account itself', () => core.accounts.insert(account, { id: core.ids.mint('acct', eu) })],
        ['the key of an account', () => core.accounts.find(account, theirs)],
        ['the end of an account', () => core.accounts.erase(account, theirs)],
        [
          'an empty account',
          () => core.notes.insert(account, { id: core.ids.mint('note', eu), text: 'x', accountId: '' } as never),
        ],
      ];
      for (const [how, use] of given) expect([how, await refusal(use)]).toEqual([how, 'crossing']);
      for (const none of [null, undefined])
        expect(await refusal(() => core.notes.list(account, { accountId: none } as never))).toMatch(
          /crossing|statement_refused/,
        );
      // A parameter of that name is not read: the context's account stands in the statement.
      expect(await core.declared.all.all(account, { accountId: theirs } as never)).toMatchObject([{ accountId: mine }]);
    });
    expect(await stored()).toMatchObject([{ text: 'mine' }, { text: 'theirs' }]);
  });

  it('is refused to a RegionContext, and to what only looks like an account of it', async () => {
    await core.within(eu, async (ctx) => {
      const account = ctx.account(mine);
      const imposters: [string, unknown][] = [
        ['the region', ctx],
        ['a copy', { ...account, region: eu }],
        ['an heir', Object.create(account)],
        ['its class', Object.create(Object.getPrototypeOf(account) as object, { context: { value: ctx } })],
        [
          'its class without a context',
          Object.create(Object.getPrototypeOf(account) as object, {
            accountId: { value: mine },
            region: { value: eu },
          }),
        ],
      ];
      for (const [how, imposter] of imposters) {
        const no = imposter as never;
        for (const use of [
          () => core.notes.find(no, note),
          () => core.notes.list(no, {}),
          () => core.notes.insert(no, { id: core.ids.mint('note', eu), text: 'x' }),
          () => core.notes.update(no, note, 1, { text: 'x' }),
          () => core.notes.erase(no, note),
          () => core.declared.all.all(no, {}),
          () => core.declared.change.run(no, { id: note, text: 'x' }),
        ]) {
          const result = await refusal(use);
          // An heir of a right account context is that account; everything else is refused.
          expect([how, how === 'an heir' || result === 'context_missing']).toEqual([how, true]);
        }
      }
    });
  });

  it("refuses the region's own tables to an account, and takes no account that is none", async () => {
    await core.within(eu, async (ctx) => {
      const account = ctx.account(mine) as never;
      for (const use of [
        () => core.things.list(account, {}),
        () => core.ways.list(account, {}),
        () => core.entries.list(account, {}),
        () => core.declared.regional.all(account, {}),
      ])
        expect(await refusal(use)).toBe('context_missing');
      for (const id of [abroad, note, '', undefined, null, {}, `${mine}x`])
        expect(await refusal(() => ctx.account(id as never))).toBe('crossing');
      expect(await core.declared.regional.all(ctx as never, {})).toEqual([{ n: 1 }]);
    });
  });

  it('is refused on arrival when a careless statement brings a row of another account', async () => {
    await core.within(eu, async (ctx) => {
      expect(await refusal(() => core.declared.careless.one(ctx.account(mine), { id: foreign }))).toBe('crossing');
      expect(await refusal(() => core.declared.careless.all(ctx.account(mine), { id: foreign }))).toBe('crossing');
      expect(await core.declared.careless.one(ctx.account(mine), { id: note })).toMatchObject({ accountId: mine });
    });
  });
});

describe('L11 at the door alone', () => {
  let stub: StubDoor;
  beforeAll(async () => {
    stub = await stubDoor(eu);
  });

  it('refuses a row of another account after it was read, and puts the account into every statement', async () => {
    const [notes, accounts] = [stub.door.table(Note), stub.door.table(Account)];
    const [right, wrong] = [stub.ids.mint('acct', eu), stub.ids.mint('acct', eu)];
    const id = stub.ids.mint('note', eu);
    const raw = (account: AccountId) => {
      const [accountUuid, noteUuid] = [stub.ids.encode(account, 'acct', eu), stub.ids.encode(id, 'note', eu)];
      return {
        account_id: accountUuid,
        id: noteUuid,
        text: 'x',
        thing_id: null,
        version: 1,
        t_account_id: accountUuid,
        t_id: noteUuid,
        t_text: 'x',
        t_version: 1,
      };
    };
    const verbs: [string, (ctx: RegionContext) => Promise<unknown>][] = [
      ['find', (ctx) => notes.find(ctx.account(right), id)],
      ['get', (ctx) => notes.get(ctx.account(right), id)],
      ['list', (ctx) => notes.list(ctx.account(right), {})],
      ['insert', (ctx) => notes.insert(ctx.account(right), { id, text: 'x' })],
      ['update', (ctx) => notes.update(ctx.account(right), id, 1, { text: 'x' })],
      ['erase', (ctx) => notes.erase(ctx.account(right), id)],
    ];
    for (const [verb, use] of verbs) {
      stub.answer(raw(wrong));
      const result = await stub.within(eu, (ctx) => refusal(() => use(ctx)));
      if (verb !== 'erase') expect([verb, result]).toEqual([verb, 'crossing']);
      expect(stub.sent).toHaveLength(1);
      expect(stub.sent[0]!.values).toContain(stub.ids.encode(right, 'acct', eu));
      expect(stub.sent[0]!.text).toMatch(/account_id/);
      stub.answer(raw(right));
      expect([verb, await stub.within(eu, (ctx) => refusal(() => use(ctx)))]).toEqual([
        verb,
        expect.stringMatching(/^not refused/),
      ]);
    }
    const other = stub.ids.encode(wrong, 'acct', eu);
    stub.answer({ id: other, t_id: other });
    expect(await stub.within(eu, (ctx) => refusal(() => accounts.list(ctx.account(right), {})))).toBe('crossing');
  });
});
