import { spawnSync } from 'node:child_process';
import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import * as relying from 'openid-client';
import type { Api, Member } from '../support/api.js';
import { STACK } from '../support/databases.js';
import { Installation } from '../support/installation.js';
import { Operator } from '../support/operator.js';
import { agree, begin, Browser, register, type Registered, relyingParty } from '../support/oidc.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let installation: Installation;
let api: Api;
const here: Record<string, { ada: Member; web: Registered; other: Registered; native: Registered }> = {};

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  for (const code of ['eu', 'us']) {
    const ada = await api.member(code, { displayName: 'Ada Lovelace' });
    const web = await register(installation, code, { postLogoutRedirectUris: ['https://app.example.org/bye'] });
    const other = await register(installation, code, { redirectUris: ['https://other.example.net/cb'] });
    const native = await register(installation, code, { redirectUris: ['http://127.0.0.1/cb'], isPublic: true });
    here[code] = { ada, web, other, native };
  }
});
afterAll(() => installation.close());

/** The address that a relying party sends the browser to. */
function authorization(code: string, client: Registered, changes: Record<string, string | undefined> = {}): string {
  const params = {
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 's',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${api.origin(code)}/oidc/auth?${new URLSearchParams(given).toString()}`;
}

const basic = ({ id, secret }: Registered): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  body: Buffer.from(new URLSearchParams(fields).toString()),
});
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const post = (code: string, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  api.ask(code, path, { ...form(fields), headers: { ...FORM, ...headers } });

/** A code for that client, by a browser of its own. */
async function codeFor(code: string, client: Registered, changes: Record<string, string> = {}): Promise<string> {
  const back = await agree(
    new Browser(api, code),
    new URL(authorization(code, client, changes)),
    here[code]!.ada.session.token,
  );
  const found = back.searchParams.get('code');
  if (found === null) throw new Error(`No code in ${back.href}`);
  return found;
}

const exchange = (code: string, client: Registered, given: string, changes: Record<string, string> = {}) =>
  post(
    code,
    '/oidc/token',
    {
      grant_type: 'authorization_code',
      code: given,
      redirect_uri: client.redirectUri,
      code_verifier: VERIFIER,
      ...changes,
    },
    basic(client),
  );

interface Tokens {
  access_token: string;
  refresh_token?: string;
  id_token: string;
}
async function tokensFor(code: string, client: Registered, changes: Record<string, string> = {}): Promise<Tokens> {
  const answer = await exchange(code, client, await codeFor(code, client, changes));
  if (answer.status !== 200) throw new Error(`The exchange was answered ${answer.status} ${answer.text}`);
  return answer.json<Tokens>();
}

describe.each(['eu', 'us'])('the issuer of %s', (code) => {
  it('signs a person in with a real relying party, and out again', async () => {
    const { ada, web } = here[code]!;
    const config = await relyingParty(api, code, web);
    const verifier = relying.randomPKCECodeVerifier();
    const [state, nonce] = [relying.randomState(), relying.randomNonce()];
    const url = relying.buildAuthorizationUrl(config, {
      redirect_uri: web.redirectUri,
      scope: 'openid email profile offline_access',
      prompt: 'consent',
      code_challenge: await relying.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const browser = new Browser(api, code);
    const back = await agree(browser, url, ada.session.token);
    expect(back.origin + back.pathname).toBe(web.redirectUri);
    const tokens = await relying.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    expect(claims).toMatchObject({
      iss: `${api.origin(code)}/oidc`,
      aud: web.id,
      region: code,
      amr: ['pwd'],
      acr: 'urn:domicile:acr:1',
      auth_time: expect.any(Number),
    });
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['email']));
    expect(tokens.id_token).not.toContain(ada.person.id);
    expect(tokens.access_token).toMatch(new RegExp(`^oat_${code}_[\\w-]{43}$`));

    expect(await relying.fetchUserInfo(config, tokens.access_token, claims.sub)).toEqual({
      sub: claims.sub,
      region: code,
      email: ada.person.email,
      email_verified: true,
      name: 'Ada Lovelace',
    });
    const again = await relying.refreshTokenGrant(config, tokens.refresh_token!);
    expect(again.refresh_token).not.toBe(tokens.refresh_token);
    expect(again.claims()!.sub).toBe(claims.sub);
    expect(await relying.tokenIntrospection(config, again.access_token)).toMatchObject({ active: true });

    const out = relying.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: 'https://app.example.org/bye',
      state,
    });
    const asked = await browser.go(out.href);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)![1]!;
    const bye = await browser.go('/oidc/session/end/confirm', { ...form({ xsrf, logout: 'yes' }), headers: FORM });
    expect([bye.status, bye.headers.location]).toEqual([303, `https://app.example.org/bye?state=${state}`]);
  });

  it('says what it can and no more, and shows public keys alone', async () => {
    const answer = await api.ask(code, '/oidc/.well-known/openid-configuration');
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      'x-hosting-region': code,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(answer.json()).toMatchObject({
      issuer: `${api.origin(code)}/oidc`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
      subject_types_supported: ['pairwise'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
      claims_parameter_supported: false,
      request_uri_parameter_supported: false,
    });
    expect(answer.text).not.toContain('registration_endpoint');
    const { keys } = (await api.ask(code, '/oidc/jwks')).json<{ keys: Record<string, unknown>[] }>();
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
    const others = (await api.ask(elsewhere(code), '/oidc/jwks')).text;
    expect(others).not.toContain(String(keys[0]!['x']));
  });

  it.each<readonly [string, Record<string, string | undefined>]>([
    ['another address', { redirect_uri: 'https://evil.example.org/callback' }],
    ['an address below it', { redirect_uri: 'https://app.example.org/callback/x' }],
    ['another spelling', { redirect_uri: 'https://app.example.org/callback?' }],
    ['none', { redirect_uri: undefined }],
    ['a client of the other region', { client_id: 'elsewhere' }],
    ['a client that nobody registered', { client_id: 'clnt' }],
  ])('leads nobody to %s', async (_what, changes) => {
    const client =
      changes['client_id'] === 'elsewhere' ? { ...changes, client_id: here[elsewhere(code)]!.web.id } : changes;
    const answer = await new Browser(api, code).go(authorization(code, here[code]!.web, client));
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.text).toMatch(/<code>invalid_(redirect_uri|request|client)<\/code>/);
    expect(answer.text).not.toContain('evil');
  });

  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with a plain one', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with one of no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['for a token', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an ID token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['for both', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['with a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['in silence', { prompt: 'none' }, 'login_required'],
  ])('refuses to authorize %s', async (_what, changes, error) => {
    const answer = await new Browser(api, code).go(authorization(code, here[code]!.web, changes));
    const back = new URL(answer.headers.location!);
    expect(back.origin + back.pathname).toBe(here[code]!.web.redirectUri);
    expect(back.href).not.toMatch(/[?&#]code=/);
    expect(back.searchParams.get('error') ?? new URLSearchParams(back.hash.slice(1)).get('error')).toBe(error);
  });

  it('gives a code to its client, its verifier and its address alone, and once', async () => {
    const { web, other } = here[code]!;
    const given = await codeFor(code, web);
    for (const [client, changes] of [
      [other, {}],
      [web, { code_verifier: 'w'.repeat(43) }],
      [web, { code_verifier: CHALLENGE }],
      [web, { redirect_uri: 'https://app.example.org/bye' }],
      [web, { code: `${given}x` }],
    ] as const) {
      const answer = await exchange(code, client, given, changes);
      expect([answer.status, answer.json()['error']]).toEqual([400, 'invalid_grant']);
    }
    expect((await exchange(code, { ...web, secret: other.secret }, given)).status).toBe(401);
    const first = await exchange(code, web, given);
    expect(first.status).toBe(200);
    const { access_token: token } = first.json<Tokens>();
    expect((await api.ask(code, '/oidc/me', { token })).status).toBe(200);
    // A replay ends what the first use was given.
    expect((await exchange(code, web, given)).json()['error']).toBe('invalid_grant');
    expect((await api.ask(code, '/oidc/me', { token })).status).toBe(401);
  });

  it('gives nothing for a code whose verifier is left out, empty or too short, to a public client either', async () => {
    const { web, native, ada } = here[code]!;
    const redirect_uri = 'http://127.0.0.1:49152/cb';
    const url = new URL(authorization(code, native, { redirect_uri, scope: 'openid' }));
    const back = await agree(new Browser(api, code), url, ada.session.token);
    const grant = { grant_type: 'authorization_code' };
    const own = { ...grant, code: back.searchParams.get('code')!, redirect_uri, client_id: native.id };
    const theirs = { ...grant, code: await codeFor(code, web), redirect_uri: web.redirectUri };
    for (const [fields, headers] of [
      [own, {}],
      [theirs, basic(web)],
    ] as const) {
      for (const verifier of [{}, { code_verifier: '' }, { code_verifier: VERIFIER.slice(1) }]) {
        const answer = await post(code, '/oidc/token', { ...fields, ...verifier }, headers);
        expect([verifier, answer.status, answer.json()['error']]).toEqual([
          verifier,
          400,
          expect.stringMatching(/^invalid_(grant|request)$/),
        ]);
      }
      expect((await post(code, '/oidc/token', { ...fields, code_verifier: VERIFIER }, headers)).status).toBe(200);
    }
  });

  it('signs out to an address that was registered, by the page that its own browser was shown', async () => {
    const { web, other, ada } = here[code]!;
    const browser = new Browser(api, code);
    const tokensOf = async (client: Registered): Promise<Tokens> => {
      const back = await agree(browser, new URL(authorization(code, client)), ada.session.token);
      return (await exchange(code, client, back.searchParams.get('code')!)).json<Tokens>();
    };
    const [tokens, others] = [await tokensOf(web), await tokensOf(other)];
    const isIn = async ({ access_token: token }: Tokens) => (await api.ask(code, '/oidc/me', { token })).status === 200;
    const bye = 'https://app.example.org/bye';
    const end = (by: Browser, fields: Record<string, string>) =>
      by.go(`/oidc/session/end?${new URLSearchParams(fields).toString()}`);
    const hint = { id_token_hint: tokens.id_token };
    for (const fields of [
      { ...hint, post_logout_redirect_uri: 'https://evil.example.org/bye' },
      { ...hint, post_logout_redirect_uri: `${bye}/` },
      { ...hint, post_logout_redirect_uri: `${bye}?x=1` },
      { ...hint, post_logout_redirect_uri: web.redirectUri },
      { client_id: other.id, post_logout_redirect_uri: bye },
      { client_id: here[elsewhere(code)]!.web.id, post_logout_redirect_uri: bye },
      { ...hint, client_id: other.id, post_logout_redirect_uri: bye },
    ]) {
      const answer = await end(browser, fields);
      expect([fields, answer.status, answer.headers.location]).toEqual([fields, 400, undefined]);
      expect(answer.text).not.toMatch(/evil|xsrf/);
    }
    const xsrfOf = async (by: Browser, fields = { ...hint, post_logout_redirect_uri: bye }): Promise<string> =>
      /name="xsrf" value="([^"]+)"/.exec((await end(by, fields)).text)![1]!;
    const confirm = (by: Browser, fields: Record<string, string>) =>
      by.go('/oidc/session/end/confirm', { ...form(fields), headers: FORM });
    const stranger = new Browser(api, code);
    await agree(stranger, new URL(authorization(code, web)), (await api.member(code)).session.token);
    const theirs = await xsrfOf(stranger);
    const xsrf = await xsrfOf(browser);
    for (const [by, fields] of [
      [browser, {}],
      [browser, { xsrf: '' }],
      [browser, { xsrf: `${xsrf}x` }],
      [browser, { xsrf: theirs }],
      [stranger, { xsrf }],
      [new Browser(api, code), { xsrf }],
    ] as const) {
      const answer = await confirm(by, { ...fields, logout: 'yes' });
      expect([fields, answer.status, answer.headers.location]).toEqual([fields, 400, undefined]);
      expect(await isIn(tokens)).toBe(true);
    }
    // Who says no is out of the application that asked, as it has signed her out, and stays in the other ones; who says yes is out of all.
    const stayed = await confirm(browser, { xsrf });
    expect([stayed.status, stayed.headers.location]).toEqual([303, bye]);
    expect([await isIn(tokens), await isIn(others)]).toEqual([false, true]);
    const done = await confirm(browser, { xsrf: await xsrfOf(browser), logout: 'yes' });
    expect([done.status, done.headers.location, await isIn(others)]).toEqual([303, bye, false]);
  });

  it('lets one of twenty use a code, and one of twenty a refresh token', async () => {
    const { web } = here[code]!;
    const wins = (answers: readonly { status: number }[]): number =>
      answers.filter(({ status }) => status === 200).length;
    const given = await codeFor(code, web);
    expect(wins(await Promise.all(Array.from({ length: 20 }, () => exchange(code, web, given))))).toBe(1);
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const { refresh_token: refresh } = await tokensFor(code, web, offline);
    const once = () => post(code, '/oidc/token', { grant_type: 'refresh_token', refresh_token: refresh! }, basic(web));
    const answers = await Promise.all(Array.from({ length: 20 }, once));
    expect(wins(answers)).toBe(1);
    const token = answers.find(({ status }) => status === 200)!.json<Tokens>().access_token;
    expect((await api.ask(code, '/oidc/me', { token })).status).toBe(401);
    expect((await post(code, '/oidc/token/introspection', { token }, basic(web))).json()).toEqual({ active: false });
  });

  it('knows nothing of the other region: no token, code, client, secret or hint', async () => {
    const { web } = here[code]!;
    const there = elsewhere(code);
    const foreign = await tokensFor(there, here[there]!.web, { scope: 'openid offline_access', prompt: 'consent' });
    const misdirected = await api.ask(code, '/oidc/me', { token: foreign.access_token });
    expect([misdirected.status, misdirected.json()['hostingRegion']]).toEqual([
      421,
      { code: there, origin: api.origin(there) },
    ]);
    // The same token under a false flag.
    const flagged = foreign.access_token.replace(`_${there}_`, `_${code}_`);
    expect((await api.ask(code, '/oidc/me', { token: flagged })).status).toBe(401);
    const refreshed = { grant_type: 'refresh_token', refresh_token: foreign.refresh_token! };
    expect((await post(code, '/oidc/token', refreshed, basic(web))).json()['error']).toBe('invalid_grant');
    expect((await post(code, '/oidc/token', refreshed, basic(here[there]!.web))).status).toBe(401);
    const given = await codeFor(there, here[there]!.web);
    expect((await exchange(code, web, given)).json()['error']).toBe('invalid_grant');
    const introspected = await post(code, '/oidc/token/introspection', { token: foreign.access_token }, basic(web));
    expect(introspected.json()).toEqual({ active: false });
    const hint = (id_token_hint: string) =>
      api.ask(code, `/oidc/session/end?${new URLSearchParams({ id_token_hint }).toString()}`);
    expect((await hint(foreign.id_token)).status).toBe(400);
    const [, payload] = (await tokensFor(code, web)).id_token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect((await hint(`${none}.${payload}.`)).status).toBe(400);
    expect((await hint(await signedByPublicKey(code, payload!))).status).toBe(400);
  });

  it('takes no assertion for a secret, signed by nothing or by the public key', async () => {
    const { web } = here[code]!;
    const claims = { iss: web.id, sub: web.id, aud: `${api.origin(code)}/oidc`, jti: 'j', iat: now(), exp: now() + 60 };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const asked = async (by: Record<string, string>, headers = {}) =>
      post(
        code,
        '/oidc/token',
        {
          grant_type: 'authorization_code',
          code: await codeFor(code, web),
          redirect_uri: web.redirectUri,
          code_verifier: VERIFIER,
          ...by,
        },
        headers,
      );
    for (const assertion of [none, await signedByPublicKey(code, payload)]) {
      const answer = await asked({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      expect([400, 401]).toContain(answer.status);
      expect(answer.text).not.toContain('access_token');
    }
    // The same with the secret itself is answered: it is the assertion that was refused. Without either it is not.
    const right = await asked({}, basic(web));
    expect([right.status, right.text]).toEqual([200, expect.stringContaining('access_token')]);
    expect((await asked({ client_id: web.id })).status).toBe(401);
    for (const grant_type of [
      'password',
      'client_credentials',
      'implicit',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ])
      expect((await post(code, '/oidc/token', { grant_type }, basic(web))).json()['error']).toBe(
        'unsupported_grant_type',
      );
  });

  it('names a person otherwise to each host, and tells a client of its own tokens alone', async () => {
    const { web, other } = here[code]!;
    const [mine, theirs] = [await tokensFor(code, web), await tokensFor(code, other)];
    const sub = async (token: string) => (await api.ask(code, '/oidc/me', { token })).json()['sub'];
    expect(await sub(mine.access_token)).not.toBe(await sub(theirs.access_token));
    const asked = await post(code, '/oidc/token/introspection', { token: theirs.access_token }, basic(web));
    expect(asked.json()).toEqual({ active: false });
    // A client is not told whether a token is another one's.
    expect((await post(code, '/oidc/token/revocation', { token: theirs.access_token }, basic(web))).status).toBe(200);
    expect((await post(code, '/oidc/token/revocation', { token: mine.access_token }, basic(web))).status).toBe(200);
    expect((await api.ask(code, '/oidc/me', { token: mine.access_token })).status).toBe(401);
    expect((await api.ask(code, '/oidc/me', { token: theirs.access_token })).status).toBe(200);
  });

  it('serves an application on the person’s own device, at any port', async () => {
    const { native, ada } = here[code]!;
    const redirect_uri = 'http://127.0.0.1:49152/cb';
    const url = new URL(authorization(code, native, { redirect_uri, scope: 'openid' }));
    const back = await agree(new Browser(api, code), url, ada.session.token);
    expect(back.href).toMatch(/^http:\/\/127\.0\.0\.1:49152\/cb\?code=/);
    const fields = { grant_type: 'authorization_code', code: back.searchParams.get('code')!, redirect_uri };
    const sent = { ...fields, client_id: native.id, code_verifier: VERIFIER };
    expect((await post(code, '/oidc/token', { ...sent, client_id: here[code]!.web.id })).status).toBe(401);
    expect((await post(code, '/oidc/token', sent)).status).toBe(200);
  });

  it('shows an interaction to its browser alone, and lets the person decline', async () => {
    const { web, ada } = here[code]!;
    const [browser, stranger] = [new Browser(api, code), new Browser(api, code)];
    const interaction = await begin(browser, authorization(code, web, { login_hint: 'somebody' }));
    await stranger.go(authorization(code, web));
    expect((await browser.go(interaction)).json()).toMatchObject({
      client: { id: web.id, name: 'Example', host: 'app.example.org' },
      scopes: ['openid', 'email', 'profile'],
      loginHint: 'somebody',
    });
    const token = { authorization: `Bearer ${ada.session.token}` };
    for (const answer of [
      await api.ask(code, interaction),
      await stranger.go(interaction),
      await stranger.go(`${interaction}/consent`, { method: 'POST', headers: token }),
      await stranger.go(`${interaction}/abort`, { method: 'POST' }),
    ])
      expect([answer.status, answer.code]).toEqual([404, 'oidc.interaction_over']);
    const unsigned = { cookie: browser.cookies(interaction)['cookie']!.replace(/\.sig=.{5}/, '.sig=AAAAA') };
    expect((await api.ask(code, interaction, { headers: unsigned })).status).toBe(404);
    expect((await browser.go(`${interaction}/consent`, { method: 'POST' })).status).toBe(401);
    const foreign = { authorization: `Bearer ${here[elsewhere(code)]!.ada.session.token}` };
    expect((await browser.go(`${interaction}/consent`, { method: 'POST', headers: foreign })).status).toBe(421);
    const declined = await browser.go(`${interaction}/abort`, { method: 'POST' });
    const back = new URL((await browser.go(declined.json<{ continueAt: string }>().continueAt)).headers.location!);
    expect([back.searchParams.get('error'), back.searchParams.get('code')]).toEqual(['access_denied', null]);
    expect((await browser.go(interaction)).status).toBe(404);
  });

  it('asks anew each time, and makes of a consent sent twice one', async () => {
    const { web, ada } = here[code]!;
    const browser = new Browser(api, code);
    await agree(browser, new URL(authorization(code, web)), ada.session.token);
    const again = await begin(browser, authorization(code, web));
    expect(again).toMatch(new RegExp(`/oidc_${code}_`));
    const headers = { authorization: `Bearer ${ada.session.token}`, 'idempotency-key': 'k'.repeat(32) };
    const consent = () => browser.go(`${again}/consent`, { method: 'POST', headers });
    const count = async () => (await installation.counts(code))['oidc_record'];
    const first = await consent();
    const before = await count();
    const second = await consent();
    expect([second.status, second.headers['idempotency-replayed'], second.json()]).toEqual([200, 'true', first.json()]);
    expect(await count()).toBe(before);
  });

  it('gives nothing more for somebody who may not act, and nothing to a client that is gone', async () => {
    const ada = await api.member(code);
    const client = await register(installation, code);
    const back = await agree(new Browser(api, code), new URL(authorization(code, client)), ada.session.token);
    const { access_token: token } = (await exchange(code, client, back.searchParams.get('code')!)).json<Tokens>();
    const me = async () => (await api.ask(code, '/oidc/me', { token })).status;
    const operator = new Operator(api);
    expect(await me()).toBe(200);
    await operator.put('person', code, ada, 'suspended');
    expect(await me()).toBe(401);
    await operator.put('person', code, ada, 'active');
    expect(await me()).toBe(200);
    await installation
      .site(code)
      .database.sql('superuser', `delete from oidc_client where id = $1`, [
        new IdCodec(api.regions).encode(client.id, 'clnt', api.regions.get(code)),
      ]);
    expect(await me()).toBe(401);
    expect((await exchange(code, client, 'x')).status).toBe(401);
  });

  it('keeps nothing that a dump could open', async () => {
    const { web, ada } = here[code]!;
    const given = await codeFor(code, web, { scope: 'openid email offline_access', prompt: 'consent' });
    const tokens = (await exchange(code, web, given)).json<Tokens>();
    const { database } = installation.site(code);
    const rows = await database.sql(
      'superuser',
      'select r::text as row from oidc_record r union all select c::text from oidc_client c',
    );
    const text = rows.map(({ row }) => String(row)).join('\n');
    const uuid = new IdCodec(api.regions).encode(ada.person.id, 'pers', api.regions.get(code));
    const names = [
      given,
      tokens.access_token,
      tokens.refresh_token!,
      web.secret!,
      ada.person.id,
      uuid,
      ada.person.email,
    ];
    for (const name of names)
      for (const form of [
        name,
        name.slice(8, 40),
        Buffer.from(name).toString('hex'),
        Buffer.from(name).toString('base64'),
      ])
        expect(text).not.toContain(form);
    expect(text).toContain('RefreshToken');
  });
});

