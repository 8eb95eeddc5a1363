import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import type { Region, RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { eu, us } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { LIMITS, RequestProcess, requestWorld, type RequestWorld } from '../support/requests.js';

const HOUR = 60 * 60 * 1000;
/** A quarter past the first hour of a day, so that windows end where a test says. */
const START = new Date('2030-01-01T00:15:00.000Z');

let world: RequestWorld;
let one: RequestProcess;
let other: RequestProcess;

beforeAll(async () => {
  world = await requestWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const region of [eu, us]) await sql(region, 'truncate rate_count, failure_streak');
  world.clock.at = START;
  await Promise.all([one?.door.close(), other?.door.close()]);
  [one, other] = await Promise.all([RequestProcess.open(world), RequestProcess.open(world)]);
});
afterAll(() => Promise.all([one.door.close(), other.door.close()]));

const sql = (region: Region, text: string): Promise<Record<string, unknown>[]> =>
  world.databases.find((database) => database.region === region)!.sql('superuser', text);

interface Asked {
  readonly network?: string;
  readonly address?: string;
  readonly from?: RequestProcess;
  readonly region?: Region;
}
let serial = 0;

/** One signup: 'in', or the seconds to wait. */
async function signup({
  network = `10.0.0.${serial++}`,
  address = `a${serial++}@b`,
  from = one,
  region = eu,
}: Asked = {}) {
  try {
    await from.within(region, (ctx) => from.limits.signup(ctx, network, address));
    return 'in';
  } catch (error) {
    const { code, headers } = error as { code: string; headers: Record<string, string> };
    expect(code).toBe('request.rate_limited');
    return Number(headers['retry-after']);
  }
}
const times = async (count: number, asked: Asked): Promise<(string | number)[]> => {
  const answers: (string | number)[] = [];
  for (let i = 0; i < count; i++) answers.push(await signup(asked));
  return answers;
};
const IN = (count: number): string[] => new Array<string>(count).fill('in');
const until = (minutes: number): number => minutes * 60;

describe('signups for one address', () => {
  it('are three an hour and five a day, whatever network and process they come from', async () => {
    const address = 'ada@example.org';
    expect(await times(4, { address })).toEqual([...IN(3), until(45)]);
    expect(await signup({ address, from: other })).toBe(until(45));
    world.clock.forward(45 * 60 * 1000);
    // The refused ones count for the day as well: asking on only makes it longer.
    expect(await times(1, { address })).toEqual([until(23 * 60)]);
  });

  it('are counted alone: another address and another region have their own', async () => {
    const address = 'ada@example.org';
    await times(4, { address });
    expect(await signup({ address: 'bob@example.org' })).toBe('in');
    expect(await signup({ address, region: us })).toBe('in');
  });

  it('begin again with the next hour', async () => {
    const address = 'ada@example.org';
    expect(await times(3, { address })).toEqual(IN(3));
    world.clock.forward(45 * 60 * 1000);
    expect(await times(2, { address })).toEqual(IN(2));
    expect(await times(1, { address })).toEqual([until(23 * 60)]);
    world.clock.forward(23 * HOUR);
    expect(await signup({ address })).toBe('in');
  });
});

describe('signups from one network', () => {
  it('are ten an hour, in all processes together', async () => {
    const network = '192.0.2.7';
    expect(await times(5, { network })).toEqual(IN(5));
    expect(await times(6, { network, from: other })).toEqual([...IN(5), until(45)]);
    expect(await signup({ network })).toBe(until(45));
    expect(await signup({ network: '192.0.2.8' })).toBe('in');
    world.clock.forward(45 * 60 * 1000);
    expect(await signup({ network })).toBe('in');
    expect(await signup({ network, from: other })).toBe('in');
  });

  it('use up nothing of anybody else once they are over', async () => {
    const [network, address] = ['192.0.2.7', 'ada@example.org'];
    await times(11, { network });
    await Promise.all([one, other].map((from) => times(20, { network, address, from })));
    expect(await times(4, { address })).toEqual([...IN(3), until(45)]);
  });

  it('cost no statement once they are over', async () => {
    const network = '192.0.2.7';
    await times(11, { network });
    const counts = (): Promise<unknown> => sql(eu, 'select id, count from rate_count order by id');
    const before = await counts();
    await times(50, { network });
    expect(await counts()).toEqual(before);
  });

  it('are counted apart from confirmations', async () => {
    const network = '192.0.2.7';
    await times(11, { network });
    const confirm = (): Promise<void> => one.within(eu, (ctx) => one.limits.confirmation(ctx, network));
    for (let i = 0; i < LIMITS.confirmationsPerNetworkHour; i++) await confirm();
    await expect(confirm()).rejects.toMatchObject({ code: 'request.rate_limited', headers: { 'retry-after': '2700' } });
  });
});

