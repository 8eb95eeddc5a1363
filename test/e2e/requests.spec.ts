import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import { Barrier, wholeAccounts } from '../support/barrier.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { type Document, operationsOf } from '../support/openapi.js';

const MANY = 50;
const HOUR = 60 * 60 * 1000;
/** Room for password hashes on two busy cores. */
const PATIENT = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '30000' };

const told = (answer: Answer): unknown[] => [answer.status, answer.code, answer.headers['idempotency-replayed']];

describe('a request with an Idempotency-Key', () => {
  let installation: Installation;
  let api: Api;
  let policy: string;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ settings: PATIENT });
    await api.startWorkers();
    policy = await api.policyVersion();
  });
  afterAll(() => installation.close());

  const keys: string[] = [];
  const freshKey = (): string => {
    keys.push(randomUUID());
    return keys.at(-1)!;
  };
  const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key });
  const signUp = (key: string, email: string, code = 'eu'): Promise<Answer> =>
    api.ask(code, `/v1/regions/${code}/signups`, {
      headers: keyed(key),
      json: { email, accountName: 'Acme', acceptedPolicyVersion: policy },
    });
  const confirm = (key: string, id: string, digits: string, password = PASSWORD, at = api): Promise<Answer> =>
    at.ask('eu', `/v1/signups/${id}/confirmations`, { headers: keyed(key), json: { code: digits, password } });
  const idOf = (answer: Answer): string => answer.json<{ signup: { id: string } }>().signup.id;
  const tokenOf = (answer: Answer): string => answer.json<Member>().session.token;
  async function pending(): Promise<{ id: string; digits: string }> {
    const { id } = await api.pending('eu');
    return { id, digits: await installation.digits('eu', id) };
  }

  it('that asks for an account twice is answered twice and stored and mailed once', async () => {
    const [key, email] = [freshKey(), freshEmail()];
    const first = await signUp(key, email);
    expect(told(first)).toEqual([202, undefined, undefined]);
    for (const spelling of [key, `"${key}"`]) {
      const again = await signUp(spelling, email);
      expect(told(again)).toEqual([202, undefined, 'true']);
      expect(again.text).toBe(first.text);
    }
    await installation.drained('eu');
    expect(installation.mails('eu').filter(({ headers }) => headers['to'] === email).length).toBe(1);
    expect(idOf(await signUp(freshKey(), email))).not.toBe(idOf(first));
  });

  it('is another request in the other region', async () => {
    const [key, email] = [freshKey(), freshEmail()];
    const [here, there] = [await signUp(key, email), await signUp(key, email, 'us')];
    expect([told(here), told(there)]).toEqual([
      [202, undefined, undefined],
      [202, undefined, undefined],
    ]);
    expect(idOf(there)).toMatch(/^sgn_us_/);
  });

  it('is refused with another body, and its first answer stays', async () => {
    const [key, email] = [freshKey(), freshEmail()];
    const first = await signUp(key, email);
    expect(told(await signUp(key, freshEmail()))).toEqual([422, 'request.idempotency_key_reused', undefined]);
    expect((await signUp(key, email)).text).toBe(first.text);
  });

  it.each([['short'], ['x'.repeat(129)], ['with a space in the middle'], ['"half-quoted-sixteen'], ['']])(
    'is refused when the key is no key: %j',
    async (key) => {
      expect(told(await signUp(key, freshEmail()))).toEqual([400, 'request.idempotency_key_malformed', undefined]);
    },
  );

  it('is refused when it has two keys', async () => {
    const answer = await api.ask('eu', '/v1/regions/eu/signups', {
      headers: { 'idempotency-key': [freshKey(), freshKey()] },
      json: { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: policy },
    });
    expect(told(answer)).toEqual([400, 'request.idempotency_key_malformed', undefined]);
  });

  it('that confirms twice makes one account and gives the same session to who knows code and key', async () => {
    const accounts = await wholeAccounts(installation.site('eu').database);
    const [key, { id, digits }] = [freshKey(), await pending()];
    const first = await confirm(key, id, digits);
    const again = await confirm(key, id, digits);
    expect([told(first), told(again)]).toEqual([
      [201, undefined, undefined],
      [201, undefined, 'true'],
    ]);
    expect(again.text).toBe(first.text);
    expect(again.headers['cache-control']).toBe('no-store');
    expect((await api.ask('eu', '/v1/me', { token: tokenOf(again) })).status).toBe(200);
    expect(await wholeAccounts(installation.site('eu').database)).toBe(accounts + 1);
    // A guessed key without the code, and the code without the key, open nothing.
    const wrong = String((Number(digits) + 1) % 100_000_000).padStart(8, '0');
    for (const answer of [await confirm(key, id, wrong), await confirm(freshKey(), id, digits)]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers['idempotency-replayed']).toBeUndefined();
      expect(answer.text).not.toContain(tokenOf(first));
    }
    expect(await installation.dump('eu')).not.toContain(tokenOf(first));
    // Nor does the same key at another signup, with that one's own code.
    const other = await pending();
    const elsewhere = await confirm(key, other.id, other.digits);
    expect(told(elsewhere)).toEqual([201, undefined, undefined]);
    expect(tokenOf(elsewhere)).not.toBe(tokenOf(first));
  });

  it('that failed may be corrected under its key', async () => {
    const [key, { id, digits }] = [freshKey(), await pending()];
    const wrong = digits === '00000000' ? '00000001' : '00000000';
    for (let i = 0; i < 2; i++)
      expect(told(await confirm(key, id, wrong))).toEqual([422, 'signup.code_wrong', undefined]);
    expect(told(await confirm(key, id, digits))).toEqual([201, undefined, undefined]);
  });

  it(`that comes ${MANY} times at once has one effect`, async () => {
    const accounts = await wholeAccounts(installation.site('eu').database);
    const [key, { id, digits }] = [freshKey(), await pending()];
    const answers = await Promise.all(Array.from({ length: MANY }, () => confirm(key, id, digits)));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    const others = answers.filter((answer) => answer.status !== 201);
    expect(others.length).toBeGreaterThan(0);
    for (const answer of others) {
      expect(told(answer)).toEqual([409, 'request.in_progress', undefined]);
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(await wholeAccounts(installation.site('eu').database)).toBe(accounts + 1);
  });

  it('that comes to two processes at once has one effect and one answer', async () => {
    const database = installation.site('eu').database;
    const accounts = await wholeAccounts(database);
    const second = await installation.start({ settings: PATIENT });
    const [key, { id, digits }] = [freshKey(), await pending()];
    const barrier = await Barrier.atCommit('idempotency', database);
    const both = [api, second].map((at) => confirm(key, id, digits, PASSWORD, at));
    // One waits to commit, the other for the row that the first holds.
    await barrier.reached();
    await eventually('the second at the lock of the signup', async () => {
      const waiting = await database.sql(
        'superuser',
        "select from pg_stat_activity where usename = $1 and wait_event_type = 'Lock' and wait_event <> 'advisory'",
        [`${database.name}_app`],
      );
      return waiting.length > 0;
    });
    await barrier.lift();
    const [first, again] = await Promise.all(both);
    expect([first!.status, again!.status]).toEqual([201, 201]);
    expect(again!.text).toBe(first!.text);
    expect([first!, again!].map(({ headers }) => headers['idempotency-replayed']).sort()).toEqual(['true', undefined]);
    expect(await wholeAccounts(database)).toBe(accounts + 1);
    await second.stop();
  });

  it.each([
    ['asks for an account', 'signup'],
    ['confirms', 'account'],
  ])(
    'that %s has one effect and is answered, though the process is killed between commit and answer',
    async (_what, table) => {
      const database = installation.site('eu').database;
      const [key, email, { id, digits }] = [freshKey(), freshEmail(), await pending()];
      await installation.drained('eu');
      const before = (await installation.counts('eu'))[table]!;
      const send = (): Promise<Answer> => (table === 'signup' ? signUp(key, email) : confirm(key, id, digits));

      const barrier = await Barrier.atCommit('idempotency', database);
      const lost = send().catch((error: NodeJS.ErrnoException) => error.code);
      await barrier.reached();
      await api.stop('SIGKILL');
      expect(await lost).toBe('ECONNRESET');
      await barrier.lift();
      await eventually(
        'the commit that nobody waits for',
        async () => (await installation.counts('eu'))[table] === before + 1,
      );

      api = await api.restart();
      const answer = await send();
      expect(told(answer)).toEqual([table === 'signup' ? 202 : 201, undefined, 'true']);
      expect((await send()).text).toBe(answer.text);
      expect((await installation.counts('eu'))[table]).toBe(before + 1);
      if (table === 'signup') {
        expect((await confirm(freshKey(), idOf(answer), await installation.digits('eu', idOf(answer)))).status).toBe(
          201,
        );
      } else expect((await api.ask('eu', '/v1/me', { token: tokenOf(answer) })).status).toBe(200);
      await wholeAccounts(database);
    },
  );

  it('that is killed before its commit has no effect, and may be sent again', async () => {
    const database = installation.site('eu').database;
    const [key, { id, digits }] = [freshKey(), await pending()];
    const accounts = await wholeAccounts(database);
    const barrier = await Barrier.before('insert', 'idempotency', database);
    const lost = confirm(key, id, digits).catch((error: NodeJS.ErrnoException) => error.code);
    await barrier.reached();
    await api.stop('SIGKILL');
    expect(await lost).toBe('ECONNRESET');
    await barrier.cut();
    await barrier.lift();
    expect(await wholeAccounts(database)).toBe(accounts);
    api = await api.restart();
    expect(told(await confirm(key, id, digits))).toEqual([201, undefined, undefined]);
    expect(await wholeAccounts(database)).toBe(accounts + 1);
  });

  it('left no fault behind, and no key in a log or table', async () => {
    for (const each of api.processes) expect(each.events('request.fault')).toEqual([]);
    const everything = installation.written + (await installation.dump('eu')) + (await installation.dump('us'));
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => everything.includes(key))).toEqual([]);
  });
});

