import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import type { Api } from '../support/api.js';
import { authority } from '../support/authority.js';
import { CLIENT, LyingProvider } from '../support/customer-provider.js';
import { type Begun, expected, Federated, freshDomain, Outside } from '../support/federation.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { connectionsOf } from '../support/started.js';
import { childrenOf, shownOf } from '../support/linux-process.js';

const outcome = ({ status, code }: Answer): unknown[] => [status, code];
const REFUSED = [401, 'provider.refused'];
const AWAY = [503, 'provider.away'];
const SETTINGS = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '4000' };

let installation: Installation;
let api: Api;
let outside: Outside;
let liar: LyingProvider;
let other: LyingProvider;
/** An account of the liar's, and one of the other's. */
let at: Federated;
let theirs: Federated;

beforeAll(async () => {
  installation = await Installation.create();
  outside = await Outside.create(installation);
  api = await installation.start({ settings: { ...outside.settings(), ...SETTINGS } });
  liar = await LyingProvider.start(outside.authority);
  other = await LyingProvider.start(outside.authority);
  at = await (await Federated.create(api, 'eu', outside)).ready(liar.issuer);
  theirs = await (await Federated.create(api, 'eu', outside)).ready(other.issuer);
});
afterAll(async () => {
  await installation?.close();
  await Promise.all([liar?.stop(), other?.stop(), outside?.stop()]);
});
afterEach(() => {
  liar.replies.clear();
  other.replies.clear();
});

const ada = () => ({ sub: 'ada', email: at.owner.person.email });