describe('in all processes together there are so many', () => {
  type Count = (limits: RequestProcess['limits'], ctx: RegionContext, i: number) => Promise<void>;
  const TABLE: readonly (readonly [what: string, max: number, minutes: number, count: Count])[] = [
    [
      'confirmations from one network',
      LIMITS.confirmationsPerNetworkHour,
      45,
      (limits, ctx) => limits.confirmation(ctx, '192.0.2.7'),
    ],
    [
      'mails of one signup',
      LIMITS.signupMailsPerSignupHour,
      45,
      (limits, ctx, i) => limits.signupMail(ctx, `10.9.0.${i}`, 'sgn_x'),
    ],
    [
      'recoveries for one address',
      LIMITS.recoveriesPerAddressTenMinutes,
      5,
      (limits, ctx, i) => limits.recovery(ctx, `10.9.0.${i}`, 'ada@b'),
    ],
    [
      'changes to one address',
      LIMITS.addressChangesPerAddressHour,
      45,
      (limits, ctx, i) => limits.addressChange(ctx, `10.9.0.${i}`, `pers_${i}`, 'ada@b'),
    ],
    [
      'changes by one person',
      LIMITS.addressChangesPerPersonHour,
      45,
      (limits, ctx, i) => limits.addressChange(ctx, `10.9.0.${i}`, 'pers_x', `a${i}@b`),
    ],
    [
      'beginnings with OpenID Connect from one network',
      LIMITS.authorizationsPerNetworkHour,
      45,
      (limits, ctx) => limits.authorization(ctx, '192.0.2.7'),
    ],
  ];

  it.each(TABLE)('%s, of thirty at once too: %i', async (_what, max, minutes, count) => {
    const tried = (i: number, region = eu): Promise<string | number> => {
      const from = i % 2 ? one : other;
      return from
        .within(region, (ctx) => count(from.limits, ctx, i))
        .then(
          () => 'in',
          ({ code, headers }: { code: string; headers: Record<string, string> }) => {
            expect(code).toBe('request.rate_limited');
            return Number(headers['retry-after']);
          },
        );
    };
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => tried(i)));
    expect(answers.toSorted()).toEqual([...new Array<number>(30 - max).fill(until(minutes)), ...IN(max)].toSorted());
    expect([await tried(30), await tried(31), await tried(32, us)]).toEqual([until(minutes), until(minutes), 'in']);
  });
});

it('bounds a whole region, wherever they come from', async () => {
  const small = await RequestProcess.open(world, { ...LIMITS, signupsPerRegionHour: 5 });
  expect(await times(6, { from: small })).toEqual([...IN(5), until(45)]);
  expect(await signup({ from: small, region: us })).toBe('in');
  await small.door.close();
});

it('lets in as many as it says when they all come at once, and deadlocks nobody', async () => {
  const network = '192.0.2.7';
  const addresses = ['a@b', 'c@d', 'e@f', 'g@h'];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      signup({ network: i < 50 ? network : `10.1.0.${i % 10}`, address: addresses[i % 4]!, from: i % 2 ? one : other }),
    ),
  );
  // Four addresses, three each: no more, and as the counters are shared no fewer.
  expect(answers.filter((answer) => answer === 'in').length).toBe(12);
  expect(
    answers
      .filter((answer) => answer !== 'in')
      .every((answer) => answer === until(45) || answer === until(23 * 60 + 45)),
  ).toBe(true);
});

