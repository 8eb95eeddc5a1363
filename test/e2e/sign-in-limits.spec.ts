import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';

const PER_ADDRESS = 3;
const PER_NETWORK = 12;
const IN_A_ROW = 4;
/** Of everything else, which has its own counts. */
const PER_SUBJECT = 7;
const PER_NETWORK_ELSE = 10;
const TEN_MINUTES = 10 * 60 * 1000;
const perAddress = { DOMICILE_LIMIT_SIGN_INS_PER_ADDRESS_AND_NETWORK_HOUR: String(PER_ADDRESS) };
const limits = {
  ...perAddress,
  DOMICILE_LIMIT_SIGN_INS_PER_NETWORK_HOUR: String(PER_NETWORK),
  DOMICILE_LIMIT_SIGN_IN_FAILURES_IN_A_ROW: String(IN_A_ROW),
  DOMICILE_LIMIT_SIGNUP_MAILS_PER_SIGNUP_HOUR: String(PER_SUBJECT),
  DOMICILE_LIMIT_RECOVERIES_PER_ADDRESS_TEN_MINUTES: String(PER_SUBJECT),
  DOMICILE_LIMIT_INVITATIONS_PER_ACCOUNT_DAY: String(PER_SUBJECT),
  DOMICILE_LIMIT_ADDRESS_CHANGES_PER_ADDRESS_HOUR: String(PER_SUBJECT),
  ...Object.fromEntries(
    ['SIGNUP_MAILS', 'RECOVERIES', 'INVITATIONS', 'ADDRESS_CHANGES'].map((what) => [
      `DOMICILE_LIMIT_${what}_PER_NETWORK_HOUR`,
      String(PER_NETWORK_ELSE),
    ]),
  ),
};

let installation: Installation;
let behindProxy: Api;
let ada: Member;
let twin: Member;
let american: Member;

beforeAll(async () => {
  installation = await Installation.create();
  behindProxy = await installation.start({ settings: { ...limits, DOMICILE_TRUSTED_PROXY_CIDRS: '127.0.0.0/8' } });
  [ada, twin, american] = (await Promise.all(['eu', 'eu', 'us'].map((code) => behindProxy.member(code)))) as [
    Member,
    Member,
    Member,
  ];
});
// Windows end every ten minutes: what counts up to a limit begins well before.
beforeEach(() => eventually('the next window', () => Date.now() % TEN_MINUTES < TEN_MINUTES - 10_000, 20_000));
afterAll(() => installation.close());

let networks = 0;
const freshNetwork = (): string => `100.64.${networks >> 8}.${networks++ & 255}`;
const post = (path: string, json: unknown, network = freshNetwork(), token?: string): Promise<Answer> =>
  behindProxy.ask('eu', path, {
    method: 'POST',
    headers: { 'x-forwarded-for': network },
    ...(json === undefined ? {} : { json }),
    ...(token === undefined ? {} : { token }),
  });
const from = (network: string, email: string, password = `${PASSWORD}!`, at = behindProxy): Promise<Answer> =>
  at.signIn('eu', email, password, { headers: { 'x-forwarded-for': network } });
async function times(count: number, work: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < count; i++) answers.push(await work());
  return answers;
}
/** The same but for the seconds that are left of the window. */
const words = ({ status, headers, text }: Answer): unknown => [
  status,
  Object.keys(headers).sort(),
  headers['retry-after']?.match(/^\d+$/)?.length,
  text,
];

