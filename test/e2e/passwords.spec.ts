import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CREDENTIAL_SECRET } from '@domicile/accounts';
import { hash } from '@node-rs/argon2';
import { type Api, type ApiProcess, freshEmail, type Member, PASSWORD, type Typed } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { childrenOf, isAlive, nicenessOf, shownOf } from '../support/linux-process.js';

/** Of that many different characters. */
const varied = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCodePoint(0x4e00 + ((i * i * 31 + i * 7) % 20_000))).join('');

let installation: Installation;
let api: Api;
beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
});
afterAll(() => installation.close());

/** Asks for an account, reads the mail, and confirms with that password. */
async function choose(password: string, typed: Typed = {}, code = 'eu'): Promise<Answer> {
  const { id } = await api.pending(code, typed);
  return api.confirm(code, id, await installation.digits(code, id), password);
}

const refusal = (answer: Answer): unknown => [answer.status, answer.json()['errors']];
const refused = (code: string): unknown => [
  422,
  [{ pointer: '/password', code, message: expect.stringMatching(/^The password [^.]+\.$/) }],
];

describe('a password', () => {
  it.each([
    [14, refused('is_password')],
    [15, [201, undefined]],
    [1024, [201, undefined]],
    [1025, refused('is_password')],
  ])('of %i characters is answered by its length', async (length, outcome) => {
    expect(refusal(await choose(varied(length)))).toEqual(outcome);
  });

  it('of a million characters is not even read', async () => {
    const answer = await choose(varied(1_000_000));
    expect([answer.status, answer.code]).toEqual([413, 'request.body_too_large']);
  });

  it('is counted and compared in one form, whatever the keyboard', async () => {
    expect(refusal(await choose('e\u0301'.repeat(14)))).toEqual(refused('is_password'));
    // Half as wide as they look: fourteen ligatures are more than fourteen letters, and full width is no disguise.
    expect((await choose('ﬁﬂﬀﬃﬄﬁ!ﬂ?ﬀ4ﬃ')).status).toBe(201);
    expect(refusal(await choose('ＭａｉｌＣｒｅａｔｅｄ５２４０'))).toEqual(refused('password_breached'));
    expect(refusal(await choose('ＡＤＡ．ＬＯＶＥＬＡＣＥ．１２３', { displayName: 'Ada Lovelace' }))).toEqual(
      refused('password_contextual'),
    );
  });

  it.each([
    'mailcreated5240',
    'MAILCREATED5240',
    '1qaz2wsx3edc4rfv',
    'passwordpassword',
    'password1234567',
    ' '.repeat(15),
    'qwertyuiopasdfgh',
    '123456789012345',
    'aaaaaaaaaaaaaaaaaaaab',
  ])('that attackers try first is refused, and nothing of it repeated: %s', async (password) => {
    const answer = await choose(password);
    expect(answer.code).toBe('request.invalid');
    expect(refusal(answer)).toEqual(refused('password_breached'));
    expect(answer.text).not.toContain(password);
  });

  it.each([
    ['the address', 'ada.lovelace@engines.example'],
    ['its local part', 'Ada.Lovelace1815'],
    ['the name of the account', 'Bernoulli & Sons'],
    ['the name of the person', 'augusta--king--'],
    ['the name of the product', 'Domicile2027!!!'],
    ['the name of the region', 'european-union-1'],
    ['several of them', 'AugustaBernoulli'],
  ])('that is little more than %s is refused', async (_what, password) => {
    const typed = { accountName: 'Bernoulli & Sons', displayName: 'Augusta King' };
    const unique = freshEmail().split('@')[0]!;
    // One of its own each time: addresses are taken once.
    const email = password.toLowerCase().startsWith('ada')
      ? `ada.lovelace@engines.example`
      : `ada.lovelace+${unique}@engines.example`;
    expect(refusal(await choose(password, { ...typed, email }))).toEqual(refused('password_contextual'));
  });

  it('that names another person or region is nobody’s business', async () => {
    expect((await choose('augusta--king--', { displayName: null })).status).toBe(201);
    expect((await choose('european-union-1', {}, 'us')).status).toBe(201);
    expect(refusal(await choose('united-states-1', {}, 'us'))).toEqual(refused('password_contextual'));
    expect((await choose('united-states-1')).status).toBe(201);
  });

  it('is looked at only for who knows the code', async () => {
    const { id } = await api.pending('eu', { displayName: 'Ada Lovelace' });
    const digits = await installation.digits('eu', id);
    const wrong = String((Number(digits) + 1) % 1e8).padStart(8, '0');
    for (const password of ['mailcreated5240', 'ada lovelace ada', PASSWORD])
      expect((await api.confirm('eu', id, wrong, password)).code).toBe('signup.code_wrong');
  });

  it('that was refused leaves the signup open for a better one, once', async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    const before = await installation.counts('eu');
    for (let i = 0; i < 12; i++)
      expect((await api.confirm('eu', id, digits, 'mailcreated5240')).code).toBe('request.invalid');
    expect(await installation.counts('eu')).toEqual(before);
    const made = await api.confirm('eu', id, digits);
    expect(made.status).toBe(201);
    const { account, session } = made.json<Member>();
    expect((await api.ask('eu', `/v1/accounts/${account.id}`, { token: session.token })).status).toBe(200);
    expect((await api.confirm('eu', id, digits, 'mailcreated5240')).code).toBe('signup.already_confirmed');
  });
});

