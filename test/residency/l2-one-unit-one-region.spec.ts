import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountId, Contexts, type Id, IdCodec, type Region, type RegionContext } from '@domicile/residency';
import pg from 'pg';
import { usable } from '../../libs/residency/src/context.js';
import { permits } from '../../libs/residency/src/permit.js';
import { type Core, createCore, refusal } from '../support/core.js';
import { eu, regions, us } from '../support/databases.js';
import { barePool, seeded, yielding } from '../support/guard.js';

const nobody = { kind: 'nobody' } as const;
let core: Core<undefined>;
let home: Id<'thing'>;

beforeAll(async () => {
  core = await createCore({ poolSize: 1 });
  home = (await core.within(eu, (ctx) => core.things.insert(ctx, { id: core.ids.mint('thing', eu), label: 'home' })))
    .id;
});
afterAll(() => core?.close());

const find = (ctx: RegionContext): Promise<unknown> => core.things.find(ctx, home);
const label = (ctx: RegionContext): Promise<string | null> => core.things.get(ctx, home).then((thing) => thing.label);

describe('L2 a unit of work', () => {
  it.each([eu, us])('refuses another one inside itself: $code', async (inner) => {
    await core.within(eu, async (ctx) => {
      expect(await refusal(() => core.within(inner, find))).toBe('context_nested');
      expect(await refusal(() => core.contexts.open({ region: inner, actor: nobody }))).toBe('context_nested');
      await sleep(1);
      expect(await refusal(() => core.within(inner, find))).toBe('context_nested');
      expect(await label(ctx)).toBe('home');
    });
  });

  it('may follow another one, of the other region too, once that has ended', async () => {
    expect(await core.within(us, (ctx) => find(ctx).catch((e: { code: string }) => e.code))).toBe('residency.crossing');
    expect(await core.within(eu, label)).toBe('home');
    const unit = core.contexts.open({ region: eu, actor: nobody });
    await unit.enter(async () => {
      unit.close();
      expect(core.contexts.open({ region: us, actor: nobody }).context.region).toBe(us);
    });
  });

  it('is refused in a region that looks like a served one', async () => {
    const imposter = { ...eu, number: us.number } as Region;
    for (const region of [imposter, { ...us }, undefined as never])
      expect(await refusal(() => core.within(region, find))).toMatch(/crossing|not ours: TypeError/);
  });
});

