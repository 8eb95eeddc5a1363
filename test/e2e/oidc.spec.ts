import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as relying from 'openid-client';
import type { Api, Member } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { agree, Browser, register, type Registered, relyingParty } from '../support/oidc.js';

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
});