describe('sign-ins from one network', () => {
  it('for one address are so many an hour, known or not, right or not; elsewhere nobody is locked out by them', async () => {
    const { email } = ada.person;
    const unknown = freshEmail();
    const known = await times(PER_ADDRESS, () => from('198.51.100.1', email));
    const nobody = await times(PER_ADDRESS, () => from('198.51.100.1', unknown));
    for (const answer of [...known, ...nobody]) expect(answer.code).toBe('session.refused');
    const over = await from('198.51.100.1', email);
    expect([over.status, over.code]).toEqual([429, 'request.rate_limited']);
    expect(Number(over.headers['retry-after'])).toBeLessThanOrEqual(3600);
    for (const answer of [
      await from('198.51.100.1', email, PASSWORD),
      await from('198.51.100.1', email.toUpperCase(), PASSWORD),
      await from('198.51.100.1', unknown),
    ])
      expect(words(answer)).toEqual(words(over));
    expect((await from('198.51.100.2', email, PASSWORD)).status).toBe(201);
    expect((await from('198.51.100.1', twin.person.email, PASSWORD)).status).toBe(201);
  });

  it('for all addresses together are so many an hour', async () => {
    const answers = await times(PER_NETWORK, () => from('203.0.113.5', freshEmail()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const { email } = twin.person;
    expect((await from('203.0.113.5', email, PASSWORD)).status).toBe(429);
    expect((await from('203.0.113.6', email, PASSWORD)).status).toBe(201);
    // A region has counts of its own.
    const us = american.person.email;
    const there = await behindProxy.signIn('us', us, PASSWORD, { headers: { 'x-forwarded-for': '203.0.113.5' } });
    expect(there.status).toBe(201);
  });

  it('are not told apart by what a stranger claims to forward', async () => {
    const own = await installation.start({ settings: perAddress });
    const email = freshEmail();
    const answers: Answer[] = [];
    for (let i = 0; i <= PER_ADDRESS; i++) answers.push(await from(`192.0.2.${i}`, email, PASSWORD, own));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(PER_ADDRESS).fill(401), 429]);
    await own.stop();
  });
});

interface Limited {
  readonly what: string;
  /** Of which there are that many in one window, in seconds. */
  readonly window: number;
  /** Where it counts, which differs for who is known and who is not: an address, a signup, an account. */
  readonly send: (isKnown: boolean, network?: string) => Promise<Answer>;
  /** For the network alone: what has no count of its own. */
  readonly anew: () => Promise<(network: string) => Promise<Answer>>;
}

