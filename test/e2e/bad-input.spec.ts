import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD_BODIES } from '../../libs/runtime/test/bad-bodies.js';
import type { Api } from '../support/api.js';
import { freshEmail } from '../support/api.js';
import { type Answer, exchange } from '../support/http.js';
import { Installation } from '../support/installation.js';

const SIGNUPS = '/v1/regions/eu/signups';
const JSON_TYPE = { 'content-type': 'application/json' };
const CANARY = 'c4n4ry-5e1f';

let installation: Installation;
let api: Api;
let confirmations: string;
let valid: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  confirmations = `/v1/signups/${(await api.pending('eu')).id}/confirmations`;
  valid = { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() };
});
afterAll(() => installation.close());

const post = (
  body: Uint8Array | string,
  headers: Record<string, string> = JSON_TYPE,
  path = SIGNUPS,
): Promise<Answer> => api.ask('eu', path, { body: Buffer.from(body), headers, method: 'POST' });
const signUp = (fields: Record<string, unknown>): Promise<Answer> =>
  api.ask('eu', SIGNUPS, { json: { ...valid, ...fields } });

describe('a body that is not one strict JSON object', () => {
  it('is answered with the same bytes, whatever is wrong and wherever it is sent', async () => {
    const seen = new Set<string>();
    for (const path of [SIGNUPS, confirmations])
      for (const [what, body] of Object.entries(BAD_BODIES)) {
        const { status, text, headers } = await post(body, JSON_TYPE, path);
        expect([what, status]).toEqual([what, 400]);
        seen.add(
          JSON.stringify([text, headers['content-type'], headers['content-length'], headers['x-hosting-region']]),
        );
      }
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('urn:domicile:error:request.malformed');
  });

  it('is answered with those bytes in values that the product would refuse otherwise', async () => {
    const { text } = await post('{');
    const escapes = ['\\u0000', '\\ud800', '\\udfff', '\\udc00\\ud800'];
    for (const escape of escapes)
      for (const field of ['email', 'accountName', 'displayName', 'acceptedPolicyVersion'])
        expect((await post(`{"${field}":"a${escape}b"}`)).text).toBe(text);
    for (const field of ['code', 'password'])
      expect((await post(`{"${field}":"a\\u0000b"}`, JSON_TYPE, confirmations)).text).toBe(text);
  });
});

describe('a property that is not declared', () => {
  it.each([
    ['one', { [CANARY]: 1 }],
    ['one with a personal value', { note: CANARY }],
    ['a nested one', { extra: { [CANARY]: CANARY } }],
    ['an inherited name', { hasOwnProperty: CANARY }],
    ['another', { toString: CANARY }],
    ['the region', { region: 'us' }],
    ['the id', { id: 'sgn_us_01k00000000000000000000000' }],
    ['many', Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`${CANARY}${i}`, i]))],
    ['an odd one', { [`<b>${CANARY}</b>\u202e`]: 1, '': 2, '/': 3, '~': 4 }],
  ])('is refused and never repeated: %s', async (_name, more) => {
    const answer = await signUp(more);
    expect([answer.status, answer.code]).toEqual([422, 'request.invalid']);
    expect(answer.json()['errors']).toEqual([expect.objectContaining({ pointer: '', code: 'unknown_property' })]);
    expect(answer.text).not.toContain(CANARY);
  });
});

describe('a body that is too large', () => {
  it('is refused from the first byte too many', async () => {
    const text = JSON.stringify({ ...valid, email: freshEmail() });
    expect((await post(text.padEnd(65_536))).status).toBe(202);
    const refused = await post(text.padEnd(65_537));
    expect([refused.status, refused.code]).toEqual([413, 'request.body_too_large']);
  });

  it.each([
    ['10 MB announced', `content-length: 10000000\r\n\r\n`],
    ['10 MB announced and 100 kB sent', `content-length: 10000000\r\n\r\n${' '.repeat(100_000)}`],
    ['chunks without end', `transfer-encoding: chunked\r\n\r\n${`8000\r\n${' '.repeat(32_768)}\r\n`.repeat(3)}`],
  ])('is refused without reading on: %s', async (_name, rest) => {
    const head = `POST ${SIGNUPS} HTTP/1.1\r\nhost: ${api.host('eu')}\r\ncontent-type: application/json\r\n`;
    const { text } = await exchange(api.ports['eu']!, head + rest, /"code":"request\.body_too_large"/);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('application/problem+json');
  });

  it('is cut off at 10 MB sent by a client that does not listen, and nobody else notices', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        post(new Uint8Array(10_000_000)).then(
          ({ status }) => String(status),
          (error: NodeJS.ErrnoException) => error.code,
        ),
      ),
    );
    for (const outcome of outcomes) expect(['413', 'EPIPE', 'ECONNRESET']).toContain(outcome);
    expect((await api.ask('eu', '/v1/regions')).status).toBe(200);
  });
});

