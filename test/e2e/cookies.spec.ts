import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, SECRET_COOKIE } from '@domicile/residency';
import { DEVICE_COOKIE } from '../../apps/api/src/known-device.js';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import { type Api, type Member, PASSWORD } from '../support/api.js';
import { type Answer, exchange } from '../support/http.js';
import { Installation } from '../support/installation.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

let installation: Installation;
let api: Api;
const people: Record<string, Member> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  for (const code of ['eu', 'us']) people[code] = await api.member(code);
});
afterAll(() => installation.close());

/** Signs in as a browser does. */
function signIn(
  code: string,
  headers: Record<string, string> = {},
  email = people[code]!.person.email,
): Promise<Answer> {
  return api.ask(code, '/v1/sessions', { json: { email, password: PASSWORD, sessionForm: 'cookie' }, headers });
}
/** The one Set-Cookie of that name. */
function setOf({ headers }: Answer, name = SECRET_COOKIE): string {
  const [set, ...more] = (headers['set-cookie'] ?? []).filter((each) => each.startsWith(`${name}=`));
  if (set === undefined || more.length > 0) throw new Error(`There is no one ${name}.`);
  return set;
}
/** What a browser sends back of it. */
const cookieOf = (answer: Answer, name = SECRET_COOKIE): string => setOf(answer, name).split(';')[0]!;
const cookie = async (code: string): Promise<string> => cookieOf(await signIn(code));
const statusOf = async (code: string, value: string): Promise<number> =>
  (await api.ask(code, '/v1/me', { headers: { cookie: value } })).status;

