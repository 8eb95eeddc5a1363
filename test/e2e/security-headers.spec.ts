import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Member } from '../support/api.js';
import { type Answer, ask, exchange } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { type Document, operationsOf } from '../support/openapi.js';

/** What every answer says, to the letter; `null` is what none may say. */
const EXPECTED: Readonly<Record<string, string | null>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'strict-transport-security': null,
  server: null,
  'x-powered-by': null,
  'set-cookie': null,
  'access-control-allow-origin': null,
};
const YEARS = 'max-age=63072000; includeSubDomains';

type Headers = Readonly<Record<string, unknown>>;

function wrong(headers: Headers, expected = EXPECTED): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    (headers[name] ?? null) === value ? [] : [`${name}: ${String(headers[name])}`],
  );
}

/** The last answer among the bytes of a connection. */
function parsed(text: string): { status: number; headers: Headers } {
  const answer = text.slice(text.lastIndexOf('HTTP/1.1 '));
  const [status = '', ...lines] = answer.split('\r\n\r\n', 1)[0]!.split('\r\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return { status: Number(status.split(' ')[1]), headers: Object.fromEntries(pairs) as Headers };
}

describe('every answer', () => {
  let installation: Installation;
  let api: Api;
  let member: Member;
  let document: Document;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ settings: { DOMICILE_LIMIT_CONFIRMATIONS_PER_NETWORK_HOUR: '60' } });
    member = await api.member('eu');
    document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
  });
  afterAll(() => installation.close());

  it('of every operation has them, with and without a credential, right and wrong, and is kept by nobody but where it is public', async () => {
    const statuses = new Set<number>();
    for (const name of Object.keys(operationsOf(document))) {
      const [method = '', template = ''] = name.split(' ');
      const path = template
        .replace('{region}', 'eu')
        .replace('{id}', template.includes('/signups/') ? (await api.pending('eu')).id : member.account.id);
      for (const token of [undefined, member.session.token, 'no-secret'])
        for (const json of method === 'GET' ? [undefined] : [{}, { code: '00000000', password: 'x'.repeat(20) }])
          for (const host of ['eu', 'us']) {
            const answer = await api.ask(host, path, {
              method,
              ...(token === undefined ? {} : { token }),
              ...(json === undefined ? {} : { json }),
            });
            statuses.add(answer.status);
            expect([name, answer.status, wrong(answer.headers)]).toEqual([name, answer.status, []]);
            const isPublic = template.startsWith('/.well-known/') && answer.status === 200;
            expect(answer.headers['cache-control']).toBe(isPublic ? 'public, max-age=300' : 'no-store');
          }
    }
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 401, 421, 422]));
  });

  const SIGNUPS = '/v1/regions/eu/signups';
  const head = (line: string, more = ''): string =>
    `${line} HTTP/1.1\r\nhost: ${api.host('eu')}\r\n${more}connection: close\r\n\r\n`;
  const json = 'content-type: application/json\r\n';
  it.each([
    ['an unknown route', 404, () => head('GET /nowhere')],
    ['an unknown route with HEAD', 404, () => head('HEAD /nowhere')],
    ['an unknown method', 404, () => head('DELETE /healthz')],
    ['a path parameter that is too long', 404, () => head(`GET /v1/accounts/${'a'.repeat(300)}`)],
    ['a region that there is not', 404, () => head('POST /v1/regions/fr/signups', 'content-length: 0\r\n')],
    ['an id of nobody', 404, () => head('GET /v1/accounts/x')],
    ['a query', 400, () => head('GET /v1/me?a=1')],
    ['escapes that are none', 400, () => head('GET /%zz')],
    ['no JSON', 400, () => `${head(`POST ${SIGNUPS}`, `${json}content-length: 1\r\n`)}{`],
    ['no key', 400, () => `${head(`POST ${SIGNUPS}`, `${json}idempotency-key: x\r\ncontent-length: 2\r\n`)}{}`],
    ['a large body', 413, () => head(`POST ${SIGNUPS}`, `${json}content-length: 10000000\r\n`)],
    ['another type', 415, () => `${head(`POST ${SIGNUPS}`, 'content-type: text/plain\r\ncontent-length: 1\r\n')}x`],
    ['no field', 422, () => `${head(`POST ${SIGNUPS}`, `${json}content-length: 2\r\n`)}{}`],
    ['another origin', 421, () => 'GET /v1/me HTTP/1.1\r\nhost: nowhere.example\r\n\r\n'],
    ['an absolute target', 421, () => 'GET http://nowhere.example/v1/me HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['no Host', 400, () => 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['no Host at a regional route', 421, () => 'GET /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['an unknown expectation', 401, () => head('GET /v1/me', 'expect: wonders\r\n')],
    [
      'an upgrade',
      401,
      () => `GET /v1/me HTTP/1.1\r\nhost: ${api.host('eu')}\r\nupgrade: x\r\nconnection: close, upgrade\r\n\r\n`,
    ],
    ['no HTTP', 400, () => 'hello\r\n\r\n'],
    ['HTTP/2', 400, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['large headers', 400, () => head('GET /healthz', `x: ${'a'.repeat(20_000)}\r\n`)],
    ['two lengths', 400, () => head('GET /healthz', 'content-length: 1\r\ncontent-length: 2\r\n')],
  ])('to %s (%i) has them, and is kept by nobody but where it is public', async (_what, status, bytes) => {
    const answer = parsed((await exchange(api.ports['eu']!, bytes())).text);
    expect([answer.status, wrong(answer.headers)]).toEqual([status, []]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('to who asks too often (429), and when the database is away (503), has them', async () => {
    const { id } = await api.pending('eu');
    const guess = (): Promise<Answer> =>
      api.ask('eu', `/v1/signups/${id}/confirmations`, { json: { code: '00000000', password: 'x'.repeat(20) } });
    let answer = await guess();
    for (let i = 0; i < 80 && answer.status !== 429; i++) answer = await guess();
    expect([answer.status, wrong(answer.headers)]).toEqual([429, []]);

    const { database } = installation.site('eu');
    await database.sql('superuser', `alter role ${database.name}_app connection limit 0`);
    await database.sql('superuser', 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
      `${database.name}_app`,
    ]);
    const away = await api.ask('eu', '/v1/me', { token: member.session.token });
    expect([away.status, wrong(away.headers)]).toEqual([503, []]);
    await database.sql('superuser', `alter role ${database.name}_app connection limit -1`);
  });

  it('of the page for readers has them, but for a policy of its own that still loads nothing foreign', async () => {
    for (const path of [
      '/docs',
      '/docs/start.js',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      '/openapi.json',
    ]) {
      const answer = await api.ask('eu', path);
      expect(answer.status).toBe(200);
      const own = path === '/docs' ? { ...EXPECTED, 'content-security-policy': null } : EXPECTED;
      const policy = String(answer.headers['content-security-policy']);
      expect([
        path,
        wrong({ ...answer.headers, ...(path === '/docs' ? { 'content-security-policy': null } : {}) }, own),
      ]).toEqual([path, []]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    }
  });
});

describe('a region that is reached over https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-https-'));
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    const file = join(folder, 'regions.json');
    const own = readFileSync(join(import.meta.dirname, '../../deploy/regions.json'), 'utf8');
    writeFileSync(file, own.replaceAll(/http:\/\/((?:staff\.)?\w+)\.localhost:\{port\}/g, 'https://$1.example.org'));
    installation = await Installation.create({ regionsFile: file });
    api = await installation.start();
  });
  afterAll(async () => {
    await installation.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has browsers stay with https, in every answer', async () => {
    const port = api.ports['eu']!;
    const expected = { ...EXPECTED, 'strict-transport-security': YEARS };
    for (const path of ['/healthz', '/v1/me', '/nowhere', '/%zz', `/v1/accounts/${'a'.repeat(300)}`]) {
      const answer = await ask({ port, path, headers: { host: 'eu.example.org' } });
      expect([path, wrong(answer.headers, expected)]).toEqual([path, []]);
    }
    expect(wrong(parsed((await exchange(port, 'hello\r\n\r\n')).text).headers, expected)).toEqual([]);
  });
});
