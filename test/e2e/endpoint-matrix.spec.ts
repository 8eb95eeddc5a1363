import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, SecretCodec } from '@domicile/residency';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import type { Api, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
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

interface Row {
  /** What a rightful caller sends; `region` stands for the region that the path is to name. */
  readonly sent: (region: string) => Promise<{ path: string; json?: unknown }>;
  /** Status by caller; `null` where the path names no region. */
  readonly expected: Readonly<Record<Caller, number | null>>;
  /** Cache-Control of a good answer, where it may be kept. */
  readonly kept?: string;
}

let api: Api;
let eu: Member;
let twin: Member;
let us: Member;

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

/** Every operation. One that is missing here fails. */
const TABLE: Readonly<Record<string, Row>> = {
  'GET /healthz': { sent: path('/healthz'), expected: everyone },
  'GET /readyz': { sent: path('/readyz'), expected: everyone },
  'GET /v1/regions': { sent: path('/v1/regions'), expected: everyone },
  'GET /v1/policies/current': { sent: path('/v1/policies/current'), expected: everyone },
  'GET /v1/me': {
    sent: path('/v1/me'),
    expected: {
      nobody: 401,
      'bad secret': 401,
      'wrong account': 200,
      ...elsewhere,
      'path elsewhere': null,
      right: 200,
    },
  },
  'GET /v1/accounts/{id}': {
    sent: async (region) => ({ path: `/v1/accounts/${(region === 'us' ? us : eu).account.id}` }),
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
    document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
  });
  afterAll(() => installation.close());

  async function answerTo(row: Row, caller: Caller): Promise<Answer> {
    const { path: target, json } = await row.sent(caller === 'path elsewhere' ? 'us' : 'eu');
    const ids = new IdCodec(api.regions);
    const region = api.regions.get('eu');
    const madeUp = new SecretCodec(ids, { sst: 'sess' }).mint('sst', region, ids.mint('sess', region)).text;
    const tokens: Record<Caller, string | undefined> = {
      nobody: undefined,
      'bad secret': madeUp,
      'wrong account': twin.session.token,
      'origin elsewhere': eu.session.token,
      'path elsewhere': eu.session.token,
      'secret elsewhere': us.session.token,
      right: eu.session.token,
    };
    const token = tokens[caller];
    const rest = { ...(token === undefined ? {} : { token }), ...(json === undefined ? {} : { json }) };
    return api.ask(caller === 'origin elsewhere' ? 'us' : 'eu', target, rest);
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
    const answer = await answerTo(row, caller);
    expect([answer.status, answer.code]).toEqual([row.expected[caller], answer.code]);
    const documented = operationsOf(document)[name]!.responses[String(answer.status)];
    const [type, { schema }] = Object.entries(documented?.content ?? {})[0]!;
    expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
    expect(violations(document, schema, answer.json())).toEqual([]);
    expect(answer.headers['cache-control']).toBe((answer.status < 400 && row.kept) || 'no-store');
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
    expect(documented!.description).toContain(`\`${code}\``);
    // A person elsewhere, or nobody, is told nothing of what is here.
    for (const { account, person } of [eu, twin, us]) {
      expect(answer.text).not.toContain(account.name);
      expect(answer.text).not.toContain(person.email);
    }
  });

  it.each(Object.keys(TABLE))('answers the other methods of %s as unknown', async (name) => {
    const [method = '', template = ''] = name.split(' ');
    const target = template.replace('{id}', eu.account.id).replace('{region}', 'eu');
    for (const another of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].filter(
      (each) => each !== method,
    )) {
      const answer = await api.ask('eu', target, { method: another });
      expect([another, answer.status, answer.code]).toEqual([another, 404, 'request.not_found']);
    }
  });
});
