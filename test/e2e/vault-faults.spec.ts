import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import { type Api, freshEmail, type Member, PASSWORD, PROCESS_KINDS } from '../support/api.js';
import { Barrier } from '../support/barrier.js';
import { STACK } from '../support/databases.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { Neighbour } from '../support/neighbour.js';
import { Operator } from '../support/operator.js';
import { Started } from '../support/started.js';

const DEADLINE_MILLISECONDS = 1_500;
/** What may pass between the deadline and the answer. */
const GRACE_MILLISECONDS = 700;
const settings = {
  DOMICILE_REQUEST_DEADLINE_MILLISECONDS: String(DEADLINE_MILLISECONDS),
  // What is read ahead of use would be at hand.
  DOMICILE_KEYS_AHEAD_AFTER_SECONDS: '86400',
};
/** Keys made ahead of use are never fewer for long. */
const AHEAD_MIN = 10;
const AHEAD_MAX = 200;

/** EU's key store is the victim, on a server of its own; US's keys live in the same processes and must notice nothing. */
describe('the key store of a region', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-key-victim-'));
  const server = new EmbeddedPostgres({ home: folder, name: 'the victim', settings: { fsync: 'off' } });
  let installation: Installation;
  /** Where people sign up: it knows their keys. */
  let api: Api;
  /** Where nobody has been yet: it has to ask for each key. */
  let fresh: Api;
  let us: Member;
  let neighbours: Neighbour[];

  beforeAll(async () => {
    await server.start();
    const superuserUrl = server.superuserUrl('postgres');
    installation = await Installation.create({ servers: { 'eu-keys': { home: folder, superuserUrl } } });
    [api, fresh] = await Promise.all([installation.start({ settings }), installation.start({ settings })]);
    await api.startWorkers();
    us = await api.member('us');
  });
  beforeEach(() => {
    neighbours = [api, fresh].map((each) => new Neighbour(() => each.ask('us', '/v1/me', { token: us.session.token })));
  });
  afterEach(async () => {
    server.kill('SIGCONT');
    await server.start();
    for (const neighbour of neighbours) {
      const times = (await neighbour.expectUndisturbed()).map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
      // A wait for the victim would take 1,500.
      expect(times.at(Math.floor(times.length / 2))).toBeLessThan(400);
    }
    // Same processes all along: nothing was restarted to heal.
    for (const each of [api, fresh]) expect(each.processes[0]!.events('api.listening').length).toBe(1);
    await everyValueHasItsKey();
  });
  afterAll(async () => {
    server.kill('SIGCONT');
    await server.start();
    await installation.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (at: Api, { account, session }: Member): Promise<Answer> =>
    at.ask('eu', `/v1/accounts/${account.id}`, { token: session.token });
  const me = (at: Api, { session }: Member): Promise<Answer> => at.ask('eu', '/v1/me', { token: session.token });

  /** Nothing that is sealed among the rows lacks its key in the store. */
  async function everyValueHasItsKey(): Promise<void> {
    const { database, keyStore } = installation.site('eu');
    const sealed = ['person', 'account', 'credential', 'signup'].map(
      (table) => `select encode(substr(sealed, 2, 16), 'hex')::uuid as id from ${table} where sealed is not null`,
    );
    const used = (await database.sql('superuser', sealed.join(' union '))).map(({ id }) => String(id));
    const known = (await keyStore.sql('superuser', 'select id from data_key')).map(({ id }) => String(id));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((id) => !known.includes(id))).toEqual([]);
  }

  /** What needs a key that is not at hand is refused by its deadline, and in words that say whose fault it is. */
  function expectAway(answers: readonly Answer[]): void {
    for (const answer of answers) {
      expect([answer.status, answer.code]).toEqual([503, 'residency.unavailable']);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(answer.headers['x-hosting-region']).toBe('eu');
      expect(answer.milliseconds).toBeLessThanOrEqual(DEADLINE_MILLISECONDS + GRACE_MILLISECONDS);
    }
  }

  /** Everything that can be done without the store is done. */
  async function expectTheRestLives(known: Member): Promise<void> {
    expect((await read(api, known)).json()).toMatchObject({ name: known.account.name });
    const before = await me(api, known);
    expect(before.json()).toMatchObject({ person: { email: known.person.email } });
    const changed = await api.patch('eu', '/v1/me', known.session.token, before.headers.etag!, { displayName: 'Now' });
    expect(changed.status).toBe(200);
    for (const each of [api, fresh])
      for (const path of ['/v1/regions', '/v1/policies/current', '/healthz', '/readyz', '/openapi.json'])
        expect([path, (await each.ask('eu', path)).status]).toEqual([path, 200]);
    expect((await fresh.ask('eu', '/v1/me')).status).toBe(401);
  }

  async function fault(member: Member, leaver: Member): Promise<void> {
    const etag = '"v1"';
    const many = Array.from({ length: 20 }, () => me(fresh, member));
    expectAway(
      await Promise.all([
        ...many,
        read(fresh, member),
        fresh.patch('eu', `/v1/accounts/${member.account.id}`, member.session.token, etag, { name: 'Other' }),
        fresh.patch('eu', '/v1/me', member.session.token, etag, { displayName: 'Other' }),
        // Known or not, right or not: the same.
        ...[api, fresh].flatMap((each) => [
          each.signIn('eu', member.person.email),
          each.signIn('eu', member.person.email, `${PASSWORD}!`),
          each.signIn('eu', freshEmail()),
        ]),
      ]),
    );
    await expectTheRestLives(member);
    const left = await fresh.ask('eu', '/v1/sessions/current', { method: 'DELETE', token: leaver.session.token });
    expect(left.status).toBe(204);
    const { database } = installation.site('eu');
    const ended = await database.sql(
      'superuser',
      "select sealed from person_event where kind = 'session.ended' order by id desc limit 1",
    );
    // It is told all the same, without where it came from.
    expect(ended).toEqual([{ sealed: null }]);
  }

  async function expectHealed(member: Member): Promise<void> {
    await eventually('the key store to be back', async () => (await read(fresh, member)).status === 200);
    expect((await me(fresh, member)).json()).toMatchObject({ person: { displayName: 'Now' } });
    for (const each of [api, fresh]) {
      await eventually('sign-ins', async () => (await each.signIn('eu', member.person.email)).status === 201);
      const born = await eventually('a whole way', () => each.member('eu').catch(() => undefined));
      expect((await read(each === api ? fresh : api, born)).status).toBe(200);
    }
    await installation.drained('eu');
  }

  it('is killed: what needs a key is 503 in time, the rest lives, and all is well when it runs again', async () => {
    const [member, leaver] = await Promise.all([api.member('eu'), api.member('eu')]);
    server.kill('SIGKILL');
    await fault(member, leaver);
    await server.start();
    await expectHealed(member);
  });

  it('is frozen: what needs a key is 503 in time, the rest lives, and all is well when it is thawed', async () => {
    const [member, leaver] = await Promise.all([api.member('eu'), api.member('eu')]);
    server.kill('SIGSTOP');
    try {
      await fault(member, leaver);
    } finally {
      server.kill('SIGCONT');
    }
    await expectHealed(member);
  });

  it('is away: signups go on while there are keys made ahead, each is mailed, and none is lost', async () => {
    await api.member('eu');
    const before = (await installation.counts('eu'))['signup']!;
    server.kill('SIGKILL');
    const ids: string[] = [];
    const emails: string[] = [];
    for (;;) {
      const email = freshEmail();
      const answer = await api.signUp('eu', { email });
      if (answer.status !== 202) {
        expectAway([answer]);
        break;
      }
      emails.push(email);
      ids.push(answer.json<{ signup: { id: string } }>().signup.id);
      expect(ids.length).toBeLessThan(AHEAD_MAX);
    }
    expect(ids.length).toBeGreaterThanOrEqual(AHEAD_MIN);
    expect((await installation.counts('eu'))['signup']).toBe(before + ids.length);
    // Who signs up has her key already; there is none left for her account.
    expectAway([await api.confirm('eu', ids[0]!, await installation.digits('eu', ids[0]!))]);
    await server.start();
    // What is mailed is read by another process, which had to wait for the keys.
    const digits = await Promise.all(ids.map((id) => installation.mailedDigits('eu', id)));
    await eventually('the key store to be back', async () => (await fresh.signIn('eu', freshEmail())).status === 401);
    for (const [i, id] of ids.slice(0, 4).entries()) {
      const confirming = await (i % 2 === 0 ? api : fresh).confirm('eu', id, digits[i]!);
      const member = confirming.json<Member>();
      expect([confirming.status, member.person?.email]).toEqual([201, emails[i]]);
      expect((await read(fresh, member)).status).toBe(200);
    }
    expect(api.processes[0]!.events('vault.away').length).toBeGreaterThan(0);
    await eventually('keys made ahead again', () => api.processes[0]!.events('vault.back').length > 0);
  });

  it('is killed with signups and confirmations under way: all of each or nothing', async () => {
    const waiting = await Promise.all(Array.from({ length: 10 }, () => api.pending('eu')));
    const digits = await Promise.all(waiting.map(({ id }) => installation.digits('eu', id)));
    // By the process that has to ask for each key.
    const confirming = waiting.map(({ id }, i) => fresh.confirm('eu', id, digits[i]!));
    const asked = Array.from({ length: 100 }, () => fresh.signUp('eu'));
    await Promise.race(confirming);
    server.kill('SIGKILL');
    const answers = await Promise.all([...confirming, ...asked]);
    for (const { status } of answers) expect([201, 202, 503]).toContain(status);
    await server.start();
    await eventually('the key store to be back', async () => (await fresh.signIn('eu', freshEmail())).status === 401);
    await eventually('keys for new people', async () => (await api.signUp('eu')).status === 202);
    for (const [i, { id }] of waiting.entries()) {
      const again = await api.confirm('eu', id, digits[i]!);
      if (answers[i]!.status === 201) expect(again.code).toBe('signup.already_confirmed');
      else expect([undefined, 'signup.already_confirmed']).toContain(again.code);
    }
    for (const answer of answers.filter(({ status }) => status === 202))
      expect(await installation.digits('eu', answer.json<{ signup: { id: string } }>().signup.id)).toMatch(/^\d{8}$/);
  });

  it('is killed in the middle of a rotation: what was wrapped anew is, and the next run does the rest', async () => {
    const { home, keyStore } = installation.site('eu');
    const rotate = (): Started =>
      Started.command(['keys', 'rotate', '--region', 'eu'], {
        DOMICILE_HOME: installation.folder,
        DOMICILE_STACK: STACK.stack,
        DOMICILE_ENVIRONMENT: STACK.environment,
        DOMICILE_REGIONS_FILE: installation.regionsFile,
        DOMICILE_EU_KEY_DATABASE_URL: keyStore.appUrl,
      });
    const versions = async (): Promise<number[]> =>
      (await keyStore.sql('superuser', 'select distinct wrapping_version as v from data_key order by v')).map(({ v }) =>
        Number(v),
      );
    const member = await api.member('eu');
    const barrier = await Barrier.before('update', 'data_key', keyStore);
    const rotating = rotate();
    await barrier.reached();
    server.kill('SIGKILL');
    const { how, errors } = await rotating.ended;
    expect([how, errors]).toEqual([1, expect.stringMatching(/^domicile: The key store of eu is away; .*\n$/)]);
    // The command may know of it before the launcher, which starts nothing that it takes to be running.
    await eventually('its end', () => server.pid === undefined);
    await server.start();
    await barrier.lift();
    expect(await versions()).toContain(1);
    expect((await rotate().ended).how).toBe(0);
    expect(await versions()).toEqual([2]);
    expect(readdirSync(join(home, 'keys')).filter((name) => name.startsWith('wrapping.')).length).toBe(2);
    await eventually('the key store to be back', async () => (await fresh.signIn('eu', freshEmail())).status === 401);
    expect((await read(fresh, member)).status).toBe(200);
    expect((await read(fresh, await api.member('eu'))).status).toBe(200);
  });

  it('never became a fault of ours', () => {
    for (const each of [api, fresh]) {
      expect(each.processes[0]!.events('request.fault').filter(({ status }) => status !== 503)).toEqual([]);
      expect(each.processes[0]!.errors).toBe('');
    }
  });

  describe('whose API is killed', () => {
    /** Ends it where it waits; what it was about to do never happens. */
    const kill = async (barrier: Barrier, victim: Api): Promise<void> => {
      await barrier.reached();
      await victim.stop('SIGKILL');
      await barrier.cut();
      await barrier.lift();
    };
    const keys = async (): Promise<number> => {
      const [row] = await installation.site('eu').keyStore.sql('superuser', 'select count(*)::int as n from data_key');
      return Number(row!['n']);
    };

    it('while it makes keys has all of them or none, and nothing that was sealed lacks one', async () => {
      const victim = await installation.start({ settings });
      const stored = (await installation.counts('eu'))['signup']!;
      const barrier = await Barrier.before('insert', 'data_key', installation.site('eu').keyStore);
      const before = await keys();
      let minting = false;
      const reached = barrier.reached().then(() => (minting = true));
      const taken: Answer[] = [];
      while (!minting) taken.push(await victim.signUp('eu'));
      await reached;
      // Still without a wait: more are made while there are some left.
      taken.push(await victim.signUp('eu'));
      await kill(barrier, victim);
      for (const { status } of taken) expect(status).toBe(202);
      expect(await keys()).toBe(before);
      const again = await victim.restart();
      for (const { id } of taken.slice(0, 2).map((answer) => answer.json<{ signup: { id: string } }>().signup)) {
        const made = await again.confirm('eu', id, await installation.digits('eu', id));
        expect(made.status).toBe(201);
      }
      expect((await installation.counts('eu'))['signup']).toBe(stored + taken.length);
      await again.stop();
    });

    it('in the middle of a registration leaves nothing of it but keys that nobody uses', async () => {
      const victim = await installation.start({ settings });
      const { id } = await victim.pending('eu');
      const digits = await installation.digits('eu', id);
      await installation.drained('eu');
      const before = await installation.counts('eu');
      const barrier = await Barrier.before('insert', 'account', installation.site('eu').database);
      const confirming = victim.confirm('eu', id, digits).catch((error: NodeJS.ErrnoException) => error.code);
      await kill(barrier, victim);
      expect(await confirming).toBe('ECONNRESET');
      expect(await installation.counts('eu')).toEqual(before);
      const again = await victim.restart();
      const made = (await again.confirm('eu', id, digits)).json<Member>();
      expect((await read(fresh, made)).json()).toMatchObject({ name: made.account.name });
      expect(await new Operator(again).keyOf('person', 'eu', made)).toMatch(/^[0-9a-f-]{36}$/);
      await again.stop();
    });
  });
});