describe('an answer of a provider', () => {
  let begun: Begun;
  beforeEach(async () => (begun = await at.begun()));
  const complete = (json: object = { code: 'given' }) => at.complete(begun, json);
  const claims = (more: object = {}) => ({ ...liar.claims(begun.continueAt, ada()), ...more });

  it('signs in when everything about it is right, and was asked for with PKCE', async () => {
    liar.says(liar.token(claims()));
    liar.sent.length = 0;
    expect((await complete()).status).toBe(201);
    const token = liar.sent.find(({ path }) => path === '/token')!;
    const form = new URLSearchParams(token.body);
    const asked = new URL(begun.continueAt).searchParams;
    expect(createHash('sha256').update(form.get('code_verifier')!).digest('base64url')).toBe(
      asked.get('code_challenge'),
    );
    expect([form.get('code'), form.get('grant_type'), form.get('redirect_uri')]).toEqual([
      'given',
      'authorization_code',
      `${api.origin('eu')}/provider-callback`,
    ]);
    expect(token.headers.authorization).toMatch(/^Basic /);
    expect(token.body).not.toContain('secret');
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      scope: 'openid email',
      code_challenge_method: 'S256',
      client_id: CLIENT.clientId,
      state: begun.signIn.id,
    });
  });

  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each<[string, () => string]>([
    ['of another sign-in (nonce)', () => liar.token(claims({ nonce: 'another' }))],
    ['of none (nonce left out)', () => liar.token(claims({ nonce: undefined }))],
    ['for another application', () => liar.token(claims({ aud: 'another' }))],
    ['for several, of which another was meant', () => liar.token(claims({ aud: [CLIENT.clientId, 'b'], azp: 'b' }))],
    ['of another issuer', () => liar.token(claims({ iss: other.issuer }))],
    ['that is over', () => liar.token(claims({ exp: Math.floor(Date.now() / 1000) - 60 }))],
    ['that never ends', () => liar.token(claims({ exp: undefined }))],
    ['that nobody has signed', () => liar.token(claims(), { alg: 'none' })],
    ['signed with the client secret', () => liar.token(claims(), { alg: 'HS256', by: CLIENT.clientSecret })],
    [
      'signed with the public key as a secret',
      () =>
        liar.token(claims(), { alg: 'HS256', by: liar.publicKey.export({ format: 'pem', type: 'spki' }) as string }),
    ],
    ['signed with a key that is not its own', () => liar.token(claims(), { by: key.privateKey })],
    ['with an address outside of the domain', () => liar.token(claims({ email: `ada@${freshDomain()}` }))],
    ['with an address of a subdomain', () => liar.token(claims({ email: `ada@sub.${at.domain}` }))],
    ["with an address of another account's domain", () => liar.token(claims({ email: theirs.owner.person.email }))],
    ['with two addresses in one', () => liar.token(claims({ email: `${theirs.owner.person.email},ada@${at.domain}` }))],
    ['without an address', () => liar.token(claims({ email: undefined }))],
    ['with an address that is not verified', () => liar.token(claims({ email_verified: false }))],
    ['with one that says so in words', () => liar.token(claims({ email_verified: 'false' }))],
    ['without a subject', () => liar.token(claims({ sub: undefined }))],
    ['with an endless subject', () => liar.token(claims({ sub: 's'.repeat(256) }))],
    ['that is no token', () => 'a.b.c'],
  ])('signs nobody in: %s', async (_name, token) => {
    liar.says(token());
    const answer = await complete();
    expect(outcome(answer)).toEqual(REFUSED);
    expect(answer.text).not.toMatch(/nonce|alg|iss|aud|example/);
    // It is used up all the same.
    liar.says(liar.token(claims()));
    expect(outcome(await complete())).toEqual([401, 'residency.secret_invalid']);
  });

  it('counts once, of many at the same time', async () => {
    liar.says(liar.token(claims()));
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(401)]);
    expect(outcome(await complete())).toEqual([401, 'residency.secret_invalid']);
  });

  it('is given again to who sends the same request with its key, and to nobody else', async () => {
    liar.says(liar.token(claims()));
    const headers = { 'idempotency-key': 'k'.repeat(20) };
    const send = (by: Begun) =>
      api.ask('eu', `/v1/sign-ins/${by.signIn.id}/provider`, {
        token: by.signIn.token,
        headers,
        json: { code: 'given' },
      });
    const first = expected(await send(begun), 201);
    const again = await send(begun);
    expect([again.headers['idempotency-replayed'], again.text]).toEqual(['true', first.text]);
    const another = await at.begun();
    liar.says(liar.token(liar.claims(another.continueAt, { ...ada(), sub: 'x' })));
    expect(outcome(await send(another))).toEqual(REFUSED);
  });

  it('is good in the browser that began it alone: another one has not its token, and uses up nothing', async () => {
    const victim = await at.begun();
    liar.says(liar.token(claims()));
    const path = `/v1/sign-ins/${begun.signIn.id}/provider`;
    const json = { code: 'given' };
    const { token: own } = begun.signIn;
    const mistyped = `${own.slice(0, -1)}${own.endsWith('0') ? '1' : '0'}`;
    for (const token of [undefined, victim.signIn.token, at.owner.session.token, mistyped])
      expect(outcome(await api.ask('eu', path, { json, ...(token === undefined ? {} : { token }) }))).toEqual([
        401,
        'residency.secret_invalid',
      ]);
    // Nor is the token of a sign-in a session.
    expect(outcome(await api.ask('eu', '/v1/me', { token: begun.signIn.token }))).toEqual([
      401,
      'residency.secret_invalid',
    ]);
    expect((await complete()).status).toBe(201);
  });

  it('comes within ten minutes, or too late', async () => {
    const { database } = installation.site('eu');
    const uuid = new IdCodec(api.regions).encode(begun.signIn.id, 'psi', api.regions.get('eu'));
    await database.sql('superuser', 'update provider_sign_in set expires_at = now() where id = $1', [uuid]);
    liar.says(liar.token(claims()));
    liar.sent.length = 0;
    expect(outcome(await complete())).toEqual([401, 'residency.secret_invalid']);
    expect(liar.sent).toEqual([]);
  });

  it.each<[string, object, unknown[]]>([
    ['a redirect', { status: 307, headers: { location: 'https://localhost:1/token' } }, REFUSED],
    ['an error', { status: 400, body: '{"error":"invalid_grant","error_description":"ada@secret"}' }, REFUSED],
    ['no JSON', { body: '<html>' }, REFUSED],
    ['another type', { headers: { 'content-type': 'text/html' }, body: '{}' }, REFUSED],
    ['no token', { body: '{"access_token":"a","token_type":"Bearer"}' }, REFUSED],
    ['a fault', { status: 500, body: '{}' }, AWAY],
    ['far too much', { body: `{"a":"${'a'.repeat(300 * 1024)}"}` }, AWAY],
    ['nothing at all', { isSilent: true }, AWAY],
  ])('may be %s, and is then told from none', async (_name, reply, wanted) => {
    liar.replies.set('/token', reply);
    const answer = await complete();
    expect(outcome(answer)).toEqual(wanted);
    expect(answer.headers['retry-after']).toBe(wanted === AWAY ? '5' : undefined);
    expect(answer.text).not.toMatch(/invalid_grant|ada@/);
  });

  it('is not sent on: a redirect leads nowhere, with the code and the secret in hand', async () => {
    other.sent.length = 0;
    liar.replies.set('/token', { status: 308, headers: { location: `${other.issuer}/token` } });
    expect(outcome(await complete())).toEqual(REFUSED);
    expect(other.sent).toEqual([]);
  });
});

