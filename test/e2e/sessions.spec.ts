import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { freeze, hashingChildOf } from '../support/linux-process.js';

/** Two hash and 64 wait; see the gate of the hashing process. */
const AT_ONCE_MAX = 66;
/** Hashes of a whole queue on two busy cores. */
const PATIENT = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '30000' };
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

let installation: Installation;
let api: Api;
/** One person of each region, another one, and an address that nobody has. */
const people: Record<string, { ada: Member; twin: Member }> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start({ settings: PATIENT });
  for (const code of ['eu', 'us']) {
    const [ada, twin] = await Promise.all([api.member(code), api.member(code)]);
    people[code] = { ada, twin };
  }
});
afterAll(() => installation.close());

const sessions = async (code: string): Promise<number> => (await installation.counts(code))['session']!;
const statusOf = async (code: string, token: string, path = '/v1/me', method = 'GET'): Promise<number> =>
  (await api.ask(code, path, { token, method })).status;
/** Everything of an answer that could tell one from another. */
function seen({ status, headers, text }: Answer): unknown {
  const { date: _, ...rest } = headers;
  return { status, headers: rest, text };
}

/** Wrong ones: of another form, of a form that no password has, and none. */
const WRONG_PASSWORDS = [
  'wrong horse battery staple',
  PASSWORD.toUpperCase(),
  `${PASSWORD} `,
  '',
  'x',
  '\u0001',
  '\ufdfa'.repeat(100),
  'x'.repeat(4096),
  '😀'.repeat(2048),
];