describe('limits', () => {
  let installation: Installation;
  const STANDARD = {
    DOMICILE_LIMIT_SIGNUPS_PER_ADDRESS_HOUR: '',
    DOMICILE_LIMIT_SIGNUPS_PER_ADDRESS_DAY: '',
    DOMICILE_LIMIT_SIGNUPS_PER_NETWORK_HOUR: '',
  };

  beforeAll(async () => {
    installation = await Installation.create();
  });
  beforeEach(async () => {
    await installation.site('eu').database.sql('superuser', 'truncate rate_count');
    // Windows end on the hour: what counts up to a limit begins well before.
    await eventually('the next hour', () => Date.now() % HOUR < HOUR - 20_000, 30_000);
  });
  afterAll(() => installation.close());

  it('stop the sixth signup of an hour, alike for who is known and who is not, before anything is stored', async () => {
    const api = await installation.start({ settings: STANDARD });
    const known = freshEmail();
    await api.member('eu', { email: known });
    const unknown = freshEmail();
    await api.signUp('eu', { email: unknown });
    const both: Answer[][] = [[], []];
    for (let i = 0; i < 6; i++)
      for (const [who, email] of [known, unknown].entries())
        both[who]!.push(await api.signUp('eu', { email: i % 2 ? email : email.toUpperCase() }));
    const [first, second] = both as [Answer[], Answer[]];
    expect(first.map(({ status }) => status)).toEqual([202, 202, 202, 202, 429, 429]);
    expect(second.map(({ status }) => status)).toEqual(first.map(({ status }) => status));
    const [a, b] = [first[5]!, second[5]!];
    expect(a.text).toBe(b.text);
    expect(a.code).toBe('request.rate_limited');
    expect(Object.keys(a.headers).sort()).toEqual(Object.keys(b.headers).sort());
    for (const answer of [a, b]) {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(3_600);
    }
    const [{ count }] = (await installation
      .site('eu')
      .database.sql('superuser', 'select count(*)::int from signup')) as [{ count: number }];
    expect(count).toBe(10);
    expect((await api.signUp('us', { email: known })).status).toBe(202);
    await api.stop();
  });

  it('count the network of the socket, whatever a stranger claims', async () => {
    const api = await installation.start({ settings: { DOMICILE_LIMIT_CONFIRMATIONS_PER_NETWORK_HOUR: '3' } });
    const { id } = await api.pending('eu');
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++)
      statuses.push(
        (
          await api.ask('eu', `/v1/signups/${id}/confirmations`, {
            json: { code: '0000', password: PASSWORD },
            headers: { 'x-forwarded-for': `192.0.2.${i}`, forwarded: `for=192.0.2.${i}`, 'x-real-ip': `192.0.2.${i}` },
          })
        ).status,
      );
    // A body that is refused by its form costs nothing and is not counted.
    expect(statuses).toEqual([422, 422, 422, 422, 422]);
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) codes.push((await guess(api, id, { 'x-forwarded-for': `192.0.2.${i}` })).code);
    expect(codes).toEqual([
      ...Array<string>(3).fill('signup.code_wrong'),
      'request.rate_limited',
      'request.rate_limited',
    ]);
    await api.stop();
  });

  it('count the network that a trusted proxy names, which decides no region', async () => {
    const settings = {
      DOMICILE_LIMIT_CONFIRMATIONS_PER_NETWORK_HOUR: '1',
      DOMICILE_TRUSTED_PROXY_CIDRS: '127.0.0.0/8',
    };
    const api = await installation.start({ settings });
    const { id } = await api.pending('us');
    const from = async (network: string): Promise<string | undefined> =>
      (await guess(api, id, { 'x-forwarded-for': network, 'x-forwarded-host': api.host('eu') }, 'us')).code;
    expect(await from('198.51.100.1')).toBe('signup.code_wrong');
    expect(await from('198.51.100.1')).toBe('request.rate_limited');
    expect(await from('203.0.113.9, 198.51.100.1')).toBe('request.rate_limited');
    expect(await from('198.51.100.2')).toBe('signup.code_wrong');
    expect(await from('2001:db8:0:1::1')).toBe('signup.code_wrong');
    expect(await from('2001:db8:0:1:ffff::1')).toBe('request.rate_limited');
    expect(await from('2001:db8:0:2::1')).toBe('signup.code_wrong');
    await api.stop();
  });

  const guess = (api: Api, id: string, headers: Record<string, string>, code = 'eu'): Promise<Answer> =>
    api.ask(code, `/v1/signups/${id}/confirmations`, { json: { code: '00000000', password: PASSWORD }, headers });

  it('stop every read of a session that reads too much, and no other session', async () => {
    const api = await installation.start({ settings: { DOMICILE_LIMIT_READS_PER_SESSION_SECOND: '1' } });
    const document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
    const reads = Object.entries(operationsOf(document)).filter(
      ([name, { security = [] }]) => name.startsWith('GET ') && security.length > 0,
    );
    expect(reads.length).toBeGreaterThanOrEqual(2);
    for (const [name, { responses }] of reads) {
      const [greedy, modest] = [await api.member('eu'), await api.member('eu')];
      const path = (member: Member): string =>
        name
          .slice('GET '.length)
          .replace('accounts/{id}', `accounts/${member.account.id}`)
          .replace('{personId}', member.person.id)
          .replace('{id}', () => new IdCodec(api.regions).mint('pky', api.regions.get('eu')));
      const read = ({ session }: Member, of: Member): Promise<Answer> =>
        api.ask('eu', path(of), { token: session.token });
      const answers = await Promise.all(Array.from({ length: 40 }, () => read(greedy, greedy)));
      // 404 of what nobody has; the limit comes first all the same.
      const found = (await read(modest, modest)).status;
      expect([name, [200, 404].includes(found)]).toEqual([name, true]);
      const refused = answers.filter(({ status }) => status !== found);
      expect([name, refused.length > 0]).toEqual([name, true]);
      for (const answer of refused) {
        expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([429, 'request.rate_limited', '1']);
      }
      expect([name, (await read(modest, modest)).status]).toEqual([name, found]);
      expect(Object.keys(responses)).toContain('429');
    }
    await api.stop();
  });

  it('answers 503 when the database that counts is away', async () => {
    const api = await installation.start();
    const { database } = installation.site('eu');
    await database.sql('superuser', `alter role ${database.name}_app connection limit 0`);
    await database.sql('superuser', 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
      `${database.name}_app`,
    ]);
    const answer = await api.signUp('eu');
    expect([answer.status, answer.code]).toEqual([503, 'residency.unavailable']);
    await database.sql('superuser', `alter role ${database.name}_app connection limit -1`);
    expect((await api.signUp('eu')).status).toBe(202);
    await api.stop();
  });
});

describe('an entity tag', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(() => installation.close());

  it('names the version of the row that a change would change', async () => {
    const api = await installation.start();
    const { account, session } = await api.member('eu');
    const { token } = session;
    const tag = async (path: string): Promise<unknown> => (await api.ask('eu', path, { token })).headers['etag'];
    for (const [path, table, other] of [
      [`/v1/accounts/${account.id}`, 'account', '/v1/me'],
      ['/v1/me', 'person', `/v1/accounts/${account.id}`],
    ] as const) {
      const before = [await tag(path), await tag(other)];
      expect(before[0]).toBe('"v1"');
      await installation.site('eu').database.sql('superuser', `update ${table} set version = 7`);
      expect([await tag(path), await tag(other)]).toEqual(['"v7"', before[1]]);
      await installation.site('eu').database.sql('superuser', `update ${table} set version = 1`);
    }
    expect((await api.ask('eu', '/v1/me')).headers['etag']).toBeUndefined();
  });
});