it('tells everybody who comes at once what each would have been told, had they come one after another', async () => {
  const few = fc.nat({ max: 2 });
  // So many that networks are over as well as addresses.
  const many = { minLength: 20, maxLength: 60 };
  const wide = await RequestProcess.open(world, { ...LIMITS, signupsPerRegionHour: 999_999 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ network: few, address: few }), many), async (asked) => {
      const run = serial++;
      const [networks, addresses] = [
        [0, 0, 0],
        [0, 0, 0],
      ];
      const expected = asked.map(({ network, address }) => {
        if (++networks[network]! > LIMITS.signupsPerNetworkHour) return until(45);
        const count = ++addresses[address]!;
        if (count > LIMITS.signupsPerAddressDay) return until(23 * 60 + 45);
        return count > LIMITS.signupsPerAddressHour ? until(45) : 'in';
      });
      const answers = asked.map(({ network, address }) =>
        signup({ network: `10.${run}.0.${network}`, address: `${run}-${address}@b`, from: wide }),
      );
      expect(await Promise.all(answers)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
  await wide.door.close();
});

it('refuses who comes with a moment left by herself, and takes nobody along', async () => {
  const change = (own: string, deadlineMilliseconds: number): Promise<void> =>
    one.contexts.run({ region: eu, actor: { kind: 'nobody' }, deadlineMilliseconds }, (ctx) =>
      one.limits.addressChange(ctx, `10.9.0.${own}`, own, `${own}@b`),
    );
  await change('1', 10_000);
  const holder = new pg.Client({ connectionString: world.databases.find(({ region }) => region === eu)!.superuserUrl });
  await holder.connect();
  try {
    // What the first one counted in is held: whoever is counted together with her waits as well.
    await holder.query('begin; select from rate_count for update');
    const others = [change('2', 10_000), change('1', 200), change('3', 10_000)] as const;
    await expect(others[1]).rejects.toMatchObject({ code: 'residency.unavailable' });
    // Well after her deadline the others still wait for the row, as one whose time ends later shows.
    await expect(change('4', 200)).rejects.toMatchObject({ code: 'residency.unavailable' });
    await holder.query('rollback');
    await Promise.all([others[0], others[2]]);
  } finally {
    await holder.end();
  }
});

it('lets nobody through when it cannot count', async () => {
  await sql(eu, 'alter table rate_count rename to elsewhere');
  const asked = (): Promise<void> => one.within(eu, (ctx) => one.limits.signup(ctx, '192.0.2.7', 'a@b'));
  for (const refused of await Promise.allSettled(Array.from({ length: 20 }, asked)))
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: expect.stringMatching(/^residency\./) } });
  await sql(eu, 'alter table elsewhere rename to rate_count');
  await asked();
});