describe('two providers', () => {
  it('are not taken for each other: what one says is not asked of the other', async () => {
    const metadata = { ...liar.metadata, authorization_response_iss_parameter_supported: true };
    liar.replies.set('/.well-known/openid-configuration', { body: JSON.stringify(metadata) });
    const own = await (await Federated.create(api, 'us', outside)).ready(liar.issuer);
    const who = { sub: 'own', email: own.owner.person.email };
    const mixed = await own.begun();
    liar.says(liar.token(liar.claims(mixed.continueAt, who)));
    liar.sent.length = 0;
    expect(outcome(await own.complete(mixed, { code: 'of the other', iss: other.issuer }))).toEqual(REFUSED);
    expect(liar.sent).toEqual([]);
    const right = await own.begun();
    liar.says(liar.token(liar.claims(right.continueAt, who)));
    expect((await own.complete(right, { code: 'given', iss: liar.issuer })).status).toBe(201);
  });

  it('speak each for its own account: a session of one opens nothing of the other', async () => {
    const begun = await theirs.begun();
    other.says(other.token(other.claims(begun.continueAt, { sub: 'b', email: theirs.owner.person.email })));
    const { session } = expected(await theirs.complete(begun, { code: 'x' }), 201).json<{
      session: { token: string };
    }>();
    const ask = (account: Federated) => account.ask('GET', '', undefined, session.token);
    expect([(await ask(theirs)).status, (await ask(at)).status]).toEqual([200, 404]);
  });
});

