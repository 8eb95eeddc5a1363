import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec, SecretCodec } from '@domicile/residency';
import { CATALOGUE } from '../../apps/api/src/catalogue.js';
import type { Api, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import { Authenticator } from '../support/authenticator.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { agree, begin, Browser, register, type Registered } from '../support/oidc.js';
import { type Document, operationsOf, undocumented, violations } from '../support/openapi.js';

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
  /** Needs no credential, though a refusal looks as if it did. */
  readonly public?: true;
  /** Cache-Control of a good answer, where it may be kept. */
  readonly kept?: string;
}

let api: Api;
let eu: Member;
let twin: Member;
let us: Member;
/** A person of each region who is put into the account of `eu` and `us` where an operation is about somebody else. */
let mates: Readonly<Record<string, Member>>;
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
const ownerOf = (region: string): Member => (region === 'us' ? us : eu);
const accountOf = (region: string): string => `/v1/accounts/${ownerOf(region).account.id}`;
/** A member's row, but for what the database makes up. */
const uuidOf = (id: string, prefix: string, region: string): string =>
  new IdCodec(api.regions).encode(id, prefix, api.regions.get(region));

/** Puts the mate into the account in that role, beside its owner, as no operation could so quickly. */
async function staged(region: string, role = 'member'): Promise<Member> {
  const { database } = api.installation.site(region);
  const ids = new IdCodec(api.regions);
  const account = uuidOf(ownerOf(region).account.id, 'acct', region);
  const put = async (person: Member, as: string): Promise<void> => {
    const id = uuidOf(ids.mint('mbr', api.regions.get(region)), 'mbr', region);
    await database.sql(
      'superuser',
      `insert into membership (account_id, id, person_id, role) values ($1, $2, $3, $4)
        on conflict (account_id, person_id) do update set role = excluded.role, version = membership.version + 1`,
      [account, id, uuidOf(person.person.id, 'pers', region), as],
    );
  };
  await put(ownerOf(region), 'owner');
  await put(mates[region]!, role);
  return mates[region]!;
}

/** Something made for the operation to be about, by its rightful caller. */
async function made(region: string, target: string, json: unknown, by = ownerOf(region)): Promise<{ id: string }> {
  const answer = await api.ask(region, target, { token: by.session.token, json });
  if (answer.status !== 201) throw new Error(`It was answered ${answer.status} ${answer.text}`);
  return answer.json<{ id: string }>();
}

async function status(region: string, word: 'active' | 'closing'): Promise<void> {
  const { database } = api.installation.site(region);
  await database.sql('superuser', 'update account set status = $1', [word]);
}

/** An invitation of the rightful caller, by another account. */
async function answering(region: string, what: string): Promise<Sent> {
  const [from, to] = region === 'us' ? [mates['us']!, us] : [twin, eu];
  const json = { email: to.person.email, role: 'member' };
  const { id } = await made(region, `/v1/accounts/${from.account.id}/invitations`, json, from);
  return { path: `/v1/invitations/${id}/${what}`, json: { code: await api.installation.digits(region, id) } };
}

const BILLING = { legalName: 'Acme', addressLines: ['1 Dorset Street'], country: 'DE', taxId: 'DE123456789' };
const TOKEN = { name: 'Nightly', scopes: ['account.read'], expiresInDays: 1 };
/** Of an account that the caller must belong to. */
const inside = (status: number) => ({
  nobody: 401,
  'bad secret': 401,
  'wrong account': 404,
  ...elsewhere,
  right: status,
});
/** Of a sign-in that waits for its second step, which nobody of these has begun: a session is none. */
const step = (kind: string, json?: unknown): Row => ({
  sent: (region) => Promise.resolve({ path: `/v1/sign-ins/${madeUpId('sgi', region)}/${kind}`, json }),
  expected: { nobody: 401, 'bad secret': 401, 'wrong account': 401, ...elsewhere, right: 401 },
});
/** A passkey that nobody has; factors.spec.ts shows those that somebody has. */
function strangePasskey() {
  const authenticator = new Authenticator(api.origin('eu'));
  const challenge = Buffer.alloc(32).toString('base64url');
  const made = authenticator.create({ challenge, rp: { id: 'x' }, user: { id: 'AA' }, excludeCredentials: [] });
  return { made, answer: authenticator.get({ challenge, rpId: 'x', allowCredentials: [] }) };
}
function madeUpId(prefix: string, region: string): string {
  return new IdCodec(api.regions).mint(prefix, api.regions.get(region));
}
/** Somebody's passkey, which none of them has. */
const passkeyOf = (json?: unknown): Row => ({
  sent: async (region, token) => ({
    path: `/v1/me/passkeys/${madeUpId('pky', region)}`,
    json,
    headers: json === undefined ? {} : await ifMatch('/v1/me', token),
  }),
  expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 404 },
});
const password = `${PASSWORD} again`;
interface Wrapped {
  readonly recovery?: { readonly id: string };
  readonly addressChange?: { readonly id: string };
}
/** A change of address that this member has asked for. */
async function changeOf(region: string, { session }: Member): Promise<string> {
  const asked = { token: session.token, json: { email: freshEmail() } };
  return (await api.ask(region, '/v1/me/address-changes', asked)).json<Wrapped>().addressChange!.id;
}