/** Well-formed files that hold another key: what is sealed or found by them would be nobody's. */
describe('the key files of a region', () => {
  let installation: Installation;
  let api: Api;
  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    for (let people = 0; people < 3; people++) await api.member('eu');
    await api.stop();
  });
  afterAll(() => installation?.close());
  const file = (name: string): string => join(installation.site('eu').home, 'keys', name);

  it.each(['wrapping.1.key', 'index.key'])(
    'are refused at the start when %s is another one, and good again',
    async (name) => {
      const own = readFileSync(file(name));
      writeFileSync(file(name), randomBytes(32).toString('hex'));
      const relays = await Promise.all(
        installation.codes.map(async (code) => [
          `DOMICILE_${code.toUpperCase()}_SMTP_URL`,
          (await installation.relay(code)).url,
        ]),
      );
      const { environment } = api.processes[0]!;
      for (const process of [
        installation.spawn(environment),
        installation.spawn({ ...environment, ...Object.fromEntries(relays) }, PROCESS_KINDS.worker),
      ]) {
        expect((await process.ended).code).toBe(1);
        expect(process.errors).toContain(
          `The key folder of region eu holds another ${name} than its data was made with; restore the region's own from its backup.`,
        );
      }
      writeFileSync(file(name), own);
      const again = await api.restart();
      expect(again.processes[0]!.isRunning).toBe(true);
      await again.stop();
    },
  );

  it('are believed where single values are altered: each of those is refused by itself', async () => {
    const { keyStore, database } = installation.site('eu');
    const [newest] = await database.sql(
      'superuser',
      `select encode(substr(sealed, 2, 16), 'hex')::uuid as key from person order by id desc`,
    );
    await keyStore.sql(
      'superuser',
      'update data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where id = $1',
      [newest!['key']],
    );
    const again = await api.restart();
    expect(again.processes[0]!.isRunning).toBe(true);
    await again.stop();
  });
});
