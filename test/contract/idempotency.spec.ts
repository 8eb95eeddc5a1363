import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Region } from '@domicile/residency';
import type { OnceRequest } from '@domicile/requests';
import { AnswerKeys } from '../../libs/requests/src/sealed-answer.js';
import { Barrier } from '../support/barrier.js';
import { eu, us } from '../support/databases.js';
import { RequestProcess, requestWorld, type RequestWorld } from '../support/requests.js';

const DAY = 24 * 60 * 60 * 1000;

interface Answer {
  readonly number: number;
  readonly secret: string;
}

let world: RequestWorld;
/** Two processes over the same databases. */
let one: RequestProcess;
let other: RequestProcess;
let effects = 0;

beforeAll(async () => {
  world = await requestWorld();
  [one, other] = await Promise.all([RequestProcess.open(world), RequestProcess.open(world)]);
});
afterAll(async () => {
  await Promise.all([one.door.close(), other.door.close()]);
  await world.close();
});

const sql = (region: Region, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
  world.databases.find((database) => database.region === region)!.sql('superuser', text, values);
const stored = async (table: string, region = eu): Promise<number> =>
  (await sql(region, `select count(*)::int from ${table}`))[0]!['count'] as number;

beforeEach(async () => {
  for (const region of [eu, us]) await sql(region, 'truncate idempotency, outbox');
});

const request = (more: Partial<OnceRequest> = {}): OnceRequest => ({
  key: randomUUID(),
  route: 'POST /v1/things',
  principal: 'pers_1',
  body: { name: 'a thing', password: 'hidden' },
  secretFields: ['password'],
  ...more,
});

/** One request that has an effect: its answer, or the code of its refusal. */
async function send(what: OnceRequest, { from = one, region = eu } = {}): Promise<string> {
  try {
    const { answer, isReplayed } = await from.within(region, (ctx) =>
      from.idempotency.once<Answer>(ctx, what, async (keep) => {
        const made = { number: ++effects, secret: 'c4n4ry-token' };
        await from.effect(ctx, (tx) => keep(tx, made));
        return made;
      }),
    );
    return `${isReplayed ? 'again' : 'first'} ${answer.number} ${answer.secret}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('a request that was answered', () => {
  it('is answered the same again, in every process, and has its effect once', async () => {
    const what = request();
    const first = await send(what);
    expect(first).toMatch(/^first \d+ c4n4ry-token$/);
    const again = first.replace('first', 'again');
    expect([await send(what), await send(what, { from: other }), await send(what)]).toEqual([again, again, again]);
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([1, 1]);
  });

  it('is another one without a key, and nothing is kept of it', async () => {
    const what = request({ key: undefined });
    expect(await send(what)).toMatch(/^first/);
    expect(await send(what)).toMatch(/^first/);
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([2, 0]);
  });

  it.each([
    ['another key', { key: randomUUID() }],
    ['another principal', { principal: 'pers_2' }],
    ['no principal', { principal: '' }],
    ['another route', { route: 'POST /v1/others' }],
    ['the route and principal of another cut', { route: 'POST /v1/things","pers_1', principal: '' }],
  ])('says nothing to %s', async (_what, more) => {
    const what = request();
    await send(what);
    expect(await send({ ...what, ...more })).toMatch(/^first/);
    expect(await stored('outbox')).toBe(2);
  });

  it('says nothing in another region', async () => {
    const what = request();
    expect(await send(what)).toMatch(/^first/);
    expect(await send(what, { region: us })).toMatch(/^first/);
    const rows = await Promise.all([eu, us].map((region) => sql(region, 'select id from idempotency')));
    expect(new Set(rows.flat().map(({ id }) => id)).size).toBe(2);
    expect([await stored('outbox', eu), await stored('outbox', us)]).toEqual([1, 1]);
  });

  it('is refused with another body, wherever it is sent', async () => {
    const what = request();
    await send(what);
    for (const from of [one, other])
      for (const body of [{ name: 'another' }, { name: 'a thing', more: 1 }, {}])
        expect(await send({ ...what, body }, { from })).toBe('request.idempotency_key_reused');
    expect(await send({ ...what, body: { password: 'another', name: 'a thing' } })).toMatch(/^again/);
    expect(await stored('outbox')).toBe(1);
  });

  it('is a new one a day later, even before the old answer is erased', async () => {
    const what = request();
    const first = await send(what);
    world.clock.forward(DAY - 1);
    expect(await send(what)).toBe(first.replace('first', 'again'));
    world.clock.forward(1);
    const second = await send({ ...what, body: { name: 'another' } });
    expect(second).toMatch(/^first/);
    expect(await send({ ...what, body: { name: 'another' } })).toBe(second.replace('first', 'again'));
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([2, 1]);
  });
});

describe('a request that failed', () => {
  const failing = (what: OnceRequest, inTransaction: boolean): Promise<unknown> =>
    one.within(eu, (ctx) =>
      one.idempotency.once(ctx, what, async (keep) => {
        if (!inTransaction) throw new Error('no');
        await one.effect(ctx, async (tx) => {
          await keep(tx, {});
          throw new Error('no');
        });
        return {};
      }),
    );

  it.each([
    ['before its transaction', false],
    ['inside of its transaction', true],
  ])('%s may be sent again under its key', async (_when, inTransaction) => {
    const what = request();
    await expect(failing(what, inTransaction)).rejects.toThrow('no');
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([0, 0]);
    expect(await send({ ...what, body: { name: 'corrected' } })).toMatch(/^first/);
  });

  it('because its work forgot to keep its answer says so', async () => {
    const careless = one.within(eu, (ctx) => one.idempotency.once(ctx, request(), () => Promise.resolve({})));
    await expect(careless).rejects.toThrow('await keep in its transaction');
  });
});

describe('many at once', () => {
  it('of one process have one effect; the others are told at once that it is in progress', async () => {
    const what = request();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(what)));
    expect(answers.filter((answer) => answer.startsWith('first')).length).toBe(1);
    expect(answers.filter((answer) => answer === 'request.in_progress').length).toBe(49);
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([1, 1]);
    expect(await send(what)).toMatch(/^again/);
  });

  it('of one process under their own keys do not wait for each other', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(request())));
    expect(answers.every((answer) => answer.startsWith('first'))).toBe(true);
    expect(await stored('outbox')).toBe(50);
  });

  it('of two processes wait for the first, and are answered as it was', async () => {
    const what = request();
    const database = world.databases[0]!;
    const barrier = await Barrier.before('insert', 'idempotency', database);
    const both = [one, other].map((from) => send(what, { from }));
    await barrier.reached(2);
    await barrier.lift();
    const answers = (await Promise.all(both)).sort();
    expect(answers[1]).toMatch(/^first/);
    expect(answers[0]).toBe(answers[1]!.replace('first', 'again'));
    expect([await stored('outbox'), await stored('idempotency')]).toEqual([1, 1]);
  });

  it('of two processes with two bodies: one is carried out, the other is refused', async () => {
    const what = request();
    const barrier = await Barrier.before('insert', 'idempotency', world.databases[0]!);
    const both = [one, other].map((from, i) => send({ ...what, body: { i } }, { from }));
    await barrier.reached(2);
    await barrier.lift();
    const answers = (await Promise.all(both)).sort();
    expect(answers).toEqual([expect.stringMatching(/^first/), 'request.idempotency_key_reused']);
    expect(await stored('outbox')).toBe(1);
  });

  it('leave no request in progress behind, whatever became of it', async () => {
    const what = request();
    await one
      .within(eu, (ctx) => one.idempotency.once(ctx, what, () => Promise.reject(new Error('no'))))
      .catch(() => undefined);
    expect(await send(what)).toMatch(/^first/);
  });
});

describe('a kept answer', () => {
  it('shows nothing in its row: not the key, the principal, the route, the body or the answer', async () => {
    const what = request({ principal: 'pers_c4n4ry', body: { email: 'c4n4ry@example.org' } });
    await send(what);
    const [row] = await sql(eu, 'select t::text as row, fingerprint, answer from idempotency t');
    const bytes = [row!['fingerprint'], row!['answer']] as Buffer[];
    for (const word of ['c4n4ry', what.key!, 'things', 'token'])
      for (const text of [String(row!['row']), ...bytes.map((each) => each.toString('latin1'))]) {
        expect(text).not.toContain(word);
        expect(text).not.toContain(Buffer.from(word).toString('hex'));
      }
  });

  it("does not open with the database and the region's keys alone, and does with the Idempotency-Key", async () => {
    const what = request();
    await send(what);
    const [row] = await sql(eu, 'select id, fingerprint, answer from idempotency');
    const { fingerprint, answer } = row as { fingerprint: Buffer; answer: Buffer };
    await one.within(eu, async (ctx) => {
      // Everything that the region knows: the salt, made by its own key from route, principal and even the right Idempotency-Key.
      const salt = one.index.of(ctx, 'request.idempotency', JSON.stringify([what.route, what.principal, what.key]));
      const id = one.ids.decode(row!['id'] as string, 'idem', eu);
      expect(one.ids.derive('idem', eu, salt)).toBe(id);
      const bound = Buffer.concat([Buffer.from(`eu ${id} `), fingerprint]);
      for (const guess of ['', salt.toString('hex'), salt.toString('latin1'), id, what.route, what.principal])
        expect(() => new AnswerKeys(guess, salt).open(answer, bound)).toThrow('does not open');
      expect(new AnswerKeys(what.key!, salt).open(answer, bound)).toContain('c4n4ry-token');
    });
  });

  it.each([
    [
      'its answer',
      'update idempotency set answer = set_byte(answer, length(answer) - 1, get_byte(answer, length(answer) - 1) # 1)',
    ],
    ['its form', 'update idempotency set answer = set_byte(answer, 0, 2)'],
    ['all of it', "update idempotency set answer = ''"],
  ])('is not used when somebody altered %s', async (_what, change) => {
    const what = request();
    await send(what);
    await sql(eu, change);
    expect(await send(what)).toContain('does not open');
    expect(await stored('outbox')).toBe(1);
  });

  it('is not used in the row of another request', async () => {
    const [mine, theirs] = [request(), request()];
    await send(mine);
    const [{ id }] = (await sql(eu, 'select id from idempotency')) as [{ id: string }];
    await send(theirs);
    await sql(
      eu,
      'update idempotency t set answer = o.answer, fingerprint = o.fingerprint from idempotency o where t.id = $1 and o.id <> $1',
      [id],
    );
    expect(await send(mine)).toBe('request.idempotency_key_reused');
  });

  it('has an id that its database and every other reader take for one of this region', async () => {
    await send(request());
    const rows = await sql(eu, 'select id, residency.region_of(id) = residency.region() as home from idempotency');
    expect(rows).toEqual([{ id: expect.any(String), home: true }]);
    await expect(
      sql(us, "insert into idempotency (id, fingerprint, answer, expires_at) values ($1, '', '', now())", [
        rows[0]!['id'],
      ]),
    ).rejects.toMatchObject({ constraint: 'idempotency_id_home' });
  });
});
