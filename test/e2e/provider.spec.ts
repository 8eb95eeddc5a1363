import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Member, PASSWORD } from '../support/api.js';
import { HonestProvider } from '../support/customer-provider.js';
import { type Begun, expected, Federated, freshDomain, Outside, type ShownDomain } from '../support/federation.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { begin, Browser, register } from '../support/oidc.js';
import { type Document, undocumented } from '../support/openapi.js';
import { PeopleOf } from '../support/people.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const outcome = ({ status, code }: Answer): unknown[] => [status, code];
const DAY = 24 * 60 * 60 * 1000;

let installation: Installation;
let api: Api;
let outside: Outside;
let provider: HonestProvider;

beforeAll(async () => {
  installation = await Installation.create();
  outside = await Outside.create(installation);
  api = await installation.start({ settings: outside.settings() });
  provider = await HonestProvider.start(
    outside.authority,
    installation.codes.map((code) => `${api.origin(code)}/provider-callback`),
  );
});
afterAll(async () => {
  await installation?.close();
  await provider?.stop();
  await outside?.stop();
});

/** The whole way of somebody through her account's provider. */
async function signIn(at: Federated, who: HonestProvider['who'], email = who.email): Promise<Answer> {
  const begun = await at.begun(email);
  provider.who = who;
  const { code, iss, state } = await provider.visit(begun.continueAt);
  expect(state).toBe(begun.signIn.id);
  return at.complete(begun, { code, iss });
}
async function session(at: Federated, who: HonestProvider['who']): Promise<string> {
  return expected(await signIn(at, who), 201).json<{ session: { token: string } }>().session.token;
}
const told = (at: Federated): Promise<string[]> => new PeopleOf(api, at.code).told(at.owner.account.id);
async function lines(at: Federated, who: Member): Promise<string[]> {
  const { events } = (await api.ask(at.code, '/v1/me/security-log', { token: who.session.token })).json<{
    events: { kind: string }[];
  }>();
  return events.map(({ kind }) => kind);
}
const ofOwner = (at: Federated, sub = 'ada') => ({ sub, email: at.owner.person.email });

describe.each(['eu', 'us'])("an account's own domain in %s", (code) => {
  it('is shown with the record to publish, and counts for nothing before that is found', async () => {
    const at = await Federated.create(api, code, outside);
    const claimed = expected(await at.claim(`Bücher.${at.domain}`), 201).json<ShownDomain>();
    expect(claimed).toMatchObject({
      domain: `xn--bcher-kva.${at.domain}`,
      status: 'pending',
      record: { name: `_domicile-challenge.xn--bcher-kva.${at.domain}`, type: 'TXT' },
      verifiedAt: null,
      lapsesAt: null,
    });
    expect(claimed.record.value).toMatch(new RegExp(`^domicile-verification=${code}\\.[\\w-]{32}$`));
    expect(outcome(await at.verify(claimed.id))).toEqual([422, 'domain.record_missing']);
    outside.names.publish(claimed.record.name, 'domicile-verification=wrong', claimed.record.value.slice(0, -1));
    expect(outcome(await at.verify(claimed.id))).toEqual([422, 'domain.record_missing']);
    expect((await at.shown(claimed.id)).status).toBe('pending');
    outside.names.publish(claimed.record.name, 'something else', claimed.record.value);
    expect(expected(await at.verify(claimed.id), 200).json<ShownDomain>().status).toBe('verified');
    expect(await told(at)).toEqual(expect.arrayContaining(['domain.claimed', 'domain.verified']));
    expect(outcome(await at.claim(`bücher.${at.domain}`))).toEqual([409, 'domain.claimed']);
  });

  it("is not verified by another account's record, nor by the same account's in the other region", async () => {
    const [at, other] = [await Federated.create(api, code, outside), await Federated.create(api, code, outside)];
    const far = await Federated.create(api, elsewhere(code), outside);
    const domain = freshDomain();
    const [mine, theirs, there] = await Promise.all(
      [at, other, far].map(async (each) => expected(await each.claim(domain), 201).json<ShownDomain>()),
    );
    outside.names.publish(mine!.record.name, theirs!.record.value, there!.record.value);
    expect(outcome(await at.verify(mine!.id))).toEqual([422, 'domain.record_missing']);
    expect(expected(await other.verify(theirs!.id), 200).json<ShownDomain>().status).toBe('verified');
    // One account of the region has it; the same domain in the other region is another's business.
    outside.names.publish(mine!.record.name, mine!.record.value, there!.record.value);
    expect(outcome(await at.verify(mine!.id))).toEqual([409, 'domain.taken']);
    expect(expected(await far.verify(there!.id), 200).json<ShownDomain>().status).toBe('verified');
    expect(outcome(await other.ask('DELETE', `/domains/${theirs!.id}`))).toEqual([204, undefined]);
    expect(expected(await at.verify(mine!.id), 200).json<ShownDomain>().status).toBe('verified');
    expect(outcome(await at.verify(theirs!.id))).toEqual([404, 'residency.not_found']);
  });

  it('is no more than twenty', async () => {
    const at = await Federated.create(api, code, outside);
    for (let i = 0; i < 20; i++) expected(await at.claim(freshDomain()), 201);
    expect(outcome(await at.claim())).toEqual([409, 'domain.too_many']);
  });
});

