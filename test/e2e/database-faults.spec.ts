import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import type { Api, Member } from '../support/api.js';
import { wholeAccounts } from '../support/barrier.js';
import type { TestDatabase } from '../support/databases.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { Neighbour } from '../support/neighbour.js';

const DEADLINE_MILLISECONDS = 1_500;
/** What may pass between the deadline and the answer. */
const GRACE_MILLISECONDS = 700;

/** EU's database is the victim, on a server of its own; US's shares its process and must notice nothing. */
describe('the database of a region', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-victim-'));
  const server = new EmbeddedPostgres({ home: folder, name: 'the victim', settings: { fsync: 'off' } });
  let installation: Installation;
  let database: TestDatabase;
  let api: Api;
  let eu: Member;
  let us: Member;
  let neighbour: Neighbour;

  beforeAll(async () => {
    await server.start();
    const superuserUrl = server.superuserUrl('postgres');
    installation = await Installation.create({ servers: { eu: { home: folder, superuserUrl } } });
    database = installation.site('eu').database;
    api = await installation.start({
      settings: { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: String(DEADLINE_MILLISECONDS) },
    });
    await api.startWorkers();
    [eu, us] = await Promise.all([api.member('eu'), api.member('us')]);
  });
  beforeEach(() => {
    neighbour = new Neighbour(other);
  });
  afterEach(async () => {
    await neighbour.expectUndisturbed();
    // Same process all along: nothing was restarted to heal.
    expect(api.processes[0]!.events('api.listening').length).toBe(1);
    await wholeAccounts(database);
  });
  afterAll(async () => {
    server.kill('SIGCONT');
    await server.start();
    await installation.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const me = (): Promise<Answer> => api.ask('eu', '/v1/me', { token: eu.session.token });
  const other = (): Promise<Answer> => api.ask('us', '/v1/me', { token: us.session.token });
  const states = async (): Promise<unknown> => (await api.ask('eu', '/readyz')).json()['regions'];

  /** Every kind of work is refused in time and in words. */
  async function expectAway(): Promise<void> {
    const answers = await Promise.all([
      me(),
      me(),
      api.ask('eu', `/v1/accounts/${eu.account.id}`, { token: eu.session.token }),
      api.signUp('eu'),
      ...Array.from({ length: 20 }, () => me()),
    ]);
    for (const answer of answers) {
      expect([answer.status, answer.code]).toEqual([503, 'residency.unavailable']);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(answer.headers['x-hosting-region']).toBe('eu');
      expect(answer.milliseconds).toBeLessThanOrEqual(DEADLINE_MILLISECONDS + GRACE_MILLISECONDS);
    }
    expect(await states()).toEqual({ eu: 'away', us: 'up' });
    expect((await api.ask('eu', '/healthz')).status).toBe(200);
  }

  async function expectHealed(): Promise<void> {
    await eventually('EU to be back', async () => (await me()).status === 200);
    expect(await states()).toEqual({ eu: 'up', us: 'up' });
    // The whole way works again, mail included.
    await api.member('eu');
    await drained();
  }

  /** What was claimed when the database went away comes again when its lease is over; not waited for here. */
  async function drained(): Promise<void> {
    await installation.site('eu').database.sql('superuser', 'update outbox set due_at = now()');
    await installation.drained('eu');
  }

  it('is killed: 503 at once, and all is well when it runs again', async () => {
    server.kill('SIGKILL');
    await expectAway();
    await server.start();
    await expectHealed();
  });

  it('is killed with signups and confirmations under way: all of each or nothing', async () => {
    const waiting = await Promise.all(Array.from({ length: 10 }, () => api.pending('eu')));
    const codes = await Promise.all(waiting.map(({ id }) => installation.digits('eu', id)));
    const [first, ...rest] = waiting.map(({ id }, i) => api.confirm('eu', id, codes[i]!));
    const asked = Array.from({ length: 10 }, () => api.signUp('eu'));
    await Promise.race([first, ...rest]);
    server.kill('SIGKILL');
    const answers = await Promise.all([first!, ...rest]);
    const signups = await Promise.all(asked);
    await server.start();
    await eventually('EU to be back', async () => (await me()).status === 200);
    for (const [i, answer] of answers.entries()) {
      expect([201, 503]).toContain(answer.status);
      const again = await api.confirm('eu', waiting[i]!.id, codes[i]!);
      // An answer that was lost may still have been carried out; one that arrived was.
      if (answer.status === 201) expect(again.code).toBe('signup.already_confirmed');
      else expect([undefined, 'signup.already_confirmed']).toContain(again.code);
    }
    for (const answer of signups) expect([202, 503]).toContain(answer.status);
    await drained();
    const mails = installation.mails('eu');
    const taken = signups.filter(({ status }) => status === 202);
    for (const { id } of taken.map((answer) => answer.json<{ signup: { id: string } }>().signup))
      expect([id, mails.filter(({ text }) => text.includes(id)).length]).toEqual([id, 1]);
  });

  it('is frozen: 503 by the deadline, and all is well when it is thawed', async () => {
    server.kill('SIGSTOP');
    try {
      await expectAway();
      await expectAway();
    } finally {
      server.kill('SIGCONT');
    }
    await expectHealed();
  });

  it('is frozen: the other region answers while nobody here is answered', async () => {
    server.kill('SIGSTOP');
    try {
      let answered = 0;
      // More than there are connections, so that one pool for both would be exhausted.
      const waiting = Array.from({ length: 30 }, () => me().finally(() => answered++));
      let meanwhile = 0;
      while (answered === 0) {
        expect((await other()).status).toBe(200);
        if (answered === 0) meanwhile++;
      }
      // One that had waited for the frozen region would have come after the first answer of that region.
      expect(meanwhile).toBeGreaterThanOrEqual(3);
      for (const { status } of await Promise.all(waiting)) expect(status).toBe(503);
    } finally {
      server.kill('SIGCONT');
    }
    await expectHealed();
  });

  it('is restarted: 503 meanwhile, and all is well afterwards', async () => {
    await server.stop();
    await expectAway();
    await server.start();
    await expectHealed();
  });

  it('has no connection left: 503, and all is well when there is one', async () => {
    const role = `${database.name}_app`;
    await database.sql('superuser', `alter role ${role} connection limit 0`);
    try {
      await terminate(role);
      await expectAway();
    } finally {
      await database.sql('superuser', `alter role ${role} connection limit -1`);
    }
    await expectHealed();
  });

  it('cannot be entered any more: 503, and all is well when it can', async () => {
    const role = `${database.name}_app`;
    await database.sql('superuser', `alter role ${role} nologin`);
    try {
      await terminate(role);
      await expectAway();
    } finally {
      await database.sql('superuser', `alter role ${role} login`);
    }
    await expectHealed();
  });

  it('drops every connection in the middle of fifty confirmations: all of each or nothing', async () => {
    const waiting = await Promise.all(Array.from({ length: 50 }, () => api.pending('eu')));
    const codes = await Promise.all(waiting.map(({ id }) => installation.digits('eu', id)));
    const before = await wholeAccounts(database);
    const confirming = waiting.map(({ id }, i) => api.confirm('eu', id, codes[i]!));
    let over = false;
    void Promise.all(confirming).then(() => (over = true));
    for (let made = before; !over;) {
      // Again and again, each time after one more account has been made.
      made = (
        await eventually('one more account, or the end', async () => {
          const now = await wholeAccounts(database);
          return over || now > made ? { now } : undefined;
        })
      ).now;
      await terminate(`${database.name}_app`);
    }
    const answers = await Promise.all(confirming);
    for (const answer of answers) expect([201, 503]).toContain(answer.status);
    const made = await wholeAccounts(database);
    expect(made - before).toBeGreaterThanOrEqual(answers.filter(({ status }) => status === 201).length);
    for (const [i, { id }] of waiting.entries()) {
      const again = await api.confirm('eu', id, codes[i]!);
      // An answer that was lost may still have been carried out; one that arrived was.
      if (answers[i]!.status === 201) expect(again.code).toBe('signup.already_confirmed');
      else expect([undefined, 'signup.already_confirmed']).toContain(again.code);
    }
    expect(await wholeAccounts(database)).toBe(before + 50);
  });

  async function terminate(role: string): Promise<void> {
    await database.sql('superuser', 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
      role,
    ]);
  }

  it('never became a fault of ours', () => {
    const faults = api.processes[0]!.events('request.fault').filter(({ status }) => status !== 503);
    expect(faults).toEqual([]);
    expect(api.processes[0]!.errors).toBe('');
  });
});
