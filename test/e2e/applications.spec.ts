import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import * as relying from 'openid-client';
import type { Api, Member } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { agree, AskedAgain, Browser, register, type Registered, relyingParty } from '../support/oidc.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

interface Application {
  readonly id: string;
  readonly client: { readonly id: string; readonly name: string; readonly host: string };
  readonly scopes: readonly string[];
  readonly agreedAt: string;
  readonly lastUsedAt: string | null;
}

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
});
afterAll(() => installation.close());

describe.each(['eu', 'us'])('applications that a person of %s has agreed to', (code) => {
  let web: Registered;
  let other: Registered;
  let ada: Member;
  let twin: Member;
  beforeAll(async () => {
    web = await register(installation, code);
    other = await register(installation, code, { redirectUris: ['https://other.example.net/cb'], name: 'Other' });
  });
  beforeEach(async () => {
    [ada, twin] = await Promise.all([api.member(code), api.member(code)]);
  });

  /** A code for the application, and what it needs to take tokens for it. */
  async function agreed(client: Registered, person: Member, scope = 'openid email offline_access') {
    const config = await relyingParty(api, code, client);
    const pkceCodeVerifier = relying.randomPKCECodeVerifier();
    const code_challenge = await relying.calculatePKCECodeChallenge(pkceCodeVerifier);
    const asked = { redirect_uri: client.redirectUri, scope, prompt: 'consent', code_challenge };
    const url = relying.buildAuthorizationUrl(config, { ...asked, code_challenge_method: 'S256' });
    const back = await agree(new Browser(api, code), url, person.session.token);
    return { config, take: () => relying.authorizationCodeGrant(config, back, { pkceCodeVerifier }) };
  }
  async function signedIn(client: Registered, person: Member, scope?: string) {
    const { config, take } = await agreed(client, person, scope);
    const tokens = await take();
    const sub = tokens.claims()!.sub;
    return {
      config,
      access: tokens.access_token,
      refresh: tokens.refresh_token,
      worth: async () => ({
        userinfo: await relying.fetchUserInfo(config, tokens.access_token, sub).then(
          () => true,
          () => false,
        ),
        introspection: (await relying.tokenIntrospection(config, tokens.access_token)).active,
      }),
    };
  }
  const [GOOD, WORTHLESS] = [
    { userinfo: true, introspection: true },
    { userinfo: false, introspection: false },
  ];
  const page = async (person: Member, query = ''): Promise<{ applications: Application[]; next: string | null }> =>
    (await api.ask(code, `/v1/me/applications${query}`, { token: person.session.token })).json();
  const list = async (person: Member): Promise<Application[]> => (await page(person)).applications;
  const revoke = (id: string, { session: { token } }: Member, at = code): Promise<Answer> =>
    api.ask(at, `/v1/me/applications/${id}`, { method: 'DELETE', token });
  const log = async (person: Member): Promise<{ kind: string; sessionId: string | null }[]> =>
    (await api.ask(code, '/v1/me/security-log', { token: person.session.token })).json<{ events: [] }>().events;

  it('are listed once each, with all that was agreed to, to her alone', async () => {
    expect(await page(ada)).toEqual({ applications: [], next: null });
    const { take } = await agreed(web, ada, 'openid profile');
    const [before] = await list(ada);
    expect(before).toEqual({
      id: expect.stringMatching(new RegExp(`^cnst_${code}_`)),
      client: { id: web.id, name: 'Example', host: 'app.example.org' },
      scopes: ['openid', 'profile'],
      agreedAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
    });
    await take();
    await signedIn(web, ada, 'openid email');
    await signedIn(other, ada, 'openid');
    const all = await list(ada);
    const [mine, second] = [all.find(({ id }) => id === before!.id)!, all.find(({ id }) => id !== before!.id)!];
    expect(all).toHaveLength(2);
    expect([...mine.scopes].sort()).toEqual(['email', 'openid', 'profile']);
    expect(Date.parse(mine.agreedAt)).toBeGreaterThan(Date.parse(before!.agreedAt));
    expect(Date.parse(mine.lastUsedAt!)).toBeGreaterThan(Date.parse(before!.agreedAt));
    expect(second).toMatchObject({ client: { id: other.id, name: 'Other' }, scopes: ['openid'] });

    const first = await page(ada, '?limit=1');
    const rest = await page(ada, `?limit=1&cursor=${first.next!}`);
    expect([...first.applications, ...rest.applications].map(({ id }) => id).sort()).toEqual(
      all.map(({ id }) => id).sort(),
    );
    expect(rest.next).toBeNull();
    expect(await list(twin)).toEqual([]);
    // The same application is another entry for somebody else.
    await signedIn(web, twin);
    expect((await list(twin)).map(({ id }) => id)).not.toContain(mine.id);
  });

  it('lose code, access token and refresh token at once when she ends it, and nobody else’s', async () => {
    const mine = await signedIn(web, ada);
    const { take } = await agreed(web, ada);
    const [others, theirs] = [await signedIn(other, ada), await signedIn(web, twin)];
    const { id } = (await list(ada)).find(({ client }) => client.id === web.id)!;
    // Who is not the one, here or elsewhere, ends nothing.
    const stranger = await api.member(elsewhere(code));
    for (const answer of [
      await revoke(id, twin),
      await revoke(id, stranger),
      await revoke(id, ada, elsewhere(code)),
      await revoke(id, stranger, elsewhere(code)),
      await revoke(id.replace(`_${code}_`, `_${elsewhere(code)}_`), ada),
    ])
      expect([404, 421]).toContain(answer.status);
    expect((await api.ask(code, `/v1/me/applications/${id}`, { method: 'DELETE' })).status).toBe(401);
    expect(await mine.worth()).toEqual(GOOD);

    expect((await revoke(id, ada)).status).toBe(204);
    expect(await mine.worth()).toEqual(WORTHLESS);
    await expect(relying.refreshTokenGrant(mine.config, mine.refresh!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(take()).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await others.worth()).toEqual(GOOD);
    expect(await theirs.worth()).toEqual(GOOD);
    expect((await list(ada)).map(({ client }) => client.id)).toEqual([other.id]);
    expect(await list(twin)).toHaveLength(1);
    const again = await revoke(id, ada);
    expect([again.status, again.code]).toEqual([404, 'residency.not_found']);
    const told = (await log(ada)).filter(({ kind }) => kind.startsWith('client.'));
    expect(told.map(({ kind }) => kind)).toEqual(['client.revoked', ...Array<string>(3).fill('client.authorised')]);
    expect(told[0]!.sessionId).toBe(ada.session.id);
    // She may agree to it again.
    expect(await (await signedIn(web, ada)).worth()).toEqual(GOOD);
    expect((await list(ada)).map((each) => each.id)).toContain(id);
  });

  it('are ended by one of twenty, and hold nothing that was given meanwhile', async () => {
    const mine = await signedIn(web, ada);
    const { id } = (await list(ada))[0]!;
    const refreshed = relying.refreshTokenGrant(mine.config, mine.refresh!).catch(() => null);
    const answers = await Promise.all(Array.from({ length: 20 }, () => revoke(id, ada)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(19).fill(404)]);
    const late = await refreshed;
    if (late) {
      expect((await relying.tokenIntrospection(mine.config, late.access_token)).active).toBe(false);
      await expect(relying.refreshTokenGrant(mine.config, late.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    }
    expect(await mine.worth()).toEqual(WORTHLESS);
  });

  it('are listed as long as they hold anything, however consent and revocation meet', async () => {
    await signedIn(web, ada);
    const { id } = (await list(ada))[0]!;
    for (let round = 0; round < 5; round += 1) {
      const [given, revoked] = await Promise.allSettled([agreed(web, ada), revoke(id, ada)]);
      expect(revoked.status).toBe('fulfilled');
      if (given.status === 'rejected') expect(given.reason).toBeInstanceOf(AskedAgain);
      const isLive =
        given.status === 'fulfilled' &&
        (await given.value.take().then(
          () => true,
          () => false,
        ));
      expect([round, (await list(ada)).map((each) => each.id)]).toEqual([round, isLive ? [id] : []]);
      if (!isLive) await signedIn(web, ada);
    }
  });

  it('are no more listed when the application has given up its tokens, or is registered no more', async () => {
    const short = await register(installation, code, { redirectUris: ['https://short.example.org/cb'] });
    const [mine] = [await signedIn(web, ada), await signedIn(short, ada)];
    expect(await list(ada)).toHaveLength(2);
    await relying.tokenRevocation(mine.config, mine.refresh!);
    expect((await list(ada)).map(({ client }) => client.id)).toEqual([short.id]);
    const id = new IdCodec(api.regions).encode(short.id, 'clnt', api.regions.get(code));
    await installation.site(code).database.sql('superuser', 'delete from oidc_client where id = $1', [id]);
    expect(await list(ada)).toEqual([]);
  });

  it('left no fault behind', () => {
    expect(api.processes.flatMap((each) => [...each.events('oidc.fault'), ...each.events('request.fault')])).toEqual(
      [],
    );
  });
});