describe.each(['eu', 'us'])('signing in in %s', (code) => {
  const ada = (): Member => people[code]!.ada;
  const twin = (): Member => people[code]!.twin;

  it('begins a session of that person, good for her account and for nobody else’s', async () => {
    const answer = await api.signIn(code, ada().person.email);
    expect(answer.status).toBe(201);
    expect(answer.headers['x-hosting-region']).toBe(code);
    const { person, session, device, ...more } = answer.json<{
      person: object;
      session: Member['session'];
      device: object;
    }>();
    expect([person, more]).toEqual([{ id: ada().person.id }, {}]);
    expect(device).toEqual({ token: expect.stringMatching(`^dev_${code}_`), expiresAt: expect.any(String) });
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(Date.now() + 29 * 24 * 60 * 60 * 1000);
    const me = await api.ask(code, '/v1/me', { token: session.token });
    expect(me.json()).toEqual({
      person: ada().person,
      accounts: [{ id: ada().account.id }],
      session: { id: session.id, expiresAt: session.expiresAt },
    });
    expect(await statusOf(code, session.token, `/v1/accounts/${ada().account.id}`)).toBe(200);
    expect(await statusOf(code, session.token, `/v1/accounts/${twin().account.id}`)).toBe(404);
  });

  it('refuses what does not fit with the same bytes, whatever it is, and begins nothing', async () => {
    const before = await sessions(code);
    const known = WRONG_PASSWORDS.map((password) => [ada().person.email, password] as const);
    const unknown = [...WRONG_PASSWORDS, PASSWORD].map((password) => [freshEmail(), password] as const);
    // Right in the other region, and nothing here.
    const foreign = [PASSWORD, 'x'].map((password) => [people[elsewhere(code)]!.ada.person.email, password] as const);
    const homoglyph = [[ada().person.email.replace('example', 'ex\u0430mple'), PASSWORD] as const];
    const tagged = [[ada().person.email.replace('@', '+x@'), PASSWORD] as const];
    const answers: Answer[] = [];
    for (const [email, password] of [...known, ...unknown, ...foreign, ...homoglyph, ...tagged])
      answers.push(await api.signIn(code, email, password));
    const [first] = answers;
    expect([first!.status, first!.code]).toEqual([401, 'session.refused']);
    for (const answer of answers) expect(seen(answer)).toEqual(seen(first!));
    expect(await sessions(code)).toBe(before);
  });

  it('refuses before it looks at anybody what is no address, no text, or too long', async () => {
    const { email } = ada().person;
    for (const [json, pointer] of [
      [{ email: 'ada', password: PASSWORD }, '/email'],
      [{ email: '"a"@example.org', password: PASSWORD }, '/email'],
      [{ email, password: 'x'.repeat(4097) }, '/password'],
      [{ email, password: 1 }, '/password'],
      [{ email, password: null }, '/password'],
      [{ email }, '/password'],
      [{ email, password: PASSWORD, admin: true }, ''],
    ] as const) {
      const answer = await api.ask(code, '/v1/sessions', { json });
      expect([pointer, answer.status]).toEqual([pointer, 422]);
      expect(answer.json<{ errors: { pointer: string }[] }>().errors.map((error) => error.pointer)).toEqual([pointer]);
    }
    for (const password of ['\\u0000', '\\ud800', 'a\\udc00b']) {
      const body = Buffer.from(`{"email":"${email}","password":"${password}"}`);
      const answer = await api.ask(code, '/v1/sessions', { body, headers: { 'content-type': 'application/json' } });
      expect([password, answer.status, answer.code]).toEqual([password, 400, 'request.malformed']);
    }
  });

  it('knows an address in every spelling of its normal form', async () => {
    const local = freshEmail().split('@')[0]!;
    await api.member(code, { email: `${local}@Bücher.example` });
    for (const email of [
      `${local}@bücher.example`,
      `${local.toUpperCase()}@BÜCHER.Example`,
      `${local}@xn--bcher-kva.example`,
      `${local}@bu\u0308cher.example`,
      `${local}@bücher。example`,
    ])
      expect([email, (await api.signIn(code, email)).status]).toEqual([email, 201]);
    expect((await api.signIn(code, `${local}@bucher.example`)).status).toBe(401);
  });

  it('compares passwords in one form, and no further', async () => {
    const chosen = 'Ångström “ﬁ” ｗｉｄｅ ①½';
    const { id } = await api.pending(code);
    const made = await api.confirm(code, id, await installation.digits(code, id), chosen);
    const { email } = made.json<Member>().person;
    for (const spelling of [chosen, chosen.normalize('NFD'), chosen.normalize('NFKC'), chosen.normalize('NFKD')])
      expect((await api.signIn(code, email, spelling)).status).toBe(201);
    for (const wrong of [chosen.toLowerCase(), ` ${chosen}`, 'Angstrom “fi” wide 112'])
      expect((await api.signIn(code, email, wrong)).status).toBe(401);
  });

  it('ends with its session: that one alone, once', async () => {
    const { email } = ada().person;
    const [session, other] = [await api.session(code, email), await api.session(code, email)];
    const before = await sessions(code);
    const out = await api.ask(code, '/v1/sessions/current', { method: 'DELETE', token: session.token });
    expect([out.status, out.text, out.headers['content-length'] ?? '0']).toEqual([204, '', '0']);
    expect(await sessions(code)).toBe(before - 1);
    expect(await statusOf(code, session.token)).toBe(401);
    expect(await statusOf(code, session.token, `/v1/accounts/${ada().account.id}`)).toBe(401);
    expect(await statusOf(code, session.token, '/v1/sessions/current', 'DELETE')).toBe(401);
    for (const token of [other.token, ada().session.token, twin().session.token])
      expect(await statusOf(code, token)).toBe(200);
  });

  it('ends once when it is ended twenty times at once', async () => {
    const { token } = await api.session(code, twin().person.email);
    const ends = Array.from({ length: 20 }, () => statusOf(code, token, '/v1/sessions/current', 'DELETE'));
    const statuses = await Promise.all(ends);
    expect(statuses).toContain(204);
    expect(statuses.filter((status) => status !== 204 && status !== 401)).toEqual([]);
    expect(await statusOf(code, token)).toBe(401);
  });

  it('is of no use in the other region, and is not ended by it', async () => {
    const { token } = await api.session(code, ada().person.email);
    const other = elsewhere(code);
    const tries: [string, string][] = [
      ['GET', '/v1/me'],
      ['DELETE', '/v1/sessions/current'],
      ['GET', `/v1/accounts/${people[other]!.ada.account.id}`],
      ['POST', '/v1/sessions'],
    ];
    for (const [method, path] of tries) {
      const json = method === 'POST' ? { json: { email: people[other]!.ada.person.email, password: PASSWORD } } : {};
      const answer = await api.ask(other, path, { token, method, ...json });
      expect([path, answer.status, answer.code]).toEqual([path, 421, 'residency.misdirected']);
    }
    expect(await statusOf(code, token)).toBe(200);
  });

  it('twenty times at once begins twenty sessions', async () => {
    const before = await sessions(code);
    const many = Array.from({ length: 20 }, () => api.session(code, ada().person.email));
    const tokens = (await Promise.all(many)).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(20);
    expect(await sessions(code)).toBe(before + 20);
    expect(await Promise.all(tokens.map((token) => statusOf(code, token)))).toEqual(Array(20).fill(200));
  });

  it('under an Idempotency-Key begins one session, shown again to who knows the password', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { email } = ada().person;
    const before = await sessions(code);
    const first = await api.signIn(code, email, PASSWORD, { headers });
    const again = await api.signIn(code, email, PASSWORD, { headers });
    expect([again.status, again.headers['idempotency-replayed'], again.text]).toEqual([201, 'true', first.text]);
    expect(await sessions(code)).toBe(before + 1);
    for (const wrong of [`${PASSWORD}!`, PASSWORD.normalize('NFD').toUpperCase(), ''])
      expect(await api.signIn(code, email, wrong, { headers })).toMatchObject({ status: 401, code: 'session.refused' });
    const reused = await api.signIn(code, twin().person.email, PASSWORD, { headers });
    expect([reused.status, reused.code]).toEqual([422, 'request.idempotency_key_reused']);
    expect((await api.signIn(elsewhere(code), email, PASSWORD, { headers })).code).toBe('session.refused');
    expect(await sessions(code)).toBe(before + 1);
  });
});