describe('L2 a context', () => {
  it('is refused after its unit ended, in whatever outlives it', async () => {
    let late: Promise<string> | undefined;
    const kept = await core.within(eu, async (ctx) => {
      late = sleep(20).then(() => refusal(() => find(ctx)));
      return { ctx };
    });
    expect(await late).toBe('context_closed');
    expect(await refusal(() => find(kept.ctx))).toBe('context_missing');
    expect(await refusal(() => core.door.transaction(kept.ctx, find))).toBe('context_missing');
    expect(await refusal(() => core.door.ping(kept.ctx))).toBe('context_missing');
  });

  it('is refused past its deadline, and where the deadline passes while it waits', async () => {
    const short = { region: eu, actor: nobody, deadlineMilliseconds: 150 };
    expect(await core.contexts.run(short, (ctx) => sleep(160).then(() => refusal(() => find(ctx))))).toBe(
      'unavailable',
    );
    const blocker = new pg.Client({ connectionString: core.databases['eu']!.ownerUrl });
    await blocker.connect();
    try {
      await blocker.query('begin; lock table thing');
      expect(await core.contexts.run(short, (ctx) => refusal(() => find(ctx)))).toBe('unavailable');
      // The pool holds one connection: it was given up, not handed on with its statement still in flight.
      expect(
        await core.contexts.run({ region: eu, actor: nobody, deadlineMilliseconds: 1_500 }, (ctx) =>
          core.ways.list(ctx, {}),
        ),
      ).toEqual([]);
      await blocker.query('commit');
      expect(await core.within(eu, label)).toBe('home');
    } finally {
      await blocker.end();
    }
  });

  it('is refused outside of any unit, and in the scope of another unit, open as it may be', async () => {
    const unit = core.contexts.open({ region: eu, actor: nobody });
    expect(await refusal(() => find(unit.context))).toBe('context_missing');
    for (const region of [eu, us])
      expect(await core.within(region, () => refusal(() => find(unit.context)))).toBe('context_missing');
    expect(await unit.enter(() => label(unit.context))).toBe('home');
    unit.close();
    expect(await refusal(() => unit.enter(() => find(unit.context)))).toBe('context_closed');
  });

  it("is refused in an event of another unit's, though its listener was put there by its own", async () => {
    const bus = new EventEmitter();
    const unit = core.contexts.open({ region: eu, actor: nobody });
    const heard = new Promise<string>((resolve) =>
      unit.enter(() => bus.on('any', () => resolve(refusal(() => find(unit.context))))),
    );
    await core.within(us, async () => bus.emit('any'));
    expect(await heard).toBe('context_missing');
    unit.close();
  });

  it('cannot be forged', async () => {
    await core.within(eu, async (ctx) => {
      const make = ctx.constructor as unknown as new (...args: unknown[]) => RegionContext;
      const forgeries: Record<string, () => unknown> = {
        inherited: () => Object.create(ctx),
        'of its class': () => Object.create(Object.getPrototypeOf(ctx) as object, { region: { value: eu } }),
        spread: () => ({ ...ctx, region: eu }),
        cloned: () => structuredClone({ region: ctx.region }),
        wrapped: () => new Proxy(ctx, {}),
        nothing: () => undefined,
        text: () => 'eu',
        constructed: () => new make(Symbol('mint'), { region: us, open: true, deadline: Infinity }, null),
        'constructed by another symbol': () => new make(Object.getOwnPropertySymbols(make)[0], { region: us }, null),
      };
      for (const [how, forge] of Object.entries(forgeries))
        expect([how, await refusal(async () => find((await forge()) as RegionContext))]).toEqual([
          how,
          'context_missing',
        ]);
      expect(await label(ctx)).toBe('home');
    });
  });

  it('shows nothing of what it stands for, and cannot be altered', async () => {
    await core.within(eu, (ctx) =>
      core.door.transaction(ctx, async (tx) => {
        for (const one of [ctx, tx]) {
          expect(Object.getOwnPropertyNames(one.constructor).sort()).toEqual(['length', 'name', 'prototype']);
          expect(Reflect.defineProperty(one, 'region', { value: us })).toBe(false);
          expect(Object.isFrozen(one.account(core.ids.mint('acct', eu)))).toBe(true);
        }
      }),
    );
  });
});

describe('L2 a transaction', () => {
  it('shuts out the context it was opened with, is shut after its end, and takes no other inside', async () => {
    await core.within(eu, async (ctx) => {
      const kept = await core.door.transaction(ctx, async (tx) => {
        expect(await refusal(() => find(ctx))).toBe('context_closed');
        expect(await refusal(() => core.door.transaction(ctx, find))).toBe('context_closed');
        expect(await refusal(() => core.door.transaction(tx, find))).toBe('context_nested');
        expect(await label(tx)).toBe('home');
        return { tx };
      });
      expect(await refusal(() => find(kept.tx))).toBe('context_closed');
      expect(await core.door.transaction(ctx, () => refusal(() => find(kept.tx)))).toBe('context_closed');
      expect(await label(ctx)).toBe('home');
    });
  });

  const stored = (text: string): Promise<number> =>
    core.databases['eu']!.sql('owner', 'select id from thing where label = $1', [text]).then((rows) => rows.length);
  const add = (ctx: RegionContext, text: string) =>
    core.things.insert(ctx, { id: core.ids.mint('thing', eu), label: text });

  it('stores all or nothing', async () => {
    await core.within(eu, async (ctx) => {
      await core.door.transaction(ctx, (tx) => add(tx, 'whole'));
      await expect(
        core.door.transaction(ctx, (tx) => add(tx, 'half').then(() => Promise.reject(new Error('changed its mind')))),
      ).rejects.toThrow('changed its mind');
    });
    expect([await stored('whole'), await stored('half')]).toEqual([1, 0]);
  });

  it('is not reported as committed when one of its statements had failed and was swallowed', async () => {
    const outcome = await core.within(eu, (ctx) =>
      refusal(() =>
        core.door.transaction(ctx, (tx) =>
          add(tx, 'swallowed').then(() => core.things.insert(tx, { id: home }).catch(() => 'done')),
        ),
      ),
    );
    expect([outcome, await stored('swallowed')]).toEqual(['database_fault', 0]);
  });

  it('rolls back when its unit is closed in the middle, or runs past its deadline', async () => {
    let outcome: Promise<string> | undefined;
    await core.within(eu, async (ctx) => {
      outcome = refusal(() => core.door.transaction(ctx, (tx) => add(tx, 'orphan').then(() => sleep(50))));
      await sleep(25);
    });
    expect([await outcome, await stored('orphan')]).toEqual(['context_closed', 0]);
    const late = core.contexts.run({ region: eu, actor: nobody, deadlineMilliseconds: 100 }, (ctx) =>
      refusal(() => core.door.transaction(ctx, (tx) => add(tx, 'late').then(() => sleep(120)))),
    );
    expect([await late, await stored('late')]).toEqual(['unavailable', 0]);
    const open =
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and state ~ 'in transaction'";
    expect(await core.databases['eu']!.sql('superuser', open)).toEqual([{ n: 0 }]);
    expect(await core.within(eu, label)).toBe('home');
  });
});