describe('a stored hash', () => {
  const TODAYS = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

  /** The hash of a person's password, after `change` if there is one; and the version of its row. */
  async function stored(code: string, email: string, change?: string): Promise<{ secret: string; version: number }> {
    const { person } = people.get(email)!;
    const { sql } = installation.site(code).database;
    return installation.opening(code, async ({ id, open, amend }) => {
      const rows = await sql('superuser', 'select id, person_id, sealed, version from credential');
      const row = rows.find((each) => id(each['person_id'], 'pers') === person.id)!;
      const [subject, credential] = [id(row['person_id'], 'pers'), id(row['id'], 'cred')];
      const place = { set: CREDENTIAL_SECRET, subject, row: credential, sealed: row['sealed'] };
      if (change !== undefined)
        await sql('superuser', 'update credential set sealed = $2 where id = $1', [
          row['id'],
          await amend(place, { secret: change }),
        ]);
      const { secret } = await open(CREDENTIAL_SECRET, subject, credential, place.sealed);
      return { secret: change ?? secret, version: Number(row['version']) };
    });
  }
  const people = new Map<string, Member>();
  async function somebody(code: string): Promise<string> {
    const member = await api.member(code);
    people.set(member.person.email, member);
    return member.person.email;
  }

  it.each([
    ['eu', 'less memory', { memoryCost: 8_192, timeCost: 2 }],
    ['us', 'fewer passes', { memoryCost: 19_456, timeCost: 1 }],
  ])('made in %s with %s than today’s is made anew by a right sign-in, and by nothing else', async (code, _, cost) => {
    const [email, twin] = [await somebody(code), await somebody(code)];
    const weak = await hash(PASSWORD, { algorithm: 2, parallelism: 1, ...cost });
    const before = await stored(code, email, weak);
    await stored(code, twin, weak);
    expect((await api.signIn(code, email, `${PASSWORD}!`)).status).toBe(401);
    expect(await stored(code, email)).toEqual(before);
    const first = await api.session(code, email);
    const after = await stored(code, email);
    expect(after.secret).toMatch(TODAYS);
    expect([after.secret === weak, after.version]).toEqual([false, before.version + 1]);
    // It is the same password to her, and no change of it: her session goes on, and nobody is told of anything.
    expect((await api.signIn(code, email)).status).toBe(201);
    expect((await api.signIn(code, email, `${PASSWORD}!`)).status).toBe(401);
    expect((await api.ask(code, '/v1/me', { token: first.token })).status).toBe(200);
    // As strong as today's it is left alone, and so is that of somebody else.
    expect(await stored(code, email)).toEqual(after);
    expect((await stored(code, twin)).secret).toBe(weak);
  });

  it('is made anew by ten right sign-ins at once as well, all of which are let in', async () => {
    const email = await somebody('eu');
    const weak = await hash(PASSWORD, { algorithm: 2, parallelism: 1, memoryCost: 8_192, timeCost: 1 });
    const { version } = await stored('eu', email, weak);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.signIn('eu', email)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(201));
    const after = await stored('eu', email);
    expect(after.secret).toMatch(TODAYS);
    expect(after.version).toBe(version + 1);
    expect((await api.signIn('eu', email)).status).toBe(201);
  });
});

