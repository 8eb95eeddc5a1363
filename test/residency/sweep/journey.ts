import type { Api, PendingSignup } from '../../support/api.js';
import { type Answer, eventually } from '../../support/http.js';
import type { Installation } from '../../support/installation.js';
import { type Customers, WholeLife, type Words } from '../../support/whole-life.js';
import { type Canaries, fresh } from './canaries.js';
import type { Recorder } from './recorder.js';

/** What a journey is made over. */
export interface Ground {
  readonly installation: Installation;
  readonly canaries: Canaries;
  readonly recorder: Recorder;
  readonly customers: Customers;
}

/** Somebody whose every field is a canary. */
export interface Person {
  readonly region: string;
  readonly owner: string;
  readonly email: string;
  readonly accountName: string;
  readonly displayName: string;
  readonly password: string;
  readonly accountId: string;
  readonly personId: string;
  readonly token: string;
}

/** The statuses of what was asked in vain, in order: a journey that was let in where it must not, or failed otherwise, shows. */
export const REFUSED = [
  422, 422, 422, 422, 400, 400, 404, 401, 421, 421, 421, 422, 422, 422, 409, 401, 401, 400, 421, 422, 404,
];

/**
 * Everything that a person can do and do wrong in a region, each time with values of her own. She signs up, confirms, signs in and out,
 * renames herself and the account, repeats herself under idempotency keys, mistypes, knocks at the other region and meets faults; then
 * whatever a {@link WholeLife} holds. What she does elsewhere is left out: the pages of an application, and of her own provider.
 * @returns who she is, and the statuses of what was refused
 */
export async function travel(
  ground: Ground,
  api: Api,
  code: string,
  other: string,
  owner: string,
): Promise<{ person: Person; refused: number[] }> {
  const { installation, canaries, recorder } = ground;
  const typed = {
    email: canaries.address(code, 'email', owner),
    accountName: canaries.text(code, 'account name', owner),
    displayName: canaries.text(code, 'display name', owner),
  };
  const password = canaries.text(code, 'password') + canaries.text(code, 'end of the password');
  const headers = headersOf(canaries, code);
  const mine = <T>(work: () => Promise<T>): Promise<T> => recorder.as(owner, work);
  const acceptedPolicyVersion = await api.policyVersion();
  const signUp = (json: object, more: Record<string, string> = {}): Promise<Answer> =>
    api.ask(code, `/v1/regions/${code}/signups`, {
      json: { acceptedPolicyVersion, ...json },
      headers: { ...headers, ...more },
    });

  const key = { 'idempotency-key': canaries.word(code, 'idempotency key of a signup') };
  const started = await signUp(typed, key);
  const { id } = started.json<{ signup: PendingSignup }>().signup;
  await signUp(typed, key);
  const digits = await installation.digits(code, id);
  const refused = await beforeConfirming(ground, api, code, other, { id, digits, typed, password, key, signUp });

  const confirming = { 'idempotency-key': canaries.word(code, 'idempotency key of a confirmation') };
  const confirm = (): Promise<Answer> =>
    api.ask(code, `/v1/signups/${id}/confirmations`, {
      json: { code: digits, password },
      headers: { ...headers, ...confirming },
    });
  const confirmed = await mine(confirm);
  const made = confirmed.json<{ account: { id: string }; person: { id: string }; session: { token: string } }>();
  canaries.secret(code, 'session token', made.session.token, owner);
  await mine(confirm);
  const person: Person = {
    region: code,
    owner,
    ...typed,
    password,
    accountId: made.account.id,
    personId: made.person.id,
    token: made.session.token,
  };

  await mine(() => liveIn(ground, api, person));
  const words = wordsOf(ground, code, owner);
  const life = new WholeLife(api, code, person, words, ground.customers);
  const later: Person = { ...person, ...(await life.live(wordsOf(ground, code, `${owner}-guest`))).person };
  refused.push(...(await afterwards(ground, api, later, other, () => signUp({ ...typed, email: later.email }))));
  await installation.drained(code);
  return { person: later, refused };
}