it('cannot be looked at, and says so, in either region when no name server answers', async () => {
  const verifications = ['eu', 'us'].map(async (code) => {
    const at = await Federated.create(api, code, outside);
    const { id } = expected(await at.claim(), 201).json<ShownDomain>();
    return () => at.verify(id);
  });
  const verify = await Promise.all(verifications);
  outside.names.isSilent = true;
  const answers = await Promise.all(verify.map((each) => each()));
  outside.names.isSilent = false;
  for (const answer of answers) {
    expect(outcome(answer)).toEqual([503, 'domain.lookup_failed']);
    expect(answer.headers['retry-after']).toBe('5');
  }
});

describe.each(['eu', 'us'])("signing in with an account's own provider in %s", (code) => {
  let at: Federated;
  let grace: Member;
  let people: PeopleOf;
  beforeAll(async () => {
    people = new PeopleOf(api, code);
    at = await (await Federated.create(api, code, outside)).ready(provider.issuer);
    grace = await api.member(code, { email: `grace@${at.domain}` });
    await people.join(at.owner, grace);
  });
  const enter = (token: string, account = at.owner.account.id) => api.ask(code, `/v1/accounts/${account}`, { token });

  it('is answered as the document says, from the claim of a domain to the end of its provider', async () => {
    const document = (await api.ask(code, '/openapi.json')).json<Document & Record<string, unknown>>();
    const own = await Federated.create(api, code, outside);
    const account = '/v1/accounts/{id}';
    const { id, record } = expected(await own.claim(), 201).json<ShownDomain>();
    outside.names.publish(record.name, record.value);
    const verified = await own.verify(id);
    const set = await own.set(provider.issuer);
    const [shown, tested] = [await own.ask('GET', '/provider'), await own.ask('POST', '/provider/test')];
    const asked = await own.begin();
    const begun = asked.json<Begun>();
    provider.who = { sub: 'ada', email: own.owner.person.email };
    const { code: given, iss } = await provider.visit(begun.continueAt);
    const completed = await own.complete(begun, { code: given, iss });
    for (const [name, status, answer] of [
      [`POST ${account}/domains/{domainId}/verification`, 200, verified],
      [`PUT ${account}/provider`, 200, set],
      [`GET ${account}/provider`, 200, shown],
      [`POST ${account}/provider/test`, 204, tested],
      ['POST /v1/sign-ins/provider', 201, asked],
      ['POST /v1/sign-ins/{id}/provider', 201, completed],
      [`DELETE ${account}/provider`, 204, await own.ask('DELETE', '/provider')],
    ] as const)
      expect([name, answer.status, undocumented(document, name, answer)]).toEqual([name, status, []]);
  });

  it('shows the provider without its secret, which is sealed', async () => {
    const answer = await at.ask('GET', '/provider');
    expect(answer.json()).toEqual({
      issuer: provider.issuer,
      clientId: 'domicile',
      redirectUri: `${api.origin(code)}/provider-callback`,
    });
    const rows = await installation.dump(code);
    for (const kept of ['only the two of us', provider.issuer, at.domain]) expect(rows).not.toContain(kept);
  });

  it('begins a session that opens the account, and is known by its factor', async () => {
    const answer = expected(await signIn(at, { sub: 'grace', email: grace.person.email }), 201);
    const { person, session: begun } = answer.json<{
      person: { id: string };
      session: { id: string; token: string };
    }>();
    expect(person.id).toBe(grace.person.id);
    expect((await enter(begun.token)).status).toBe(200);
    const { sessions } = (await api.ask(code, '/v1/sessions', { token: begun.token })).json<{
      sessions: { id: string; factors: string[] }[];
    }>();
    expect(sessions.find(({ id }) => id === begun.id)!.factors).toEqual(['own_provider']);
    expect(await lines(at, grace)).toContain('provider.linked');
    expect(await told(at)).toContain('provider.linked');
  });

  it('hands the session over in a cookie where that is asked for', async () => {
    const begun = await at.begun(grace.person.email);
    provider.who = { sub: 'grace', email: grace.person.email };
    const { code: given } = await provider.visit(begun.continueAt);
    const answer = await at.complete(begun, { code: given, iss: provider.issuer, sessionForm: 'cookie' });
    expect([answer.status, answer.headers['set-cookie']?.[0]]).toEqual([
      201,
      expect.stringMatching(/^__Host-.*HttpOnly/),
    ]);
    expect(answer.text).not.toContain('sst_');
  });

  it('opens its own account and no other, and changes nothing of how its person signs in', async () => {
    const token = await session(at, { sub: 'grace', email: grace.person.email });
    expect(outcome(await enter(token, grace.account.id))).toEqual([403, 'session.own_factor_required']);
    for (const [method, path, json] of [
      ['POST', '/v1/me/totp', undefined],
      ['POST', '/v1/me/address-changes', { email: `other@${at.domain}` }],
    ] as const)
      expect(outcome(await api.ask(code, path, { method, token, json }))).toEqual([403, 'session.own_factor_required']);
    // Nor is she shown to an application by it.
    const { id, redirectUri } = await register(installation, code);
    const asked = { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state: 's' };
    const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
    const browser = new Browser(api, code);
    const interaction = await begin(browser, `/oidc/auth?${new URLSearchParams({ ...asked, ...pkce }).toString()}`);
    const consent = await browser.go(`${interaction}/consent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(outcome(consent)).toEqual([403, 'session.own_factor_required']);
    // Her own password makes it hers.
    const proof = await api.ask(code, '/v1/sessions/current/proof', { token, json: { password: PASSWORD } });
    const proven = expected(proof, 200).json<{ session: { token: string } }>().session.token;
    expect((await enter(proven, grace.account.id)).status).toBe(200);
    expect((await enter(proven)).status).toBe(200);
  });

  it('knows its people by who they are there, not by an address that was given to somebody else', async () => {
    const stranger = await signIn(at, { sub: 'mallory', email: grace.person.email });
    expect(outcome(stranger)).toEqual([401, 'provider.refused']);
    expect(await lines(at, grace)).toContain('sign_in.refused');
    // She may be called otherwise there by now.
    const renamed = await signIn(at, { sub: 'grace', email: `married@${at.domain}` });
    expect(expected(renamed, 201).json<{ person: { id: string } }>().person.id).toBe(grace.person.id);
  });

  it('takes nobody in who is not of the account, whoever she is elsewhere', async () => {
    const alone = await api.member(code, { email: `alone@${at.domain}` });
    const answers = [
      await signIn(at, { sub: 'alone', email: alone.person.email }),
      await signIn(at, { sub: 'unknown', email: `unknown@${at.domain}` }),
    ];
    expect(answers.map(outcome)).toEqual([
      [401, 'provider.refused'],
      [401, 'provider.refused'],
    ]);
    expect(answers[0]!.text).toBe(answers[1]!.text);
  });

  it('answers the same for every address of a domain, and says only of a domain that there is none', async () => {
    const known = await at.begin(grace.person.email);
    const unknown = await at.begin(`nobody-at-all@${at.domain}`);
    const shape = (answer: Answer): unknown => {
      const { signIn, continueAt } = answer.json<{ signIn: Record<string, string>; continueAt: string }>();
      const url = new URL(continueAt);
      return [answer.status, Object.keys(signIn), url.origin + url.pathname, [...url.searchParams.keys()]];
    };
    expect(shape(known)).toEqual(shape(unknown));
    expect(decodeURIComponent(known.text)).not.toContain('grace');
    expect(outcome(await at.begin(`ada@${freshDomain()}`))).toEqual([404, 'provider.none']);
    // Claimed and not verified is none, and so is a verified one without a provider.
    const bare = await Federated.create(api, code, outside);
    await bare.claim();
    expect(outcome(await bare.begin())).toEqual([404, 'provider.none']);
    const second = await Federated.create(api, code, outside);
    await second.verified();
    expect(outcome(await second.begin())).toEqual([404, 'provider.none']);
    // The other region knows nothing of it.
    const far = await api.ask(elsewhere(code), '/v1/sign-ins/provider', { json: { email: grace.person.email } });
    expect(outcome(far)).toEqual([404, 'provider.none']);
  });

  it('is for owners to change, and for owners and admins to see', async () => {
    const admin = await api.member(code);
    await people.join(at.owner, admin, 'admin');
    const as = (who: Member, method: string, more: string) => at.ask(method, more, undefined, who.session.token);
    expect((await as(admin, 'GET', '/provider')).status).toBe(200);
    expect(outcome(await at.set(provider.issuer, {}, admin.session.token))).toEqual([403, 'account.right_missing']);
    expect(outcome(await as(admin, 'DELETE', '/provider'))).toEqual([403, 'account.right_missing']);
    expect((await as(admin, 'GET', '/domains')).status).toBe(200);
    for (const more of ['/provider', '/domains'])
      expect(outcome(await as(grace, 'GET', more))).toEqual([403, 'account.right_missing']);
    await people.sql(`update session set authenticated_at = now() - interval '11 minutes' where person_id = $1`, [
      people.uuid(admin.person.id),
    ]);
    expect(outcome(await at.claim(freshDomain(), admin.session.token))).toEqual([403, 'session.not_fresh']);
  });

  it('ends with the provider that it began with: another one knows nobody, and its sessions open nothing', async () => {
    const own = await (await Federated.create(api, code, outside)).ready(provider.issuer);
    const token = await session(own, ofOwner(own));
    expect((await enter(token, own.owner.account.id)).status).toBe(200);
    // Another secret of the same client is the same provider.
    expected(await own.set(provider.issuer), 200);
    expect((await enter(token, own.owner.account.id)).status).toBe(200);
    const begun = await own.begun();
    expected(await own.set(provider.issuer, { clientId: 'another' }), 200);
    expect(outcome(await enter(token, own.owner.account.id))).toEqual([403, 'session.own_factor_required']);
    expect(outcome(await own.complete(begun, { code: 'x' }))).toEqual([401, 'provider.refused']);
    expected(await own.set(provider.issuer), 200);
    // Nobody is bound any more: who comes first is.
    expect((await signIn(own, ofOwner(own, 'somebody-new'))).status).toBe(201);
    expect(outcome(await own.ask('DELETE', '/provider'))).toEqual([204, undefined]);
    expect(outcome(await own.ask('GET', '/provider'))).toEqual([404, 'residency.not_found']);
    expect(outcome(await own.begin())).toEqual([404, 'provider.none']);
    expect((await told(own)).filter((kind) => kind.startsWith('provider.'))).toEqual([
      'provider.set',
      'provider.linked',
      'provider.set',
      'provider.set',
      'provider.set',
      'provider.linked',
      'provider.removed',
    ]);
    expect(await lines(own, own.owner)).toContain('account.provider_changed');
  });

  it('is asked of everybody once an owner has come in with it herself; one with a second factor breaks glass', async () => {
    const own = await (await Federated.create(api, code, outside)).ready(provider.issuer);
    const { owner } = own;
    const mate = await api.member(code, { email: `mate@${own.domain}` });
    await people.join(owner, mate);
    const required = { ownProviderRequired: true };
    expect(outcome(await own.policy(required))).toEqual([403, 'account.own_provider_required']);
    expect(outcome(await own.policy(required, await session(at, ofOwner(at))))).toEqual([404, 'residency.not_found']);
    const inside = await session(own, ofOwner(own));
    expect(expected(await own.policy(required, inside), 200).json()).toMatchObject(required);
    // From the same moment on, for everybody.
    for (const token of [owner.session.token, mate.session.token])
      expect(outcome(await enter(token, owner.account.id))).toEqual([403, 'account.own_provider_required']);
    const byProvider = await session(own, { sub: 'mate', email: mate.person.email });
    expect((await enter(byProvider, owner.account.id)).status).toBe(200);
    // What is asked for is not taken away by half.
    const held = { 'if-match': (await enter(inside, owner.account.id)).headers.etag! };
    const removal = await api.ask(code, own.at('/provider'), { method: 'DELETE', token: inside });
    expect(outcome(removal)).toEqual([409, 'provider.required']);
    const json = { issuer: provider.issuer, clientId: 'another', clientSecret: 'x' };
    const change = await api.ask(code, own.at('/provider'), { method: 'PUT', token: inside, headers: held, json });
    expect(outcome(change)).toEqual([409, 'provider.required']);
    // The provider breaks: her second factor lets the owner in, to take it back.
    await people.sql(`update session set factors = 'password totp' where person_id = any ($1)`, [
      [people.uuid(owner.person.id), people.uuid(mate.person.id)],
    ]);
    expect((await enter(owner.session.token, owner.account.id)).status).toBe(200);
    expect(outcome(await enter(mate.session.token, owner.account.id))).toEqual([403, 'account.own_provider_required']);
    expect(outcome(await own.policy(required))).toEqual([403, 'account.own_provider_required']);
    expect((await own.policy({ ownProviderRequired: false })).status).toBe(200);
    expect((await enter(mate.session.token, owner.account.id)).status).toBe(200);
  });

  it('turns ids and tokens of the other region away', async () => {
    const begun = await at.begun();
    const far = elsewhere(code);
    const path = `/v1/sign-ins/${begun.signIn.id}/provider`;
    const json = { code: 'x' };
    expect(outcome(await api.ask(far, path, { json }))).toEqual([421, 'residency.misdirected']);
    const made = new PeopleOf(api, far).madeUp('psi');
    const wrongPath = await api.ask(far, `/v1/sign-ins/${made}/provider`, { token: begun.signIn.token, json });
    expect(outcome(wrongPath)).toEqual([421, 'residency.misdirected']);
    expect(outcome(await api.ask(code, `/v1/sign-ins/${made}/provider`, { json }))).toEqual([
      421,
      'residency.misdirected',
    ]);
  });
});

describe.each(['eu', 'us'])('a verified domain of %s', (code) => {
  it('is looked at again by the worker: it is missing first, lapses after seven days, and its owners are told', async () => {
    const at = await (await Federated.create(api, code, outside)).ready(provider.issuer);
    const people = new PeopleOf(api, code);
    const ago = async (column: string, id: string, days: number): Promise<void> => {
      const time = new Date(Date.now() - days * DAY);
      await people.sql(`update account_domain set ${column} = $2 where id = $1`, [people.uuid(id), time]);
    };
    const { domains } = (await at.ask('GET', '/domains')).json<{ domains: ShownDomain[] }>();
    const { id, record } = domains[0]!;
    const looked = async (what: string, holds: (shown: ShownDomain) => boolean): Promise<ShownDomain> => {
      const workers = await api.startWorkers();
      try {
        return await eventually(what, async () => {
          const shown = await at.shown(id);
          return holds(shown) && shown;
        });
      } finally {
        await Promise.all(workers.map((worker) => worker.stop('SIGTERM')));
      }
    };
    outside.names.withdraw(record.name);
    await ago('checked_at', id, 1);
    const missing = await looked('a missing record', ({ status }) => status === 'missing');
    expect(Date.parse(missing.lapsesAt!) - Date.parse(missing.missingSince!)).toBe(7 * DAY);
    // It counts all the same, for now.
    expect((await at.begin()).status).toBe(201);
    outside.names.publish(record.name, record.value);
    await ago('checked_at', id, 1);
    await looked('a record that is back', ({ status }) => status === 'verified');
    outside.names.withdraw(record.name);
    await ago('missing_since', id, 7);
    await ago('checked_at', id, 1);
    const lapsed = await looked('a domain that has lapsed', ({ status }) => status === 'pending');
    expect(lapsed).toMatchObject({ verifiedAt: null, missingSince: null, lapsesAt: null });
    expect(outcome(await at.begin())).toEqual([404, 'provider.none']);
    expect((await told(at)).filter((kind) => /missing|lapsed/.test(kind))).toEqual(['domain.missing', 'domain.lapsed']);
    expect(await lines(at, at.owner)).toEqual(
      expect.arrayContaining(['account.domain_missing', 'account.domain_lapsed']),
    );
  });
});
