import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AccountId, Region, RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import fc from 'fast-check';
import pg from 'pg';
import { NOTE_MILLISECONDS_MAX } from '../../libs/accounts/src/last-seen.js';
import { REFUSED_PER_HOUR_MAX } from '../../libs/accounts/src/security-log/security-log.js';
import { SessionRepository } from '../../libs/accounts/src/session.repository.js';
import type { NewSession } from '../../libs/accounts/src/sessions.js';
import { Barrier } from '../support/barrier.js';
import { outcome } from '../support/address-life.js';
import { eu, us } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { SessionProcess, SETTINGS, type Somebody } from '../support/sessions.js';

const MINUTE = 60 * 1000;
const other = (region: Region): Region => (region === eu ? us : eu);

let installation: Installation;
let process: SessionProcess;
const sql = (region: Region, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
  installation.site(region.code).database.sql('superuser', text, values);
const uuid = (id: string, region: Region): string => process.ids.encode(id, id.split('_')[0]!, region);

beforeAll(async () => {
  installation = await Installation.create();
  process = await SessionProcess.open(installation);
});
afterAll(async () => {
  await process.close();
  await installation.close();
});

describe.each([eu, us])('a session in $code', (region) => {
  let ada: Somebody;
  let session: NewSession;
  beforeAll(async () => {
    ada = await process.somebody(region);
  });
  const begun = async (): Promise<NewSession> => (session = await process.begin(region, ada));
  const rotate = (token: string, fail = false): Promise<NewSession> =>
    process.within(
      region,
      (ctx) =>
        process.door.transaction(ctx, async (tx) => {
          const rotated = await process.sessions.rotate(tx, ['password', 'totp']);
          if (fail) throw new Error('no');
          return rotated;
        }),
      token,
    );
  const failed = async (...streaks: readonly string[]): Promise<void> => {
    for (const id of streaks)
      await sql(region, "insert into failure_streak (id, count, expires_at) values ($1, 1, now() + interval '1 day')", [
        id,
      ]);
  };
  const row = async (id = session.id) =>
    (await sql(region, 'select *, xmin from session where id = $1', [uuid(id, region)]))[0];

  it('gets one other secret out of twenty rotations at once, and the old one is worth nothing', async () => {
    const { id, token, expiresAt } = await begun();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => rotate(token)));
    const won = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won.map(({ id: same, expiresAt: end }) => [same, end])).toEqual([[id, expiresAt]]);
    for (const each of all)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'residency.secret_invalid' });
    expect(await process.worth(region, token)).toBe('residency.secret_invalid');
    expect(await process.worth(region, won[0]!.token)).toBe('right');
    expect(await row()).toMatchObject({ factors: 'password totp', version: 2 });
  });

  it('keeps its secret when what asked for another one is rolled back', async () => {
    const { token } = await begun();
    await expect(rotate(token, true)).rejects.toThrow('no');
    expect(await process.worth(region, token)).toBe('right');
  });

  it('is rotated by nothing but its own secret, and not in the other region', async () => {
    const { token, id } = await begun();
    const { text } = process.secrets.mint('sst', region, id);
    await expect(rotate(text)).rejects.toMatchObject({ code: 'residency.secret_invalid' });
    const elsewhere = process.within(
      other(region),
      (ctx) => process.door.transaction(ctx, (tx) => process.sessions.rotate(tx)),
      token,
    );
    await expect(elsewhere).rejects.toMatchObject({ code: 'residency.crossing' });
    expect(await process.worth(region, token)).toBe('right');
  });

  it('is noted as used every five minutes, once however many use it, and is over when it was not for a while', async () => {
    const { token } = await begun();
    const { xmin } = (await row())!;
    process.clock.forward(4 * MINUTE);
    expect(await process.worth(region, token)).toBe('right');
    expect((await row())!['xmin']).toBe(xmin);
    process.clock.forward(2 * MINUTE);
    await Promise.all(Array.from({ length: 20 }, () => process.worth(region, token)));
    expect((await row())!['last_seen_at']).toEqual(process.clock.now());
    const idle = SETTINGS.idleMilliseconds + NOTE_MILLISECONDS_MAX;
    process.clock.forward(idle - 1);
    expect(await process.worth(region, token)).toBe('right');
    process.clock.forward(idle);
    expect(await process.worth(region, token)).toBe('residency.secret_invalid');
  });

  it('is noted together with others by one statement, within about a second, and no request waits for that', async () => {
    const all = [await begun(), await begun(), await begun()];
    process.clock.forward(6 * MINUTE);
    const touch = jest.spyOn(SessionRepository.prototype, 'touch');
    try {
      const use = ({ token }: NewSession): Promise<unknown> =>
        process.within(region, (ctx) => process.sessions.authenticate(ctx), token);
      await Promise.all([...all, ...all].map(use));
      expect(touch).not.toHaveBeenCalled();
      await eventually('the note of their use', () => touch.mock.results.length > 0);
      await touch.mock.results[0]!.value;
      for (const { id } of all) expect((await row(id))!['last_seen_at']).toEqual(process.clock.now());
      expect(touch.mock.calls.map(([, ids]) => [...ids].sort())).toEqual([all.map(({ id }) => id).sort()]);
    } finally {
      touch.mockRestore();
    }
  });

  it('is noted before the databases of a process that ends are closed, also what was being noted then', async () => {
    const [one, two] = [await begun(), await begun()];
    process.clock.forward(6 * MINUTE);
    const use = ({ token }: NewSession): Promise<unknown> =>
      process.within(region, (ctx) => process.sessions.authenticate(ctx), token);
    const barrier = await Barrier.before('update', 'session', installation.site(region.code).database);
    await use(one);
    void process.lastSeen.write();
    await barrier.reached();
    let ended = false;
    const ending = process.lastSeen.beforeApplicationShutdown().then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(false);
    await use(two);
    const last = process.lastSeen.beforeApplicationShutdown();
    await barrier.lift();
    await Promise.all([ending, last]);
    for (const { id } of [one, two]) expect((await row(id))!['last_seen_at']).toEqual(process.clock.now());
  });

  it.each([
    [60, -60],
    [-60, 60],
  ])(
    'begun by a process whose clock is %i s off is worth the same to one that is %i s off, by its own clock',
    async (mine, theirs) => {
      // The database has a clock of its own, which decides nothing here.
      const real = Date.now();
      const at = (off: number, later = 0): void => void (process.clock.at = new Date(real + off * 1000 + later));
      const fresh = ({ token }: NewSession): Promise<string> =>
        outcome(process.within(region, (ctx) => process.sessions.authenticateFreshly(ctx), token));
      const before = process.clock.now();
      try {
        at(mine);
        const made = await begun();
        expect(made.expiresAt.getTime()).toBe(real + mine * 1000 + SETTINGS.absoluteMilliseconds);
        at(theirs);
        expect([await process.worth(region, made.token), await fresh(made)]).toEqual(['right', 'done']);
        // A proof is fresh for ten minutes by the clock of whoever looks: two more or two less of real ones.
        const apart = (mine - theirs) * 1000;
        at(theirs, 10 * MINUTE + apart);
        expect(await fresh(made)).toBe('done');
        at(theirs, 10 * MINUTE + apart + 1);
        expect([await process.worth(region, made.token), await fresh(made)]).toEqual(['right', 'session.not_fresh']);
        const rotated = await rotate(made.token);
        const idle = SETTINGS.idleMilliseconds + NOTE_MILLISECONDS_MAX;
        const { last_seen_at: lastSeen } = (await row(made.id))! as { last_seen_at: Date };
        // Refused first: who is let in has used it.
        process.clock.at = new Date(lastSeen.getTime() + idle);
        expect(await process.worth(region, rotated.token)).toBe('residency.secret_invalid');
        process.clock.at = new Date(lastSeen.getTime() + idle - 1);
        expect(await process.worth(region, rotated.token)).toBe('right');
      } finally {
        process.clock.at = before;
      }
    },
  );

  it('is over at its end, however much it is used', async () => {
    const { token, expiresAt } = await begun();
    while (expiresAt.getTime() - process.clock.now().getTime() > SETTINGS.idleMilliseconds / 2) {
      expect(await process.worth(region, token)).toBe('right');
      process.clock.forward(SETTINGS.idleMilliseconds / 2);
    }
    process.clock.at = new Date(expiresAt.getTime() - 1);
    expect(await process.worth(region, token)).toBe('right');
    process.clock.forward(1);
    expect(await process.worth(region, token)).toBe('residency.secret_invalid');
  });

  it('begins with the ends of two streaks taken in the order in which they are counted', async () => {
    const ids = [0, 1].map(() => process.ids.mint(ID_PREFIXES.failureStreak, region));
    const [first, last] = ids.map((id) => uuid(id, region)).toSorted();
    for (const [address, device] of [ids, ids.toReversed()]) {
      await failed(first!, last!);
      const holder = new pg.Client({ connectionString: installation.site(region.code).database.superuserUrl });
      await holder.connect();
      try {
        await holder.query('begin');
        await holder.query('select from failure_streak where id = $1 for update', [first]);
        const beginning = process.begin(region, ada, { welcome: { streaks: { address: address!, device: device! } } });
        const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        await eventually('who waits for the first one', async () => (await sql(region, waits)).length === 1);
        // She holds none that comes after it.
        await holder.query('select from failure_streak where id = $1 for update nowait', [last]);
        await holder.query('rollback');
        await beginning;
      } finally {
        await holder.end();
      }
      expect(await sql(region, 'select from failure_streak')).toEqual([]);
    }
  });

  it('begins with the end of the one streak that there is, and of no other', async () => {
    const [address, stranger] = [0, 1].map(() => process.ids.mint(ID_PREFIXES.failureStreak, region));
    await failed(uuid(address!, region), uuid(stranger!, region));
    await process.begin(region, ada, { welcome: { streaks: { address: address! } } });
    await process.begin(region, ada);
    expect(await sql(region, 'select id from failure_streak')).toEqual([{ id: uuid(stranger!, region) }]);
    await sql(region, 'truncate failure_streak');
  });

  it('ends with all others of its person when that is asked for, and no stranger’s with them', async () => {
    const [keeper, ...rest] = [await begun(), await begun(), await begun()];
    const stranger = await process.begin(region, await process.somebody(region));
    const end = (but: NewSession['id'] | null): Promise<number> =>
      process.within(region, (ctx) =>
        process.door.transaction(ctx, (tx) => process.sessions.endOthers(tx, ada.id, but, null)),
      );
    expect(await end(keeper.id)).toBeGreaterThanOrEqual(2);
    expect(await process.worth(region, keeper.token)).toBe('right');
    for (const { token } of rest) expect(await process.worth(region, token)).toBe('residency.secret_invalid');
    expect(await end(null)).toBe(1);
    expect(await end(null)).toBe(0);
    expect(await process.worth(region, stranger.token)).toBe('right');
    const told = await sql(
      region,
      "select session_id from person_event where person_id = $1 and kind = 'session.others_revoked' order by id",
      [uuid(ada.id, region)],
    );
    expect(told.map((each) => each['session_id'])).toEqual([uuid(keeper.id, region), null]);
  });
});