describe('L2 under contention', () => {
  it('1,000 interleaved units of both regions on one connection each never see each other', async () => {
    const random = seeded(1);
    const accounts = { eu: await core.account(eu), us: await core.account(us) } as Record<string, AccountId>;
    let seen = 0;
    const one = (region: Region, text: string): Promise<void> =>
      core.within(region, async (ctx) => {
        await yielding(random);
        const mine = ctx.account(accounts[region.code]!);
        const write = (c: RegionContext) =>
          core.notes.insert(c.account(mine.accountId), { id: core.ids.mint('note', region), text });
        const { id } = random() < 0.2 ? await core.door.transaction(ctx, write) : await write(ctx);
        await yielding(random);
        const found = await core.notes.list(mine, { text });
        expect(found).toMatchObject([{ id, text, accountId: mine.accountId }]);
        expect(permits.getStore()).toBeUndefined();
        seen++;
      });
    const queue = Array.from({ length: 1_000 }, (_, i) => () => one(i % 2 ? eu : us, `n${i}`));
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let next = queue.pop(); next; next = queue.pop()) await next();
      }),
    );
    expect(seen).toBe(1_000);
    const counts = ['eu', 'us'].map((code) =>
      core.databases[code]!.sql('owner', "select count(*)::int as n from note where text ~ '^n'"),
    );
    expect(await Promise.all(counts)).toEqual([[{ n: 500 }], [{ n: 500 }]]);
  });

  it('10,000 interleaved units keep their own context through every kind of wait', async () => {
    const random = seeded(2);
    const contexts = new Contexts(new IdCodec(regions), regions, [eu, us], 60_000);
    const seen = { own: 0, refused: 0, mixed: 0 };
    let previous: RegionContext | undefined;
    const one = (region: Region): Promise<void> =>
      contexts.run({ region, actor: nobody }, async (ctx) => {
        for (let step = 0; step < 3; step++) {
          await yielding(random);
          if (usable(ctx).unit.region === region) seen.own++;
          const stranger = previous;
          previous = ctx;
          if (step !== 1 || !stranger || stranger === ctx) continue;
          if ((await refusal(() => usable(stranger))) === 'context_missing') seen.refused++;
          else seen.mixed++;
        }
      });
    await Promise.all(Array.from({ length: 10_000 }, () => one(random() < 0.5 ? eu : us)));
    expect(seen).toEqual({ own: 30_000, refused: expect.any(Number), mixed: 0 });
    expect(seen.refused).toBeGreaterThan(5_000);
  });

  it('a waiting check-out is called back in its own context, not in that of whoever released the connection', async () => {
    const { pool, permit, client } = barePool(core.databases['eu']!);
    const who = new AsyncLocalStorage<number>();
    const first = await client(permit());
    const waiting = [1, 2, 3, 4].map((i) => {
      const mine = permit();
      return new Promise<boolean>((resolve, reject) =>
        who.run(i, () =>
          permits.run(mine, () =>
            pool.connect((error, _client, release) => {
              if (error) return reject(error);
              resolve(who.getStore() === i && permits.getStore() === mine);
              setImmediate(() => who.run(-1, () => permits.exit(release)));
            }),
          ),
        ),
      );
    });
    who.run(0, () => first.release());
    expect(await Promise.all(waiting)).toEqual([true, true, true, true]);
    await pool.end();
  });
});