describe('an operator', () => {
  const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');
  const domicile = (code: string, ...words: string[]) => {
    const { appUrl } = installation.site(code).database;
    const env = {
      DOMICILE_HOME: installation.folder,
      DOMICILE_REGIONS_FILE: installation.regionsFile,
      DOMICILE_STACK: STACK.stack,
      DOMICILE_ENVIRONMENT: STACK.environment,
      [`DOMICILE_${code.toUpperCase()}_DATABASE_URL`]: appUrl,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words, '--region', code], {
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const add = (code: string, uri: string, ...words: string[]) =>
    domicile(code, 'oidc-client', 'add', '--name', 'Own Tools', '--redirect-uri', uri, ...words);

  it('registers an application that works at once, and removes it again', async () => {
    const made = add('eu', 'https://tools.example.org/cb');
    expect([made.status, made.stderr]).toEqual([0, '']);
    const [, id = '', secret = ''] = /client_id +(clnt_eu_\w+)\nclient_secret +(ocs_eu_\w+)\n/.exec(made.stdout) ?? [];
    const client = { id, secret, redirectUri: 'https://tools.example.org/cb' };
    expect((await exchange('eu', client, await codeFor('eu', client))).status).toBe(200);
    expect(domicile('eu', 'oidc-client', 'list').stdout).toContain(
      `${id}  confidential  Own Tools  ${client.redirectUri}`,
    );
    expect(domicile('us', 'oidc-client', 'list').stdout).not.toContain(id);
    const elsewhere = domicile('us', 'oidc-client', 'remove', '--id', id);
    expect([elsewhere.status, elsewhere.stderr]).toEqual([1, expect.stringContaining('has no such client')]);
    expect(domicile('eu', 'oidc-client', 'remove', '--id', id).status).toBe(0);
    expect((await exchange('eu', client, 'x')).json()['error']).toBe('invalid_client');
  });

  it('is refused an application that could leak, in a sentence', () => {
    for (const [uri, words, sentence] of [
      ['http://tools.example.org/cb', [], 'is neither https nor http on'],
      ['http://127.0.0.1/cb', [], 'is a public client'],
      ['https://tools.example.org/cb', ['--redirect-uri', 'https://b.example.org/cb'], 'must be of one host'],
    ] as const) {
      const { status, stdout, stderr } = add('eu', uri, ...words);
      expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining(sentence)]);
    }
  });
});