describe('the hashing process of an API', () => {
  const DEADLINE = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: '1500' };

  /** Its only child, once it is there. */
  const hashingChild = (of: ApiProcess): Promise<number> =>
    eventually('one child of the API', () => {
      const [child, ...more] = childrenOf(of.pid);
      return more.length === 0 && child;
    });
  async function pause(pid: number): Promise<void> {
    process.kill(pid, 'SIGSTOP');
    await eventually('a child that stands still', () => shownOf(pid).state === 'T');
  }

  it('knows no setting, and gives way', async () => {
    const own = await installation.start();
    const child = await hashingChild(own.processes[0]!);
    await eventually('its low priority', () => nicenessOf(child).every((niceness) => niceness === 10));
    expect(shownOf(own.processes[0]!.pid).environment).toContain('DATABASE_URL');
    expect(shownOf(child).environment).not.toMatch(/DOMICILE|postgres|PORT|PATH/);
    await own.stop();
  });

  it('is gone when its API was killed, even while it stood still', async () => {
    const own = await installation.start();
    const child = await hashingChild(own.processes[0]!);
    await own.stop('SIGKILL');
    await eventually('the end of the child', () => !isAlive(child));
    const again = await installation.start();
    const still = await hashingChild(again.processes[0]!);
    await pause(still);
    await again.stop('SIGKILL');
    await eventually('the end of the child', () => {
      if (isAlive(still)) process.kill(still, 'SIGCONT');
      return !isAlive(still);
    });
  });

  it('ends with its API when that is asked to', async () => {
    const own = await installation.start();
    const child = await hashingChild(own.processes[0]!);
    await pause(child);
    expect(await own.stop('SIGTERM')).toEqual([{ code: 0, signal: null }]);
    expect(isAlive(child)).toBe(false);
  });

  it('that hangs costs who needs it a 503 with Retry-After, and nobody else anything', async () => {
    const own = await installation.start({ settings: DEADLINE });
    const { id } = await own.pending('eu');
    const { account, session } = await own.member('us');
    const digits = await installation.digits('eu', id);
    const child = await hashingChild(own.processes[0]!);
    await pause(child);
    const confirming = own.confirm('eu', id, digits);
    expect((await own.ask('us', `/v1/accounts/${account.id}`, { token: session.token })).status).toBe(200);
    const answer = await confirming;
    expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([503, 'server.unavailable', '2']);
    process.kill(child, 'SIGCONT');
    expect((await own.confirm('eu', id, digits)).status).toBe(201);
    await own.stop();
  });

  it('that is killed in the middle fails that request at once, and the next one works', async () => {
    const own = await installation.start();
    const kill = async (): Promise<{ answer: Answer; again: () => Promise<Answer> }> => {
      const { id } = await own.pending('eu');
      const digits = await installation.digits('eu', id);
      const child = await hashingChild(own.processes[0]!);
      await pause(child);
      const confirming = own.confirm('eu', id, digits);
      await own.ask('eu', '/healthz');
      process.kill(child, 'SIGKILL');
      return { answer: await confirming, again: () => own.confirm('eu', id, digits) };
    };
    // Now and then the kill comes before the request has reached the child: then the next child does its work.
    const { answer, again } = await eventually('a request that was under way', async () => {
      const killed = await kill();
      if (killed.answer.status === 503) return killed;
      expect(killed.answer.status).toBe(201);
      return false;
    });
    expect([answer.code, answer.headers['retry-after']]).toEqual(['server.unavailable', '2']);
    // Not at its deadline, which is ten seconds away.
    expect(answer.milliseconds).toBeLessThan(9_000);
    expect((await again()).status).toBe(201);
    expect(own.processes[0]!.events('hashing.ended').at(-1)).toMatchObject({ level: 'warn', signal: 'SIGKILL' });
    await own.stop();
  });
});
