import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { difference, NOTHING } from '../support/account-rows.js';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';

const NEW = 'entirely another horse staple';
interface Wrapped {
  readonly recovery: { readonly id: string; readonly expiresAt: string };
  readonly addressChange: { readonly id: string };
  readonly device: { readonly token: string };
}

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  await api.startWorkers();
});
afterAll(() => installation.close());

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const post = (code: string, path: string, json: unknown, token?: string): Promise<Answer> =>
  api.ask(code, path, { json, ...(token === undefined ? {} : { token }) });
const recover = (code: string, email: string): Promise<Answer> => post(code, '/v1/recoveries', { email });
const meOf = async (code: string, token: string): Promise<number> => (await api.ask(code, '/v1/me', { token })).status;
/** What is the same for everybody: all but the id and the times. */
const seen = ({ status, headers, text }: Answer): unknown => [
  status,
  Object.keys(headers).sort(),
  text.replace(/(?<="id":")[^"]+/, '<id>').replace(/(?<="expiresAt":")[^"]+/, '<time>'),
];

describe.each(['eu', 'us'])('in %s', (code) => {
  let ada: Member;
  beforeAll(async () => (ada = await api.member(code)));

  it('a recovery answers alike whoever is asked for, and is mailed to who is there alone', async () => {
    const known = await recover(code, ada.person.email);
    expect([known.status, known.headers['x-hosting-region']]).toEqual([202, code]);
    const abroad = await api.member(elsewhere(code));
    for (const email of [freshEmail(), abroad.person.email]) {
      const answer = await recover(code, email);
      expect(seen(answer)).toEqual(seen(known));
      const { id } = answer.json<Wrapped>().recovery;
      const wrong = await post(code, `/v1/recoveries/${id}/completion`, { code: '00000000', password: NEW });
      expect([wrong.status, wrong.code]).toEqual([422, 'recovery.code_wrong']);
    }
    await installation.drained(code);
    const told = installation.mails(code).filter(({ text }) => text.includes('#recovery='));
    expect(told.length).toBe(1);
    expect(told[0]!.text).toContain(known.json<Wrapped>().recovery.id);
    expect((await recover(code, 'nobody')).status).toBe(422);
  });

  it('a signup answers alike whoever has the address, and leaves as much', async () => {
    const [abroad, waiting] = [await api.member(elsewhere(code)), freshEmail()];
    await api.pending(code, { email: waiting });
    const emails = [freshEmail(), ada.person.email, ada.person.email.toUpperCase(), waiting, abroad.person.email];
    await installation.drained(code);
    const before = await installation.counts(code);
    const asked: unknown[] = [];
    for (const email of emails) {
      const { status, headers, text } = await api.signUp(code, { email });
      const { date, ...same } = headers;
      const body = text
        .replace(/(?<="id":"sgn_\w\w_)\w{26}(?=")/, '<id>')
        .replace(/(?<="\w*xpiresAt":")[^"]{24}(?=")/g, '<time>');
      asked.push([status, same, typeof date, body]);
    }
    const [first, ...rest] = asked;
    const signup = `{"id":"sgn_${code}_<id>","hostingRegion":"${code}","expiresAt":"<time>","codeExpiresAt":"<time>"}`;
    expect(first).toEqual([202, expect.any(Object), 'string', `{"signup":${signup}}`]);
    for (const each of rest) expect(each).toEqual(first);
    // Not even their rows and mails tell: the confirmation alone does.
    await installation.drained(code);
    const after = await installation.counts(code);
    expect(difference(after, before)).toEqual({ ...NOTHING, signup: emails.length });
  });

  it('sets the password, ends every session, and is shown again under its key to who knows the code alone', async () => {
    const { token } = await api.session(code, ada.person.email);
    const { id } = (await recover(code, ada.person.email)).json<Wrapped>().recovery;
    const json = { code: api.code(code, 'recovery.code', id), password: NEW };
    const path = `/v1/recoveries/${id}/completion`;
    const headers = { 'idempotency-key': randomUUID() };
    expect((await api.ask(elsewhere(code), path, { json })).code).toBe('residency.misdirected');
    const known = await api.ask(code, path, { json: { ...json, password: 'password12345678' } });
    expect([known.status, known.code]).toEqual([422, 'request.invalid']);
    const done = await api.ask(code, path, { json, headers });
    expect([done.status, done.json()]).toMatchObject([200, { person: { id: ada.person.id } }]);
    const again = await api.ask(code, path, { json, headers });
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([done.text, 'true']);
    expect((await api.ask(code, path, { json: { ...json, code: '00000000' }, headers })).status).toBe(409);
    for (const old of [token, ada.session.token]) expect(await meOf(code, old)).toBe(401);
    expect((await api.signIn(code, ada.person.email)).status).toBe(401);
    const device = { 'device-token': done.json<Wrapped>().device.token };
    const signedIn = await api.signIn(code, ada.person.email, NEW, { headers: device });
    expect([signedIn.status, Object.keys(signedIn.json<object>())]).toEqual([201, ['person', 'session']]);
    const misdirected = await api.signIn(elsewhere(code), ada.person.email, NEW, { headers: device });
    expect([misdirected.status, misdirected.code]).toEqual([421, 'residency.misdirected']);
    await eventually('the notice', () =>
      installation.mails(code).find(({ text }) => text.includes('set by a recovery')),
    );
  });

  it('another password ends the other sessions, and needs a fresh proof', async () => {
    const bob = await api.member(code);
    const { token } = await api.session(code, bob.person.email);
    const put = (password: string): Promise<Answer> =>
      api.ask(code, '/v1/me/password', { method: 'PUT', token, json: { password } });
    expect((await put('short')).status).toBe(422);
    expect((await put(NEW)).status).toBe(204);
    expect([await meOf(code, token), await meOf(code, bob.session.token)]).toEqual([200, 401]);
    expect((await api.signIn(code, bob.person.email)).status).toBe(401);
    expect((await api.signIn(code, bob.person.email, NEW)).status).toBe(201);
    const { database } = installation.site(code);
    await database.sql('owner', "update session set authenticated_at = now() - interval '11 minutes'");
    const stale = await put(PASSWORD);
    expect([stale.status, stale.code]).toEqual([403, 'session.not_fresh']);
    const change = await post(code, '/v1/me/address-changes', { email: freshEmail() }, token);
    expect([change.status, change.code]).toEqual([403, 'session.not_fresh']);
  });

  it('another address signs in at once, and comes back by the link in the letter to the one from before', async () => {
    const cleo = await api.member(code);
    const taken = await api.member(code);
    const { token } = cleo.session;
    const next = freshEmail();
    const asked = await Promise.all(
      [next, taken.person.email].map((email) => post(code, '/v1/me/address-changes', { email }, token)),
    );
    expect(seen(asked[1]!)).toEqual(seen(asked[0]!));
    const ids = asked.map((answer) => answer.json<Wrapped>().addressChange.id);
    const confirm = (id: string, by = token, at = code): Promise<Answer> =>
      post(at, `/v1/me/address-changes/${id}/confirmation`, { code: api.code(code, 'address_change.code', id) }, by);
    const refused = await confirm(ids[1]!);
    expect([refused.status, refused.code]).toEqual([409, 'address.taken']);
    expect((await confirm(ids[0]!, taken.session.token)).status).toBe(404);
    expect((await confirm(ids[0]!, token, elsewhere(code))).status).toBe(421);
    const changed = await confirm(ids[0]!);
    expect([changed.status, changed.json<{ email: string }>().email]).toEqual([200, next]);
    expect((await api.signIn(code, next)).status).toBe(201);
    expect((await api.signIn(code, cleo.person.email)).status).toBe(401);
    const letter = await eventually('the announcement', () =>
      installation
        .mails(code)
        .find(({ text, headers }) => text.includes(`#change=${ids[0]!}`) && !headers['to']?.includes(next)),
    );
    expect(letter.headers['to']).toContain(cleo.person.email);
    const link = new URL(/http\S+#\S+/.exec(letter.text)![0]);
    expect([link.pathname, link.search]).toEqual(['/undo', '']);
    const json = { code: new URLSearchParams(link.hash.slice(1)).get('code') };
    const path = `/v1/address-changes/${ids[0]!}/undo`;
    expect((await api.ask(elsewhere(code), path, { json })).status).toBe(421);
    const undone = await post(code, path, json);
    expect(undone.status).toBe(200);
    expect([await meOf(code, token), (await api.signIn(code, next)).status]).toEqual([401, 401]);
    // The password may be the thief's: it is worth nothing until the recovery sets another.
    expect((await api.signIn(code, cleo.person.email)).status).toBe(401);
    const { id } = undone.json<Wrapped>().recovery;
    const completed = await post(code, `/v1/recoveries/${id}/completion`, {
      code: api.code(code, 'recovery.code', id),
      password: NEW,
    });
    expect(completed.status).toBe(200);
    expect((await api.signIn(code, cleo.person.email, NEW)).status).toBe(201);
    expect((await post(code, path, json)).code).toBe('address.already_undone');
  });

  it('leaves no address, code or token in a table or a log', async () => {
    const dora = await api.member(code);
    const next = freshEmail();
    const { id } = (await recover(code, dora.person.email)).json<Wrapped>().recovery;
    await post(code, '/v1/me/address-changes', { email: next }, dora.session.token);
    const signedIn = await api.signIn(code, dora.person.email);
    await installation.drained(code);
    const kept = (await installation.dump(code)) + installation.written;
    const { token } = signedIn.json<Wrapped>().device;
    const codes = [api.code(code, 'recovery.code', id), api.linkCode(code, 'recovery.link', id)];
    for (const secret of [dora.person.email, next, token, ...codes]) expect(kept).not.toContain(secret);
  });
});