describe('the password of a sign-in', () => {
  it('is compared once by each of them, and who finds no place in the queue is told to come again', async () => {
    const { ada, twin } = people['eu']!;
    const child = await hashingChildOf(api.processes[0]!.pid);
    const kinds = [
      [ada.person.email, PASSWORD],
      [ada.person.email, WRONG_PASSWORDS[0]!],
      [twin.person.email, ''],
      [people['us']!.ada.person.email, PASSWORD],
      [freshEmail(), PASSWORD],
      [freshEmail(), 'x'],
    ] as const;
    await freeze(child);
    const early: Answer[] = [];
    const asked = Array.from({ length: AT_ONCE_MAX + kinds.length * 2 }, async (_, i) => {
      const [email, password] = kinds[i % kinds.length]!;
      const answer = await api.signIn('eu', email, password);
      early.push(answer);
      return answer;
    });
    // All that find no place are answered while nothing is compared: none of any kind gets by without.
    const refused = kinds.length * 2;
    await eventually('those beyond the queue to be sent away', () => early.length >= refused);
    const away = [...early];
    process.kill(child, 'SIGCONT');
    const answers = await Promise.all(asked);
    for (const answer of away)
      expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([503, 'server.unavailable', '2']);
    expect(away.length).toBe(refused);
    const outcomes = answers.map(({ status }, i) => [i % kinds.length, status]);
    for (const [kind, status] of outcomes) expect([503, kind === 0 ? 201 : 401]).toContain(status);
    expect(outcomes.filter(([, status]) => status === 503).length).toBe(refused);
  });

  it('stands in no line that was written, nor does an address or a session', async () => {
    const password = `${randomUUID()} ${randomUUID()}`;
    const email = freshEmail();
    const { id } = await api.pending('eu', { email });
    const made = await api.confirm('eu', id, await installation.digits('eu', id), password);
    const { token } = await api.session('eu', email, password);
    await api.signIn('eu', email, `${password}!`);
    await api.signIn('eu', `${email}x`, password);
    await api.ask('eu', '/v1/sessions', { json: { email, password, [password]: 1 } });
    await api.ask('eu', '/v1/sessions/current', { method: 'DELETE', token });
    const { session } = made.json<Member>();
    expect(installation.written).toContain('"event":"api.listening"');
    for (const secret of [password, email, token, session.token]) expect(installation.written).not.toContain(secret);
  });
});