/** The canaries of one person, as the words of a life. */
function wordsOf({ canaries, recorder }: Ground, code: string, owner: string): Words {
  const made = (what: string, value: string): void => canaries.secret(code, what, value, owner);
  return {
    text: (what) => canaries.text(code, what, owner),
    word: (what) => canaries.word(code, what, owner),
    capitals: (what) => canaries.capitals(code, what, owner),
    address: (what) => canaries.address(code, what, owner),
    domain: (what) => {
      const domain = `${fresh().toLowerCase()}.example`;
      made(what, domain);
      return domain;
    },
    made,
    as: (work) => recorder.as(owner, work),
  };
}

interface Asked {
  readonly id: string;
  readonly digits: string;
  readonly typed: { readonly email: string; readonly accountName: string; readonly displayName: string };
  readonly password: string;
  readonly key: Record<string, string>;
  readonly signUp: (json: object, more?: Record<string, string>) => Promise<Answer>;
}

/** What is refused while a signup waits: bad fields, bad bodies, bad paths, wrong codes, the other region. */
async function beforeConfirming(
  { canaries }: Ground,
  api: Api,
  code: string,
  other: string,
  asked: Asked,
): Promise<number[]> {
  const { id, digits, typed, password, key, signUp } = asked;
  const word = (what: string): string => canaries.word(code, what);
  const wrong = digits === '00000000' ? '00000001' : '00000000';
  const answers = [
    await signUp({ ...typed, [word('unknown property')]: word('value of an unknown property') }),
    await signUp({ ...typed, email: `"${word('refused address')}\r\nBcc: x"@example.org` }),
    await signUp({ ...typed, displayName: `${word('refused name')}\u202e` }),
    await signUp({ ...typed, acceptedPolicyVersion: word('unknown policy') }),
    await api.ask(code, `/v1/regions/${code}/signups`, {
      body: Buffer.from(`{"email":${word('word in bad JSON')}@example.org",}`),
      headers: { 'content-type': 'application/json' },
    }),
    await api.ask(code, `/v1/regions/${code}/signups?email=${word('query')}`, { json: typed }),
    await api.ask(code, `/v1/${word('path')}`),
    await api.ask(code, '/v1/me', { token: word('bearer') }),
    await api.ask(other, `/v1/regions/${code}/signups`, {
      json: { ...typed, email: canaries.address(code, 'address sent to the other region') },
    }),
    await api.ask(other, `/v1/signups/${id}/confirmations`, {
      json: { code: digits, password: canaries.text(code, 'password sent to the other region') },
    }),
    await api.ask(other, `/v1/regions/${code}/signups`, {
      body: Buffer.from(word('no JSON sent to the other region')),
      headers: { 'content-type': 'text/plain' },
    }),
    await api.confirm(code, id, wrong, password),
    await api.confirm(code, id, digits, word('short').slice(0, 14)),
    await signUp({ ...typed, accountName: canaries.text(code, 'name under a used key') }, key),
  ];
  return answers.map(({ status }) => status);
}