/** What a browser sends about an interaction that it has just begun: the id in the path, and its cookie. */
const interaction = (rest: string) => async (region: string) => {
  const browser = new Browser(api, region);
  const { id, redirectUri } = clients[region]!;
  const asked = { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state: 's' };
  const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
  const query = new URLSearchParams({ ...asked, ...pkce }).toString();
  const path = (await begin(browser, `/oidc/auth?${query}`)) + rest;
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
  'GET /v1/sessions': { sent: path('/v1/sessions'), expected: own(200) },
  'DELETE /v1/sessions': { sent: path('/v1/sessions'), expected: own(204) },
  'DELETE /v1/sessions/{id}': {
    sent: async (region) => ({
      path: `/v1/sessions/${(await api.session(region, (region === 'us' ? us : eu).person.email)).id}`,
    }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 204 },
  },
  'GET /v1/me/security-log': { sent: path('/v1/me/security-log'), expected: own(200) },
  'GET /v1/accounts/{id}/security-log': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/security-log` }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 200 },
  },
  'DELETE /v1/sessions/current': {
    sent: path('/v1/sessions/current'),
    endsSession: true,
    expected: own(204),
  },
  'POST /v1/sessions/current/proof': {
    sent: () => Promise.resolve({ path: '/v1/sessions/current/proof', json: { password: PASSWORD } }),
    endsSession: true,
    expected: own(200),
  },
  'POST /v1/sessions/current/proof/options': { sent: path('/v1/sessions/current/proof/options'), expected: own(200) },
  'POST /v1/sign-ins/passkey/options': {
    sent: path('/v1/sign-ins/passkey/options'),
    expected: { ...open(200), 'path elsewhere': null },
  },
  'POST /v1/sign-ins/passkey': {
    sent: () => Promise.resolve({ path: '/v1/sign-ins/passkey', json: { passkey: strangePasskey().answer } }),
    expected: { ...open(401), 'path elsewhere': null },
    public: true,
  },
  'POST /v1/sign-ins/{id}/totp': step('totp', { code: '123456' }),
  'POST /v1/sign-ins/{id}/recovery-code': step('recovery-code', { code: '0000-0000-0000' }),
  'POST /v1/sign-ins/{id}/passkey/options': step('passkey/options'),
  'POST /v1/sign-ins/{id}/passkey': {
    ...step('passkey'),
    sent: (region) => step('passkey', { passkey: strangePasskey().answer }).sent(region, undefined),
  },
  'GET /v1/me/factors': { sent: path('/v1/me/factors'), expected: own(200) },
  'POST /v1/me/passkey-options': { sent: path('/v1/me/passkey-options'), expected: own(200) },
  'POST /v1/me/passkeys': {
    sent: () => Promise.resolve({ path: '/v1/me/passkeys', json: { passkey: strangePasskey().made } }),
    expected: own(422),
  },
  'GET /v1/me/passkeys/{id}': passkeyOf(),
  'PATCH /v1/me/passkeys/{id}': passkeyOf({ label: 'Phone' }),
  'DELETE /v1/me/passkeys/{id}': passkeyOf(),
  // What is offered is taken back by the row after the next one, whoever asks.
  'POST /v1/me/totp': { sent: path('/v1/me/totp'), expected: own(201) },
  'POST /v1/me/totp/confirmation': {
    sent: () => Promise.resolve({ path: '/v1/me/totp/confirmation', json: { code: '000000' } }),
    expected: own(422),
  },
  'DELETE /v1/me/totp': {
    sent: async (_region, token) => {
      if (token !== undefined) await api.ask('eu', '/v1/me/totp', { method: 'POST', token });
      return { path: '/v1/me/totp' };
    },
    expected: own(204),
  },
  'POST /v1/me/recovery-codes': { sent: path('/v1/me/recovery-codes'), expected: own(201) },
  'POST /v1/signups/{id}/mail': {
    sent: async (region) => ({ path: `/v1/signups/${(await api.pending(region)).id}/mail` }),
    expected: open(202),
  },
  'POST /v1/recoveries': {
    sent: () => Promise.resolve({ path: '/v1/recoveries', json: { email: eu.person.email } }),
    expected: { ...open(202), 'path elsewhere': null },
  },
  'POST /v1/recoveries/{id}/completion': {
    sent: async (region) => {
      const { email } = (await api.member(region)).person;
      const { id } = (await api.ask(region, '/v1/recoveries', { json: { email } })).json<Wrapped>().recovery!;
      return {
        path: `/v1/recoveries/${id}/completion`,
        json: { code: api.code(region, 'recovery.code', id), password },
      };
    },
    expected: open(200),
  },
  'POST /v1/me/address-changes': {
    sent: () => Promise.resolve({ path: '/v1/me/address-changes', json: { email: freshEmail() } }),
    expected: own(202),
  },
  'POST /v1/me/address-changes/{id}/confirmation': {
    sent: async (region) => {
      const id = await changeOf(region, region === 'us' ? us : eu);
      return {
        path: `/v1/me/address-changes/${id}/confirmation`,
        json: { code: api.code(region, 'address_change.code', id) },
      };
    },
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 404, ...elsewhere, right: 200 },
  },
  'POST /v1/address-changes/{id}/undo': {
    sent: async (region) => {
      const member = await api.member(region);
      const id = await changeOf(region, member);
      await api.ask(region, `/v1/me/address-changes/${id}/confirmation`, {
        token: member.session.token,
        json: { code: api.code(region, 'address_change.code', id) },
      });
      return {
        path: `/v1/address-changes/${id}/undo`,
        json: { code: api.linkCode(region, 'address_change.undo', id) },
      };
    },
    expected: open(200),
  },
  'PUT /v1/me/password': {
    sent: () => Promise.resolve({ path: '/v1/me/password', json: { password: PASSWORD } }),
    expected: own(204),
  },
  // Shown to the browser that has the cookie, whoever is signed in there.
  'GET /v1/oidc-interactions/{id}': { sent: interaction(''), expected: open(200) },
  'POST /v1/oidc-interactions/{id}/consent': {
    sent: interaction('/consent'),
    expected: { ...own(200), 'path elsewhere': 421 },
  },
  'POST /v1/oidc-interactions/{id}/abort': { sent: interaction('/abort'), expected: open(200) },
  'GET /v1/me/applications': { sent: path('/v1/me/applications'), expected: own(200) },
  // Of an application that nobody has agreed to; applications.spec.ts shows those of somebody.
  'DELETE /v1/me/applications/{id}': {
    sent: (region) => Promise.resolve({ path: `/v1/me/applications/${madeUpId('cnst', region)}` }),
    expected: inside(404),
  },
  'POST /v1/regions/{region}/signups': {
    sent: async (region) => ({
      path: `/v1/regions/${region}/signups`,
      json: { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() },
    }),
    expected: open(202),
  },
  'POST /v1/signups/{id}/passkey-options': {
    sent: async (region) => {
      const { id } = await api.pending(region);
      return { path: `/v1/signups/${id}/passkey-options`, json: { code: await api.installation.digits(region, id) } };
    },
    expected: open(200),
  },
  'POST /v1/signups/{id}/confirmations': {
    sent: async (region) => {
      const { id } = await api.pending(region);
      const code = await api.installation.digits(region, id);
      return { path: `/v1/signups/${id}/confirmations`, json: { code, password: PASSWORD } };
    },
    expected: open(201),
  },
  'GET /v1/me/preferences': { sent: path('/v1/me/preferences'), expected: own(200) },
  'PATCH /v1/me/preferences': {
    sent: async (_region, token) => ({
      path: '/v1/me/preferences',
      json: { language: 'de', timeZone: 'Europe/Berlin' },
      headers: await ifMatch('/v1/me/preferences', token),
    }),
    expected: own(200),
  },
  'GET /v1/accounts/{id}/people': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/people` }),
    expected: inside(200),
  },
  'GET /v1/accounts/{id}/people/{personId}': {
    sent: async (region) => ({ path: `${accountOf(region)}/people/${(await staged(region)).person.id}` }),
    expected: inside(200),
  },
  'PATCH /v1/accounts/{id}/people/{personId}': {
    sent: async (region) => {
      const target = `${accountOf(region)}/people/${(await staged(region)).person.id}`;
      return { path: target, json: { role: 'admin' }, headers: await ifMatch(target, eu.session.token) };
    },
    expected: inside(200),
  },
  'DELETE /v1/accounts/{id}/people/{personId}': {
    sent: async (region) => ({ path: `${accountOf(region)}/people/${(await staged(region)).person.id}` }),
    expected: inside(204),
  },
  'POST /v1/accounts/{id}/ownership': {
    sent: async (region) => {
      const mate = await staged(region);
      // Of the caller's own region: what is wrong is the path alone.
      const personId = region === 'us' ? mates['eu']!.person.id : mate.person.id;
      return { path: `${accountOf(region)}/ownership`, json: { personId } };
    },
    expected: inside(204),
  },
  'POST /v1/accounts/{id}/invitations': {
    sent: async (region) => {
      await staged(region);
      return { path: `${accountOf(region)}/invitations`, json: { email: freshEmail(), role: 'member' } };
    },
    expected: inside(201),
  },
  'GET /v1/accounts/{id}/invitations': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/invitations` }),
    expected: inside(200),
  },
  'DELETE /v1/accounts/{id}/invitations/{invitationId}': {
    sent: async (region) => {
      const target = `${accountOf(region)}/invitations`;
      const { id } = await made(region, target, { email: freshEmail(), role: 'member' });
      return { path: `${target}/${id}` };
    },
    expected: inside(204),
  },
  'POST /v1/invitations/{id}/declination': {
    sent: (region) => answering(region, 'declination'),
    expected: inside(204),
  },
  'POST /v1/invitations/{id}/acceptance': {
    sent: (region) => answering(region, 'acceptance'),
    expected: inside(201),
  },
  'POST /v1/accounts/{id}/tokens': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/tokens`, json: TOKEN }),
    expected: inside(201),
  },
  'GET /v1/accounts/{id}/tokens': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/tokens` }),
    expected: inside(200),
  },
  'DELETE /v1/accounts/{id}/tokens/{tokenId}': {
    sent: async (region) => {
      const { id } = await made(region, `${accountOf(region)}/tokens`, TOKEN);
      return { path: `${accountOf(region)}/tokens/${id}` };
    },
    expected: inside(204),
  },
  'GET /v1/accounts/{id}/policy': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/policy` }),
    expected: inside(200),
  },
  'PATCH /v1/accounts/{id}/policy': {
    sent: async (region) => {
      const target = `${accountOf(region)}/policy`;
      return { path: target, json: { sessionIdleMinutes: 30 }, headers: await ifMatch(target, eu.session.token) };
    },
    expected: inside(200),
  },
  'PUT /v1/accounts/{id}/billing': {
    sent: async (region) => ({
      path: `${accountOf(region)}/billing`,
      json: BILLING,
      headers: await ifMatch(accountOf(region), eu.session.token),
    }),
    expected: inside(200),
  },
  // After the one above has filled it in.
  'GET /v1/accounts/{id}/billing': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/billing` }),
    expected: inside(200),
  },
  'GET /v1/accounts/{id}/domains': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/domains` }),
    expected: inside(200),
  },
  'POST /v1/accounts/{id}/domains': {
    sent: (region) =>
      Promise.resolve({
        path: `${accountOf(region)}/domains`,
        json: { domain: `${madeUpId('dom', region).slice(-9)}.example` },
      }),
    expected: inside(201),
  },
  // Of a domain that the account has not claimed: nothing is looked up here. provider.spec.ts shows those that it has.
  'POST /v1/accounts/{id}/domains/{domainId}/verification': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/domains/${madeUpId('dom', region)}/verification` }),
    expected: inside(404),
  },
  'DELETE /v1/accounts/{id}/domains/{domainId}': {
    sent: async (region) => {
      const target = `${accountOf(region)}/domains`;
      const { id } = await made(region, target, { domain: `${madeUpId('dom', region).slice(-9)}.example` });
      return { path: `${target}/${id}` };
    },
    expected: inside(204),
  },
  'PUT /v1/accounts/{id}/provider': {
    sent: async (region) => ({
      path: `${accountOf(region)}/provider`,
      // Of a network that is never permitted unless an operator says so.
      json: { issuer: 'https://127.0.0.1', clientId: 'domicile', clientSecret: 'secret' },
      headers: await ifMatch(accountOf(region), eu.session.token),
    }),
    expected: inside(422),
  },
  'GET /v1/accounts/{id}/provider': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/provider` }),
    expected: inside(404),
  },
  'POST /v1/accounts/{id}/provider/test': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/provider/test` }),
    expected: inside(404),
  },
  'DELETE /v1/accounts/{id}/provider': {
    sent: (region) => Promise.resolve({ path: `${accountOf(region)}/provider` }),
    expected: inside(404),
  },
  'POST /v1/sign-ins/provider': {
    sent: () => Promise.resolve({ path: '/v1/sign-ins/provider', json: { email: freshEmail() } }),
    expected: { ...open(404), 'path elsewhere': null },
  },
  'POST /v1/sign-ins/{id}/provider': {
    sent: (region) =>
      Promise.resolve({ path: `/v1/sign-ins/${madeUpId('psi', region)}/provider`, json: { code: 'given' } }),
    expected: { nobody: 401, 'bad secret': 401, 'wrong account': 401, ...elsewhere, right: 401 },
  },
  'POST /v1/accounts/{id}/closing': {
    sent: async (region) => {
      await status(region, 'active');
      return { path: `${accountOf(region)}/closing` };
    },
    expected: inside(200),
  },
  'DELETE /v1/accounts/{id}/closing': {
    sent: async (region) => {
      await status(region, 'closing');
      return { path: `${accountOf(region)}/closing` };
    },
    expected: inside(204),
  },
  // The last one: whoever calls it rightly is gone.
  'DELETE /v1/accounts/{id}/people/me': {
    sent: async (region) => {
      await status(region, 'active');
      await staged(region, 'owner');
      return { path: `${accountOf(region)}/people/me` };
    },
    expected: inside(204),
  },
};

/** The code of a refusal, by its status; and of the operations that refuse in a way of their own. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'residency.secret_invalid',
  404: 'residency.not_found',
  421: 'residency.misdirected',
};
const OWN_REFUSALS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'POST /v1/sign-ins/passkey': { 401: 'passkey.refused' },
  'POST /v1/sign-ins/provider': { 404: 'provider.none' },
  'POST /v1/me/passkeys': { 422: 'passkey.invalid' },
  'POST /v1/me/totp/confirmation': { 422: 'totp.code_wrong' },
  'PUT /v1/accounts/{id}/provider': { 422: 'provider.address_refused' },
};

/** What asks for a proof that is younger than ten minutes, as it cannot be undone or opens what cannot be shut again. */
const FRESH: readonly string[] = [
  'POST /v1/accounts/{id}/closing',
  'POST /v1/accounts/{id}/domains',
  'DELETE /v1/accounts/{id}/domains/{domainId}',
  'POST /v1/accounts/{id}/domains/{domainId}/verification',
  'POST /v1/accounts/{id}/ownership',
  'DELETE /v1/accounts/{id}/people/me',
  'PATCH /v1/accounts/{id}/people/{personId}',
  'DELETE /v1/accounts/{id}/people/{personId}',
  'PATCH /v1/accounts/{id}/policy',
  'PUT /v1/accounts/{id}/provider',
  'DELETE /v1/accounts/{id}/provider',
  'POST /v1/accounts/{id}/provider/test',
  'POST /v1/accounts/{id}/tokens',
  'POST /v1/me/address-changes',
  'POST /v1/me/passkey-options',
  'POST /v1/me/passkeys',
  'DELETE /v1/me/passkeys/{id}',
  'PUT /v1/me/password',
  'POST /v1/me/recovery-codes',
  'POST /v1/me/totp',
  'DELETE /v1/me/totp',
  'POST /v1/me/totp/confirmation',
];

/** One of {@link FRESH} that is so for owners alone, or that it is about. */
const ABOUT_OWNERS = ['PATCH /v1/accounts/{id}/people/{personId}', 'DELETE /v1/accounts/{id}/people/{personId}'];

type Creation = Parameters<Authenticator['create']>[0];
type Request = Parameters<Authenticator['get']>[0];

/** Calls by somebody of her own what the table calls in vain, one after the other. @yields each operation with its answer */
async function* rightly(): AsyncGenerator<readonly [name: string, status: number, answer: Answer]> {
  const member = await api.member('eu');
  const { token } = member.session;
  const phone = new Authenticator(api.origin('eu'));
  const post = (path: string, json?: unknown, by: string | null = token): Promise<Answer> =>
    api.ask('eu', path, {
      method: 'POST',
      ...(json === undefined ? {} : { json }),
      ...(by === null ? {} : { token: by }),
    });
  const made = phone.create((await post('/v1/me/passkey-options')).json<Creation>());
  const added = await post('/v1/me/passkeys', { passkey: made, label: 'Phone' });
  yield ['POST /v1/me/passkeys', 201, added];
  const { passkeys } = (await api.ask('eu', '/v1/me/factors', { token })).json<{ passkeys: { id: string }[] }>();
  const path = `/v1/me/passkeys/${passkeys[0]!.id}`;
  const shown = await api.ask('eu', path, { token });
  yield ['GET /v1/me/passkeys/{id}', 200, shown];
  yield [
    'PATCH /v1/me/passkeys/{id}',
    200,
    await api.patch('eu', path, token, shown.headers.etag!, { label: 'Key on the ring' }),
  ];
  const asked = (await post('/v1/sign-ins/passkey/options', undefined, null)).json<Request>();
  yield ['POST /v1/sign-ins/passkey', 201, await post('/v1/sign-ins/passkey', { passkey: phone.get(asked) }, null)];

  const { secret } = (await post('/v1/me/totp')).json<{ secret: string }>();
  const show = (off: number): string => codeOf(fromBase32(secret), stepAt(new Date()) + off);
  yield ['POST /v1/me/totp/confirmation', 204, await post('/v1/me/totp/confirmation', { code: show(0) })];
  const { codes } = (await post('/v1/me/recovery-codes')).json<{ codes: string[] }>();
  const step = async (kind: string, json: (options: () => Promise<Answer>) => Promise<unknown>): Promise<Answer> => {
    const begun = await api.signIn('eu', member.person.email);
    const { signIn } = begun.json<{ signIn: { id: string; token: string } }>();
    const at = `/v1/sign-ins/${signIn.id}`;
    const body = await json(() => post(`${at}/passkey/options`, undefined, signIn.token));
    return post(`${at}/${kind}`, body, signIn.token);
  };
  let options: Answer | undefined;
  const withPasskey = await step('passkey', async (ask) => {
    options = await ask();
    return { passkey: phone.get(options.json<Request>()) };
  });
  yield ['POST /v1/sign-ins/{id}/passkey/options', 200, options!];
  yield ['POST /v1/sign-ins/{id}/passkey', 201, withPasskey];
  yield ['POST /v1/sign-ins/{id}/totp', 201, await step('totp', async () => ({ code: show(1) }))];
  const withCode = await step('recovery-code', async () => ({ code: codes[0] }));
  yield ['POST /v1/sign-ins/{id}/recovery-code', 201, withCode];
  yield ['DELETE /v1/me/passkeys/{id}', 204, await api.ask('eu', path, { method: 'DELETE', token })];

  const { id, redirectUri } = clients['eu']!;
  const wish = { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state: 's' };
  const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
  const query = new URLSearchParams({ ...wish, ...pkce }).toString();
  await agree(new Browser(api, 'eu'), new URL(`${api.origin('eu')}/oidc/auth?${query}`), token);
  const { applications } = (await api.ask('eu', '/v1/me/applications', { token })).json<{
    applications: { id: string }[];
  }>();
  const target = `/v1/me/applications/${applications[0]!.id}`;
  yield ['DELETE /v1/me/applications/{id}', 204, await api.ask('eu', target, { method: 'DELETE', token })];
}

/** Their right calls need an account's own domain and provider: see provider.spec.ts. */
const RIGHTLY_ELSEWHERE = [
  'POST /v1/accounts/{id}/domains/{domainId}/verification',
  'PUT /v1/accounts/{id}/provider',
  'GET /v1/accounts/{id}/provider',
  'POST /v1/accounts/{id}/provider/test',
  'DELETE /v1/accounts/{id}/provider',
  'POST /v1/sign-ins/provider',
  'POST /v1/sign-ins/{id}/provider',
];

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
    const [mate, mateElsewhere] = await Promise.all([api.member('eu'), api.member('us')]);
    mates = { eu: mate, us: mateElsewhere };
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
    const needed = Object.entries(TABLE).filter(([, row]) => row.expected.nobody === 401 && !row.public);
    expect(secured.map(([name]) => name).sort()).toEqual(needed.map(([name]) => name).sort());
  });

  it('says of those operations that they ask for a fresh proof that do', () => {
    const said = Object.entries(operationsOf(document)).filter(([, { responses }]) =>
      responses['403']?.description.includes('`session.not_fresh`'),
    );
    expect(said.map(([name]) => name).sort()).toEqual([...FRESH].sort());
  });

  let stale: Promise<string> | undefined;
  /** The secret of a session whose last proof is eleven minutes old; of one that nothing here ends. */
  const staleToken = (): Promise<string> =>
    (stale ??= api.session('eu', eu.person.email).then(async ({ id, token }) => {
      await installation
        .site('eu')
        .database.sql(
          'superuser',
          "update session set authenticated_at = now() - interval '11 minutes' where id = $1",
          [uuidOf(id, 'sess', 'eu')],
        );
      return token;
    }));

  it.each(FRESH)('asks for a proof that is younger than ten minutes before %s', async (name) => {
    const { sent } = TABLE[name]!;
    const { path: target, json, headers = {} } = await sent('eu', eu.session.token);
    if (ABOUT_OWNERS.includes(name)) await staged('eu', 'owner');
    const token = await staleToken();
    const before = await installation.counts('eu');
    const answer = await api.ask('eu', target, {
      method: name.split(' ')[0]!,
      headers,
      token,
      ...(json === undefined ? {} : { json }),
    });
    expect([answer.status, answer.code]).toEqual([403, 'session.not_fresh']);
    expect(undocumented(document, name, answer)).toEqual([]);
    expect(await installation.counts('eu')).toEqual(before);
  });

  it('answers as it says also what only somebody with more than a password can call rightly', async () => {
    const called: string[] = [];
    for await (const [name, status, answer] of rightly()) {
      called.push(name);
      expect([name, answer.status, undocumented(document, name, answer)]).toEqual([name, status, []]);
    }
    // With these every operation is called rightly once.
    const inVain = Object.entries(TABLE).filter(([, { expected }]) => expected.right! >= 400);
    expect([...called, ...RIGHTLY_ELSEWHERE].sort()).toEqual(inVain.map(([name]) => name).sort());
  });

  const cases = Object.entries(TABLE).flatMap(([name, row]) =>
    CALLERS.filter((caller) => row.expected[caller] !== null).map((caller) => [name, caller, row] as const),
  );

  it.each(cases)('answers %s from: %s', async (name, caller, row) => {
    const answer = await answerTo(name, row, caller);
    const wanted = row.expected[caller]!;
    const refusal = wanted < 400 ? undefined : (OWN_REFUSALS[name]?.[wanted] ?? REFUSALS[wanted] ?? 'none is expected');
    expect([answer.status, answer.code]).toEqual([wanted, refusal]);
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
    const region = api.regions.get('eu');
    const madeUp = (prefix: string): string => new IdCodec(api.regions).mint(prefix, region);
    const target = template
      .replace('{id}', eu.account.id)
      .replace('{region}', 'eu')
      .replace('{personId}', eu.person.id)
      .replace('{invitationId}', madeUp('inv'))
      .replace('{tokenId}', madeUp('tkn'))
      .replace('{domainId}', madeUp('dom'));
    // `me` stands where an id may.
    const sibling = template.replace('/people/me', '/people/{personId}');
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].filter(
      (method) => !Object.hasOwn(TABLE, `${method} ${template}`) && !Object.hasOwn(TABLE, `${method} ${sibling}`),
    );
    for (const another of others) {
      const answer = await api.ask('eu', target, { method: another });
      expect([another, answer.status, answer.code]).toEqual([another, 404, 'request.not_found']);
    }
  });
});