describe('what is let through for the issuers', () => {
  it('is let through below /oidc alone', async () => {
    const { web } = here['eu']!;
    const fields = { email: 'a@example.org', password: 'x' };
    expect((await post('eu', '/v1/sessions', fields)).status).toBe(415);
    expect((await api.ask('eu', '/v1/me?x=1', { token: here['eu']!.ada.session.token })).status).toBe(400);
    expect((await api.ask('eu', '/v1/me', { headers: basic(web) })).status).toBe(401);
    expect((await api.ask('eu', '/v1/me', { token: web.secret! })).status).toBe(401);
    expect((await api.ask('eu', '/v1/me', { token: here['us']!.web.secret! })).status).toBe(421);
    for (const path of ['/oidc', '/oidcx/jwks', '/OIDC/jwks', '/v1/oidc/jwks'])
      expect([path, (await api.ask('eu', path)).status]).toEqual([path, 404]);
    for (const path of ['/oidc/', '/oidc/x', '/oidc/%6awks', '/oidc/../oidc/reg'])
      expect([path, (await api.ask('eu', path)).status]).toEqual([path, 404]);
  });

  it('is judged by its region first, and bounded', async () => {
    const ask = (host: string) => api.ask('eu', '/oidc/jwks', { headers: { host } });
    for (const host of [`staff.${api.host('eu')}`, `127.0.0.1:${api.ports['eu']!}`, 'eu.localhost', 'fr.localhost'])
      expect([host, (await ask(host)).code]).toEqual([host, 'residency.misdirected']);
    const large = { a: 'x'.repeat(70_000) };
    expect((await post('eu', '/oidc/token', large)).code).toBe('request.body_too_large');
    const json = await api.ask('eu', '/oidc/token', { json: { grant_type: 'authorization_code' } });
    expect(json.code).toBe('request.unsupported_media_type');
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE'])
      expect([method, (await api.ask('eu', '/oidc/token', { method })).status]).toEqual([method, 404]);
    const answer = await api.ask('eu', '/oidc/me');
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.stringContaining('Bearer')]);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; script-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-hosting-region': 'eu',
    });
  });

  it('is counted where it leaves a row, in whatever letters', async () => {
    for (const code of ['eu', 'us']) await installation.site(code).database.sql('superuser', 'truncate rate_count');
    const limited = await installation.start({ settings: { DOMICILE_LIMIT_AUTHORIZATIONS_PER_NETWORK_HOUR: '3' } });
    const at = (path: string) => limited.ask('eu', path).then(({ status }) => status);
    expect([await at('/oidc/auth'), await at('/oidc/AUTH'), await at('/oidc/session/end')]).not.toContain(429);
    for (const path of ['/oidc/auth', '/oidc/Auth?a=b', '/oidc/SESSION/end', '/oidc/auth/x'])
      expect(await at(path)).toBe(429);
    expect([await at('/oidc/jwks'), await at('/oidc/me')]).toEqual([200, 401]);
    // A region has counts of its own.
    expect((await limited.ask('us', '/oidc/auth')).status).not.toBe(429);
  });

  it('left no fault behind, and no word in a log', () => {
    expect(api.processes.flatMap((each) => [...each.events('oidc.fault'), ...each.events('request.fault')])).toEqual(
      [],
    );
    for (const word of ['oidc-provider', '@example.org', 'oat_', 'ocs_', 'clnt_'])
      expect(installation.written).not.toContain(word);
  });
});

const now = (): number => Math.floor(Date.now() / 1000);

/** A token over that payload by HMAC with the issuer's public key for a secret: what a careless verifier takes for signed. */
async function signedByPublicKey(code: string, payload: string): Promise<string> {
  const { keys } = (await api.ask(code, '/oidc/jwks')).json<{ keys: Record<string, string>[] }>();
  const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: keys[0]!['kid'] })).toString('base64url');
  const secret = createPublicKey({ key: keys[0]!, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return `${head}.${payload}.${createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')}`;
}