describe.each([eu, us])('who has given her password in $code', (region) => {
  const ahead = ({ id }: Somebody) => process.within(region, (ctx) => process.arrivals.ahead(ctx, id));
  const at = (device: string) => ({ device, country: 'SE' });

  it('is told in one look what else she has and where she was last, and nothing of anybody else', async () => {
    const [ada, bob] = [await process.somebody(region), await process.somebody(region)];
    const none = { has: { passkeyCount: 0, hasTotp: false, recoveryCodeCount: 0 }, newest: null };
    expect(await ahead(ada)).toEqual(none);
    const own = uuid(ada.id, region);
    const row = (prefix: string): string => uuid(process.ids.mint(prefix, region), region);
    await process.begin(region, ada);
    await process.begin(region, ada);
    const [line] = await sql(region, 'select id, sealed from person_event where person_id = $1 order by id desc', [
      own,
    ]);
    // Of lines that are newer one says where nobody knows, and one tells of something else.
    for (const [kind, sealed] of [
      ['session.began', null],
      ['sign_in.refused', Buffer.alloc(8)],
    ])
      await sql(region, 'insert into person_event (id, person_id, kind, sealed) values ($1, $2, $3, $4)', [
        row(ID_PREFIXES.personEvent),
        own,
        kind,
        sealed,
      ]);
    for (let i = 0; i < 2; i++)
      await sql(region, "insert into passkey (id, person_id, sealed) values ($1, $2, '')", [
        row(ID_PREFIXES.passkey),
        own,
      ]);
    for (let i = 0; i < 3; i++)
      await sql(region, 'insert into recovery_code (key, person_id) values (sha256($1), $2)', [`${own} ${i}`, own]);
    await sql(region, "insert into totp (id, person_id, sealed) values ($1, $2, '')", [row(ID_PREFIXES.totp), own]);
    const newest = {
      id: process.ids.decode(String(line!['id']), ID_PREFIXES.personEvent, region),
      sealed: line!['sealed'],
    };
    const has = { passkeyCount: 2, hasTotp: false, recoveryCodeCount: 3 };
    expect(await ahead(ada)).toEqual({ has, newest });
    await sql(region, 'update totp set confirmed_at = now() where person_id = $1', [own]);
    expect(await ahead(ada)).toEqual({ has: { ...has, hasTotp: true }, newest });
    expect(await ahead(bob)).toEqual(none);
  });

  it('is known where she was in her last fifty sign-ins, whether or not the newest line was read ahead', async () => {
    const ada = await process.somebody(region);
    const isNew = async (device: string): Promise<unknown> => {
      const { newest } = await ahead(ada);
      const look = async (ctx: RegionContext) => [
        await process.log.recognise(ctx, ada.id, ada.sealed, newest),
        await process.log.recognise(ctx, ada.id, ada.sealed),
      ];
      const [read, unread] = await process.within(region, look, undefined, at(device));
      expect(read!.isNew).toBe(unread!.isNew);
      return read!.isNew === true;
    };
    expect(await isNew('first')).toBe(true);
    for (const device of ['first', 'second', 'third']) await process.begin(region, ada, { origin: at(device) });
    const devices = ['first', 'second', 'third', 'fourth'];
    expect(await Promise.all(devices.map(isNew))).toEqual([false, false, false, true]);
    for (let i = 0; i < 48; i++) await process.begin(region, ada, { origin: at('third') });
    expect(await Promise.all(devices.map(isNew))).toEqual([true, false, false, true]);
  });
});