/** What a member does with what is hers. */
async function liveIn(
  { canaries, installation }: Ground,
  api: Api,
  { region, owner, email, password, accountId, token }: Person,
): Promise<void> {
  const { database } = installation.site(region);
  const patch = async (path: string, json: object): Promise<void> => {
    const { headers } = await api.ask(region, path, { token });
    const answer = await api.ask(region, path, {
      method: 'PATCH',
      token,
      json,
      headers: { 'if-match': String(headers.etag) },
    });
    if (answer.status !== 200) throw new Error(`A change was answered ${answer.status}.`);
  };
  await patch('/v1/me', { displayName: canaries.text(region, 'changed display name', owner) });
  await patch(`/v1/accounts/${accountId}`, { name: canaries.text(region, 'changed account name', owner) });
  const domain = `${fresh().toLowerCase()}.example`;
  canaries.secret(region, 'claimed domain', domain, owner);
  const claimed = await api.ask(region, `/v1/accounts/${accountId}/domains`, { token, json: { domain } });
  if (claimed.status !== 201) throw new Error(`A claim of a domain was answered ${claimed.status}.`);
  const receipt = await api.ask(region, `/v1/accounts/${accountId}/residency`, { token });
  if (receipt.status !== 200) throw new Error(`A receipt was answered ${receipt.status}.`);
  const keyed = { 'idempotency-key': canaries.word(region, 'idempotency key of a sign-in') };
  const signIn = (): Promise<Answer> => api.ask(region, '/v1/sessions', { json: { email, password }, headers: keyed });
  const { session } = (await signIn()).json<{ session: { token: string } }>();
  canaries.secret(region, 'token of a sign-in', session.token, owner);
  await signIn();
  await api.ask(region, '/v1/sessions/current', { method: 'DELETE', token: session.token });
  // Faults: the table is not there for a moment, and every connection is cut.
  await database.sql('owner', 'alter table credential rename to credential_away');
  await api.ask(region, '/v1/sessions', {
    json: { email, password: canaries.text(region, 'password during a fault') },
  });
  await database.sql('owner', 'alter table credential_away rename to credential');
  await database.sql('superuser', 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
    database.provision.appRole,
  ]);
  const me = (): Promise<Answer> => api.ask(region, '/v1/me', { token });
  await eventually('a connection after the cut', async () => (await me()).status === 200);
  await eventually(
    'keys after the cut',
    async () => (await api.ask(region, `/v1/accounts/${accountId}`, { token })).status === 200,
  );
}

/** What is refused to a member and to who pretends to be one. */
async function afterwards(
  { canaries, installation, recorder }: Ground,
  api: Api,
  person: Person,
  other: string,
  signUp: () => Promise<Answer>,
): Promise<number[]> {
  const { region, email, token, password, owner, accountId } = person;
  const again = (await signUp()).json<{ signup: PendingSignup }>().signup;
  const digits = await installation.digits(region, again.id);
  const signIn = (json: object): Promise<Answer> => api.ask(region, '/v1/sessions', { json });
  const { headers } = await recorder.as(owner, () => api.ask(region, `/v1/accounts/${accountId}`, { token }));
  const answers = [
    await api.confirm(region, again.id, digits, password),
    await signIn({ email, password: canaries.text(region, 'wrong password') }),
    await signIn({ email: canaries.address(region, 'address of a failed sign-in'), password }),
    await recorder.as(owner, () =>
      api.ask(region, '/v1/me', {
        method: 'PATCH',
        token,
        body: Buffer.from(`{"displayName": "${canaries.word(region, 'name in bad JSON')}`),
        headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      }),
    ),
    await api.ask(other, '/v1/me', { token }),
    await api.ask(region, `/v1/accounts/${accountId}/provider`, {
      method: 'PUT',
      token,
      json: {
        issuer: `https://10.0.0.1/${canaries.word(region, 'path of a refused provider')}`,
        clientId: canaries.word(region, 'client of a refused provider'),
        clientSecret: canaries.word(region, 'secret of a refused provider'),
      },
      headers: { 'if-match': String(headers.etag) },
    }),
    await api.ask(region, '/v1/sign-ins/provider', {
      json: { email: canaries.address(region, 'address of a domain without a provider') },
    }),
  ];
  return answers.map(({ status }) => status);
}

/** Headers that people and machines put their own into; none of them is anything to the product. */
function headersOf(canaries: Canaries, code: string): Record<string, string> {
  const names = [
    'user-agent',
    'referer',
    'cookie',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-user',
    'forwarded',
    'baggage',
    'x-request-id',
    'accept-language',
  ];
  return Object.fromEntries(names.map((name) => [name, canaries.word(code, `header ${name}`)]));
}
