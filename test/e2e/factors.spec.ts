import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { renderSVG } from 'uqr';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import { Authenticator, type Oddity } from '../support/authenticator.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
});
afterAll(() => installation.close());

type Creation = Parameters<Authenticator['create']>[0];
type Request = Parameters<Authenticator['get']>[0];
interface Pending {
  readonly id: string;
  readonly token: string;
  readonly factors: readonly string[];
}

const post = (code: string, path: string, token?: string, json?: unknown, headers = {}): Promise<Answer> =>
  api.ask(code, path, {
    method: 'POST',
    headers,
    ...(token === undefined ? {} : { token }),
    ...(json === undefined ? {} : { json }),
  });
const remove = (code: string, path: string, token: string): Promise<Answer> =>
  api.ask(code, path, { method: 'DELETE', token });
const isIn = async (code: string, token: string): Promise<boolean> =>
  (await api.ask(code, '/v1/me', { token })).status === 200;
const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
const device = (code: string, counts = true): Authenticator => new Authenticator(api.origin(code), counts);

/** The uuid behind an id of the API. */
function uuid(code: string, id: string): string {
  return new IdCodec(api.regions).encode(id, id.split('_')[0]!, api.regions.get(code));
}

/** What the person's log tells, oldest first. */
async function told(code: string, personId: string): Promise<string[]> {
  const rows = await installation
    .site(code)
    .database.sql('superuser', 'select kind from person_event where person_id = $1 order by id', [
      uuid(code, personId),
    ]);
  return rows.map(({ kind }) => String(kind));
}

async function addPasskey(code: string, token: string, by = device(code)): Promise<Authenticator> {
  const options = (await post(code, '/v1/me/passkey-options', token)).json<Creation>();
  const answer = await post(code, '/v1/me/passkeys', token, { passkey: by.create(options), label: 'Phone' });
  expect(outcome(answer)).toEqual([201, undefined]);
  return by;
}

/** Somebody with an authenticator app. @returns what shows its codes: of now, or of that many steps from it */
async function addApp(code: string, token: string): Promise<(off?: number) => string> {
  const { secret } = (await post(code, '/v1/me/totp', token)).json<{ secret: string }>();
  const show = (off = 0): string => codeOf(fromBase32(secret), stepAt(new Date()) + off);
  // The oldest code that counts, so that there are newer ones left.
  expect((await post(code, '/v1/me/totp/confirmation', token, { code: show(-1) })).status).toBe(204);
  return show;
}

async function pendingOf(code: string, { person }: Member): Promise<Pending> {
  const answer = await api.signIn(code, person.email);
  expect(answer.status).toBe(202);
  return answer.json<{ signIn: Pending }>().signIn;
}

const step = (code: string, { id, token }: Pending, kind: string, json: unknown, headers = {}): Promise<Answer> =>
  post(code, `/v1/sign-ins/${id}/${kind}`, token, json, headers);

async function passkeySignIn(code: string, by: Authenticator, odd: Oddity = {}): Promise<Answer> {
  const options = (await post(code, '/v1/sign-ins/passkey/options')).json<Request>();
  return post(code, '/v1/sign-ins/passkey', undefined, { passkey: by.get(options, odd) });
}

/** Puts the last proof of a session in the past. */
const grow = (code: string, sessionId: string): Promise<unknown> =>
  installation
    .site(code)
    .database.sql('superuser', "update session set authenticated_at = now() - interval '11 minutes' where id = $1", [
      uuid(code, sessionId),
    ]);

