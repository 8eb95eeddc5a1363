import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { difference, ONE_PERSON } from '../support/account-rows.js';
import type { Api, Member } from '../support/api.js';
import { freshEmail } from '../support/api.js';
import { eu, regions } from '../support/databases.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';

const MANY = 50;
const WRONG_CODES_MAX = 10;

/** Room for fifty password hashes on two busy cores. */
const PATIENT = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '30000' };

const many = <T>(work: (i: number) => Promise<T>, count = MANY): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

/** How many answers there are of each kind. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const kind = code === undefined ? String(status) : `${status} ${code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('at the same time', () => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ settings: PATIENT });
    await api.member('eu');
    await installation.drained('eu');
  });
  afterAll(() => installation.close());

  /** Rows that came into being meanwhile, where there are any. */
  async function added<T>(work: () => Promise<T>): Promise<{ result: T; rows: Record<string, number> }> {
    const before = await installation.counts('eu');
    const settled = await settledRows();
    const result = await work();
    await installation.drained('eu');
    const more = difference(await installation.counts('eu'), before);
    expect(await settledRows()).toEqual(expect.arrayContaining(settled));
    return { result, rows: Object.fromEntries(Object.entries(more).filter(([, count]) => count !== 0)) };
  }

  /** Rows that nobody has a reason to change: all but the pending ones, what is mailed of them, and counts. */
  async function settledRows(): Promise<string[]> {
    return (await installation.dump('eu', ['signup', 'outbox', 'rate_count'])).split('\n');
  }

  it(`signs one address up ${MANY} times, and makes one account of ${MANY} confirmations`, async () => {
    const email = freshEmail();
    const asked = await added(() => many(() => api.signUp('eu', { email })));
    expect(tally(asked.result)).toEqual({ 202: MANY });
    expect(asked.rows).toEqual({ signup: MANY });
    const ids = asked.result.map((answer) => answer.json<{ signup: { id: string } }>().signup.id);
    const codes = await Promise.all(ids.map((id) => installation.digits('eu', id)));
    expect(new Set(ids).size).toBe(MANY);

    const confirmed = await added(() => many((i) => api.confirm('eu', ids[i]!, codes[i]!)));
    expect(tally(confirmed.result)).toEqual({ 201: 1, '409 signup.address_taken': MANY - 1 });
    expect(confirmed.rows).toEqual(ONE_PERSON);
    const winner = confirmed.result.find(({ status }) => status === 201)!.json<Member>();
    expect((await api.ask('eu', '/v1/me', { token: winner.session.token })).json()).toMatchObject({
      person: { email },
      accounts: [{ id: winner.account.id }],
    });
    const codec = new IdCodec(regions);
    const open = await installation
      .site('eu')
      .database.sql(
        'superuser',
        'select count(*)::int from signup where id = any($1) and confirmed_at is null and sealed is not null',
        [ids.map((id) => codec.encode(id, 'sgn', eu))],
      );
    expect(open).toEqual([{ count: MANY - 1 }]);
  });

  it(`confirms one signup ${MANY} times, and makes one account`, async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    await installation.drained('eu');
    const { result, rows } = await added(() => many(() => api.confirm('eu', id, digits)));
    expect(tally(result)).toEqual({ 201: 1, '409 signup.already_confirmed': MANY - 1 });
    expect(rows).toEqual(ONE_PERSON);
  });

  it('counts thirty wrong codes at once, and then takes the right one no more', async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    await installation.drained('eu');
    const wrong = (i: number): string => String((Number(digits) + 1 + i) % 100_000_000).padStart(8, '0');
    const { result, rows } = await added(() => many((i) => api.confirm('eu', id, wrong(i)), 30));
    expect(tally(result)).toEqual({
      '422 signup.code_wrong': WRONG_CODES_MAX,
      '410 signup.code_exhausted': 30 - WRONG_CODES_MAX,
    });
    const right = await api.confirm('eu', id, digits);
    expect([right.status, right.code]).toEqual([410, 'signup.code_exhausted']);
    expect(rows).toEqual({});
  });

  it('takes the right code after nine wrong ones, whatever comes with it', async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    const wrong = digits === '00000000' ? '00000001' : '00000000';
    await many(() => api.confirm('eu', id, wrong), WRONG_CODES_MAX - 1);
    expect((await api.confirm('eu', id, digits)).status).toBe(201);
    expect((await api.confirm('eu', id, wrong)).code).toBe('signup.already_confirmed');
  });
});

describe.each([
  ['combined', false],
  ['separate', true],
])('a thousand requests of two regions over pools of one connection, %s', (_topology, separate) => {
  let installation: Installation;
  let api: Api;
  const members: Record<string, Member[]> = { eu: [], us: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate, settings: { ...PATIENT, DOMICILE_POOL_SIZE: '1' } });
    for (const code of ['eu', 'us'])
      members[code] = await many(() => api.member(code, { displayName: `of ${code}` }), 5);
  });
  afterAll(async () => {
    agent.destroy();
    await installation.close();
  });

  it('are each answered from their own region and account', async () => {
    const wrong: string[] = [];
    await many(async (i) => {
      const code = i % 2 === 0 ? 'eu' : 'us';
      const { account, person, session } = members[code]![Math.floor(i / 2) % 5]!;
      const isAccount = i % 3 === 0;
      const path = isAccount ? `/v1/accounts/${account.id}` : '/v1/me';
      const answer = await api.ask(code, path, { token: session.token, agent });
      const mine = isAccount
        ? { ...account, status: 'active', role: 'owner' }
        : { person, accounts: [{ id: account.id }], session: { id: session.id, expiresAt: session.expiresAt } };
      const { createdAt: _, permissions: __, ...found } = answer.json();
      if (
        answer.status !== 200 ||
        answer.headers['x-hosting-region'] !== code ||
        JSON.stringify(sorted(found)) !== JSON.stringify(sorted(mine))
      )
        wrong.push(`${i} ${code} ${path} ${answer.status}`);
    }, 1_000);
    expect(wrong).toEqual([]);
  });

  it('kept to one connection each at most, to the rows and to the keys', async () => {
    const sites = ['eu', 'us'].map((code) => installation.site(code));
    for (const { name, sql } of sites.flatMap(({ database, keyStore }) => [database, keyStore])) {
      const [open] = await sql(
        'superuser',
        'select count(*)::int from pg_stat_activity where datname = $1 and usename = $2',
        [name, `${name}_app`],
      );
      // One that nobody needs for a while is closed.
      expect([0, 1]).toContain(open!['count']);
    }
  });
});

/** With its keys in order, so that texts can be compared. */
function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