describe('a body of another type', () => {
  const text = (): string => JSON.stringify(valid);
  it.each([
    ['none', {}],
    ['plain text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['almost JSON', { 'content-type': 'application/jsonx' }],
    ['a JSON patch', { 'content-type': 'application/json-patch+json' }],
    ['no type at all', { 'content-type': '' }],
    ['nonsense', { 'content-type': CANARY }],
    ['two types', { 'content-type': 'application/json, text/plain' }],
    ['compressed', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
  ])('is refused: %s', async (_name, headers: Record<string, string>) => {
    const answer = await post(text(), headers);
    expect([answer.status, answer.code]).toEqual([415, 'request.unsupported_media_type']);
    expect(answer.text).not.toContain(CANARY);
  });

  it('is accepted with parameters, in any case', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/json;x=y'])
      expect((await post(JSON.stringify({ ...valid, email: freshEmail() }), { 'content-type': type })).status).toBe(
        202,
      );
  });
});

describe('a query, a route or a protocol that is not declared', () => {
  it.each(['?', '?x', '?email=a@example.org', '?%00', '?a[]=1', '??', '?#'])(
    'is refused on every route: %s',
    async (query) => {
      for (const path of [
        '/healthz',
        '/readyz',
        '/v1/regions',
        '/v1/policies/current',
        '/v1/me',
        SIGNUPS,
        confirmations,
        '/openapi.json',
        '/docs',
      ]) {
        const method = path === SIGNUPS || path === confirmations ? 'POST' : 'GET';
        const answer = await api.ask('eu', `${path}${query}`, { method });
        expect([path, answer.status, answer.code]).toEqual([path, 400, 'request.query_refused']);
        expect(answer.text).not.toContain('example.org');
      }
    },
  );

  it.each([
    '/v1',
    '/v1/',
    '/v2/me',
    '/V1/me',
    '/v1/ME',
    '/v1/me/',
    '//v1/me',
    '/v1//me',
    '/v1/./me',
    '/v1/x/../me',
    '/v1/me%2f',
    '/v1/me;x=1',
    '/.env',
    '/.git/config',
    '/admin',
    '/metrics',
    '/favicon.ico',
    '/docs/',
    '/docs/../package.json',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/package.json',
    '/docs/__proto__',
    '/v1/accounts',
    '/v1/signups',
    '/v1/regions/eu',
    '/v1/persons/1',
    `/${CANARY}`,
    '/%00',
    '/\\..\\',
  ])('is not found: %s', async (path) => {
    const answer = await api.ask('eu', path);
    expect([answer.status, answer.code]).toEqual([404, 'request.not_found']);
    expect(answer.text).not.toContain(CANARY);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a header without a name', `GET /v1/me HTTP/1.1\r\nhost: x\r\n${CANARY}\r\n\r\n`],
    ['a header of 40 kB', `GET /v1/me HTTP/1.1\r\nhost: x\r\nx: ${CANARY.repeat(4_000)}\r\n\r\n`],
    ['an unknown method', `${CANARY.toUpperCase().replaceAll(/[^A-Z]/g, '')} /v1/me HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['two lengths', `POST ${SIGNUPS} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx`],
    [
      'a length and chunks',
      `POST ${SIGNUPS} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a length that is none', `POST ${SIGNUPS} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`],
  ])('is answered as malformed, and the connection closed: %s', async (_name, bytes) => {
    const { text, closed } = await exchange(api.ports['eu']!, bytes);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"request.malformed"');
    expect(text).not.toContain(CANARY);
    expect(closed).toBe(true);
  });
});

it('was never at fault, and stored nothing but what was accepted', async () => {
  expect(api.processes[0]!.events('request.fault')).toEqual([]);
  expect(api.processes[0]!.errors).toBe('');
  expect(installation.written).not.toContain(CANARY);
  expect(await installation.dump('eu')).not.toContain(CANARY);
  // The pending one, the full body of 65,536 bytes, three spellings of the type.
  expect((await installation.counts('eu'))['signup']).toBe(5);
});
