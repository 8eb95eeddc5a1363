import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, freshEmail, type Member } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { type Document, operationsOf } from '../support/openapi.js';
import { Operator, type Subject } from '../support/operator.js';

let installation: Installation;
/** Where people sign up. */
let door: Api;
/** Where they are asked about: another process, so that it has to fetch each key. */
let api: Api;
let operator: Operator;
let document: Document;
const REGIONS = ['eu', 'us'] as const;
/** One person of each region whom nothing of all this may touch. */
const bystanders: Record<string, Member> = {};

beforeAll(async () => {
  installation = await Installation.create();
  // What is read ahead of use is told of a destroyed key within a second or two, not at once.
  const settings = { DOMICILE_KEYS_AHEAD_AFTER_SECONDS: '86400' };
  [door, api] = await Promise.all([installation.start({ settings }), installation.start({ settings })]);
  operator = new Operator(api);
  for (const code of REGIONS) bystanders[code] = await door.member(code);
  document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
});
afterAll(() => installation.close());

/** One operation by a member, with the versions that the rows of account and person have. */
type Work = (code: string, of: Member, versions: Readonly<Record<Subject, number>>) => Promise<Answer>;
const etag = (version: number): string => `"v${version}"`;

const OPERATIONS: Readonly<Record<string, Work>> = {
  'GET /v1/accounts/{id}': (code, { account, session }) =>
    api.ask(code, `/v1/accounts/${account.id}`, { token: session.token }),
  'PATCH /v1/accounts/{id}': (code, { account, session }, versions) =>
    api.patch(code, `/v1/accounts/${account.id}`, session.token, etag(versions.account), { name: 'Other' }),
  'GET /v1/me': (code, { session }) => api.ask(code, '/v1/me', { token: session.token }),
  'PATCH /v1/me': (code, { session }, versions) =>
    api.patch(code, '/v1/me', session.token, etag(versions.person), { displayName: 'Other' }),
  'POST /v1/sessions': (code, { person }) => api.signIn(code, person.email),
  'DELETE /v1/sessions/current': (code, { session }) =>
    api.ask(code, '/v1/sessions/current', { method: 'DELETE', token: session.token }),
};
/** Her receipt, before she signs out. */
const RECEIPT: Work = (code, { account, session }) =>
  api.ask(code, `/v1/accounts/${account.id}/residency`, { token: session.token });
/** A receipt is read like the account, but nothing sealed is opened for it: it is had as long as the row is. */
const receiptOf = ([read]: Outcomes): Outcome => (read === DESTROYED ? OK : read);

/** Status, and the code of a refusal. */
type Outcome = readonly [status: number, code?: string];
/** By operation, in the order of {@link OPERATIONS}. */
type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

const OK: Outcome = [200];
const ALL: Outcomes = [OK, OK, OK, OK, [201], [204]];
const account = (read: Outcome, change: Outcome): Outcomes => [read, change, ...(ALL.slice(2) as [])] as never;
const REFUSED: Outcome = [401, 'residency.secret_invalid'];
const NOBODY: Outcomes = [REFUSED, REFUSED, REFUSED, REFUSED, [401, 'session.refused'], REFUSED];
/** Her account is its own subject: what holds for her holds for her own data. */
const noChange = (code: string): Outcomes => [OK, OK, OK, [403, code], [201], [204]];
const SUSPENDED: Outcome = [403, 'account.suspended'];
const GONE: Outcome = [404, 'residency.not_found'];
const DESTROYED: Outcome = [410, 'vault.key_destroyed'];

interface Case {
  readonly subject: Subject;
  readonly state: string;
  readonly outcomes: Outcomes;
  readonly keyDestroyed?: true;
}