// The regions take turns: what one may not do with the other is in each test.
describe.each(['eu', 'us'])('a passkey in %s', (code) => {
  const other = elsewhere(code);

  it('is asked for by the host of the region, discoverable, of a verified user, and says nothing of her', async () => {
    const { person, session } = await api.member(code);
    const options = (await post(code, '/v1/me/passkey-options', session.token)).json();
    const host = new URL(api.origin(code)).hostname;
    expect(options).toMatchObject({
      rp: { id: host },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      excludeCredentials: [],
    });
    for (const word of [person.id, person.email, person.email.split('@')[0]!])
      expect(JSON.stringify(options)).not.toContain(word);
    const again = (await post(code, '/v1/me/passkey-options', session.token)).json();
    expect(again['user']).toEqual(options['user']);
    expect(again['challenge']).not.toBe(options['challenge']);
  });

  it('signs in without an address, to its own person alone, and ends her other sessions when it is added', async () => {
    const member = await api.member(code);
    const { token } = await api.session(code, member.person.email);
    const phone = await addPasskey(code, member.session.token);
    expect([await isIn(code, member.session.token), await isIn(code, token)]).toEqual([true, false]);
    const answer = await passkeySignIn(code, phone);
    expect(answer.status).toBe(201);
    const { person, session } = answer.json<{ person: object; session: Member['session'] }>();
    expect(person).toEqual({ id: member.person.id });
    expect((await api.ask(code, `/v1/accounts/${member.account.id}`, { token: session.token })).status).toBe(200);
    expect(await told(code, member.person.id)).toEqual([
      'session.began',
      'session.began',
      'passkey.added',
      'session.began',
    ]);
    const { passkeys, ...more } = (await api.ask(code, '/v1/me/factors', { token: session.token })).json<{
      passkeys: { label: string; lastUsedAt: string | null }[];
    }>();
    expect(more).toEqual({ hasPassword: true, hasTotp: false, recoveryCodesLeft: 0 });
    expect(passkeys).toEqual([expect.objectContaining({ label: 'Phone', lastUsedAt: expect.any(String) })]);
  });

  it('is refused, with the same bytes, whatever is odd about its answer', async () => {
    const { session } = await api.member(code);
    const phone = await addPasskey(code, session.token);
    const odd: Oddity[] = [
      { origin: api.origin(other) },
      { origin: `${api.origin(code)}.example.org` },
      { origin: api.origin(code).replace('://', '://staff.') },
      { rpId: new URL(api.origin(other)).hostname },
      { rpId: 'localhost' },
      { type: 'webauthn.create' },
      { challenge: Buffer.alloc(32).toString('base64url') },
      { challenge: '' },
      { crossOrigin: true },
      { verified: false },
      { present: false },
      { userHandle: Buffer.alloc(32).toString('base64url') },
      { forged: true },
    ];
    const [first, ...rest] = await Promise.all(odd.map((each) => passkeySignIn(code, phone, each)));
    expect(outcome(first!)).toEqual([401, 'passkey.refused']);
    rest.forEach(({ status, text }, i) => expect([odd[i + 1], status, text]).toEqual([odd[i + 1], 401, first!.text]));
    // A passkey that nobody has here looks the same.
    const stranger = device(code);
    stranger.create({
      ...(await post(code, '/v1/me/passkey-options', session.token)).json<Creation>(),
      excludeCredentials: [],
    });
    expect((await passkeySignIn(code, stranger)).text).toBe(first!.text);
    expect((await passkeySignIn(code, phone)).status).toBe(201);
  });

  it('is worth nothing in the other region, nor is a challenge of it', async () => {
    const [here, there] = await Promise.all([api.member(code), api.member(other)]);
    const phone = await addPasskey(code, here.session.token);
    const options = (await post(code, '/v1/sign-ins/passkey/options')).json<Request>();
    const abroad = (await post(other, '/v1/sign-ins/passkey/options')).json<Request>();
    const answer = { passkey: phone.get(options) };
    expect(outcome(await post(other, '/v1/sign-ins/passkey', undefined, answer))).toEqual([401, 'passkey.refused']);
    const theirs = { passkey: phone.get({ ...abroad, rpId: options.rpId }) };
    expect(outcome(await post(code, '/v1/sign-ins/passkey', undefined, theirs))).toEqual([401, 'passkey.refused']);
    expect((await post(code, '/v1/sign-ins/passkey', undefined, answer)).status).toBe(201);
    const { passkeys } = (await api.ask(code, '/v1/me/factors', { token: here.session.token })).json<{
      passkeys: { id: string }[];
    }>();
    const path = `/v1/me/passkeys/${passkeys[0]!.id}`;
    expect((await api.ask(other, path, { token: there.session.token })).status).toBe(421);
    // Nor is it anything to somebody else of this region.
    const twin = await api.member(code);
    for (const method of ['GET', 'DELETE'])
      expect((await api.ask(code, path, { method, token: twin.session.token })).status).toBe(404);
    expect((await api.patch(code, path, twin.session.token, '"v1"', { label: 'x' })).status).toBe(404);
  });

  it('answers each challenge once, of twenty at once too, and only for what it was asked', async () => {
    const { session } = await api.member(code);
    const phone = await addPasskey(code, session.token, device(code, false));
    const options = (await post(code, '/v1/sign-ins/passkey/options')).json<Request>();
    const answer = { passkey: phone.get(options) };
    const many = await Promise.all(
      Array.from({ length: 20 }, () => post(code, '/v1/sign-ins/passkey', undefined, answer)),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(401)]);
    const forProof = (await post(code, '/v1/sessions/current/proof/options', session.token)).json<Request>();
    const wrongly = { passkey: phone.get(forProof) };
    expect((await post(code, '/v1/sign-ins/passkey', undefined, wrongly)).status).toBe(401);
    const forSignIn = (await post(code, '/v1/sign-ins/passkey/options')).json<Request>();
    const proof = await post(code, '/v1/sessions/current/proof', session.token, { passkey: phone.get(forSignIn) });
    expect(outcome(proof)).toEqual([422, 'proof.refused']);
  });

  it('that counts backwards is refused, and her log says so', async () => {
    const { person, session } = await api.member(code);
    const phone = await addPasskey(code, session.token);
    expect((await passkeySignIn(code, phone)).status).toBe(201);
    phone.rewind();
    expect(outcome(await passkeySignIn(code, phone))).toEqual([401, 'passkey.refused']);
    expect(outcome(await passkeySignIn(code, phone, { count: 0 }))).toEqual([401, 'passkey.refused']);
    expect((await told(code, person.id)).filter((kind) => kind === 'passkey.suspect')).toHaveLength(2);
    expect((await passkeySignIn(code, phone, { count: 4_294_967_295 })).status).toBe(201);
  });

  it('is not added when it was made oddly, made before, or made for somebody else', async () => {
    const [ada, twin] = await Promise.all([api.member(code), api.member(code)]);
    const options = async (token = ada.session.token): Promise<Creation> =>
      (await post(code, '/v1/me/passkey-options', token)).json<Creation>();
    const add = (passkey: unknown, token = ada.session.token): Promise<Answer> =>
      post(code, '/v1/me/passkeys', token, { passkey });
    const odd: Oddity[] = [
      { origin: api.origin(other) },
      { rpId: new URL(api.origin(other)).hostname },
      { type: 'webauthn.get' },
      { challenge: Buffer.alloc(32).toString('base64url') },
      { verified: false },
      { present: false },
      { crossOrigin: true },
      { format: 'packed' },
      { format: 'tpm' },
    ];
    for (const each of odd)
      expect([each, outcome(await add(device(code).create(await options(), each)))]).toEqual([
        each,
        [422, 'passkey.invalid'],
      ]);
    const phone = device(code);
    const made = phone.create(await options());
    expect(outcome(await add(made, twin.session.token))).toEqual([422, 'passkey.invalid']);
    expect(outcome(await add({ ...made, id: 'AAAA', rawId: 'AAAA' }))).toEqual([422, 'passkey.invalid']);
    expect(outcome(await add(made))).toEqual([422, 'passkey.invalid']);
    const good = device(code).create(await options());
    expect((await add(good)).status).toBe(201);
    expect(outcome(await add(good))).toEqual([422, 'passkey.invalid']);
    // The same key in answer to a new challenge: somebody has it.
    const { challenge } = await options(twin.session.token);
    const clientDataJSON = Buffer.from(
      JSON.stringify({ type: 'webauthn.create', challenge, origin: api.origin(code), crossOrigin: false }),
    ).toString('base64url');
    const again = { ...good, response: { ...good.response, clientDataJSON } };
    expect(outcome(await add(again, twin.session.token))).toEqual([409, 'passkey.known']);
    expect((await options()).excludeCredentials).toHaveLength(1);
  });

  it('is called something else at its version alone', async () => {
    const { session } = await api.member(code);
    await addPasskey(code, session.token);
    const { passkeys } = (await api.ask(code, '/v1/me/factors', { token: session.token })).json<{
      passkeys: { id: string }[];
    }>();
    const path = `/v1/me/passkeys/${passkeys[0]!.id}`;
    const { headers } = await api.ask(code, path, { token: session.token });
    const changed = await api.patch(code, path, session.token, headers.etag!, { label: 'Key on the ring' });
    expect([changed.status, changed.json()['label']]).toEqual([200, 'Key on the ring']);
    expect((await api.patch(code, path, session.token, headers.etag!, { label: 'x' })).status).toBe(412);
    expect(
      (await api.patch(code, path, session.token, changed.headers.etag!, { label: null })).json()['label'],
    ).toBeNull();
    expect(await installation.dump(code)).not.toContain('Key on the ring');
  });

  it('makes a person without a password, who keeps the last one', async () => {
    const { id } = await api.pending(code);
    const digits = await installation.digits(code, id);
    const asked = await post(code, `/v1/signups/${id}/passkey-options`, undefined, { code: digits });
    expect(asked.status).toBe(200);
    const wrong = await post(code, `/v1/signups/${id}/passkey-options`, undefined, { code: '00000000' });
    expect(outcome(wrong)).toEqual([422, 'signup.code_wrong']);
    const phone = device(code);
    const passkey = phone.create(asked.json<Creation>());
    const confirm = (json: object): Promise<Answer> => post(code, `/v1/signups/${id}/confirmations`, undefined, json);
    const both = await confirm({ code: digits, password: PASSWORD, passkey });
    expect(outcome(both)).toEqual([422, 'request.invalid']);
    const made = await confirm({ code: digits, passkey });
    expect(outcome(made)).toEqual([201, undefined]);
    const { person, session, account } = made.json<Member>();
    expect(outcome(await api.signIn(code, person.email, ''))).toEqual([401, 'session.refused']);
    const signedIn = await passkeySignIn(code, phone);
    const { token } = signedIn.json<{ session: { token: string } }>().session;
    expect((await api.ask(code, `/v1/accounts/${account.id}`, { token })).status).toBe(200);
    const passkeys = async (): Promise<string[]> =>
      (await api.ask(code, '/v1/me/factors', { token: session.token }))
        .json<{ passkeys: { id: string }[] }>()
        .passkeys.map((each) => each.id);
    const [first] = await passkeys();
    expect(outcome(await remove(code, `/v1/me/passkeys/${first}`, session.token))).toEqual([409, 'factor.last']);
    // Of two, both taken away at once, one stays; and both authenticators call her by one name.
    const options = (await post(code, '/v1/me/passkey-options', session.token)).json<Creation>();
    expect(options.user).toEqual(asked.json<Creation>().user);
    await addPasskey(code, session.token);
    const removed = await Promise.all(
      (await passkeys()).map((each) => remove(code, `/v1/me/passkeys/${each}`, session.token)),
    );
    expect(removed.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await passkeys()).toHaveLength(1);
  });
});

