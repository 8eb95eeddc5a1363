import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Id, IdCodec, SecretCodec } from '@domicile/residency';
import type { Api, Member } from '../support/api.js';
import { type Answer, exchange } from '../support/http.js';
import { Installation } from '../support/installation.js';

let api: Api;
let ids: IdCodec;
let eu: Member;
let twin: Member;
let us: Member;

const account = (id: string): string => `/v1/accounts/${id}`;
const token = (): string => eu.session.token;

/** A fresh id of no row. */
const madeUp = (prefix: string, code: string): Id => ids.mint(prefix, api.regions.get(code));
const madeUpSecret = (code: string): string =>
  new SecretCodec(ids, { sst: 'sess' }).mint('sst', api.regions.get(code), madeUp('sess', code)).text;

/** Sent to the process of EU. */
function send({ path = '/v1/me', token: secret }: { path?: string; token?: string }): Promise<Answer> {
  return api.ask('eu', path, secret === undefined ? {} : { token: secret });
}

describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
    ids = new IdCodec(api.regions);
    [eu, twin, us] = await Promise.all([api.member('eu'), api.member('eu'), api.member('us')]);
  });
  afterAll(() => installation.close());

  it('answers alike whether a foreign id, a foreign secret or an account of this region exists', async () => {
    const alike = async (...sent: readonly Parameters<typeof send>[0][]): Promise<void> => {
      const answers = await Promise.all(sent.map((each) => send(each)));
      const seen = answers.map(({ status, headers: { date: _, ...headers }, text }) => ({ status, headers, text }));
      for (const each of seen) expect(each).toEqual(seen[0]);
    };
    await alike({ path: account(us.account.id) }, { path: account(madeUp('acct', 'us')) });
    await alike(
      { path: account(us.account.id), token: token() },
      { path: account(madeUp('acct', 'us')), token: token() },
    );
    await alike({ token: us.session.token }, { token: madeUpSecret('us') });
    await alike(
      { path: account(twin.account.id), token: token() },
      { path: account(madeUp('acct', 'eu')), token: token() },
    );
    await alike({ path: account(twin.account.id) }, { path: account(madeUp('acct', 'eu')) });
  });

  it('refuses a session that has expired, and one that was revoked', async () => {
    const member = await api.member('eu');
    const sql = (text: string) => installation.site('eu').database.sql('superuser', text, [uuid(member.session.id)]);
    const paths = ['/v1/me', account(member.account.id)];
    const statuses = () =>
      Promise.all(paths.map(async (path) => (await send({ path, token: member.session.token })).code));
    expect(await statuses()).toEqual([undefined, undefined]);
    await sql("update session set expires_at = now() - interval '1 second' where id = $1");
    expect(await statuses()).toEqual(['residency.secret_invalid', 'residency.secret_invalid']);
    await sql("update session set expires_at = now() + interval '1 hour' where id = $1");
    expect(await statuses()).toEqual([undefined, undefined]);
    await sql('delete from session where id = $1');
    expect(await statuses()).toEqual(['residency.secret_invalid', 'residency.secret_invalid']);
  });

  it.each([
    ['that never arrives', 'content-length: 60000\r\ncontent-type: application/json\r\n\r\n{"email": '],
    ['that is too large', 'content-length: 10000000\r\ncontent-type: application/json\r\n\r\n'],
    ['in chunks that are none', 'transfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n3\r\n{"e\r\n'],
    ['that is no JSON', 'content-length: 1\r\ncontent-type: application/json\r\n\r\n{'],
    ['of another type', 'content-length: 1\r\ncontent-type: text/plain\r\n\r\nx'],
  ])('answers a misdirected request with a body %s at once, unread, and closes', async (_name, rest) => {
    const head = `POST /v1/regions/us/signups HTTP/1.1\r\nhost: ${api.host('eu')}\r\n`;
    const began = performance.now();
    const { text, closed } = await exchange(api.ports['eu']!, head + rest);
    expect(text).toMatch(/^HTTP\/1\.1 421 /);
    expect(text).toContain(api.origin('us'));
    expect(closed).toBe(true);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it.each([
    [
      'two Host headers',
      () => `host: ${api.host('eu')}\r\nhost: ${api.host('us')}\r\nauthorization: Bearer ${token()}\r\n`,
    ],
    [
      'two credentials',
      () =>
        `host: ${api.host('eu')}\r\nauthorization: Bearer ${token()}\r\nauthorization: Bearer ${us.session.token}\r\n`,
    ],
    [
      'forwarding headers',
      () =>
        `host: ${api.host('us')}\r\nx-forwarded-host: ${api.host('eu')}\r\nforwarded: host=${api.host('eu')}\r\nauthorization: Bearer ${token()}\r\n`,
    ],
  ])('does not choose between %s', async (_name, headers) => {
    const { text } = await exchange(api.ports['eu']!, `GET /v1/me HTTP/1.1\r\n${headers()}connection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 421 /);
  });

  it('serves no request whose target names another host than its Host header', async () => {
    const target = `http://${api.host('us')}/v1/me`;
    const head = `GET ${target} HTTP/1.1\r\nhost: ${api.host('eu')}\r\nauthorization: Bearer ${token()}\r\nconnection: close\r\n\r\n`;
    const { text } = await exchange(api.ports['eu']!, head);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('needs a Host header', async () => {
    expect((await exchange(api.ports['eu']!, 'GET /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n')).text).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect((await exchange(api.ports['eu']!, 'GET /v1/me HTTP/1.0\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 421 /);
  });
});

/** The 16 bytes of an id as PostgreSQL writes them. */
function uuid(id: string): string {
  const [prefix = '', code = ''] = id.split('_');
  return ids.encode(id, prefix, api.regions.get(code));
}