describe('tries to sign in', () => {
  const MAX = 5;
  const TIGHT = {
    ...LIMITS,
    signInsPerNetworkHour: 15,
    signInsPerAddressAndNetworkHour: 6,
    signInsPerAddressHour: 9,
    signInFailuresInARow: MAX,
  };
  const WIDE = { ...LIMITS, signInFailuresInARow: MAX };
  const opened: RequestProcess[] = [];
  const process = async (limits = WIDE): Promise<RequestProcess> => {
    const made = await RequestProcess.open(world, limits);
    opened.push(made);
    return made;
  };
  afterEach(() => Promise.all(opened.splice(0).map(({ door }) => door.close())));

  interface Try {
    readonly address: string;
    readonly network?: string;
    readonly device?: string | null;
    readonly deadlineMilliseconds?: number;
  }
  /** One try, counted as the gate before every sign-in counts it: what it is told. */
  async function attempt(from: RequestProcess, { address, network, device = null, deadlineMilliseconds }: Try) {
    const tried =
      device === null ? { kind: 'address' as const, subject: address } : { kind: 'device' as const, subject: device };
    const unit = {
      region: eu,
      actor: { kind: 'nobody' },
      ...(deadlineMilliseconds && { deadlineMilliseconds }),
    } as const;
    try {
      return await from.contexts.run(unit, async (ctx) => {
        const on = { device, streak: from.streaks.idOf(ctx, tried) };
        const at = network ?? `10.0.0.${serial++}`;
        const mayFail = (await from.limits.signIn(ctx, at, address, on)) ?? (await from.streaks.count(ctx, tried));
        return mayFail ? 'in' : 'over';
      });
    } catch (error) {
      return (error as { code: string }).code;
    }
  }
  const tries = (from: readonly RequestProcess[], count: number, made: (i: number) => Try): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => attempt(from[i % from.length]!, made(i))));
  /** Of each streak how long it is, shortest first. */
  const lengths = async (): Promise<unknown[]> =>
    (await sql(eu, 'select count from failure_streak order by count')).map(({ count }) => count);
  const sorted = (answers: readonly string[]): string[] => answers.toSorted();

  it('that come at once are told what each would have been told, and counted as failed only within every limit', async () => {
    const few = fc.nat({ max: 2 });
    const from = await process(TIGHT);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ network: few, address: few, onDevice: fc.boolean() }), { minLength: 10, maxLength: 60 }),
        async (asked) => {
          const run = serial++;
          await sql(eu, 'truncate failure_streak');
          const counts = new Map<string, number>();
          const count = (what: string): number => {
            counts.set(what, (counts.get(what) ?? 0) + 1);
            return counts.get(what)!;
          };
          const expected = asked.map(({ network, address, onDevice }) => {
            if (count(`network ${network}`) > TIGHT.signInsPerNetworkHour) return 'request.rate_limited';
            const own = onDevice ? `device ${address}` : `address ${address}`;
            const here = count(onDevice ? own : `${own} ${network}`) > TIGHT.signInsPerAddressAndNetworkHour;
            const everywhere = !onDevice && count(own) > TIGHT.signInsPerAddressHour;
            if (here || everywhere) return 'request.rate_limited';
            return count(`streak ${own}`) > MAX ? 'over' : 'in';
          });
          const answers = await Promise.all(
            asked.map(({ network, address, onDevice }) =>
              attempt(from, {
                network: `10.${run}.0.${network}`,
                address: `${run}-${address}@b`,
                device: onDevice ? `${run}-${address}` : null,
              }),
            ),
          );
          const isLimited = (answer: string): boolean => answer === 'request.rate_limited';
          expect(answers.map(isLimited)).toEqual(expected.map(isLimited));
          // Of tries of one streak that come in the same moment it is one after another who goes on, in some order.
          for (const streak of new Set(asked.map(({ address, onDevice }) => `${address} ${onDevice}`))) {
            const own = (_: string, i: number): boolean => `${asked[i]!.address} ${asked[i]!.onDevice}` === streak;
            expect(sorted(answers.filter(own))).toEqual(sorted(expected.filter(own)));
          }
          const streaks = [...counts]
            .filter(([what]) => what.startsWith('streak '))
            .map(([, length]) => Math.min(length, MAX + 1));
          expect(await lengths()).toEqual(streaks.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cost one statement, however many addresses come at once', async () => {
    const from = await process();
    expect(await tries([from], 100, (i) => ({ address: `s${i}@b` }))).toEqual(IN(100));
    // The first came alone, the others together: as rows of one transaction show.
    expect(await sql(eu, 'select count(*)::int from failure_streak group by xmin::text order by 1')).toEqual([
      { count: 1 },
      { count: 99 },
    ]);
  });

  it('of one address are one after another, however many come at once and wherever', async () => {
    const both = [await process(), await process()];
    const answers = await tries(both, 200, () => ({ address: 'ada@example.org' }));
    expect(answers.filter((answer) => answer === 'in').length).toBe(MAX);
    expect(answers.filter((answer) => answer === 'over').length).toBe(200 - MAX);
    expect(await lengths()).toEqual([MAX + 1]);
  });

  it('from a network or for an address that is over do not make a streak longer', async () => {
    const from = await process({ ...TIGHT, signInFailuresInARow: 50 });
    const here = { address: 'ada@example.org', network: '192.0.2.7' };
    const everywhere = { address: 'bob@example.org' };
    const letIn = async (made: Try): Promise<number> =>
      (await tries([from], 40, () => made)).filter((answer) => answer === 'in').length;
    expect(await letIn(here)).toBe(TIGHT.signInsPerAddressAndNetworkHour);
    expect(await letIn(everywhere)).toBe(TIGHT.signInsPerAddressHour);
    // Alone as well, and whether or not the network itself is over.
    for (const made of [here, { ...here, network: '192.0.2.8' }, everywhere])
      expect(await attempt(from, made)).toBe('request.rate_limited');
    expect(await lengths()).toEqual([TIGHT.signInsPerAddressAndNetworkHour, TIGHT.signInsPerAddressHour]);
  });

  it('begin a streak anew when the last one was over, of many at once too', async () => {
    const both = [await process(), await process()];
    const address = 'ada@example.org';
    await tries(both, MAX + 3, () => ({ address }));
    const month = 30 * 24 * HOUR;
    world.clock.forward(month - 1);
    expect(await attempt(both[0]!, { address })).toBe('over');
    // Asking on has made it longer: it is over a month after the last try.
    world.clock.forward(month);
    const answers = await tries(both, 40, (i) => ({ address: i % 2 ? address : `s${i}@b` }));
    expect(answers.filter((answer, i) => i % 2 && answer === 'in').length).toBe(MAX);
    expect(answers.filter((_, i) => i % 2 === 0)).toEqual(IN(20));
  });

  it('are each held to their own deadline when a streak cannot be counted', async () => {
    const from = await process();
    await attempt(from, { address: 'held@b' });
    const holder = new pg.Client({
      connectionString: world.databases.find(({ region }) => region === eu)!.superuserUrl,
    });
    await holder.connect();
    try {
      await holder.query('begin; select from failure_streak for update');
      const ahead = attempt(from, { address: 'held@b', deadlineMilliseconds: 10_000 });
      const short = attempt(from, { address: 's@b', deadlineMilliseconds: 300 });
      const long = attempt(from, { address: 't@b', deadlineMilliseconds: 10_000 });
      expect(await short).toBe('residency.unavailable');
      await holder.query('rollback');
      expect(await Promise.all([ahead, long])).toEqual(IN(2));
    } finally {
      await holder.end();
    }
  });

  it('are let through by nobody who cannot count them', async () => {
    const from = await process();
    await sql(eu, 'alter table failure_streak rename to elsewhere');
    try {
      for (const answer of await tries([from], 20, (i) => ({ address: `s${i % 3}@b` })))
        expect(answer).toMatch(/^residency\./);
      // Nothing is there by halves: their windows are not counted either.
      expect(await sql(eu, 'select from rate_count')).toEqual([]);
    } finally {
      await sql(eu, 'alter table elsewhere rename to failure_streak');
    }
    expect(await attempt(from, { address: 's@b' })).toBe('in');
  });

  it('and the ends of streaks take them in one order, so that neither waits for the other', async () => {
    const from = await process();
    const region = world.databases.find((database) => database.region === eu)!;
    const streaks = await from.within(eu, (ctx) =>
      Promise.resolve(
        ['a', 'b', 'c'].map((address) => {
          const id = from.streaks.idOf(ctx, { kind: 'address', subject: address });
          return { address, id: from.ids.encode(id, ID_PREFIXES.failureStreak, eu) };
        }),
      ),
    );
    const [first, between, last] = streaks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(await tries([from], 3, (i) => streaks[i]!)).toEqual(IN(3));
    const waiting = (count: number): Promise<unknown> =>
      eventually(`${count} who wait for a row`, async () => {
        const rows = await region.sql(
          'superuser',
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length === count;
      });
    const holder = new pg.Client({ connectionString: region.superuserUrl });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from failure_streak where id = $1 for update', [between!.id]);
      // The one that comes first is counted alone, and the three after it together.
      const counted = tries([from], 4, (i) => ({ address: ['z', 'c', 'b', 'a'][i]! }));
      await waiting(1);
      const ended = from.within(eu, (ctx) =>
        from.streaks.forget(
          ctx,
          { kind: 'address', subject: last!.address },
          { kind: 'address', subject: first!.address },
        ),
      );
      await waiting(2);
      await holder.query('rollback');
      expect(await counted).toEqual(IN(4));
      await ended;
    } finally {
      await holder.end();
    }
  });

  it('and ends of streaks do not refuse each other, by the hundred', async () => {
    const wide = { ...LIMITS, signInFailuresInARow: 999_999 };
    const both = [await process(wide), await process(wide)];
    const address = (i: number): string => `s${i % 60}@b`;
    const end = (from: RequestProcess, ...ended: readonly string[]): Promise<string> =>
      from
        .within(eu, (ctx) =>
          from.streaks.forget(ctx, ...ended.map((subject) => ({ kind: 'address' as const, subject }))),
        )
        .then(
          () => 'in',
          (error: unknown) => (error as { code: string }).code,
        );
    const answers = new Set<string>();
    const again = async (count: number, work: (i: number) => Promise<readonly string[]>): Promise<void> => {
      for (let i = 0; i < count; i++) for (const answer of await work(i)) answers.add(answer);
    };
    // Far more at once than a sign-in ends, so that both are long at it.
    const some = (i: number): string[] => Array.from({ length: 40 }, (_, k) => address(i + k));
    await Promise.all([
      again(10, () => tries(both, 120, (i) => ({ address: address(i >> 1) }))),
      ...both.map((from) => again(100, async (i) => [await end(from, ...some(i))])),
    ]);
    expect([...answers]).toEqual(['in']);
  });
});