describe('what is called', () => {
  it('hears of no person but what it says itself, and is called by a process that holds nothing', async () => {
    const begun = await at.begun();
    liar.says(liar.token(liar.claims(begun.continueAt, ada())));
    expect((await at.complete(begun, { code: 'given' })).status).toBe(201);
    const heard = JSON.stringify([liar.sent, begun.continueAt, outside.names.asked]);
    for (const own of [at.owner.person.id, at.owner.account.id, 'ada', at.owner.session.id, 'eu.'])
      expect(heard.replaceAll(/eu\.localhost[^"&]*|psi_eu_\w+/g, '')).not.toContain(own);
    const { pid } = api.processes[0]!;
    const databases = installation.codes.flatMap((code) => {
      const { database, keyStore } = installation.site(code);
      return [database, keyStore].map(({ appUrl }) => Number(new URL(appUrl).port));
    });
    for (const port of connectionsOf(pid, api.ports['eu']!)) expect(databases).toContain(port);
    expect(api.processes[0]!.events('egress.refused')).toEqual([]);
    const child = await eventually('the outbound process', () =>
      childrenOf(pid).find((each) => shownOf(each).command.includes('outbound')),
    );
    const { environment } = shownOf(child);
    expect(environment.split('\0').filter((pair) => !/^NODE_CHANNEL_\w+=|^$/.test(pair))).toEqual([]);
    for (const port of connectionsOf(child, 0)) expect(databases).not.toContain(port);
    expect(installation.written).not.toMatch(/localhost:\d+\/token|example/);
  });

  it.each<[string, (now: Record<string, unknown>) => Record<string, unknown>, unknown[]]>([
    ['of another name', (now) => ({ ...now, issuer: other.issuer }), [422, 'provider.unacceptable']],
    ['for many tenants', (now) => ({ ...now, issuer: 'https://localhost/{tenantid}' }), [422, 'provider.unacceptable']],
    [
      'with a token endpoint in clear',
      (now) => ({ ...now, token_endpoint: 'http://localhost/t' }),
      [422, 'provider.unacceptable'],
    ],
    [
      'with a script for a sign-in page',
      (now) => ({ ...now, authorization_endpoint: 'javascript:alert(1)' }),
      [422, 'provider.unacceptable'],
    ],
    [
      'without the code flow',
      (now) => ({ ...now, response_types_supported: ['id_token'] }),
      [422, 'provider.unacceptable'],
    ],
    [
      'without PKCE',
      (now) => ({ ...now, code_challenge_methods_supported: ['plain'] }),
      [422, 'provider.unacceptable'],
    ],
    [
      'with secrets for signatures',
      (now) => ({ ...now, id_token_signing_alg_values_supported: ['HS256', 'none'] }),
      [422, 'provider.unacceptable'],
    ],
    [
      'with keys in a private network',
      (now) => ({ ...now, jwks_uri: 'https://10.1.2.3/keys' }),
      [422, 'provider.address_refused'],
    ],
    [
      'with keys at the metadata of a cloud',
      (now) => ({ ...now, jwks_uri: 'https://169.254.169.254/k' }),
      [422, 'provider.address_refused'],
    ],
  ])('is no provider when it is %s', async (_name, change, wanted) => {
    liar.replies.set('/.well-known/openid-configuration', { body: JSON.stringify(change(liar.metadata)) });
    expect(outcome(await at.set(liar.issuer))).toEqual(wanted);
    expect(outcome(await at.ask('POST', '/provider/test'))).toEqual(wanted);
    liar.replies.clear();
    expect((await at.ask('POST', '/provider/test')).status).toBe(204);
  });

  it('proves its name by a certificate that is trusted, and is refused otherwise', async () => {
    const strange = await LyingProvider.start(await authority('strangers'));
    const byAddress = liar.issuer.replace('localhost', '127.0.0.1');
    for (const issuer of [strange.issuer, byAddress]) expect(outcome(await at.set(issuer))).toEqual(AWAY);
    expect(strange.sent).toEqual([]);
    await strange.stop();
    expect(outcome(await at.set(strange.issuer))).toEqual(AWAY);
  });

  it.each([
    'http://login.example.org',
    'https://user:word@login.example.org',
    'https://login.example.org/?a=b',
    'login',
  ])('is an https address and nothing more: %s is none', async (issuer) => {
    expect(outcome(await at.set(issuer))).toEqual([422, 'request.invalid']);
  });
});

describe('without a permitted network', () => {
  let shut: Api;
  beforeAll(async () => {
    const limits = { DOMICILE_LIMIT_PROVIDER_CHECKS_PER_ACCOUNT_HOUR: '12' };
    shut = await installation.start({ settings: { ...outside.settings(''), ...SETTINGS, ...limits } });
  });

  it('reaches nothing that is not of the public internet, in whatever spelling, and only so often', async () => {
    const own = await Federated.create(shut, 'us', outside);
    const port = new URL(liar.issuer).port;
    liar.sent.length = 0;
    for (const host of [
      'localhost',
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '[::]',
      '169.254.169.254',
      '10.0.0.1',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
    ])
      expect([host, ...outcome(await own.set(`https://${host}:${port}`))]).toEqual([
        host,
        422,
        'provider.address_refused',
      ]);
    expect(liar.sent).toEqual([]);
    const over = await own.set(`https://localhost:${port}`);
    expect(outcome(over)).toEqual([429, 'request.rate_limited']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
  });
});
