import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Counts, difference, NOTHING, ONE_ACCOUNT } from '../support/account-rows.js';
import type { Api, ApiProcess, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { Barrier, wholeAccounts } from '../support/barrier.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { digitsOf } from '../support/mail.js';

const STOP_MILLISECONDS_MAX = 5_000;

describe('a process', () => {
  let installation: Installation;
  let database: TestDatabase;
  let api: Api;

  beforeAll(async () => {
    installation = await Installation.create();
    database = installation.site('eu').database;
    api = await installation.start();
  });
  beforeEach(async () => {
    if (!(await isUp())) api = await api.restart();
  });
  afterAll(() => installation.close());

  const isUp = (): Promise<boolean> =>
    api.ask('eu', '/healthz').then(
      () => true,
      () => false,
    );
  const kill = (): Promise<unknown> => api.stop('SIGKILL');

  describe('that mails', () => {
    let worker: ApiProcess;
    beforeAll(async () => ([worker] = (await api.startWorkers()) as [ApiProcess]));
    afterAll(() => worker.stop());

    const again = async (): Promise<void> => void ([worker] = (await api.startWorkers()) as [ApiProcess]);
    const mailsOf = (id: string) => installation.mails('eu').filter(({ text }) => text.includes(id));
    /** As though the lease of whoever was killed had run out. */
    const endLeases = () => database.sql('superuser', 'update outbox set due_at = now()');

    it('and is killed between commit and mail mails once it runs again', async () => {
      const barrier = await Barrier.before('update', 'outbox', database);
      const { id } = await api.pending('eu');
      // The claim waits: the signup is stored, and nothing was mailed.
      await barrier.reached();
      await worker.stop();
      await barrier.cut();
      await barrier.lift();
      expect(mailsOf(id)).toEqual([]);
      expect((await installation.counts('eu'))['outbox']).toBe(1);
      await again();
      const digits = await installation.mailedDigits('eu', id);
      await installation.drained('eu');
      expect(mailsOf(id).length).toBe(1);
      expect((await api.confirm('eu', id, digits)).status).toBe(201);
    });

    it('and is killed between mail and the note of it mails again, the same', async () => {
      const barrier = await Barrier.before('delete', 'outbox', database);
      const { id } = await api.pending('eu');
      await barrier.reached();
      await worker.stop();
      await barrier.cut();
      await barrier.lift();
      const [first, ...more] = mailsOf(id);
      expect(more).toEqual([]);
      const [row] = await database.sql('superuser', 'select attempts, due_at > now() as leased from outbox');
      expect(row).toEqual({ attempts: 1, leased: true });
      await endLeases();
      await again();
      await installation.drained('eu');
      const mails = mailsOf(id);
      expect(mails.length).toBe(1);
      expect(mails[0]!.file).toBe(first!.file);
      expect(mails[0]!.headers['message-id']).toBe(first!.headers['message-id']);
      expect(digitsOf(mails[0]!)).toBe(digitsOf(first!));
      expect((await api.confirm('eu', id, digitsOf(first!))).status).toBe(201);
    });

    it('and is asked to stop finishes the mail that it has begun, and ends well', async () => {
      const barrier = await Barrier.before('delete', 'outbox', database);
      const { id } = await api.pending('eu');
      await barrier.reached();
      worker.kill('SIGTERM');
      await barrier.lift();
      expect(await worker.ended).toEqual({ code: 0, signal: null });
      expect(worker.events('worker.stopped').length).toBe(1);
      expect([mailsOf(id).length, (await installation.counts('eu'))['outbox']]).toEqual([1, 0]);
      await again();
    });

    it('and whose relay is away tries again, and loses none of its mails', async () => {
      const relay = await installation.relay('eu');
      await relay.stop();
      const { id } = await api.pending('eu');
      await eventually('a mail that fails', () => worker.events('outbox.failed').length > 0);
      expect(worker.events('outbox.failed')[0]).toMatchObject({ region: 'eu', code: 'mail.relay_away', attempt: 1 });
      await relay.start();
      expect((await api.confirm('eu', id, await installation.mailedDigits('eu', id))).status).toBe(201);
      await installation.drained('eu');
    });

    it('leaves no draft in the mail folder', () => {
      const files = readdirSync(installation.mailFolder('eu'));
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => !/^obx_\w+\.eml$/.test(file))).toEqual([]);
    });
  });

  /** A confirmation that is killed at its last row. @param and what becomes of the server's own work on it, once nobody waits for it */
  async function killedInside(and: (barrier: Barrier) => Promise<unknown>) {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    await installation.drained('eu');
    const before = await installation.counts('eu');
    const barrier = await Barrier.before('insert', 'session', database);
    const confirming = api.confirm('eu', id, digits).catch((error: NodeJS.ErrnoException) => error.code);
    await barrier.reached();
    await kill();
    expect(await confirming).toBe('ECONNRESET');
    await and(barrier);
    await barrier.lift();
    await eventually('the end of its statement', async () => {
      const open = await database.sql('superuser', 'select 1 from pg_stat_activity where usename = $1', [
        `${database.name}_app`,
      ]);
      return open.length === 0;
    });
    const more = difference(await installation.counts('eu'), before);
    api = await api.restart();
    return { more, again: await api.confirm('eu', id, digits) };
  }

  it('that is killed inside a confirmation, and its connection with it, leaves nothing of it: the code can be used again', async () => {
    const { more, again } = await killedInside((barrier) => barrier.cut());
    expect(more).toEqual(NOTHING);
    expect(again.status).toBe(201);
    await wholeAccounts(database);
  });

  it('that is killed inside a confirmation which the server carries out leaves all of it, once', async () => {
    const { more, again } = await killedInside(() => Promise.resolve());
    // The signup was there before.
    expect(more).toEqual({ ...ONE_ACCOUNT, signup: 0 });
    expect([again.status, again.code]).toEqual([409, 'signup.already_confirmed']);
    await wholeAccounts(database);
  });

  it('whose clients go away in the middle of a request does all of it or nothing', async () => {
    const accounts = await wholeAccounts(database);
    const waiting = await Promise.all(Array.from({ length: 10 }, () => api.pending('eu')));
    const codes = await Promise.all(waiting.map(({ id }) => installation.digits('eu', id)));
    const bodies = codes.map((code) => JSON.stringify({ code, password: PASSWORD }));
    const head = (i: number): string =>
      `POST /v1/signups/${waiting[i]!.id}/confirmations HTTP/1.1\r\nhost: ${api.host('eu')}\r\ncontent-type: application/json\r\ncontent-length: ${bodies[i]!.length}\r\n\r\n`;
    // Half of the body: nothing happens. All of it: it is carried out, though nobody listens.
    await Promise.all(waiting.map((_, i) => goAway(head(i) + bodies[i]!.slice(0, 20))));
    expect(await wholeAccounts(database)).toBe(accounts);
    await Promise.all(waiting.map((_, i) => goAway(head(i) + bodies[i]!)));
    const outcomes = await Promise.all(waiting.map(({ id }, i) => api.confirm('eu', id, codes[i]!)));
    for (const { status, code } of outcomes)
      expect([undefined, 'signup.already_confirmed']).toContain(status === 201 ? undefined : code);
    expect(await wholeAccounts(database)).toBe(accounts + 10);
    expect(api.processes[0]!.events('request.fault')).toEqual([]);
  });

  /** Sends these bytes, and leaves once the system has taken them. */
  function goAway(bytes: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: api.ports['eu']!, host: '127.0.0.1' });
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.write(bytes, () => socket.resetAndDestroy());
    });
  }

  it('that is asked to stop finishes what it has begun, and ends well', async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    const barrier = await Barrier.before('insert', 'session', database);
    const confirming = api.confirm('eu', id, digits);
    await barrier.reached();
    const began = performance.now();
    api.processes[0]!.kill('SIGTERM');
    await eventually('a closed port', async () => !(await isUp()));
    await barrier.lift();
    const answer = await confirming;
    expect(answer.status).toBe(201);
    expect(await api.processes[0]!.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(STOP_MILLISECONDS_MAX);
    expect(api.processes[0]!.events('api.stopped').length).toBe(1);
    api = await api.restart();
    const { account, session } = answer.json<Member>();
    expect((await api.ask('eu', `/v1/accounts/${account.id}`, { token: session.token })).status).toBe(200);
  });

  it('that is asked to stop while its database hangs ends in time all the same', async () => {
    const { id } = await api.pending('eu');
    const digits = await installation.digits('eu', id);
    const barrier = await Barrier.before('insert', 'session', database);
    const confirming = api.confirm('eu', id, digits).then(
      ({ status }) => status,
      () => 'cut',
    );
    await barrier.reached();
    const began = performance.now();
    const { signal } = await api.processes[0]!.stop('SIGTERM');
    expect(performance.now() - began).toBeLessThan(STOP_MILLISECONDS_MAX);
    expect(signal).toBeNull();
    expect([503, 'cut']).toContain(await confirming);
    await barrier.lift();
  });

  describe('that is killed under three Idempotency-Keys', () => {
    interface Keyed {
      readonly path: string;
      readonly json: object;
      /** The same with a word changed: another request. */
      readonly altered: object;
      readonly key: string;
    }
    const once = (path: string, json: object, other: object): Keyed => ({
      path,
      json,
      altered: { ...json, ...other },
      key: randomUUID(),
    });
    const send = ({ path, json, key }: Keyed, body = json) =>
      api.ask('eu', path, { json: body, headers: { 'idempotency-key': key } });
    const sendAll = (all: readonly Keyed[]) => Promise.all(all.map((each) => send(each)));

    /** What makes an account, what signs in and what asks for an account, each of somebody else. */
    async function keyed(): Promise<Keyed[]> {
      const [{ person }, { id }] = [await api.member('eu'), await api.pending('eu')];
      const code = await installation.digits('eu', id);
      const asked = { email: freshEmail(), accountName: 'Acme', acceptedPolicyVersion: await api.policyVersion() };
      return [
        once(`/v1/signups/${id}/confirmations`, { code, password: PASSWORD }, { sessionForm: 'cookie' }),
        once('/v1/sessions', { email: person.email, password: PASSWORD }, { email: freshEmail() }),
        once('/v1/regions/eu/signups', asked, { accountName: 'Acme Ltd' }),
      ];
    }

    const ALL_OF_IT = { account: 1, session: 2, signup: 1, idempotency: 3 };
    async function rowsSince(before: Counts): Promise<Counts> {
      const more = difference(await installation.counts('eu'), before);
      return Object.fromEntries(Object.keys(ALL_OF_IT).map((table) => [table, more[table]!]));
    }
    async function refuseAltered(all: readonly Keyed[]): Promise<void> {
      const answers = await Promise.all(all.map((each) => send(each, each.altered)));
      expect(answers.map(({ status, code }) => [status, code])).toEqual(
        all.map(() => [422, 'request.idempotency_key_reused']),
      );
    }

    it.each([
      ['while the server carries them out', true],
      ['and whose connections are cut as well', false],
    ])(
      '%s: each has one effect and one answer, whoever asks, and none with another body',
      async (_how, isCarriedOut) => {
        const all = await keyed();
        const before = await installation.counts('eu');
        const barrier = await Barrier.atCommit('idempotency', database);
        const waiting = sendAll(all).catch((error: NodeJS.ErrnoException) => error.code);
        await barrier.reached(all.length);
        // A second sign-in would wait for the first one's counts before it is told.
        const more = await sendAll(all.filter(({ path }) => path !== '/v1/sessions'));
        expect(more.map(({ code }) => code)).toEqual(['request.in_progress', 'request.in_progress']);
        await kill();
        expect(await waiting).toBe('ECONNRESET');
        if (!isCarriedOut) await barrier.cut();
        await barrier.lift();
        const kept = isCarriedOut ? ALL_OF_IT : { account: 0, session: 0, signup: 0, idempotency: 0 };
        await eventually('the end of what was sent', async () => {
          const role = [`${database.name}_app`];
          return (
            (await database.sql('superuser', 'select from pg_stat_activity where usename = $1', role)).length === 0
          );
        });
        expect(await rowsSince(before)).toEqual(kept);
        api = await api.restart();
        // Whoever kept nothing may come with another body: it is a first request then.
        if (isCarriedOut) await refuseAltered(all);
        const crowds = await Promise.all(Array.from({ length: 3 }, () => sendAll(all)));
        const last = await sendAll(all);
        for (const [i, { text, status }] of last.entries()) {
          expect(status).toBe([201, 201, 202][i]);
          const answers = crowds.map((crowd) => crowd[i]!).filter(({ code }) => code !== 'request.in_progress');
          expect(answers.length).toBeGreaterThan(0);
          for (const answer of answers) expect(answer.text).toBe(text);
        }
        await refuseAltered(all);
        expect(await rowsSince(before)).toEqual(ALL_OF_IT);
      },
    );
  });
});