describe('what nobody has to be signed in for, or what is mailed,', () => {
  const signups: string[] = [];
  const unknown = freshEmail();
  beforeAll(async () => {
    for (const email of [twin.person.email, freshEmail()])
      signups.push((await behindProxy.pending('eu', { email })).id);
  });
  const invite = ({ account, session }: Member, email: string, network?: string): Promise<Answer> =>
    post(`/v1/accounts/${account.id}/invitations`, { email, role: 'member' }, network, session.token);
  const change = (email: string, network?: string): Promise<Answer> =>
    post('/v1/me/address-changes', { email }, network, ada.session.token);

  const LIMITED: Limited[] = [
    {
      what: 'mails of a signup asked for again',
      window: 3_600,
      send: (isKnown, network) => post(`/v1/signups/${signups[isKnown ? 0 : 1]}/mail`, undefined, network),
      anew: async () => {
        const pending = [await behindProxy.pending('eu'), await behindProxy.pending('eu')];
        let turn = 0;
        return (network) => post(`/v1/signups/${pending[turn++ % 2]!.id}/mail`, undefined, network);
      },
    },
    {
      what: 'recoveries',
      window: 600,
      send: (isKnown, network) =>
        post('/v1/recoveries', { email: isKnown ? twin.person.email.toUpperCase() : unknown }, network),
      anew: async () => (network) => post('/v1/recoveries', { email: freshEmail() }, network),
    },
    {
      what: 'invitations',
      window: 24 * 3_600,
      // Counted by who invites, whoever is invited.
      send: (isKnown, network) => (isKnown ? invite(ada, twin.person.email, network) : invite(twin, unknown, network)),
      anew: async () => {
        const members = [await behindProxy.member('eu'), await behindProxy.member('eu')];
        let turn = 0;
        return (network) => invite(members[turn++ % 2]!, freshEmail(), network);
      },
    },
    {
      what: 'changes of address',
      window: 3_600,
      send: (isKnown, network) => change(isKnown ? twin.person.email : unknown, network),
      anew: async () => (network) => change(freshEmail(), network),
    },
  ];

  it.each(LIMITED)('$what are so many, alike for known and unknown; no more is stored or mailed', async (row) => {
    const { send, window } = row;
    for (const isKnown of [true, false]) {
      const answers = await times(PER_SUBJECT, () => send(isKnown));
      expect(answers.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
    }
    const before = await installation.counts('eu');
    const [known, nobody] = [await send(true), await send(false)];
    expect([known.status, known.code]).toEqual([429, 'request.rate_limited']);
    expect(Number(known.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(known.headers['retry-after'])).toBeLessThanOrEqual(window);
    expect(words(nobody)).toEqual(words(known));
    expect(await installation.counts('eu')).toEqual(before);
  });

  it.each(LIMITED)(
    '$what from one network are so many for all together, and elsewhere none is locked out',
    async (row) => {
      const [network, send] = [freshNetwork(), await row.anew()];
      const answers = await times(PER_NETWORK_ELSE, () => send(network));
      expect(answers.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
      const over = [await send(network), await send(network)];
      for (const answer of over) {
        expect([answer.status, answer.code]).toEqual([429, 'request.rate_limited']);
        expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(3_600);
      }
      expect((await send(freshNetwork())).status).toBeLessThan(300);
    },
  );

  it('proofs of a session are so many an hour, right or wrong, and those of another session are counted apart', async () => {
    const prove = (token: string, json: unknown, network?: string): Promise<Answer> =>
      post('/v1/sessions/current/proof', json, network, token);
    const wrong = { password: `${PASSWORD}!` };
    const [first, second] = [await behindProxy.member('eu'), await behindProxy.member('eu')];
    const refused = await times(PER_ADDRESS, () => prove(first.session.token, wrong));
    expect(refused.map(({ code }) => code)).toEqual(Array<string>(PER_ADDRESS).fill('proof.refused'));
    const [right, again] = [
      await prove(first.session.token, { password: PASSWORD }),
      await prove(first.session.token, wrong),
    ];
    expect([right.status, right.code]).toEqual([429, 'request.rate_limited']);
    expect(Number(right.headers['retry-after'])).toBeLessThanOrEqual(3_600);
    expect(words(again)).toEqual(words(right));
    const options = await post('/v1/sessions/current/proof/options', undefined, undefined, first.session.token);
    expect(options.status).toBe(429);
    expect((await prove(second.session.token, { password: PASSWORD })).status).toBe(200);
    // From one network they are so many for all sessions together.
    const [network, tokens] = [freshNetwork(), [] as string[]];
    for (let i = 0; i < PER_NETWORK / PER_ADDRESS + 1; i++)
      tokens.push((await from(freshNetwork(), twin.person.email, PASSWORD)).json<Member>().session.token);
    for (const token of tokens.slice(1))
      for (const { code } of await times(PER_ADDRESS, () => prove(token, wrong, network)))
        expect(code).toBe('proof.refused');
    expect(words(await prove(tokens[0]!, { password: PASSWORD }, network))).toEqual(words(right));
    expect((await prove(tokens[0]!, { password: PASSWORD })).status).toBe(200);
  });

  it('steps of a sign-in count with the sign-ins of their network: over is over, whoever is asked for', async () => {
    const network = freshNetwork();
    const options = await times(PER_NETWORK, () => post('/v1/sign-ins/passkey/options', undefined, network));
    expect(new Set(options.map(({ status }) => status))).toEqual(new Set([200]));
    const ids = new IdCodec(behindProxy.regions);
    const [id, psi] = ['sgi', 'psi'].map((prefix) => ids.mint(prefix, behindProxy.regions.get('eu')));
    const over = [
      await post('/v1/sign-ins/passkey/options', undefined, network),
      await from(network, ada.person.email, PASSWORD),
      await from(network, freshEmail(), PASSWORD),
      await post(`/v1/sign-ins/${id}/totp`, { code: '000000' }, network, ada.session.token),
      await post(`/v1/sign-ins/${id}/recovery-code`, { code: 'aaaa-aaaa-aaaa-aaaa' }, network, ada.session.token),
      await post(`/v1/sign-ins/${id}/passkey/options`, undefined, network, ada.session.token),
      await post('/v1/sign-ins/provider', { email: ada.person.email }, network),
      await post('/v1/sign-ins/provider', { email: freshEmail() }, network),
      await post(`/v1/sign-ins/${psi}/provider`, { code: 'given' }, network, ada.session.token),
    ];
    expect([over[0]!.status, over[0]!.code]).toEqual([429, 'request.rate_limited']);
    expect(Number(over[0]!.headers['retry-after'])).toBeLessThanOrEqual(3_600);
    for (const each of over) expect(words(each)).toEqual(words(over[0]!));
    expect((await post('/v1/sign-ins/passkey/options', undefined)).status).toBe(200);
  });
});

describe('an answer to a stranger', () => {
  /** Whose address it is; all of one length. */
  const whose: Record<string, string> = {};
  let bob: Member;
  const NOT_THE_PASSWORD = `${PASSWORD}!`;

  beforeAll(async () => {
    bob = await behindProxy.member('eu');
    const [known, stopped, locked, abroad] = await Promise.all(
      ['eu', 'eu', 'eu', 'us'].map(async (code) => (await behindProxy.member(code)).person),
    );
    Object.assign(whose, {
      known: known!.email,
      'nobody’s': freshEmail(),
      'known in the other region': abroad!.email,
      'of somebody who is stopped': stopped!.email,
      'of somebody who is locked out': locked!.email,
      'locked, and nobody’s': freshEmail(),
    });
    const ids = new IdCodec(behindProxy.regions);
    await installation
      .site('eu')
      .database.sql('superuser', "update person set status = 'suspended' where id = $1", [
        ids.encode(stopped!.id, 'pers', behindProxy.regions.get('eu')),
      ]);
    for (const email of LOCKED.map((name) => whose[name]!))
      for (let i = 0; i <= IN_A_ROW; i++) await from(freshNetwork(), email);
  });
  const LOCKED = ['of somebody who is locked out', 'locked, and nobody’s'];

  /** All that comes back, but for what is another one each time: ids, times, and the address itself. */
  const seen = ({ status, headers: { date: _, ...headers }, text }: Answer, email: string): unknown => [
    status,
    headers,
    text
      .replaceAll(email, '<address>')
      .replace(/\b[a-z]+_eu_[0-9a-z]{26}\b/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'),
  ];
  async function alike(send: (email: string) => Promise<Answer>, names = Object.keys(whose)): Promise<Answer> {
    const [first, ...others] = names.map((name) => whose[name]!);
    const answer = await send(first!);
    for (const email of others) expect([email, seen(await send(email), email)]).toEqual([email, seen(answer, first!)]);
    return answer;
  }
  const idOf = (answer: Answer): string => Object.values(answer.json<Record<string, { id: string }>>())[0]!.id;

  it('who asks for an account, for its mail again, and guesses its code, is the same whosever the address is', async () => {
    const ids = new Map<string, string>();
    const asked = await alike(async (email) => {
      const acceptedPolicyVersion = await behindProxy.policyVersion();
      const answer = await post('/v1/regions/eu/signups', { email, accountName: 'Engines', acceptedPolicyVersion });
      ids.set(email, idOf(answer));
      return answer;
    });
    expect(asked.status).toBe(202);
    const mailed = await alike((email) => post(`/v1/signups/${ids.get(email)}/mail`, undefined));
    expect(mailed.status).toBe(202);
    const guessed = await alike((email) =>
      post(`/v1/signups/${ids.get(email)}/confirmations`, { code: '00000000', password: PASSWORD }),
    );
    expect([guessed.status, guessed.code]).toEqual([422, 'signup.code_wrong']);
  });

  it('who recovers a password, and guesses the code, is the same whosever the address is', async () => {
    const ids = new Map<string, string>();
    const asked = await alike(async (email) => {
      const answer = await post('/v1/recoveries', { email });
      ids.set(email, idOf(answer));
      return answer;
    });
    expect(asked.status).toBe(202);
    const guessed = await alike((email) =>
      post(`/v1/recoveries/${ids.get(email)}/completion`, { code: '00000000', password: PASSWORD }),
    );
    expect([guessed.status, guessed.code]).toEqual([422, 'recovery.code_wrong']);
  });

  it('who invites somebody, or wants another address, is the same whosever the address is', async () => {
    const { account, session } = bob;
    const invited = await alike((email) =>
      post(`/v1/accounts/${account.id}/invitations`, { email, role: 'member' }, undefined, session.token),
    );
    expect(invited.status).toBe(201);
    const changed = await alike((email) => post('/v1/me/address-changes', { email }, undefined, session.token));
    expect(changed.status).toBe(202);
  });

  it('who signs in is the same for who is not locked out, and the same for who is, with the right password too', async () => {
    const open = Object.keys(whose).filter((name) => !LOCKED.includes(name));
    expect(await alike((email) => from(freshNetwork(), email, NOT_THE_PASSWORD), open)).toMatchObject({ status: 401 });
    // Whose person is stopped, or lives elsewhere, is told nothing more for the right password.
    const elsewhere = open.filter((name) => name !== 'known');
    const right = await alike((email) => from(freshNetwork(), email, PASSWORD), elsewhere);
    expect([right.status, right.code]).toEqual([401, 'session.refused']);
    for (const password of [PASSWORD, NOT_THE_PASSWORD]) {
      const over = await alike((email) => from(freshNetwork(), email, password), LOCKED);
      expect([over.status, over.code]).toEqual([403, 'session.device_needed']);
    }
    // What he is told differs from what she is told, or nothing would have been compared.
    expect((await from(freshNetwork(), whose['known']!, PASSWORD)).status).toBe(201);
  });
});
