import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { type Api, freshEmail, type Member, PASSWORD, type RegionalAsk } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { SentMail } from '../support/mail.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const CHROME =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36';
/** Documentation names no address with a country, so these are of a name server and of a registry. */
const [IN_US, IN_NL] = ['8.8.8.8', '193.0.6.139'];

interface Entry {
  readonly id: string;
  readonly current: boolean;
  readonly device: string | null;
  readonly country: string | null;
  readonly factors: readonly string[];
  readonly lastSeenAt: string;
}
interface Line {
  readonly id: string;
  readonly kind: string;
  readonly sessionId: string | null;
  readonly device: string | null;
  readonly country: string | null;
}

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start({
    settings: { DOMICILE_TRUSTED_PROXY_CIDRS: '127.0.0.0/8', DOMICILE_SESSION_IDLE_HOURS: '1' },
  });
  await api.startWorkers();
});
afterAll(() => installation.close());

const from = (userAgent: string, address: string): RegionalAsk => ({
  headers: { 'user-agent': userAgent, 'x-forwarded-for': address },
});

describe.each(['eu', 'us'])('in %s', (code) => {
  let ada: Member;
  let twin: Member;
  beforeAll(async () => {
    [ada, twin] = await Promise.all([api.member(code), api.member(code)]);
  });

  const get = (path: string, token: string, headers: Record<string, string> = {}): Promise<Answer> =>
    api.ask(code, path, { token, headers });
  const list = async (token: string, query = ''): Promise<{ sessions: Entry[]; next: string | null }> =>
    (await get(`/v1/sessions${query}`, token)).json();
  const log = async (token: string, query = ''): Promise<{ events: Line[]; next: string | null }> =>
    (await get(`/v1/me/security-log${query}`, token)).json();
  const remove = (path: string, token: string): Promise<Answer> => api.ask(code, path, { method: 'DELETE', token });
  const worth = async (token: string): Promise<number> => (await get('/v1/me', token)).status;
  const begin = async (rest: RegionalAsk = {}, member = ada): Promise<Member['session']> => {
    const answer = await api.signIn(code, member.person.email, PASSWORD, rest);
    return answer.json<{ session: Member['session'] }>().session;
  };
  const uuid = (id: string): string => new IdCodec(api.regions).encode(id, id.split('_')[0]!, api.regions.get(code));
  const sql = (text: string, values: unknown[]): Promise<Record<string, unknown>[]> =>
    installation.site(code).database.sql('superuser', text, values);
  const notices = (email: string): SentMail[] =>
    installation
      .mails(code)
      .filter(
        ({ headers, text }) =>
          headers['to']!.includes(email) && /signed in from a device|von einem Gerät/.test(text.replace(/\s+/g, ' ')),
      );

  it('a person sees where she is signed in, in words, page by page, and nobody else’s', async () => {
    const chrome = await begin(from(CHROME, IN_US));
    const firefox = await begin(from(FIREFOX, IN_NL));
    const all = await list(firefox.token);
    expect(all.sessions.map(({ id, current, device, country }) => [id, current, device, country])).toEqual([
      [firefox.id, true, 'Firefox on Windows', 'NL'],
      [chrome.id, false, 'Chrome on Android', 'US'],
      [ada.session.id, false, null, null],
    ]);
    expect([all.next, all.sessions[0]!.factors]).toEqual([null, ['password']]);
    const first = await list(firefox.token, '?limit=2');
    expect([first.sessions, first.next]).toEqual([all.sessions.slice(0, 2), chrome.id]);
    const rest = await list(firefox.token, `?limit=2&cursor=${first.next}`);
    expect([rest.sessions, rest.next]).toEqual([all.sessions.slice(2), null]);
    expect((await list(twin.session.token)).sessions.map(({ id }) => id)).toEqual([twin.session.id]);
    for (const clear of ['Firefox', 'Chrome', IN_US, IN_NL]) expect(await installation.dump(code)).not.toContain(clear);
  });

  it('a page that cannot be is refused', async () => {
    const { token } = ada.session;
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=1e1',
      'limit=',
      'limit=1&limit=2',
      'cursor=',
      'cursor=x',
      `cursor=${ada.person.id}`,
    ]) {
      const answer = await get(`/v1/sessions?${query}`, token);
      expect([query, answer.status, answer.code]).toEqual([query, 422, 'request.invalid']);
    }
    expect((await get('/v1/sessions?since=1', token)).code).toBe('request.query_refused');
    const foreign = (await api.member(elsewhere(code))).session.id;
    const answer = await get(`/v1/sessions?cursor=${foreign}`, token);
    expect([answer.status, answer.code]).toEqual([421, 'residency.misdirected']);
    expect(answer.json()).toMatchObject({ hostingRegion: { code: elsewhere(code) } });
  });

  it('a person ends any of her sessions at once, and nobody else’s', async () => {
    const [kept, ended] = [await begin(), await begin()];
    expect((await remove(`/v1/sessions/${ended.id}`, kept.token)).status).toBe(204);
    expect([await worth(ended.token), await worth(kept.token)]).toEqual([401, 200]);
    expect((await remove(`/v1/sessions/${ended.id}`, kept.token)).status).toBe(404);
    const foreign = await remove(`/v1/sessions/${kept.id}`, twin.session.token);
    expect([foreign.status, foreign.code, await worth(kept.token)]).toEqual([404, 'residency.not_found', 200]);
    const away = await api.ask(elsewhere(code), `/v1/sessions/${kept.id}`, { method: 'DELETE', token: kept.token });
    expect([away.status, await worth(kept.token)]).toEqual([421, 200]);
    expect((await remove(`/v1/sessions/${kept.id}`, kept.token)).status).toBe(204);
    expect(await worth(kept.token)).toBe(401);
  });

  it('a person ends all of her sessions but the one that asks, and nobody else’s', async () => {
    const [kept, ...others] = [await begin(), await begin(), await begin(), ada.session];
    expect((await remove('/v1/sessions', kept.token)).status).toBe(204);
    expect(await Promise.all(others.map(({ token }) => worth(token)))).toEqual([401, 401, 401]);
    expect([await worth(kept.token), await worth(twin.session.token)]).toEqual([200, 200]);
    expect((await list(kept.token)).sessions.map(({ id }) => id)).toEqual([kept.id]);
    const [newest] = (await log(kept.token)).events;
    expect(newest).toMatchObject({ kind: 'session.others_revoked', sessionId: kept.id });
  });

  it('a session that nobody used is over, and one that is used is not', async () => {
    const session = await begin();
    const seen = async (): Promise<unknown> =>
      (await list(session.token)).sessions.find(({ current }) => current)!.lastSeenAt;
    const idle = (minutes: number): Promise<unknown> =>
      sql('update session set last_seen_at = now() - make_interval(mins => $2) where id = $1', [
        uuid(session.id),
        minutes,
      ]);
    await idle(59);
    expect(await worth(session.token)).toBe(200);
    await eventually('the note of its use', async () => Date.parse(String(await seen())) > Date.now() - 60_000);
    await idle(61);
    expect([await worth(session.token), (await get(`/v1/accounts/${ada.account.id}`, session.token)).status]).toEqual([
      401, 401,
    ]);
    const other = await begin();
    expect((await list(other.token)).sessions.map(({ id }) => id)).not.toContain(session.id);
  });

  it('a person’s log tells of her sign-ins, of refused ones up to ten an hour, and of what ended', async () => {
    const member = await api.member(code);
    const session = await begin(from(FIREFOX, IN_NL), member);
    for (let i = 0; i < 12; i++) await api.signIn(code, member.person.email, `${PASSWORD}${i}`, from(CHROME, IN_US));
    for (let i = 0; i < 3; i++) await api.signIn(code, freshEmail(), PASSWORD, from(CHROME, IN_US));
    const ended = await begin(from(FIREFOX, IN_NL), member);
    await remove('/v1/sessions/current', ended.token);
    const { events } = await log(session.token);
    expect(events.map(({ kind, sessionId, device, country }) => [kind, sessionId, device, country])).toEqual([
      ['session.ended', ended.id, null, null],
      ['session.began', ended.id, 'Firefox on Windows', 'NL'],
      ...Array<unknown>(10).fill(['sign_in.refused', null, 'Chrome on Android', 'US']),
      ['session.began', session.id, 'Firefox on Windows', 'NL'],
      ['session.began', member.session.id, null, null],
    ]);
    const page = await log(session.token, '?limit=3');
    expect(page.next).toBe(events[2]!.id);
    expect((await log(session.token, `?limit=100&cursor=${page.next}`)).events).toEqual(events.slice(3));
    for (const { id } of events)
      expect((await log(twin.session.token)).events.map((each) => each.id)).not.toContain(id);
  });

  it('what is changed from somewhere says from where, in the log of the person and of the account', async () => {
    const member = await api.member(code);
    const { token } = await begin(from(FIREFOX, IN_NL), member);
    const path = `/v1/accounts/${member.account.id}`;
    const headers = from(CHROME, IN_US).headers!;
    const send = async (
      method: string,
      to: string,
      json?: unknown,
      more: Record<string, string> = {},
    ): Promise<Answer> =>
      api.ask(code, to, { method, token, headers: { ...headers, ...more }, ...(json === undefined ? {} : { json }) });
    const invited = await send('POST', `${path}/invitations`, { email: freshEmail(), role: 'member' });
    await send('DELETE', `${path}/invitations/${invited.json<{ id: string }>().id}`);
    const scopes = ['account.read'];
    const made = await send('POST', `${path}/tokens`, { name: 'Report', scopes, expiresInDays: 1 });
    await send('DELETE', `${path}/tokens/${made.json<{ id: string }>().id}`);
    const etag = (await get(path, token)).headers.etag!;
    await send('PATCH', path, { name: 'Renamed' }, { 'if-match': etag });
    const policy = await get(`${path}/policy`, token);
    await send('PATCH', `${path}/policy`, { sessionIdleMinutes: 60 }, { 'if-match': policy.headers.etag! });
    await send('DELETE', `/v1/sessions/${member.session.id}`);
    await send('POST', '/v1/me/recovery-codes');
    const where = ({ kind, device, country }: Line): unknown[] => [kind, device, country];
    const { events } = (await get(`${path}/security-log`, token)).json<{ events: (Line & { actorId: string })[] }>();
    const kinds = [
      'policy.changed',
      'account.renamed',
      'token.revoked',
      'token.made',
      'invitation.revoked',
      'invitation.made',
    ];
    expect(events.map(where)).toEqual(kinds.map((kind) => [kind, 'Chrome on Android', 'US']));
    expect(events.map(({ actorId }) => actorId)).toEqual(kinds.map(() => member.person.id));
    const own = (await log(token)).events;
    expect(own.map(where).slice(0, -2)).toEqual(
      ['recovery_codes.made', 'session.revoked', 'account.token_made'].map((kind) => [kind, 'Chrome on Android', 'US']),
    );
    // Nothing of it stands there in clear.
    const rows = await sql(
      'select sealed from account_event where account_id = $1 union all select sealed from person_event where person_id = $2',
      [uuid(member.account.id), uuid(member.person.id)],
    );
    expect(
      rows
        .map(({ sealed }) => (sealed as Buffer).toString('latin1'))
        .filter((text) => /Chrome|Firefox|country/.test(text)),
    ).toEqual([]);
  });

  it('a sign-in from where a person was not seen before is mailed to her, once, in words', async () => {
    const member = await api.member(code);
    const { email } = member.person;
    await begin({}, member);
    await begin(from(FIREFOX, IN_NL), member);
    const [mail] = await eventually('the notice', () => notices(email).length > 0 && notices(email));
    expect(mail!.headers['subject']).toContain(api.regions.get(code).name);
    expect(mail!.text).toContain('Netherlands');
    expect(mail!.text).toContain(api.origin(code));
    for (const clear of ['Firefox', IN_NL, member.session.id, 'pevt_', 'sst_']) expect(mail!.text).not.toContain(clear);
    await begin(from(FIREFOX, IN_NL), member);
    // In the language that she prefers when it is written.
    const { token } = member.session;
    const { headers } = await get('/v1/me/preferences', token);
    await api.patch(code, '/v1/me/preferences', token, headers.etag!, { language: 'de' });
    await begin(from(FIREFOX, IN_US), member);
    await eventually('the second notice', () => notices(email).length > 1);
    expect(notices(email).filter(({ text }) => text.includes('Vereinigte Staaten')).length).toBe(1);
    await installation.drained(code);
    expect(notices(email).length).toBe(2);
  });

  it('an account’s log is for who may read it, newest first, and as lines for a system that pulls', async () => {
    const { token } = twin.session;
    const path = `/v1/accounts/${twin.account.id}`;
    for (const name of ['One', 'Two', 'Three']) {
      const { headers } = await get(path, token);
      expect((await api.patch(code, path, token, headers.etag!, { name })).status).toBe(200);
    }
    const { events } = (await get(`${path}/security-log`, token)).json<{ events: Line[] }>();
    expect(events.map(({ kind }) => kind)).toEqual(Array(3).fill('account.renamed'));
    expect(events[0]).toMatchObject({ actorId: twin.person.id, subjectId: null });
    const pull = async (query = ''): Promise<Answer> =>
      get(`${path}/security-log${query}`, token, { accept: 'application/x-ndjson' });
    const linesOf = ({ text }: Answer): Line[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line);
    const young = await pull();
    expect([young.status, young.headers['content-type'], young.text]).toEqual([200, 'application/x-ndjson', '']);
    await sql("update account_event set created_at = created_at - interval '61 seconds' where account_id = $1", [
      uuid(twin.account.id),
    ]);
    const pulled = linesOf(await pull('?limit=2'));
    pulled.push(...linesOf(await pull(`?cursor=${pulled[1]!.id}`)));
    expect(pulled.map(({ id }) => id)).toEqual(events.map(({ id }) => id).reverse());
    expect((await pull(`?cursor=${pulled[2]!.id}`)).text).toBe('');
    const unknown = new IdCodec(api.regions).mint('aevt', api.regions.get(code));
    expect((await pull(`?cursor=${unknown}`)).status).toBe(404);
    const stranger = await begin();
    for (const accept of ['*/*', 'application/x-ndjson'])
      expect((await get(`${path}/security-log`, stranger.token, { accept })).status).toBe(404);
    await sql("update membership set role = 'member' where account_id = $1", [uuid(twin.account.id)]);
    for (const accept of ['*/*', 'application/x-ndjson']) {
      const answer = await get(`${path}/security-log`, token, { accept });
      expect([answer.status, answer.code]).toEqual([403, 'account.right_missing']);
    }
  });
});