describe('what is stored', () => {
  it('holds neither address nor network, is not the same on two days or in two regions, and ends within a day', async () => {
    const asked = { network: '192.0.2.77', address: 'c4n4ry@example.org' };
    await signup(asked);
    await signup({ ...asked, region: us });
    const rows = async (region: Region): Promise<string[]> =>
      (await sql(region, 'select right(id::text, 12) as id from rate_count')).map(({ id }) => String(id));
    const [here, there] = [await rows(eu), await rows(us)];
    expect([here.length, there.length]).toEqual([4, 4]);
    expect(here.filter((id) => there.includes(id))).toEqual([]);
    const text = JSON.stringify(await sql(eu, 'select t::text as row from rate_count t'));
    for (const word of ['c4n4ry', '192.0.2.77', 'c0a8', 'c000024d']) expect(text).not.toContain(word);
    const longest = await sql(
      eu,
      `select max(extract(epoch from expires_at - '${START.toISOString()}'::timestamptz))::int as s from rate_count`,
    );
    expect(longest[0]!['s']).toBeLessThanOrEqual(24 * 60 * 60);

    world.clock.forward(24 * HOUR);
    await sql(eu, 'truncate rate_count');
    await signup(asked);
    expect((await rows(eu)).filter((id) => here.includes(id))).toEqual([]);
  });

  it('is erased when its window is over, and not before; answers after a day; and of one region alone', async () => {
    one.retention.add({
      table: 'rate_count',
      keptMilliseconds: 0,
      eraseOver: (...about) => one.limits.eraseOver(...about),
    });
    await signup();
    await signup({ region: us });
    expect(await one.retention.look(eu)).toBe(0);
    world.clock.forward(45 * 60 * 1000 + 1);
    expect(await one.retention.look(eu)).toBe(3);
    world.clock.forward(23 * HOUR);
    expect(await one.retention.look(eu)).toBe(1);
    expect((await sql(us, 'select from rate_count')).length).toBe(4);
  });

  it('is erased in batches, and a rule that fails stops no other', async () => {
    await sql(
      eu,
      `insert into rate_count (id, count, expires_at) select overlay(gen_random_uuid()::text placing '8010' from 20 for 4)::uuid, 1, '2029-01-01' from generate_series(1, 1201)`,
    );
    one.retention.add({ table: 'signup', keptMilliseconds: 0, eraseOver: () => Promise.reject(new Error('c4n4ry')) });
    one.retention.add({
      table: 'rate_count',
      keptMilliseconds: 0,
      eraseOver: (...about) => one.limits.eraseOver(...about),
    });
    expect(await one.retention.look(eu)).toBe(1201);
    expect(one.lines.join()).toContain('"event":"retention.failed","region":"eu","table":"signup","code":"unknown"');
    expect(one.lines.join()).not.toContain('c4n4ry');
  });
});
