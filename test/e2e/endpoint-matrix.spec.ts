import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, SecretCodec } from '@domicile/residency';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import type { Api, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { Browser, register, type Registered } from '../support/oidc.js';
import { type Document, operationsOf, violations } from '../support/openapi.js';

/** Who asks, and what is wrong about it. */
const CALLERS = [
  'nobody',
  'bad secret',
  'wrong account',
  'origin elsewhere',
  'path elsewhere',
  'secret elsewhere',
  'right',
] as const;
type Caller = (typeof CALLERS)[number];

interface Sent {
  readonly path: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Row {
  /** What a rightful caller sends; `region` stands for the region that the path is to name, `token` is what the caller presents. */
  readonly sent: (region: string, token: string | undefined) => Promise<Sent>;
  /** The caller's session is good for one call: each gets a new one. */
  readonly endsSession?: true;
  /** Status by caller; `null` where the path names no region. */
  readonly expected: Readonly<Record<Caller, number | null>>;
  /** Cache-Control of a good answer, where it may be kept. */
  readonly kept?: string;
}

let api: Api;
let eu: Member;
let twin: Member;
let us: Member;
let clients: Readonly<Record<string, Registered>>;

const path = (text: string) => () => Promise.resolve({ path: text });
/** Served on every origin to everyone; no credential is looked at. */
const everyone = {
  nobody: 200,
  'bad secret': 200,
  'wrong account': 200,
  'origin elsewhere': 200,
  'path elsewhere': null,
  'secret elsewhere': 200,
  right: 200,
} as const;
const elsewhere = { 'origin elsewhere': 421, 'path elsewhere': 421, 'secret elsewhere': 421 } as const;
/** No session is needed, so none is proven; a malformed credential or another region's is refused all the same. */
const open = (status: number) => ({
  nobody: status,
  'bad secret': status,
  'wrong account': status,
  right: status,
  ...elsewhere,
});

/** Of one's own person or session: every session has one, and no path names a region. */
const own = (status: number) => ({
  nobody: 401,
  'bad secret': 401,
  'wrong account': status,
  ...elsewhere,
  'path elsewhere': null,
  right: status,
});
/** The ETag that this caller reads, or one of the right form where there is nothing to read. */
async function ifMatch(target: string, token: string | undefined): Promise<Record<string, string>> {
  const { headers } = await api.ask('eu', target, token === undefined ? {} : { token });
  return { 'if-match': headers.etag ?? '"v1"' };
}
const accountOf = (region: string): string => `/v1/accounts/${(region === 'us' ? us : eu).account.id}`;

/** What a browser sends about an interaction that it has just begun: the id in the path, and its cookie. */
const interaction = (rest: string) => async (region: string) => {
  const browser = new Browser(api, region);
  const { id, redirectUri } = clients[region]!;
  const asked = { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state: 's' };
  const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
  const { headers } = await browser.go(`/oidc/auth?${new URLSearchParams({ ...asked, ...pkce }).toString()}`);
  const path = headers.location! + rest;
  return { path, headers: browser.cookies(path) };
};

/** Every operation. One that is missing here fails. */
const TABLE: Readonly<Record<string, Row>> = {
  'GET /healthz': { sent: path('/healthz'), expected: everyone },
  'GET /readyz': { sent: path('/readyz'), expected: everyone },
  'GET /v1/regions': { sent: path('/v1/regions'), expected: everyone },
  'GET /v1/policies/current': { sent: path('/v1/policies/current'), expected: everyone },
  'GET /v1/me': { sent: path('/v1/me'), expected: own(200) },
  'PATCH /v1/me': {
    sent: async (_region, token) => ({
      path: '/v1/me',
      json: { displayName: 'Ada' },
      headers: await ifMatch('/v1/me', token),
    }),
    expected: own(200),
  },
  'GET /v1/accounts/{id}': {
    sent: (region) => Promise.resolve({ path: accountOf(region) }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 200 },
  },
  'GET /v1/accounts/{id}/residency': {
    sent: async (region) => ({ path: `/v1/accounts/${(region === 'us' ? us : eu).account.id}/residency` }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 200 },
  },
  'GET /.well-known/domicile/keys': {
    sent: path('/.well-known/domicile/keys'),
    // Of the origin's region, for everyone; it is public, and so may be kept for a while.
    expected: { ...open(200), 'origin elsewhere': 421, 'path elsewhere': null },
    kept: 'public, max-age=300',
  },
  'PATCH /v1/accounts/{id}': {
    // With the right ETag whoever asks, so that it is not what refuses.
    sent: async (region) => ({
      path: accountOf(region),
      json: { name: 'Difference Engines' },
      headers: await ifMatch(accountOf(region), eu.session.token),
    }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 200 },
  },
  'POST /v1/sessions': {
    sent: () => Promise.resolve({ path: '/v1/sessions', json: { email: eu.person.email, password: PASSWORD } }),
    expected: { ...open(201), 'path elsewhere': null },
  },
  'DELETE /v1/sessions/current': {
    sent: path('/v1/sessions/current'),
    endsSession: true,
    expected: own(204),
  },
  // Shown to the browser that has the cookie, whoever is signed in there.
  'GET /v1/oidc-interactions/{id}': { sent: interaction(''), expected: open(200) },
  'POST /v1/oidc-interactions/{id}/consent': {
    sent: interaction('/consent'),
    expected: { ...own(200), 'path elsewhere': 421 },
  },
  'POST /v1/oidc-interactions/{id}/abort': { sent: interaction('/abort'), expected: open(200) },
  'POST /v1/regions/{region}/signups': {
    sent: async (region) => ({
      path: `/v1/regions/${region}/signups`,
      json: { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() },
    }),
    expected: open(202),
  },
  'POST /v1/signups/{id}/confirmations': {
    sent: async (region) => {
      const { id } = await api.pending(region);
      const code = await api.installation.digits(region, id);
      return { path: `/v1/signups/${id}/confirmations`, json: { code, password: PASSWORD } };
    },
    expected: open(201),
  },
};

describe.each([
  ['combined', false],
  ['separate', true],
])('in the %s topology', (_topology, separate) => {
  let installation: Installation;
  let document: Document;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start({ separate });
    [eu, twin, us] = await Promise.all([api.member('eu'), api.member('eu'), api.member('us')]);
    const made = await Promise.all(
      ['eu', 'us'].map(async (code) => [code, await register(installation, code)] as const),
    );
    clients = Object.fromEntries(made);
    document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
  });
  afterAll(() => installation.close());

  /** The session that the member came with, or a new one. */
  async function tokenOf(code: string, { person, session }: Member, isNew = false): Promise<string> {
    return isNew ? (await api.session(code, person.email)).token : session.token;
  }

  function madeUpToken(): string {
    const ids = new IdCodec(api.regions);
    const region = api.regions.get('eu');
    return new SecretCodec(ids, { sst: 'sess' }).mint('sst', region, ids.mint('sess', region)).text;
  }

  async function answerTo(name: string, { sent, endsSession }: Row, caller: Caller): Promise<Answer> {
    const mine = (): Promise<string> => tokenOf('eu', eu, endsSession);
    const tokens: Record<Caller, () => Promise<string> | undefined> = {
      nobody: () => undefined,
      'bad secret': () => Promise.resolve(madeUpToken()),
      'wrong account': () => tokenOf('eu', twin, endsSession),
      'origin elsewhere': mine,
      'path elsewhere': mine,
      'secret elsewhere': () => tokenOf('us', us, endsSession),
      right: mine,
    };
    const token = await tokens[caller]();
    const { path: target, json, headers = {} } = await sent(caller === 'path elsewhere' ? 'us' : 'eu', token);
    return api.ask(caller === 'origin elsewhere' ? 'us' : 'eu', target, {
      method: name.split(' ')[0]!,
      headers,
      ...(token === undefined ? {} : { token }),
      ...(json === undefined ? {} : { json }),
    });
  }

  it('has every operation of the document in the table, and no other', () => {
    expect(Object.keys(operationsOf(document)).sort()).toEqual(Object.keys(TABLE).sort());
  });

  it('serves the document that is kept in docs, the same in every process', async () => {
    const kept = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');
    expect(`${JSON.stringify(document, null, 2)}\n`).toBe(kept);
    expect((await api.ask('us', '/openapi.json')).json()).toEqual(document);
  });

  it('documents codes of the catalogue alone, each under its status', () => {
    for (const { responses } of Object.values(operationsOf(document)))
      for (const [status, { description, content }] of Object.entries(responses).filter(([each]) => each >= '400')) {
        const codes = [...description.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map(([, code]) => code!);
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) expect([code, CATALOGUE[code]?.status]).toEqual([code, Number(status)]);
        expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      }
  });

  it('names the operations that need a session', () => {
    const secured = Object.entries(operationsOf(document)).filter(([, { security = [] }]) => security.length > 0);
    const needed = Object.entries(TABLE).filter(([, { expected }]) => expected.nobody === 401);
    expect(secured.map(([name]) => name).sort()).toEqual(needed.map(([name]) => name).sort());
  });

  const cases = Object.entries(TABLE).flatMap(([name, row]) =>
    CALLERS.filter((caller) => row.expected[caller] !== null).map((caller) => [name, caller, row] as const),
  );

  it.each(cases)('answers %s from: %s', async (name, caller, row) => {
    const answer = await answerTo(name, row, caller);
    expect([answer.status, answer.code]).toEqual([row.expected[caller], answer.code]);
    const documented = operationsOf(document)[name]!.responses[String(answer.status)]!;
    expect(documented).toBeDefined();
    expect(answer.headers['cache-control']).toBe((answer.status < 400 && row.kept) || 'no-store');
    for (const header of Object.keys(documented.headers ?? {}))
      expect([header, answer.headers[header.toLowerCase()]]).toEqual([header, expect.stringMatching(/./)]);
    const [type, content] = Object.entries(documented.content ?? {})[0] ?? [];
    expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
    if (content) expect(violations(document, content.schema, answer.json())).toEqual([]);
    else expect(answer.text).toBe('');
    if (answer.status < 400) return;
    const { code = '' } = answer;
    const { title, detail } = CATALOGUE[code]!;
    expect(answer.json()).toMatchObject({
      type: `urn:domicile:error:${code}`,
      title,
      detail,
      status: answer.status,
      code,
    });
    expect(documented.description).toContain(`\`${code}\``);
    // A person elsewhere, or nobody, is told nothing of what is here.
    for (const { account, person } of [eu, twin, us]) {
      expect(answer.text).not.toContain(account.name);
      expect(answer.text).not.toContain(person.email);
    }
  });

  const templates = Object.keys(TABLE).map((name) => name.split(' ')[1]!);

  it.each([...new Set(templates)])('answers the other methods of %s as unknown', async (template) => {
    const target = template.replace('{id}', eu.account.id).replace('{region}', 'eu');
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].filter(
      (method) => !Object.hasOwn(TABLE, `${method} ${template}`),
    );
    for (const another of others) {
      const answer = await api.ask('eu', target, { method: another });
      expect([another, answer.status, answer.code]).toEqual([another, 404, 'request.not_found']);
    }
  });
});