describe.each([eu, us])('a refused sign-in in $code', (region) => {
  const refuse = (addressKey: Buffer, known: { personId: Somebody['id']; sealed: Buffer } | null): Promise<void> =>
    process.within(region, (ctx) => process.log.refuse(ctx, { addressKey, known }), undefined, {
      device: 'Firefox on Linux',
      country: 'SE',
    });
  const counts = async (): Promise<number[]> =>
    (await sql(region, 'select count from rate_count order by count')).map((each) => Number(each['count']));

  it('is told to a person ten times an hour, of fifty at once too, and counted the same for nobody', async () => {
    await sql(region, 'truncate rate_count');
    const ada = await process.somebody(region);
    const lines = async (): Promise<Record<string, unknown>[]> =>
      sql(region, 'select kind, session_id, sealed is null as bare from person_event where person_id = $1', [
        uuid(ada.id, region),
      ]);
    const known = { personId: ada.id, sealed: ada.sealed };
    await Promise.all(Array.from({ length: 50 }, () => refuse(Buffer.alloc(32, 1), known)));
    expect(await lines()).toEqual(
      Array(REFUSED_PER_HOUR_MAX).fill({ kind: 'sign_in.refused', session_id: null, bare: false }),
    );
    const before = await sql(region, 'select count(*)::int from person_event');
    await Promise.all(Array.from({ length: 50 }, () => refuse(Buffer.alloc(32, 2), null)));
    expect(await sql(region, 'select count(*)::int from person_event')).toEqual(before);
    // For each line of somebody two rows that count nothing: for the line, and for the lock on its person.
    expect(await counts()).toEqual([...Array<number>(2 * REFUSED_PER_HOUR_MAX).fill(0), 50, 50]);
    process.clock.forward(60 * MINUTE);
    await refuse(Buffer.alloc(32, 1), known);
    expect((await lines()).length).toBe(REFUSED_PER_HOUR_MAX + 1);
  });
});

