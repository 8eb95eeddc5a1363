import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import type { Api, Member } from '../support/api.js';
import { type Answer, eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';

const DEADLINE_MILLISECONDS = 1_500;
/** What may pass between the deadline and the answer. */
const GRACE_MILLISECONDS = 700;
/** More than are ever made ahead. */
const SIGNUPS = 130;

/** EU's key store is the victim, on a server of its own; its rows and the other region share the process and must go on. */
describe('the key store of a region', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-keys-'));
  const server = new EmbeddedPostgres({ home: folder, name: 'the victim', settings: { fsync: 'off' } });
  let installation: Installation;
  let api: Api;
  let eu: Member;
  let us: Member;

  beforeAll(async () => {
    await server.start();
    const superuserUrl = server.superuserUrl('postgres');
    installation = await Installation.create({ servers: { 'eu-keys': { home: folder, superuserUrl } } });
    const settings = { DOMICILE_REQUEST_DEADLINE_MILLISECONDS: String(DEADLINE_MILLISECONDS) };
    api = await installation.start({ settings });
    [eu, us] = await Promise.all([api.member('eu'), api.member('us')]);
    await installation.drained('eu');
  });
  beforeEach(async () => {
    // A process that has opened no key yet.
    await api.stop('SIGTERM');
    api = await api.restart();
  });
  afterAll(async () => {
    server.kill('SIGCONT');
    await server.start();
    await installation?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (code: 'eu' | 'us', { account, session }: Member): Promise<Answer> =>
    api.ask(code, `/v1/accounts/${account.id}`, { token: session.token });
  const statuses = (answers: readonly Answer[]): string[] =>
    [...new Set(answers.map(({ status, code }) => [status, code].join(' ').trim()))].sort();

  /** What is sealed cannot be opened; all else lives. */
  async function expectSealedAway(): Promise<void> {
    const sealed = await Promise.all([read('eu', eu), api.ask('eu', '/v1/me', { token: eu.session.token })]);
    expect(statuses(sealed)).toEqual(['503 residency.unavailable']);
    for (const answer of sealed) {
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(answer.milliseconds).toBeLessThanOrEqual(DEADLINE_MILLISECONDS + GRACE_MILLISECONDS);
    }
    // Nobody's session is mistaken for none, and what needs no key is answered.
    expect((await api.ask('eu', '/v1/me', { token: us.session.token })).status).toBe(421);
    for (const path of ['/healthz', '/v1/regions', '/v1/policies/current'])
      expect([path, (await api.ask('eu', path)).status]).toEqual([path, 200]);
    expect((await read('us', us)).status).toBe(200);
  }

  async function expectHealed(): Promise<void> {
    await eventually('its keys', async () => (await read('eu', eu)).status === 200);
    expect((await read('eu', await api.member('eu'))).status).toBe(200);
    expect(api.processes[0]!.events('request.fault').filter(({ status }) => status !== 503)).toEqual([]);
    expect(api.processes[0]!.errors).toBe('');
  }

  it('is killed: what is sealed is 503, the rest lives, and all is well when it runs again', async () => {
    server.kill('SIGKILL');
    await expectSealedAway();
    await server.start();
    await expectHealed();
  });

  it('is frozen: 503 by the deadline, and all is well when it is thawed', async () => {
    server.kill('SIGSTOP');
    try {
      await expectSealedAway();
    } finally {
      server.kill('SIGCONT');
    }
    await expectHealed();
  });

  it('is away while many sign up: those who find a key made ahead are served, the others 503, and nothing is stored in clear', async () => {
    const before = (await installation.counts('eu'))['signup']!;
    await eventually('keys made ahead', async () => (await keysThere()) > 0);
    await server.stop();
    const answers: Answer[] = [];
    for (let i = 0; i < SIGNUPS; i += 10)
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => api.signUp('eu')))));
    expect(statuses(answers)).toEqual(['202', '503 residency.unavailable']);
    const taken = answers.filter(({ status }) => status === 202);
    expect((await installation.counts('eu'))['signup']).toBe(before + taken.length);
    await server.start();
    await eventually('the word of its loop', () => api.processes[0]!.events('vault.back').length > 0);
    expect(api.processes[0]!.events('vault.away').length).toBeGreaterThan(0);
    // Every signup that was taken can be confirmed: its key was stored before it sealed anything.
    const { id } = taken.at(-1)!.json<{ signup: { id: string } }>().signup;
    expect((await api.confirm('eu', id, await installation.digits('eu', id))).status).toBe(201);
    await expectHealed();
  });

  const keysThere = async (): Promise<number> => {
    const [row] = await installation.site('eu').keyStore.sql('superuser', 'select count(*)::int from data_key');
    return row!['count'] as number;
  };
});