const MINUTE = 60 * 1000;

/** Ends the only row of a table that many seconds from now. @returns its life, as far as it was said when it was made: between two bounds */
async function endIn(code: string, table: string, seconds: number, made: { from: number; to: number }) {
  const [row, ...more] = await installation.site(code).database.sql(
    'superuser',
    `with before as (select id, expires_at from ${table})
      update ${table} set expires_at = now() + interval '1 second' * $1 from before where before.id = ${table}.id
      returning before.expires_at as ends`,
    [seconds],
  );
  expect(more).toEqual([]);
  const ends = (row!['ends'] as Date).getTime();
  return { least: ends - made.to, most: ends - made.from };
}

describe.each(['eu', 'us'])('in %s a challenge', (code) => {
  /** Asked for, and answered: the answer is right but for the time that has passed. */
  interface Ceremony {
    readonly kind: string;
    readonly refusal: readonly [number, string];
    readonly begin: () => Promise<{ ask: () => Promise<Answer>; answer: (asked: Answer) => Promise<Answer> }>;
  }
  const CEREMONIES: Ceremony[] = [
    {
      kind: 'to add a passkey',
      refusal: [422, 'passkey.invalid'],
      begin: async () => {
        const { token } = (await api.member(code)).session;
        return {
          ask: () => post(code, '/v1/me/passkey-options', token),
          answer: (asked) =>
            post(code, '/v1/me/passkeys', token, { passkey: device(code).create(asked.json<Creation>()) }),
        };
      },
    },
    {
      kind: 'to sign up with a passkey',
      refusal: [422, 'passkey.invalid'],
      begin: async () => {
        const { id } = await api.pending(code);
        const digits = await installation.digits(code, id);
        return {
          ask: () => post(code, `/v1/signups/${id}/passkey-options`, undefined, { code: digits }),
          answer: (asked) =>
            post(code, `/v1/signups/${id}/confirmations`, undefined, {
              code: digits,
              passkey: device(code).create(asked.json<Creation>()),
            }),
        };
      },
    },
    {
      kind: 'to sign in',
      refusal: [401, 'passkey.refused'],
      begin: async () => {
        const phone = await addPasskey(code, (await api.member(code)).session.token);
        return {
          ask: () => post(code, '/v1/sign-ins/passkey/options'),
          answer: (asked) =>
            post(code, '/v1/sign-ins/passkey', undefined, { passkey: phone.get(asked.json<Request>()) }),
        };
      },
    },
    {
      kind: 'to take the second step',
      refusal: [401, 'signin.step_refused'],
      begin: async () => {
        const member = await api.member(code);
        const phone = await addPasskey(code, member.session.token);
        const pending = await pendingOf(code, member);
        return {
          ask: () => step(code, pending, 'passkey/options', undefined),
          answer: (asked) => step(code, pending, 'passkey', { passkey: phone.get(asked.json<Request>()) }),
        };
      },
    },
    {
      kind: 'to prove herself again',
      refusal: [422, 'proof.refused'],
      begin: async () => {
        const { token } = (await api.member(code)).session;
        const phone = await addPasskey(code, token);
        return {
          ask: () => post(code, '/v1/sessions/current/proof/options', token),
          answer: (asked) =>
            post(code, '/v1/sessions/current/proof', token, { passkey: phone.get(asked.json<Request>()) }),
        };
      },
    },
  ];

  it.each(CEREMONIES)('$kind may be answered for five minutes, and not a moment longer', async ({ refusal, begin }) => {
    const { database } = installation.site(code);
    for (const [seconds, isOver] of [
      [0, true],
      [5, false],
    ] as const) {
      const { ask, answer } = await begin();
      await database.sql('superuser', 'truncate passkey_challenge');
      const from = Date.now();
      const asked = await ask();
      const life = await endIn(code, 'passkey_challenge', seconds, { from, to: Date.now() });
      expect(life.least).toBeLessThanOrEqual(5 * MINUTE);
      expect(life.most).toBeGreaterThanOrEqual(5 * MINUTE);
      const given = await answer(asked);
      if (isOver) expect(outcome(given)).toEqual(refusal);
      else expect(given.status).toBeLessThan(300);
    }
  });
});