describe.each([eu, us])('the log of an account in $code', (region) => {
  /** An account with lines: of each, minutes ago when its transaction began, and whether its id was minted early. */
  async function accountWith(minutesAgo: readonly number[]): Promise<{ account: AccountId; lines: string[] }> {
    const account = process.ids.mint('acct', region) as AccountId;
    await sql(region, "insert into account (id, sealed) values ($1, '')", [uuid(account, region)]);
    const actor = uuid(process.ids.mint(ID_PREFIXES.person, region), region);
    const lines = minutesAgo.map((minutes) => ({ minutes, id: process.ids.mint(ID_PREFIXES.accountEvent, region) }));
    for (const { id, minutes } of lines)
      await sql(
        region,
        `insert into account_event (account_id, id, kind, actor_id, created_at)
          values ($1, $2, 'account.renamed', $3, date_trunc('minute', now()) - make_interval(mins => $4))`,
        [uuid(account, region), uuid(id, region), actor, minutes],
      );
    const old = lines.filter(({ minutes }) => minutes > 1);
    old.sort((a, b) => b.minutes - a.minutes || (a.id < b.id ? -1 : 1));
    return { account, lines: old.map(({ id }) => id) };
  }
  const pull = (account: AccountId, after: string | null, limit: number) =>
    process.within(region, (ctx) => process.events.pulled(ctx.account(account), after as never, limit, 60));

  it('is pulled whole, each line once, whatever the order of its ids, and nothing that is still young', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (minutesAgo, limit) => {
          const { account, lines } = await accountWith(minutesAgo.map((each) => (each === 1 ? 0 : each)));
          const pulled: string[] = [];
          for (;;) {
            const page = await pull(account, pulled.at(-1) ?? null, limit);
            if (page.length === 0) break;
            expect(page.length).toBeLessThanOrEqual(limit);
            pulled.push(...page.map(({ id }) => id));
          }
          expect(pulled).toEqual(lines);
        },
      ),
      { numRuns: 12, seed: 20261123 },
    );
  });

  it('misses no line that was minted first and written last', async () => {
    const { account } = await accountWith([]);
    const actorId = process.ids.mint(ID_PREFIXES.person, region);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const tell = (before: Promise<void>): Promise<void> =>
      process.within(region, (ctx) =>
        process.door.transaction(ctx, async (tx) => {
          await process.log.tellAccount(tx.account(account), { kind: 'account.renamed', actorId, from: null });
          await before;
        }),
      );
    const slow = tell(held);
    await tell(Promise.resolve());
    expect(await pull(account, null, 10)).toEqual([]);
    release();
    await slow;
    await sql(region, "update account_event set created_at = created_at - interval '2 minutes' where account_id = $1", [
      uuid(account, region),
    ]);
    expect((await pull(account, null, 10)).length).toBe(2);
  });

  it('shows nothing of another account, and knows no cursor of it', async () => {
    const [mine, theirs] = [await accountWith([5]), await accountWith([4, 3])];
    expect((await pull(mine.account, null, 10)).map(({ id }) => id)).toEqual(mine.lines);
    expect(await pull(mine.account, theirs.lines[0]!, 10)).toEqual([]);
    const foreign = process.within(other(region), (ctx) =>
      process.events.pulled(ctx.account(mine.account), null, 10, 60),
    );
    await expect(foreign).rejects.toMatchObject({ code: 'residency.crossing' });
  });

  it('tells its actor by mail of a token, and not of a name', async () => {
    const { account } = await accountWith([]);
    const ada = await process.somebody(region);
    const mailed = async (): Promise<unknown[]> =>
      sql(
        region,
        `select o.kind, e.kind as event from outbox o join person_event e on e.id = o.subject_id where e.person_id = $1`,
        [uuid(ada.id, region)],
      );
    const tell = (kind: 'account.renamed' | 'token.made'): Promise<void> =>
      process.within(region, (ctx) =>
        process.door.transaction(ctx, (tx) =>
          process.log.tellAccount(tx.account(account), { kind, actorId: ada.id, from: null }),
        ),
      );
    await tell('account.renamed');
    expect(await mailed()).toEqual([]);
    await tell('token.made');
    expect(await mailed()).toEqual([{ kind: 'security.notice', event: 'account.token_made' }]);
  });
});