describe.each(['eu', 'us'])('a session in a cookie of %s', (code) => {
  const own = (): string => api.origin(code);
  const other = (): string => api.origin(elsewhere(code));

  it('is handed over in the cookie alone, which no script, no other host and no plain page is given', async () => {
    const answer = await signIn(code);
    expect(answer.status).toBe(201);
    const [pair, ...attributes] = setOf(answer).split('; ');
    expect(pair).toMatch(new RegExp(`^${SECRET_COOKIE}=sst_${code}_[0-9a-z]+$`));
    const seconds = Number(/^Max-Age=(\d+)$/.exec(attributes[0]!)?.[1]);
    expect(seconds).toBeGreaterThan(29.9 * 86_400);
    expect(attributes.slice(1)).toEqual(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']);
    expect(Object.keys(answer.json<{ session: object }>().session).sort()).toEqual(['expiresAt', 'id']);
    expect(answer.text).not.toContain('sst_');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await statusOf(code, pair!)).toBe(200);
  });

  it('is handed over so by the confirmation of a signup too, and not unless it is asked for', async () => {
    const { id } = await api.pending(code);
    const json = { code: await installation.digits(code, id), password: PASSWORD, sessionForm: 'cookie' };
    const made = await api.ask(code, `/v1/signups/${id}/confirmations`, { json });
    expect([made.status, made.text.includes('sst_')]).toEqual([201, false]);
    expect(await statusOf(code, cookieOf(made))).toBe(200);
    for (const sessionForm of ['bearer', undefined]) {
      const json = { email: people[code]!.person.email, password: PASSWORD, sessionForm };
      const bearer = await api.ask(code, '/v1/sessions', { json });
      expect([bearer.status, bearer.headers['set-cookie']]).toEqual([201, undefined]);
      expect(bearer.json<{ session: object }>().session).toHaveProperty('token');
    }
    for (const sessionForm of ['Cookie', '', null, 1, ['cookie']]) {
      const json = { email: people[code]!.person.email, password: PASSWORD, sessionForm };
      const answer = await api.ask(code, '/v1/sessions', { json });
      expect([answer.status, answer.json()]).toMatchObject([422, { errors: [{ pointer: '/sessionForm' }] }]);
    }
  });

  it('under an Idempotency-Key is the same one again, in the form that was asked for and no other', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await signIn(code, headers), await signIn(code, headers)];
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect([again.text, cookieOf(again)]).toEqual([first.text, cookieOf(first)]);
    const bearer = await api.signIn(code, people[code]!.person.email, PASSWORD, { headers });
    expect([bearer.status, bearer.code, bearer.headers['set-cookie']]).toEqual([
      422,
      'request.idempotency_key_reused',
      undefined,
    ]);
  });

  it('lets a page of its own origin change something, and nobody else', async () => {
    const value = await cookie(code);
    const change = async (from: Record<string, string>): Promise<string> => {
      const { headers } = await api.ask(code, '/v1/me', { headers: { cookie: value } });
      const json = { displayName: 'Ada' };
      const answer = await api.ask(code, '/v1/me', {
        method: 'PATCH',
        headers: { cookie: value, 'if-match': headers.etag!, ...from },
        json,
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      return answer.status === 200 ? 'done' : (answer.code ?? '');
    };
    const [mine, theirs] = [own(), other()];
    const same = { 'sec-fetch-site': 'same-origin' };
    for (const from of [{ origin: mine }, { origin: mine, ...same }, same])
      expect([from, await change(from)]).toEqual([from, 'done']);
    const staff = api.regions.get(code).origins.staff;
    for (const from of [
      {},
      { origin: theirs },
      { origin: theirs, 'sec-fetch-site': 'same-site' },
      { origin: theirs, ...same },
      { origin: mine, 'sec-fetch-site': 'same-site' },
      { origin: mine, 'sec-fetch-site': 'cross-site' },
      { origin: mine, 'sec-fetch-site': 'none' },
      { origin: mine, 'sec-fetch-site': '' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { origin: staff },
      { origin: 'null' },
      { origin: '' },
      { origin: mine.toUpperCase() },
      { origin: `${mine}/` },
      { origin: `${mine}, ${theirs}` },
      { origin: mine.replace(/:\d+$/, '') },
      { origin: 'https://evil.example' },
      { referer: `${mine}/` },
    ])
      expect([from, await change(from)]).toEqual([from, 'request.cross_site']);
    // What changes nothing may follow a link from anywhere; what a bearer sends comes from no browser by itself.
    const link = await api.ask(code, '/v1/me', { headers: { cookie: value, 'sec-fetch-site': 'cross-site' } });
    expect(link.status).toBe(200);
    const { token } = people[code]!.session;
    const out = await api.ask(code, '/v1/sessions', { method: 'DELETE', token, headers: { origin: theirs } });
    expect(out.status).toBe(204);
  });

  it('is refused together with another credential, and twice', async () => {
    const [value, second] = [await cookie(code), await cookie(code)];
    const { token } = await api.session(code, people[code]!.person.email);
    const ask = (headers: Record<string, string>): Promise<Answer> => api.ask(code, '/v1/me', { headers });
    for (const headers of [
      { cookie: value, authorization: `Bearer ${token}` },
      { cookie: value, authorization: '' },
      { cookie: value, authorization: `Bearer ${value.split('=')[1]}` },
      { cookie: `${value}; ${second}` },
      { cookie: `${value}; ${value}` },
      { cookie: `${value};${SECRET_COOKIE}=` },
      { cookie: `${SECRET_COOKIE}; a=b; ${value}` },
    ]) {
      const answer = await ask(headers);
      expect([headers, answer.status, answer.code]).toEqual([headers, 400, 'request.credential_ambiguous']);
    }
    const head = `GET /v1/me HTTP/1.1\r\nhost: ${api.host(code)}\r\nconnection: close\r\n`;
    const twice = await exchange(api.ports[code]!, `${head}cookie: ${value}\r\ncookie: ${second}\r\n\r\n`);
    expect(twice.text).toMatch(/^HTTP\/1\.1 400 /);
    for (const name of [`x${SECRET_COOKIE}`, SECRET_COOKIE.toLowerCase(), `${SECRET_COOKIE}2`])
      expect([name, await statusOf(code, value.replace(SECRET_COOKIE, name))]).toEqual([name, 401]);
    expect(await statusOf(code, `a=b; ${value}; c=d`)).toBe(200);
  });

  it('is forgotten by the browser when it is none of ours, so that nobody is locked out by it', async () => {
    for (const wrong of ['', 'x', `sst_${code}_1`, '"quoted"']) {
      const answer = await api.ask(code, '/v1/me', { headers: { cookie: `${SECRET_COOKIE}=${wrong}` } });
      expect([wrong, answer.status, answer.code]).toEqual([wrong, 401, 'residency.secret_invalid']);
      expect(cookieOf(answer)).toBe(`${SECRET_COOKIE}=`);
    }
  });

  it('of the other region is sent to it, like a bearer, before anything is read', async () => {
    const foreign = await cookie(elsewhere(code));
    for (const [method, path] of [
      ['GET', '/v1/me'],
      ['POST', '/v1/sessions'],
      ['DELETE', '/v1/sessions/current'],
    ] as const) {
      const answer = await api.ask(code, path, { method, headers: { cookie: foreign, origin: own() } });
      expect([answer.status, answer.code]).toEqual([421, 'residency.misdirected']);
      expect(answer.json()).toMatchObject({ hostingRegion: { code: elsewhere(code), origin: other() } });
    }
    expect(await statusOf(elsewhere(code), foreign)).toBe(200);
  });

  it('has another secret after each proof: who took the one before is out before a password or factor can be changed', async () => {
    const ada = await api.member(code);
    const taken = cookieOf(await signIn(code, {}, ada.person.email));
    const ids = new IdCodec(api.regions);
    const { id } = (await api.ask(code, '/v1/me', { headers: { cookie: taken } })).json<{ session: { id: string } }>()
      .session;
    await installation
      .site(code)
      .database.sql('superuser', "update session set authenticated_at = now() - interval '11 minutes' where id = $1", [
        ids.encode(id, 'sess', api.regions.get(code)),
      ]);
    const ask = (value: string, method: string, path: string, json?: unknown): Promise<Answer> =>
      api.ask(code, path, {
        method,
        headers: { cookie: value, origin: own() },
        ...(json === undefined ? {} : { json }),
      });
    const other = { password: `${PASSWORD} again` };
    for (const [method, path, json] of [
      ['PUT', '/v1/me/password', other],
      ['POST', '/v1/me/totp'],
      ['POST', '/v1/me/passkey-options'],
    ] as const)
      expect((await ask(taken, method, path, json)).code).toBe('session.not_fresh');
    const proven = await ask(taken, 'POST', '/v1/sessions/current/proof', { password: PASSWORD });
    expect([proven.status, proven.text.includes('sst_')]).toEqual([200, false]);
    const hers = cookieOf(proven);
    expect([hers === taken, await statusOf(code, taken), await statusOf(code, hers)]).toEqual([false, 401, 200]);
    for (const [method, path, json] of [
      ['PUT', '/v1/me/password', other],
      ['POST', '/v1/me/totp'],
    ] as const)
      expect((await ask(taken, method, path, json)).status).toBe(401);
    expect((await ask(hers, 'PUT', '/v1/me/password', other)).status).toBe(204);
    expect([await statusOf(code, taken), await statusOf(code, hers)]).toEqual([401, 200]);
    // Whose secret a browser was given beforehand is not made hers by signing in with it there.
    const planted = await cookie(code);
    const signedIn = cookieOf(
      await api.ask(code, '/v1/sessions', {
        json: { email: ada.person.email, ...other, sessionForm: 'cookie' },
        headers: { cookie: planted, origin: own() },
      }),
    );
    const whoIs = async (value: string): Promise<unknown> =>
      (await api.ask(code, '/v1/me', { headers: { cookie: value } })).json<{ person?: { id: string } }>().person?.id;
    expect(signedIn).not.toBe(planted);
    expect([await whoIs(signedIn), (await whoIs(planted)) === ada.person.id]).toEqual([ada.person.id, false]);
  });

  it('ends with a sign-out that takes it back, and is replaced by signing in again', async () => {
    const value = await cookie(code);
    const replaced = await signIn(code, { cookie: value, origin: own() });
    expect([replaced.status, cookieOf(replaced) === value]).toEqual([201, false]);
    expect((await signIn(code, { cookie: value, origin: other() })).code).toBe('request.cross_site');
    const out = (headers: Record<string, string>): Promise<Answer> =>
      api.ask(code, '/v1/sessions/current', { method: 'DELETE', headers: { cookie: value, ...headers } });
    expect((await out({ origin: other() })).code).toBe('request.cross_site');
    expect(await statusOf(code, value)).toBe(200);
    const done = await out({ origin: own() });
    expect([done.status, done.headers['set-cookie']]).toEqual([
      204,
      [`${SECRET_COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`],
    ]);
    expect(await statusOf(code, value)).toBe(401);
    const { token } = await api.session(code, people[code]!.person.email);
    const bearer = await api.ask(code, '/v1/sessions/current', { method: 'DELETE', token });
    expect([bearer.status, bearer.headers['set-cookie']]).toEqual([204, undefined]);
  });
});

describe.each(['eu', 'us'])('a device in a cookie of %s', (code) => {
  const STRANGER = `${PASSWORD}!`;
  const sendsAs = (cookies: string, headers: Record<string, string> = {}): Promise<Answer> =>
    signIn(code, { cookie: cookies, origin: api.origin(code), ...headers });
  const tokenOf = (pair: string): string => pair.slice(DEVICE_COOKIE.length + 1);

  it('is handed over in the cookie alone, for 400 days, and known by it from then on', async () => {
    const first = await signIn(code);
    const [pair, ...attributes] = setOf(first, DEVICE_COOKIE).split('; ');
    expect(pair).toMatch(new RegExp(`^${DEVICE_COOKIE}=dev_${code}_[0-9a-z]+$`));
    const seconds = Number(/^Max-Age=(\d+)$/.exec(attributes[0]!)?.[1]);
    expect([seconds > 399.9 * 86_400, seconds <= 400 * 86_400]).toEqual([true, true]);
    expect(attributes.slice(1)).toEqual(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']);
    expect([Object.keys(first.json<object>()).sort(), first.text.includes('dev_')]).toEqual([
      ['person', 'session'],
      false,
    ]);
    const again = await sendsAs(pair!);
    expect([again.status, again.headers['set-cookie']!.length]).toEqual([201, 1]);
    // In the header it is the same device, and a bearer is shown it.
    const bearer = await api.signIn(code, people[code]!.person.email, PASSWORD, {
      headers: { 'device-token': tokenOf(pair!) },
    });
    expect(Object.keys(bearer.json<object>()).sort()).toEqual(['person', 'session']);
  });

  it('opens nothing by itself, and is no session', async () => {
    const pair = cookieOf(await signIn(code), DEVICE_COOKIE);
    expect((await api.ask(code, '/v1/me', { headers: { cookie: pair } })).status).toBe(401);
    const swapped = pair.replace(DEVICE_COOKIE, SECRET_COOKIE);
    expect((await api.ask(code, '/v1/me', { headers: { cookie: swapped } })).status).toBe(401);
    const json = { email: people[code]!.person.email, password: STRANGER, sessionForm: 'cookie' };
    const wrong = await api.ask(code, '/v1/sessions', { json, headers: { cookie: pair } });
    expect([wrong.code, wrong.headers['set-cookie']]).toEqual(['session.refused', undefined]);
  });

  it('is refused twice, and beside the header', async () => {
    const [one, two] = [cookieOf(await signIn(code), DEVICE_COOKIE), cookieOf(await signIn(code), DEVICE_COOKIE)];
    for (const [cookies, headers] of [
      [`${one}; ${two}`, {}],
      [`${one}; ${one}`, {}],
      [`${DEVICE_COOKIE}; ${one}`, {}],
      [one, { 'device-token': tokenOf(one) }],
      [one, { 'device-token': '' }],
      [`${DEVICE_COOKIE}=`, { 'device-token': tokenOf(one) }],
    ] as const) {
      const answer = await sendsAs(cookies, headers);
      expect([cookies, answer.status, answer.code]).toEqual([cookies, 400, 'request.credential_ambiguous']);
    }
  });

  it('that is none of ours, or another person’s, is a stranger’s and is replaced', async () => {
    const theirs = await api.member(code);
    const json = { email: theirs.person.email, password: PASSWORD, sessionForm: 'cookie' };
    const other = cookieOf(await api.ask(code, '/v1/sessions', { json }), DEVICE_COOKIE);
    for (const pair of ['', 'x', `dev_${code}_1`, '"quoted"']
      .map((value) => `${DEVICE_COOKIE}=${value}`)
      .concat(other)) {
      const answer = await sendsAs(pair);
      expect([pair, answer.status]).toEqual([pair, 201]);
      expect(cookieOf(answer, DEVICE_COOKIE)).not.toBe(pair);
    }
    // A name that only looks like it is nothing.
    const named = await sendsAs(other.replace(DEVICE_COOKIE, DEVICE_COOKIE.toLowerCase()));
    expect(cookieOf(named, DEVICE_COOKIE)).toMatch(DEVICE_COOKIE);
  });

  it('of the other region is sent to it', async () => {
    const foreign = cookieOf(await signIn(elsewhere(code)), DEVICE_COOKIE);
    const answer = await sendsAs(foreign);
    expect([answer.status, answer.code]).toEqual([421, 'residency.misdirected']);
    expect(answer.json()).toMatchObject({ hostingRegion: { code: elsewhere(code) } });
  });

  it('stays when its session is signed out, and comes with a recovery too, which forgets the ones before', async () => {
    const ada = await api.member(code);
    const json = { email: ada.person.email, password: PASSWORD, sessionForm: 'cookie' };
    const first = await api.ask(code, '/v1/sessions', { json });
    const out = await api.ask(code, '/v1/sessions/current', {
      method: 'DELETE',
      headers: { cookie: `${cookieOf(first)}; ${cookieOf(first, DEVICE_COOKIE)}`, origin: api.origin(code) },
    });
    expect([out.status, out.headers['set-cookie']!.length]).toEqual([204, 1]);
    const asked = await api.ask(code, '/v1/recoveries', { json: { email: ada.person.email } });
    const { id } = asked.json<{ recovery: { id: string } }>().recovery;
    const path = `/v1/recoveries/${id}/completion`;
    const password = `${PASSWORD} anew`;
    const completion = { code: api.code(code, 'recovery.code', id), password, deviceForm: 'cookie' };
    const refused = await api.ask(code, path, { json: { ...completion, deviceForm: 'Cookie' } });
    expect([refused.status, refused.json()]).toMatchObject([422, { errors: [{ pointer: '/deviceForm' }] }]);
    const recovered = await api.ask(code, path, { json: completion });
    expect([recovered.status, Object.keys(recovered.json<object>())]).toEqual([200, ['person']]);
    const known = cookieOf(recovered, DEVICE_COOKIE);
    const beginWith = (cookie: string): Promise<Answer> =>
      api.ask(code, '/v1/sessions', { json: { ...json, password }, headers: { cookie, origin: api.origin(code) } });
    expect((await beginWith(known)).headers['set-cookie']).toHaveLength(1);
    expect((await beginWith(cookieOf(first, DEVICE_COOKIE))).headers['set-cookie']).toHaveLength(2);
  });

  it('is left alone where a second step comes, but the session from before is taken back', async () => {
    const { person, session } = await api.member(code);
    const { secret } = (await api.ask(code, '/v1/me/totp', { method: 'POST', token: session.token })).json<{
      secret: string;
    }>();
    const confirmation = { json: { code: codeOf(fromBase32(secret), stepAt(new Date())) }, token: session.token };
    expect((await api.ask(code, '/v1/me/totp/confirmation', confirmation)).status).toBe(204);
    const before = await cookie(code);
    const json = { email: person.email, password: PASSWORD, sessionForm: 'cookie' };
    const answer = await api.ask(code, '/v1/sessions', { json, headers: { cookie: before, origin: api.origin(code) } });
    expect([answer.status, setOf(answer)]).toEqual([
      202,
      `${SECRET_COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });
});

it('no cookie and no origin of a stranger stands in a line that was written', () => {
  expect(installation.written).not.toMatch(/(?:sst|dev)_(?:eu|us)_|evil\.example/);
});