const CASES: readonly Case[] = [
  { subject: 'account', state: 'active', outcomes: ALL },
  { subject: 'account', state: 'restricted', outcomes: account(OK, [403, 'account.restricted']) },
  { subject: 'account', state: 'suspended', outcomes: account(SUSPENDED, SUSPENDED) },
  { subject: 'account', state: 'closing', outcomes: account(OK, [403, 'account.closing']) },
  { subject: 'account', state: 'erased', outcomes: account(GONE, GONE) },
  { subject: 'account', state: 'erased', outcomes: account(GONE, GONE), keyDestroyed: true },
  { subject: 'account', state: 'active', outcomes: account(DESTROYED, DESTROYED), keyDestroyed: true },
  { subject: 'account', state: 'frozen', outcomes: account(SUSPENDED, SUSPENDED) },
  { subject: 'account', state: 'Active', outcomes: account(SUSPENDED, SUSPENDED) },
  { subject: 'account', state: '', outcomes: account(SUSPENDED, SUSPENDED) },
  { subject: 'person', state: 'active', outcomes: ALL },
  { subject: 'person', state: 'restricted', outcomes: noChange('person.restricted') },
  { subject: 'person', state: 'suspended', outcomes: NOBODY },
  { subject: 'person', state: 'closing', outcomes: noChange('person.closing') },
  { subject: 'person', state: 'erased', outcomes: NOBODY },
  { subject: 'person', state: 'erased', outcomes: NOBODY, keyDestroyed: true },
  {
    subject: 'person',
    state: 'active',
    outcomes: [OK, OK, DESTROYED, DESTROYED, [401, 'session.refused'], [204]],
    keyDestroyed: true,
  },
  { subject: 'person', state: 'frozen', outcomes: NOBODY },
  { subject: 'person', state: 'Active', outcomes: NOBODY },
  { subject: 'person', state: '', outcomes: NOBODY },
];

const titled = CASES.flatMap((each) =>
  REGIONS.map(
    (code) =>
      [each.subject, `"${each.state}"${each.keyDestroyed ? ' with its key destroyed' : ''}`, code, each] as const,
  ),
);

describe('the state of', () => {
  it.each(titled)('a subject (%s), %s, decides each operation in %s', async (_subject, _state, code, one) => {
    const member = await door.member(code);
    if (one.keyDestroyed) await operator.destroyKey(one.subject, code, member);
    const version = await operator.put(one.subject, code, member, one.state);
    const versions = { account: 1, person: 1, [one.subject]: version };
    const receipt = await RECEIPT(code, member, versions);
    expect([receipt.status, receipt.code]).toEqual([receiptOf(one.outcomes)[0], receiptOf(one.outcomes)[1]]);
    const answers: [string, Answer][] = [];
    for (const [name, work] of Object.entries(OPERATIONS)) answers.push([name, await work(code, member, versions)]);

    const seen = answers.map(([name, { status, code: problem }]) => [name, status, problem]);
    expect(seen).toEqual(Object.keys(OPERATIONS).map((name, i) => [name, one.outcomes[i]![0], one.outcomes[i]![1]]));
    for (const [name, { status, text, code: problem }] of answers.filter(([, { status }]) => status >= 400)) {
      expect(operationsOf(document)[name]!.responses[status]?.description).toContain(`\`${problem!}\``);
      for (const word of [member.account.name, member.person.email, member.person.id, 'sealed'])
        expect(text).not.toContain(word);
    }
    const read = answers[0]![1];
    if (one.subject === 'account' && read.status === 200) expect(read.json()).toMatchObject({ status: one.state });
    for (const [at, bystander] of Object.entries(bystanders)) {
      const theirs = await OPERATIONS['GET /v1/accounts/{id}']!(at, bystander, versions);
      expect(theirs.json()).toMatchObject({ name: bystander.account.name, status: 'active' });
    }
  });

  it.each(REGIONS)(
    'a person who is stopped looks like a wrong password, and a new life is a whole one (%s)',
    async (code) => {
      const member = await door.member(code);
      const { status, text } = await api.signIn(code, member.person.email, 'wrong horse battery staple');
      const before = await api.signIn(code, freshEmail());
      expect([before.status, before.text]).toEqual([status, text]);
      for (const state of ['suspended', 'erased', 'frozen']) {
        await operator.put('person', code, member, state);
        const answer = await api.signIn(code, member.person.email);
        expect([answer.status, answer.text]).toEqual([status, text]);
      }
      const version = await operator.put('person', code, member, 'active');
      expect((await OPERATIONS['GET /v1/me']!(code, member, { account: 1, person: version })).status).toBe(200);
      expect((await OPERATIONS['PATCH /v1/me']!(code, member, { account: 1, person: version })).status).toBe(200);
      expect((await api.signIn(code, member.person.email)).status).toBe(201);
    },
  );

  it('an account that changes under way stops the change that began before', async () => {
    const member = await door.member('eu');
    const path = `/v1/accounts/${member.account.id}`;
    const before = await api.ask('eu', path, { token: member.session.token });
    await operator.put('account', 'eu', member, 'restricted');
    await operator.put('account', 'eu', member, 'active');
    const answer = await api.patch('eu', path, member.session.token, before.headers.etag!, { name: 'Other' });
    expect([answer.status, answer.code]).toEqual([412, 'request.precondition_failed']);
  });
});