describe.each(['eu', 'us'])('a second step in %s', (code) => {
  it('is asked for after the right password alone, and finished by a code of the app', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    expect(outcome(await api.signIn(code, member.person.email, 'wrong horse battery staple'))).toEqual([
      401,
      'session.refused',
    ]);
    const pending = await pendingOf(code, member);
    expect(pending).toEqual({
      id: expect.stringMatching(new RegExp(`^sgi_${code}_`)),
      token: expect.stringMatching(new RegExp(`^sit_${code}_`)),
      factors: ['totp'],
      expiresAt: expect.any(String),
    });
    // The token is good for nothing else, and for nobody else's sign-in.
    expect(await isIn(code, pending.token)).toBe(false);
    const other = await pendingOf(code, member);
    expect(outcome(await step(code, { ...pending, token: other.token }, 'totp', { code: show() }))).toEqual([
      401,
      'residency.secret_invalid',
    ]);
    expect((await step(elsewhere(code), pending, 'totp', { code: show() })).status).toBe(421);
    const done = await step(code, pending, 'totp', { code: show() });
    expect(done.status).toBe(201);
    expect(await isIn(code, done.json<Member>().session.token)).toBe(true);
    expect(outcome(await step(code, pending, 'totp', { code: show(1) }))).toEqual([401, 'residency.secret_invalid']);
    expect(await told(code, member.person.id)).toEqual([
      'session.began',
      'totp.added',
      'sign_in.refused',
      'session.began',
    ]);
  });

  it('is worth nothing any more once the password that it began with is another one', async () => {
    const member = await api.member(code);
    const { session } = member;
    const show = await addApp(code, session.token);
    const pending = await pendingOf(code, member);
    const changed = await api.ask(code, '/v1/me/password', {
      method: 'PUT',
      token: session.token,
      json: { password: `${PASSWORD} again` },
    });
    expect(changed.status).toBe(204);
    expect(outcome(await step(code, pending, 'totp', { code: show(1) }))).toEqual([401, 'residency.secret_invalid']);
  });

  it('may be taken for ten minutes, and not a moment longer', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    const { database } = installation.site(code);
    for (const [seconds, result] of [
      [0, [410, 'signin.over']],
      [5, [201, undefined]],
    ] as const) {
      await database.sql('superuser', 'truncate pending_sign_in');
      const from = Date.now();
      const pending = await pendingOf(code, member);
      const life = await endIn(code, 'pending_sign_in', seconds, { from, to: Date.now() });
      expect(life.least).toBeLessThanOrEqual(10 * MINUTE);
      expect(life.most).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(outcome(await step(code, pending, 'totp', { code: show(seconds === 0 ? 0 : 1) }))).toEqual(result);
    }
  });

  it('takes the code of an app whose clock is one step off, and not of one that is two', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    // A step that ends meanwhile would make two of one.
    await eventually('the next step', () => Date.now() % 30_000 < 27_000);
    const pending = await pendingOf(code, member);
    for (const off of [-2, 2])
      expect([off, outcome(await step(code, pending, 'totp', { code: show(off) }))]).toEqual([
        off,
        [401, 'signin.step_refused'],
      ]);
    expect((await step(code, pending, 'totp', { code: show(1) })).status).toBe(201);
  });

  it('takes each code once: of twenty sign-ins at once with it, one is finished', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    const pending = await Promise.all(Array.from({ length: 20 }, () => pendingOf(code, member)));
    const now = show();
    const answers = await Promise.all(pending.map((each) => step(code, each, 'totp', { code: now })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(401)]);
    // Nor is an older one taken after it, though it is still within its time.
    expect(outcome(await step(code, await pendingOf(code, member), 'totp', { code: show(-1) }))).toEqual([
      401,
      'signin.step_refused',
    ]);
  });

  it('has five tries, of fifty at once too', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    const pending = await pendingOf(code, member);
    const wrong = (show() === '000000' ? '111111' : '000000') as string;
    const answers = await Promise.all(Array.from({ length: 50 }, () => step(code, pending, 'totp', { code: wrong })));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter((answer) => answer.code === 'signin.over')).toHaveLength(45);
    expect(outcome(await step(code, pending, 'totp', { code: show() }))).toEqual([410, 'signin.over']);
    // She herself begins again, and is in.
    expect((await step(code, await pendingOf(code, member), 'totp', { code: show() })).status).toBe(201);
  });

  it('takes a recovery code once, of twenty sign-ins at once with it too, and only hers', async () => {
    const member = await api.member(code);
    await addApp(code, member.session.token);
    const { codes } = (await post(code, '/v1/me/recovery-codes', member.session.token)).json<{ codes: string[] }>();
    expect(new Set(codes).size).toBe(10);
    const pending = await Promise.all(Array.from({ length: 20 }, () => pendingOf(code, member)));
    expect(pending[0]!.factors).toEqual(['totp', 'recovery_code']);
    const answers = await Promise.all(pending.map((each) => step(code, each, 'recovery-code', { code: codes[3] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(401)]);
    const left = async (): Promise<unknown> =>
      (await api.ask(code, '/v1/me/factors', { token: member.session.token })).json()['recoveryCodesLeft'];
    expect(await left()).toBe(9);
    expect((await told(code, member.person.id)).filter((kind) => kind === 'recovery_code.used')).toHaveLength(1);
    const twin = await api.member(code);
    await addApp(code, twin.session.token);
    const theirs = await step(code, await pendingOf(code, twin), 'recovery-code', { code: codes[4] });
    expect(outcome(theirs)).toEqual([401, 'signin.step_refused']);
    const typed = codes[5]!.toUpperCase().replaceAll('-', ' ');
    expect((await step(code, await pendingOf(code, member), 'recovery-code', { code: typed })).status).toBe(201);
    await post(code, '/v1/me/recovery-codes', member.session.token);
    const old = await step(code, await pendingOf(code, member), 'recovery-code', { code: codes[6] });
    expect(outcome(old)).toEqual([401, 'signin.step_refused']);
    const dump = await installation.dump(code);
    for (const each of codes) expect(dump).not.toContain(each);
  });

  it('is taken with a passkey of hers, and not with somebody else’s', async () => {
    const [member, twin] = await Promise.all([api.member(code), api.member(code)]);
    const phone = await addPasskey(code, member.session.token);
    const foreign = await addPasskey(code, twin.session.token);
    const pending = await pendingOf(code, member);
    expect(pending.factors).toEqual(['passkey']);
    const options = async (of: Pending): Promise<Request> =>
      (await step(code, of, 'passkey/options', undefined)).json<Request>();
    expect((await options(pending)).allowCredentials).toHaveLength(1);
    const theirs = foreign.get({ ...(await options(pending)), allowCredentials: [] });
    expect(outcome(await step(code, pending, 'passkey', { passkey: theirs }))).toEqual([401, 'signin.step_refused']);
    const another = await pendingOf(code, member);
    const elsewise = phone.get(await options(another));
    expect((await step(code, pending, 'passkey', { passkey: elsewise })).status).toBe(401);
    const hers = phone.get(await options(pending));
    expect((await step(code, pending, 'passkey', { passkey: hers })).status).toBe(201);
  });

  it('under an Idempotency-Key is one session, shown again to who has the token', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    const headers = { 'idempotency-key': randomUUID() };
    const asked = await api.signIn(code, member.person.email, PASSWORD, { headers });
    const again = await api.signIn(code, member.person.email, PASSWORD, { headers });
    expect([asked.status, again.status, again.text]).toEqual([202, 202, asked.text]);
    const { signIn } = asked.json<{ signIn: Pending }>();
    const now = show();
    const first = await step(code, signIn, 'totp', { code: now }, headers);
    const second = await step(code, signIn, 'totp', { code: now }, headers);
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
  });

  it('with an app is shown as text and as a picture of it, with the region and an end of her id, and no address', async () => {
    const { person, session } = await api.member(code);
    const { secret, uri, qrCode } = (await post(code, '/v1/me/totp', session.token)).json<Record<string, string>>();
    const read = new URL(uri!);
    const issuer = `Domicile ${api.regions.get(code).name}`;
    expect([read.protocol, read.host, decodeURIComponent(read.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/${issuer}:${person.id.slice(-6)}`,
    ]);
    expect(Object.fromEntries(read.searchParams)).toEqual({
      secret,
      issuer,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(qrCode).toBe(renderSVG(uri!));
    // What the picture says is what counts: a code that is made from its words alone.
    const show = codeOf(fromBase32(read.searchParams.get('secret')!), stepAt(new Date()));
    expect((await post(code, '/v1/me/totp/confirmation', session.token, { code: show })).status).toBe(204);
  });

  it('is over when her factors change meanwhile, and asked for no more without them', async () => {
    const member = await api.member(code);
    const show = await addApp(code, member.session.token);
    const pending = await pendingOf(code, member);
    expect(outcome(await post(code, '/v1/me/totp', member.session.token))).toEqual([409, 'totp.present']);
    expect((await remove(code, '/v1/me/totp', member.session.token)).status).toBe(204);
    expect((await remove(code, '/v1/me/totp', member.session.token)).status).toBe(404);
    expect(outcome(await step(code, pending, 'totp', { code: show() }))).toEqual([401, 'residency.secret_invalid']);
    expect((await api.signIn(code, member.person.email)).status).toBe(201);
  });
});

describe.each(['eu', 'us'])('a change of factors in %s', (code) => {
  it('asks for a fresh proof: of password, code or passkey', async () => {
    const { session, person } = await api.member(code);
    let { token } = session;
    const phone = await addPasskey(code, token);
    const show = await addApp(code, token);
    const prove = (json: object): Promise<Answer> => post(code, '/v1/sessions/current/proof', token, json);
    const change = (): Promise<Answer> => post(code, '/v1/me/recovery-codes', token);
    const passkey = async (): Promise<object> =>
      phone.get((await post(code, '/v1/sessions/current/proof/options', token)).json<Request>());
    const proofs = [
      () => Promise.resolve({ password: PASSWORD }),
      () => Promise.resolve({ totp: show() }),
      async () => ({ passkey: await passkey() }),
    ];
    for (const proof of proofs) {
      await grow(code, session.id);
      for (const [path, method] of [
        ['/v1/me/passkey-options', 'POST'],
        ['/v1/me/totp', 'POST'],
        ['/v1/me/totp', 'DELETE'],
        ['/v1/me/recovery-codes', 'POST'],
      ] as const)
        expect(outcome(await api.ask(code, path, { method, token }))).toEqual([403, 'session.not_fresh']);
      const proven = await prove(await proof());
      expect(proven.status).toBe(200);
      // The secret from before is worth nothing: whoever had it gains nothing by the proof.
      expect((await change()).status).toBe(401);
      ({ token } = proven.json<{ session: { token: string } }>().session);
      expect((await change()).status).toBe(201);
    }
    const last = await prove({ password: PASSWORD });
    expect(last.json()).toMatchObject({ session: { id: session.id, factors: ['password', 'totp', 'passkey'] } });
    ({ token } = last.json<{ session: { token: string } }>().session);
    await grow(code, session.id);
    for (const wrong of [{ password: `${PASSWORD}!` }, { totp: show(-1) }])
      expect(outcome(await prove(wrong))).toEqual([422, 'proof.refused']);
    for (const none of [{}, { password: PASSWORD, totp: '000000' }])
      expect(outcome(await prove(none))).toEqual([422, 'request.invalid']);
    expect(outcome(await change())).toEqual([403, 'session.not_fresh']);
    expect(await told(code, person.id)).not.toContain('passkey.suspect');
  });

  it('made in two sessions at once leaves one of them', async () => {
    const member = await api.member(code);
    const { token } = await api.session(code, member.person.email);
    const both = await Promise.all(
      [token, member.session.token].map((each) => post(code, '/v1/me/recovery-codes', each)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
  });

  it('is the same for everybody whose address is not known, and leaves no word of it behind', async () => {
    const member = await api.member(code);
    await addApp(code, member.session.token);
    const known = await api.signIn(code, member.person.email, 'wrong horse battery staple');
    const unknown = await api.signIn(code, freshEmail(), 'wrong horse battery staple');
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const offer = (await post(code, '/v1/me/recovery-codes', member.session.token)).json<{ codes: string[] }>();
    for (const secret of [...offer.codes, member.session.token]) expect(installation.written).not.toContain(secret);
    expect(installation.written).not.toContain('request.fault');
  });
});
