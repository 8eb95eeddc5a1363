import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Member } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { OlderCopy } from '../support/older-copy.js';
import { Operator } from '../support/operator.js';

const REGIONS = ['eu', 'us'] as const;
type Code = (typeof REGIONS)[number];

/** Databases come back from older copies; who was erased does not. One story, in both regions at once. */
describe('after a restore', () => {
  let installation: Installation;
  let api: Api;
  let operator: Operator;
  const erased = {} as Record<Code, Member>;
  const twin = {} as Record<Code, Member>;

  beforeAll(async () => {
    installation = await Installation.create();
    api = await installation.start();
    operator = new Operator(api);
    for (const code of REGIONS)
      [erased[code], twin[code]] = await Promise.all([api.member(code, { displayName: 'Augusta' }), api.member(code)]);
  });
  afterAll(() => installation.close());

  const each = (work: (code: Code) => Promise<unknown>): Promise<unknown> => Promise.all(REGIONS.map(work));
  const rows = (code: Code, text: string): Promise<Record<string, unknown>[]> =>
    installation.site(code).database.sql('superuser', text);
  const keys = (code: Code, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
    installation.site(code).keyStore.sql('superuser', text, values);

  /** Backups from before anybody was erased. */
  let older: Record<Code, { rows: OlderCopy; keys: OlderCopy }>;

  /** Starts anew, after what is done while nobody serves. @returns how many tombstones it carried over, by region */
  async function restart(meanwhile?: () => Promise<unknown>): Promise<Record<string, unknown>> {
    await api.stop();
    await meanwhile?.();
    api = await api.restart();
    const events = api.processes[0]!.events('vault.tombstones_replayed');
    return Object.fromEntries(events.map(({ region, count }) => [region, count]));
  }

  const KEY = 'select from data_key where id = $1';
  async function copiesOf(code: Code): Promise<{ rows: OlderCopy; keys: OlderCopy }> {
    const { database, keyStore } = installation.site(code);
    return { rows: await OlderCopy.of(database), keys: await OlderCopy.of(keyStore) };
  }
  async function expectErased(code: Code): Promise<void> {
    const { account, person, session } = erased[code];
    const read = await api.ask(code, `/v1/accounts/${account.id}`, { token: session.token });
    expect([read.status, read.code]).toEqual([401, 'residency.secret_invalid']);
    expect((await api.ask(code, '/v1/me', { token: session.token })).status).toBe(401);
    expect((await api.signIn(code, person.email)).code).toBe('session.refused');
    for (const table of ['account', 'person'])
      expect(await rows(code, `select count(*)::int as n from ${table} where status = 'erased'`)).toEqual([{ n: 1 }]);
    for (const look of [rows, keys])
      expect(await look(code, 'select count(*)::int as n from tombstone')).toEqual([{ n: 2 }]);
  }
  async function expectTwinLives(code: Code): Promise<void> {
    const { account, person, session } = twin[code];
    const read = await api.ask(code, `/v1/accounts/${account.id}`, { token: session.token });
    expect(read.json()).toMatchObject({ name: account.name, status: 'active' });
    expect((await api.signIn(code, person.email)).status).toBe(201);
  }

  it('of the rows from before an erasure: who was erased stays erased, and nothing of her can be read', async () => {
    const erase = async (): Promise<void> => {
      const copies = await Promise.all(REGIONS.map(copiesOf));
      older = { eu: copies[0]!, us: copies[1]! };
      // As an erasure does: keys and their tombstones in the store first, then the rows.
      for (const subject of ['account', 'person'] as const)
        await each((code) => operator.destroyKey(subject, code, erased[code]));
    };
    expect(await restart(erase)).toEqual({ eu: 2, us: 2 });
    await each(expectErased);
    // Her rows as they were, and no word of her end.
    const back = async (code: Code): Promise<void> => {
      await older[code].rows.restore();
      expect(await rows(code, "select count(*)::int as n from person where status = 'active'")).toEqual([{ n: 2 }]);
      expect(await rows(code, 'select from tombstone')).toEqual([]);
    };
    expect(await restart(() => each(back))).toEqual({ eu: 2, us: 2 });
    await each(expectErased);
    await each(expectTwinLives);
  });

  it('nothing of her opens, even where her state is forgotten', async () => {
    await each(async (code) => {
      const { account, session } = erased[code];
      await operator.put('person', code, erased[code], 'active');
      const read = await api.ask(code, `/v1/accounts/${account.id}`, { token: session.token });
      expect([read.status, read.code]).toEqual([404, 'residency.not_found']);
      await operator.put('account', code, erased[code], 'active');
      for (const path of ['/v1/me', `/v1/accounts/${account.id}`]) {
        const answer = await api.ask(code, path, { token: session.token });
        expect([path, answer.status, answer.code]).toEqual([path, 410, 'vault.key_destroyed']);
        expect(answer.text).not.toMatch(/Augusta|Analytical/);
      }
      await operator.put('person', code, erased[code], 'erased');
      await operator.put('account', code, erased[code], 'erased');
      await expectErased(code);
    });
  });

  it('of the key store from before an erasure: the key is destroyed again before anybody is served', async () => {
    const back = async (code: Code): Promise<void> => {
      await older[code].keys.restore();
      expect(await keys(code, 'select from tombstone')).toEqual([]);
      for (const subject of ['account', 'person'] as const)
        expect((await keys(code, KEY, [await operator.keyOf(subject, code, erased[code])])).length).toBe(1);
    };
    expect(await restart(() => each(back))).toEqual({ eu: 2, us: 2 });
    await each(async (code) => {
      for (const subject of ['account', 'person'] as const)
        expect(await keys(code, KEY, [await operator.keyOf(subject, code, erased[code])])).toEqual([]);
      await expectErased(code);
      await expectTwinLives(code);
    });
  });

  it.each(REGIONS)(
    'of a key store that does not know the newest keys of %s: nothing is served until a newer copy is there',
    async (code) => {
      const key = await operator.keyOf('person', code, twin[code]);
      const [kept] = await keys(code, 'delete from data_key where id = $1 returning *', [key]);
      await expect(restart()).rejects.toThrow(
        new RegExp(`key store of region ${code} does not know 1 of the newest 2 keys in use: .* restore a newer one`),
      );
      const names = Object.keys(kept!);
      const places = names.map((_, i) => `$${i + 1}`);
      await keys(code, `insert into data_key (${names.join()}) values (${places.join()})`, Object.values(kept!));
      // What agrees is left alone.
      expect(await restart()).toEqual({});
      await expectTwinLives(code);
      await expectErased(code);
    },
  );
});
