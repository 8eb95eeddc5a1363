import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountId, type Id, type RegionContext, ResidencyError } from '@domicile/residency';
import fc from 'fast-check';
import { Equal, In, IsNull, Like, Not, Raw } from 'typeorm';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, us } from '../support/databases.js';

let core: Core<undefined>;
const things: Record<string, Id<'thing'>> = {};

beforeAll(async () => {
  core = await createCore();
  for (const region of [eu, us]) {
    const thing = await core.within(region, (ctx) =>
      core.things.insert(ctx, { id: core.ids.mint('thing', region), label: 'canary' }),
    );
    things[region.code] = thing.id;
  }
});
afterAll(() => core?.close());

describe('escapes 14, 15 and 19 to 25: conditions at the door', () => {
  it.each([undefined, null])('are refused in every verb when the value is %s', async (none) => {
    const no = none as never;
    await core.within(eu, async (ctx) => {
      for (const key of ['id', 'label', 'noteId', 'version'])
        expect(await refusal(() => core.things.list(ctx, { [key]: no }))).toBe('statement_refused');
      for (const verb of [
        () => core.things.find(ctx, no),
        () => core.things.get(ctx, no),
        () => core.things.erase(ctx, no),
        () => core.things.update(ctx, no, 1, { label: 'x' }),
        () => core.things.update(ctx, things['eu']!, no, { label: 'x' }),
      ])
        expect(await refusal(verb)).toBe('statement_refused');
    });
  });

  const OPERATORS: [string, unknown][] = [
    ['Raw()', Raw('version()')],
    ['Raw() of a function', Raw(() => 'version()')],
    ['Not()', Not(IsNull())],
    ['In()', In(['canary'])],
    ['Like()', Like('%')],
    ['Equal()', Equal('canary')],
    ['a function', () => 'version()'],
    ['an object', { toString: () => 'canary' }],
    ['an array', ['canary']],
    ["an object of the driver's", { toPostgres: () => "' or true --" }],
    ['a symbol', Symbol.iterator],
  ];
  it.each(OPERATORS)('are values and nothing more when the value is %s', async (_, given) => {
    const label = given as never;
    const none = /^(statement_refused|crossing|database_fault|stale)$|^not refused, but gave (\[\]|null|false)$/;
    await core.within(eu, async (ctx) => {
      for (const key of ['id', 'label', 'noteId', 'version'])
        expect(await refusal(() => core.things.list(ctx, { [key]: label }))).toMatch(none);
      for (const verb of [
        () => core.things.find(ctx, label),
        () => core.things.erase(ctx, label),
        () => core.things.update(ctx, label, 1, { label: 'x' }),
        () => core.things.update(ctx, things['eu']!, label, { label: 'x' }),
      ])
        expect(await refusal(verb)).toMatch(none);
      // Written, it is refused or stored as it stands: the server never computes it.
      const written = await refusal(() => core.things.insert(ctx, { id: core.ids.mint('thing', eu), label }));
      expect(written).not.toContain('PostgreSQL 1');
      if (typeof given === 'function') expect(written).toBe('statement_refused');
      const own = await core.things.insert(ctx, { id: core.ids.mint('thing', eu) });
      expect(await refusal(() => core.things.update(ctx, own.id, 1, { label }))).not.toContain('PostgreSQL 1');
    });
  });

  const keys = [
    'where',
    'wehre',
    'lable',
    'Label',
    'note_id',
    'take',
    'order',
    'relations',
    'comment',
    '1=1',
    't.label',
    'label = label or label',
    '',
    'constructor',
    '__proto__',
    'toString',
  ];
  it.each(keys)('are refused in every verb when the key is "%s"', async (key) => {
    const given = Object.fromEntries([[key, 'canary']]) as never;
    await core.within(eu, async (ctx) => {
      expect(await refusal(() => core.things.list(ctx, given))).toBe('statement_refused');
      expect(await refusal(() => core.things.update(ctx, things['eu']!, 1, given))).toBe('statement_refused');
      expect(
        await refusal(() => core.things.insert(ctx, { id: core.ids.mint('thing', eu), ...(given as object) })),
      ).toBe('statement_refused');
    });
  });

  it.each([0, -1, 101, 1.5, NaN, Infinity, '5', null, {}])('are refused with a limit of %p', async (limit) => {
    expect(await core.within(eu, (ctx) => refusal(() => core.things.list(ctx, {}, limit as never)))).toBe(
      'statement_refused',
    );
  });

  it.each([undefined, null, 5, 'text', true, ['text'], () => 1])(
    'are refused in every verb when %p stands for all of them',
    async (none) => {
      const given = none as never;
      await core.within(eu, async (ctx) => {
        expect(await refusal(() => core.things.list(ctx, given))).toBe('statement_refused');
        expect(await refusal(() => core.things.insert(ctx, given))).toBe('statement_refused');
        expect(await refusal(() => core.things.update(ctx, things['eu']!, 1, given))).toBe('statement_refused');
      });
    },
  );

  it('never give a row of another account or region, whatever 10,000 random objects ask for', async () => {
    const [mine, theirs, abroad] = [await core.account(eu), await core.account(eu), await core.account(us)] as [
      AccountId,
      AccountId,
      AccountId,
    ];
    for (const [account, region] of [
      [mine, eu],
      [theirs, eu],
      [abroad, us],
    ] as const)
      await core.within(region, async (ctx) => {
        for (const text of ['', 'a', 'b'])
          await core.notes.insert(ctx.account(account), { id: core.ids.mint('note', region), text });
      });
    const key = fc.constantFrom(
      'id',
      'accountId',
      'text',
      'thingId',
      'version',
      'text',
      'version',
      'txet',
      'where',
      'account_id',
      '1=1',
    );
    const anything = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        '',
        'a',
        'b',
        "' or true --",
        0,
        1,
        NaN,
        mine,
        theirs,
        abroad,
        things['eu'],
        things['us'],
        [],
        {},
        true,
        () => '1',
        Raw('true'),
        Not(IsNull()),
        new Date(0),
        Buffer.from('a'),
      ),
      fc.anything({ maxDepth: 1 }),
    );
    const objects = fc.sample(fc.dictionary(key, anything, { maxKeys: 3 }), { numRuns: 10_000, seed: 7 });
    const tally = { rows: 0, refused: 0, foreign: 0, other: [] as unknown[] };
    const ask = async (ctx: RegionContext, equal: unknown): Promise<void> => {
      try {
        for (const row of await core.notes.list(ctx.account(mine), equal as never)) {
          if (row.accountId === mine && row.id.startsWith('note_eu_')) tally.rows++;
          else tally.foreign++;
        }
      } catch (error) {
        if (error instanceof ResidencyError) tally.refused++;
        else tally.other.push(error);
      }
    };
    for (let at = 0; at < objects.length; at += 500)
      await core.within(eu, (ctx) => Promise.all(objects.slice(at, at + 500).map((equal) => ask(ctx, equal))));
    expect(tally).toEqual({ rows: expect.any(Number), refused: expect.any(Number), foreign: 0, other: [] });
    expect([tally.rows > 500, tally.refused > 5_000]).toEqual([true, true]);
  });
});
