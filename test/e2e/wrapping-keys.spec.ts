import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import { FileKeyProvider } from '@domicile/vault';
import { type Api, freshEmail, type Member } from '../support/api.js';
import { STACK } from '../support/databases.js';
import { Barrier } from '../support/barrier.js';
import { eventually } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { Neighbour } from '../support/neighbour.js';
import { type Ended, Started } from '../support/started.js';

/** Ten batches of the command. */
const FILLERS = 5_000;

/** One story, in order: a region's wrapping key is replaced while its API works. */
describe('a rotation of wrapping keys beside a running API', () => {
  let installation: Installation;
  let api: Api;
  let members: Member[];
  let us: Member;
  let work: Neighbour[];

  const keysDir = (code = 'eu'): string => join(installation.site(code).home, 'keys');
  const fileOf = (version: number): string => join(keysDir(), `wrapping.${version}.key`);
  function command(action: 'status' | 'rotate', code = 'eu'): Started {
    return Started.command(['keys', action, '--region', code], {
      DOMICILE_HOME: installation.folder,
      DOMICILE_STACK: STACK.stack,
      DOMICILE_ENVIRONMENT: STACK.environment,
      DOMICILE_REGIONS_FILE: installation.regionsFile,
      [`DOMICILE_${code.toUpperCase()}_KEY_DATABASE_URL`]: installation.site(code).keyStore.appUrl,
    });
  }
  const run = (action: 'status' | 'rotate', code = 'eu'): Promise<Ended> => command(action, code).ended;
  /** What really stands in the store: how many keys each version wraps. */
  async function counted(code = 'eu'): Promise<Record<number, number>> {
    const rows = await installation
      .site(code)
      .keyStore.sql('superuser', 'select wrapping_version as v, count(*)::int as n from data_key group by 1');
    return Object.fromEntries(rows.map(({ v, n }) => [Number(v), Number(n)]));
  }
  /** What the command says of it. */
  function told({ output }: Ended): Record<number, number> {
    const lines = [...output.matchAll(/^eu: version (\d+) wraps (\d+) data keys/gm)];
    return Object.fromEntries(lines.map(([, version, count]) => [Number(version), Number(count)]));
  }

  /** Keys of nobody, wrapped as the product does, so that the work is long enough to be cut off. */
  async function fill(): Promise<void> {
    const { region, keyStore } = installation.site('eu');
    const ids = new IdCodec(api.regions);
    const provider = new FileKeyProvider([{ region: 'eu', keysDir: keysDir() }]);
    const fresh = Array.from({ length: FILLERS }, () => ids.mint('key', region));
    const wrapped = await Promise.all(fresh.map((id) => provider.wrap('eu', 1, id, randomBytes(32))));
    await keyStore.sql(
      'superuser',
      'insert into data_key (id, wrapped, wrapping_version) select *, 1 from unnest($1::uuid[], $2::bytea[])',
      [fresh.map((id) => ids.encode(id, 'key', region)), wrapped],
    );
  }

  /** Everybody is read, by a process that has to ask for each key. */
  async function expectEverythingOpens(fresh: Api): Promise<void> {
    for (const { account, person, session } of members) {
      const read = await fresh.ask('eu', `/v1/accounts/${account.id}`, { token: session.token });
      expect([read.status, read.json()['name']]).toEqual([200, account.name]);
      const me = await fresh.ask('eu', '/v1/me', { token: session.token });
      expect(me.json()).toMatchObject({ person });
      expect((await fresh.signIn('eu', person.email)).status).toBe(201);
    }
  }

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    members = await Promise.all(Array.from({ length: 2 }, (_, i) => api.member('eu', { displayName: `of key ${i}` })));
    us = await api.member('us');
    await fill();
    const [first] = members;
    work = [
      // A sign-in asks the store for a key each time; it also costs a hash.
      new Neighbour(() => api.signIn('eu', first!.person.email), 201, 100),
      new Neighbour(() => api.signUp('eu', { email: freshEmail() }), 202, 30),
      new Neighbour(() => api.ask('eu', '/v1/me', { token: first!.session.token })),
      new Neighbour(() => api.ask('us', '/v1/me', { token: us.session.token })),
    ];
  });
  afterAll(() => installation.close());

  it('begins with one key for all, as the command says', async () => {
    const { how, output, errors } = await run('status');
    expect([how, errors]).toEqual([0, '']);
    expect(output).toMatch(/^eu: version 1 wraps \d+ data keys\.\n$/);
    expect(Object.keys(await counted())).toEqual(['1']);
  });

  it('is killed in the middle: both keys are in use, and the command says so', async () => {
    const rotating = command('rotate');
    await eventually('the first batch', () => rotating.output.includes('data keys wrapped anew'));
    const { how } = await rotating.signal('SIGKILL');
    expect(how).toBe('SIGKILL');
    const { 1: old = 0, 2: anew = 0 } = await counted();
    expect([old > 0, anew > 0]).toEqual([true, true]);
    // What is made meanwhile comes under the new one.
    expect(told(await run('status'))[1]).toBe(old);
    const fresh = await installation.start();
    await expectEverythingOpens(fresh);
    await fresh.stop();
  });

  it('hangs in the middle of a batch, and nobody else waits: what is asked meanwhile is read, written and signed in', async () => {
    const { keyStore } = installation.site('eu');
    const [before, keys] = [await counted(), Object.values(await counted())];
    const barrier = await Barrier.before('update', 'data_key', keyStore);
    const rotating = command('rotate');
    await barrier.reached();
    const asked = work.map(({ count }) => count);
    // Keys are made 64 at a time: so many subjects need new ones in the store.
    const made = await Promise.all(Array.from({ length: 65 }, () => api.signUp('eu')));
    expect(made.filter(({ status }) => status !== 202)).toEqual([]);
    await eventually('requests beside it', () => work.every(({ count }, i) => count > asked[i]! + 1));
    // Then the store ends its connection, as it does when it is killed: the batch is undone, and the command says that it is not done.
    await barrier.cut();
    const { how, errors } = await rotating.ended;
    expect([how, errors]).toEqual([
      1,
      'domicile: The key store of eu is away; start it and run this again: a rotation goes on where it was.\n',
    ]);
    await barrier.lift();
    const after = await counted();
    expect(after[1]).toBe(before[1]);
    expect(after[1]! + after[2]!).toBeGreaterThan(keys.reduce((sum, count) => sum + count, 0));
    expect(readdirSync(keysDir()).filter((name) => name.startsWith('wrapping.')).length).toBe(2);
  });

  it('is finished by the next run, which makes no further key, and no request failed all along', async () => {
    const before = work.map(({ count }) => count);
    const { how, output, errors } = await run('rotate');
    expect([how, errors]).toEqual([0, '']);
    expect(output).toMatch(/are now wrapped by version 2\.\n/);
    await eventually('requests after it', () => work.every(({ count }, i) => count > before[i]! + 2));
    for (const each of work) await each.expectUndisturbed(10);
    expect(readdirSync(keysDir()).filter((name) => name.startsWith('wrapping.'))).toEqual([
      'wrapping.1.key',
      'wrapping.2.key',
    ]);
    expect((await counted())[1]).toBeUndefined();
    expect((await counted())[2]).toBeGreaterThan(FILLERS);
    const status = await run('status');
    expect(told(status)).toEqual({ 1: 0, 2: (await counted())[2] });
  });

  it('leaves nothing that needs the old key', async () => {
    rmSync(fileOf(1));
    members.push(await api.member('eu'));
    await api.stop();
    api = await api.restart();
    await expectEverythingOpens(api);
    members.push(await api.member('eu'));
    expect(Object.keys(await counted())).toEqual(['2']);
  });

  it('touched nothing of the other region', async () => {
    expect(Object.keys(await counted('us'))).toEqual(['1']);
    expect((await run('status', 'us')).output).toMatch(/^us: version 1 wraps \d+ data keys\.\n$/);
  });

  it('can be done again; a new key that is lost is told by the command, answered in words, and whole when restored', async () => {
    expect((await run('rotate')).output).toMatch(/are now wrapped by version 3\.\n/);
    expect(Object.keys(await counted())).toEqual(['3']);
    renameSync(fileOf(3), `${fileOf(3)}.away`);
    expect((await run('status')).output).toMatch(/eu: version 3 wraps \d+ data keys, BUT ITS FILE IS MISSING\.\n/);
    await api.stop();
    api = await api.restart();
    const [{ account, person, session }] = members as [Member];
    const answers = [
      await api.ask('eu', `/v1/accounts/${account.id}`, { token: session.token }),
      await api.signIn('eu', person.email),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.code]).toEqual([503, 'vault.key_missing']);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect((await api.ask('us', '/v1/me', { token: us.session.token })).status).toBe(200);
    renameSync(`${fileOf(3)}.away`, fileOf(3));
    await expectEverythingOpens(api);
  });
});
