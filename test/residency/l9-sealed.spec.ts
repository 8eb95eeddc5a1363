import { chmodSync, renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PERSON_PROFILE } from '@domicile/accounts';
import type { Id, Region } from '@domicile/residency';
import { createEventLog } from '@domicile/runtime';
import { addWrappingKey, type KeyId, KeyPreload, rewrapKeys } from '@domicile/vault';
import { eu, us } from '../support/databases.js';
import { dumpOf } from '../support/installation.js';
import {
  dropSites,
  openSealing,
  type SealedSite,
  sealedSites,
  type SealingCore,
  wrappingKeyFile,
} from '../support/sealing.js';

/** The code that some work is refused with; or what happened instead. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    return `not refused, but gave ${JSON.stringify(await work())}`;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}

describe('L9 what is personal is sealed', () => {
  let sites: SealedSite[];
  let core: SealingCore;
  const site = (region: Region): SealedSite => sites.find((one) => one.region === region)!;
  const sealedOf = async (region: Region, table: string, id: Id): Promise<Buffer> => {
    const uuid = core.ids.encode(id, id.split('_')[0]!, region);
    const [row] = await site(region).rows.sql('superuser', `select sealed from ${table} where id = $1`, [uuid]);
    return row!['sealed'] as Buffer;
  };
  const put = async (region: Region, table: string, id: Id, sealed: Buffer): Promise<void> => {
    const uuid = core.ids.encode(id, id.split('_')[0]!, region);
    await site(region).rows.sql('superuser', `update ${table} set sealed = $2 where id = $1`, [uuid, sealed]);
  };

  beforeAll(async () => {
    sites = await sealedSites();
    core = await openSealing(sites);
  });
  afterAll(async () => {
    await core?.close();
    await dropSites(sites);
  });

  describe.each([eu, us])('in $code', (region) => {
    const other = region === eu ? us : eu;

    it('and opens again for its own subject, row and set', async () => {
      const id = await core.person(region, 'ada@example.org');
      expect(await core.profileOf(region, id)).toEqual({ email: 'ada@example.org', displayName: null });
      expect((await sealedOf(region, 'person', id)).includes('ada')).toBe(false);
    });

    it('and is refused in another row, subject, set, table or region', async () => {
      const [ada, bob] = [await core.person(region, 'ada@example.org'), await core.person(region, 'bob@example.org')];
      const sealed = await sealedOf(region, 'person', ada);
      await put(region, 'person', bob, sealed);
      expect(await refusal(() => core.profileOf(region, bob))).toBe('vault.value_refused');
      const account = await core.account(region, 'Ada & Co.');
      await put(region, 'account', account, sealed);
      const at = { subject: ada, row: ada, set: PERSON_PROFILE };
      const open = (place: object): Promise<string> =>
        refusal(() => core.within(region, (ctx) => core.vault.open(ctx, { ...at, sealed, ...place })));
      expect(await open({ row: bob })).toBe('vault.value_refused');
      expect(await open({ subject: bob })).toBe('vault.value_refused');
      expect(await open({ set: CREDENTIAL_SECRET })).toBe('vault.value_refused');
      expect(await open({ subject: account, row: account, set: ACCOUNT_PROFILE })).toBe('vault.value_refused');
      expect(await open({})).toContain('ada@example.org');
      // Another region's process sees the id of a key that cannot be its own.
      expect(await refusal(() => core.within(other, (ctx) => core.vault.open(ctx, { ...at, sealed })))).toBe(
        'residency.crossing',
      );
    });

    it('and an altered one is refused, whatever byte was altered', async () => {
      const id = await core.person(region, 'ada@example.org');
      const sealed = await sealedOf(region, 'person', id);
      for (let at = 0; at < sealed.length; at++) {
        const altered = Buffer.from(sealed);
        altered[at]! ^= 0x40;
        await put(region, 'person', id, altered);
        // An altered id of a key is the id of no key, or of none of this region.
        expect(['vault.value_refused', 'vault.key_missing', 'residency.crossing']).toContain(
          await refusal(() => core.profileOf(region, id)),
        );
      }
      await put(region, 'person', id, sealed);
      expect((await core.profileOf(region, id)).email).toBe('ada@example.org');
    });

    it('and shows masks without showing what is behind them', async () => {
      const id = await core.person(region, 'ada@example.org');
      const sealed = await sealedOf(region, 'person', id);
      const masks = await core.within(region, (ctx) =>
        core.vault.mask(ctx, { subject: id, row: id, set: PERSON_PROFILE, sealed }),
      );
      expect(masks).toEqual({ email: 'a••••@e••••.org', displayName: null });
    });

    it('and changes field by field under the same key', async () => {
      const id = await core.person(region, 'ada@example.org');
      const row = { subject: id, row: id, set: PERSON_PROFILE, sealed: await sealedOf(region, 'person', id) };
      const [amended, before, after] = await core.within(region, async (ctx) => {
        const next = await core.vault.amend(ctx, row, { displayName: 'Ada' });
        return [next, core.vault.keyIdOf(ctx, row.sealed), core.vault.keyIdOf(ctx, next)] as const;
      });
      expect(after).toBe(before);
      await put(region, 'person', id, amended);
      expect(await core.profileOf(region, id)).toEqual({
        email: 'ada@example.org',
        displayName: 'Ada',
      });
    });

    it('under a key of each subject’s own, which stands wrapped in the key store and nowhere else', async () => {
      const all = await Promise.all(['a', 'b', 'c'].map((name) => core.person(region, `${name}@example.org`)));
      const keys = await Promise.all(all.map(async (id) => (await sealedOf(region, 'person', id)).subarray(1, 17)));
      expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
      const rows = await site(region).keys.sql(
        'superuser',
        "select wrapped from data_key where replace(id::text, '-', '') = $1",
        [keys[0]!.toString('hex')],
      );
      expect(rows.length).toBe(1);
      const there = await site(region).rows.sql('superuser', "select 1 from pg_class where relname = 'data_key'");
      expect(there).toEqual([]);
      const wrapped = rows[0]!['wrapped'] as Buffer;
      expect(wrapped.length).toBe(12 + 32 + 16);
    });
  });

  describe('a key', () => {
    it('is stored before it seals anything: a process that is gone leaves nothing that cannot be opened', async () => {
      const gone = await openSealing(sites);
      const made = await Promise.all(Array.from({ length: 100 }, (_, i) => gone.person(eu, `${i}@example.org`)));
      await gone.close();
      const fresh = await openSealing(sites);
      try {
        for (const [i, id] of made.entries()) expect((await fresh.profileOf(eu, id)).email).toBe(`${i}@example.org`);
      } finally {
        await fresh.close();
      }
    });

    it('is given to one subject only, also by many at once, who make one batch and else no more than they need', async () => {
      const fresh = await openSealing(sites);
      const count = async (): Promise<number> =>
        (await site(eu).keys.sql('superuser', 'select count(*)::int as n from data_key'))[0]!['n'] as number;
      const before = await count();
      try {
        const keys = await fresh.within(eu, (ctx) =>
          Promise.all(Array.from({ length: 300 }, async () => (await fresh.vault.newKey(ctx)).idHex)),
        );
        expect(new Set(keys).size).toBe(300);
        expect((await count()) - before).toBeLessThanOrEqual(300 + 64);
      } finally {
        await fresh.close();
      }
    });

    it('that was destroyed opens nothing any more, in no process, and says so', async () => {
      const [ada, bob] = [await core.person(eu, 'ada@example.org'), await core.person(eu, 'bob@example.org')];
      const cold = await openSealing(sites);
      try {
        const sealed = await sealedOf(eu, 'person', ada);
        await core.within(eu, (ctx) =>
          core.vault.destroy(ctx, [{ key: core.vault.keyIdOf(ctx, sealed), personId: ada, accountId: null }]),
        );
        for (const process of [core, cold])
          expect(await refusal(() => process.profileOf(eu, ada))).toBe('vault.key_destroyed');
        expect((await cold.profileOf(eu, bob)).email).toBe('bob@example.org');
      } finally {
        await cold.close();
      }
    });
  });

  describe('a tombstone', () => {
    const erase = async (region: Region, id: Id, only?: 'store' | 'rows'): Promise<void> => {
      const kind = id.startsWith('acct') ? 'account' : 'person';
      const sealed = await sealedOf(region, kind, id);
      await core.within(region, async (ctx) => {
        const one = {
          key: core.vault.keyIdOf(ctx, sealed),
          accountId: kind === 'account' ? (id as never) : null,
          personId: kind === 'person' ? (id as never) : null,
        };
        if (only !== 'rows') await core.vault.destroy(ctx, [one]);
        if (only !== 'store') await core.tombstones.add(ctx, [one]);
      });
    };
    const statusOf = async (region: Region, table: string, id: Id): Promise<unknown> => {
      const uuid = core.ids.encode(id, id.split('_')[0]!, region);
      const [row] = await site(region).rows.sql('superuser', `select status from ${table} where id = $1`, [uuid]);
      return row!['status'];
    };

    it('of the key store is carried over to rows that were restored from an older copy', async () => {
      const [person, account] = [await core.person(eu, 'ada@example.org'), await core.account(eu, 'Ada & Co.')];
      const bystander = await core.person(eu, 'bob@example.org');
      // The rows of before: the subjects are alive in them, and no tombstone speaks of them.
      await erase(eu, person, 'store');
      await erase(eu, account, 'store');
      expect([await statusOf(eu, 'person', person), await statusOf(eu, 'account', account)]).toEqual([
        'active',
        'active',
      ]);
      expect(await core.replay.replay(eu)).toBeGreaterThanOrEqual(2);
      expect([await statusOf(eu, 'person', person), await statusOf(eu, 'account', account)]).toEqual([
        'erased',
        'erased',
      ]);
      expect(await statusOf(eu, 'person', bystander)).toBe('active');
      expect(await refusal(() => core.profileOf(eu, person))).toBe('vault.key_destroyed');
      expect(await core.replay.replay(eu)).toBe(0);
    });

    it('of the rows destroys the key again in a key store that was restored from an older copy', async () => {
      const person = await core.person(us, 'ada@example.org');
      await erase(us, person, 'rows');
      expect((await core.profileOf(us, person)).email).toBe('ada@example.org');
      expect(await core.replay.replay(us)).toBe(1);
      const fresh = await openSealing(sites);
      try {
        expect(await refusal(() => fresh.profileOf(us, person))).toBe('vault.key_destroyed');
      } finally {
        await fresh.close();
      }
    });

    it('never leads back: an erased subject stays erased', async () => {
      const person = await core.person(eu, 'ada@example.org');
      const at = { personId: person, accountId: null };
      expect(await core.within(eu, (ctx) => core.subjects.setState(ctx, at, 'erased'))).toBe(true);
      expect(await core.within(eu, (ctx) => core.subjects.setState(ctx, at, 'active'))).toBe(false);
      expect(await statusOf(eu, 'person', person)).toBe('erased');
    });

    it('and a key store that does not know the newest keys is refused', async () => {
      const person = await core.person(us, 'ada@example.org');
      const hex = (await sealedOf(us, 'person', person)).subarray(1, 17).toString('hex');
      const take = "delete from data_key where replace(id::text, '-', '') = $1 returning *";
      const [kept] = await site(us).keys.sql('superuser', take, [hex]);
      const answer = await core.replay.replay(us).catch((error: Error) => error.message);
      expect(answer).toMatch(
        /^The key store of region us does not know 1 of the newest \d+ keys in use: .*restore a newer one\.$/,
      );
      await site(us).keys.sql('superuser', 'insert into data_key (id, wrapped, wrapping_version) values ($1, $2, $3)', [
        kept!['id'],
        kept!['wrapped'],
        kept!['wrapping_version'],
      ]);
      expect(await core.replay.replay(us)).toBe(0);
    });
  });

  describe('a rotation', () => {
    const versions = (region: Region): Promise<Record<string, unknown>[]> =>
      site(region).keys.sql(
        'superuser',
        'select wrapping_version as version, count(*)::int as count from data_key group by 1 order by 1',
      );
    const rotate = (stopAfter = Infinity): Promise<number> => {
      let batches = 0;
      return rewrapKeys('eu', core.store, core.provider, (work) => {
        if (++batches > stopAfter) throw new Error('killed');
        return core.within(eu, work);
      });
    };

    it('wraps every key anew and touches no data, while others read, write and mint', async () => {
      const person = await core.person(eu, 'ada@example.org');
      // More than two batches.
      for (let i = 0; i < 18; i++)
        await core.within(eu, (ctx) => Promise.all(Array.from({ length: 64 }, () => core.vault.newKey(ctx))));
      const before = await sealedOf(eu, 'person', person);
      expect(addWrappingKey(site(eu).rows.keysDir)).toBe(2);
      // Killed after the first batch: everything opens, and the next run does the rest.
      await expect(rotate(1)).rejects.toThrow('killed');
      expect((await versions(eu)).map(({ version }) => version)).toEqual([1, 2]);
      const cold = await openSealing(sites);
      try {
        const working = (async () => {
          for (let i = 0; i < 40; i++) {
            const id = await cold.person(eu, `${i}@example.org`);
            expect((await core.profileOf(eu, id)).email).toBe(`${i}@example.org`);
            expect((await cold.profileOf(eu, person)).email).toBe('ada@example.org');
          }
        })();
        const [done] = await Promise.all([rotate(), working]);
        expect(done).toBeGreaterThan(500);
      } finally {
        await cold.close();
      }
      await rotate();
      expect((await versions(eu)).map(({ version }) => version)).toEqual([2]);
      expect((await sealedOf(eu, 'person', person)).equals(before)).toBe(true);
      expect(await rotate()).toBe(0);
      // The other region's keys are as they were.
      expect((await versions(us)).map(({ version }) => version)).toEqual([1]);
    });

    it('is noticed by a process that knew the older key only: it mints under the newest', async () => {
      addWrappingKey(site(us).rows.keysDir);
      await core.within(us, (ctx) => Promise.all(Array.from({ length: 65 }, () => core.vault.newKey(ctx))));
      expect((await versions(us)).map(({ version }) => version)).toEqual([1, 2]);
      // A process that the new key file has not reached says so, and stores nothing under the old one.
      const stale = await openSealing(sites);
      try {
        stale.provider.newest = () => Promise.resolve(1);
        expect(await refusal(() => stale.within(us, (ctx) => stale.vault.newKey(ctx)))).toBe('vault.key_missing');
      } finally {
        await stale.close();
      }
      // The store itself refuses what a stale process brings.
      const id = core.ids.mint('key', us);
      expect(await core.within(us, (ctx) => core.store.add(ctx, 1, [id], [Buffer.alloc(60)]))).toBe(false);
    });

    it('keeps older keys readable as long as their file is there, and misses them in words when it is not', async () => {
      const file = wrappingKeyFile(site(us), 1);
      const person = (await site(us).rows.sql('superuser', 'select id from person order by id limit 1'))[0]!['id'];
      const id = core.ids.decode(person as string, 'pers', us);
      renameSync(file, `${file}.away`);
      const fresh = await openSealing(sites);
      try {
        expect(await refusal(() => fresh.profileOf(us, id))).toBe('vault.key_missing');
        renameSync(`${file}.away`, file);
        expect((await fresh.profileOf(us, id)).email).toContain('@');
      } finally {
        await fresh.close();
      }
      chmodSync(file, 0o644);
      expect(await refusal(() => openSealing(sites))).toBe('residency.configuration_invalid');
      chmodSync(file, 0o600);
    });
  });

  describe('keys read ahead of use', () => {
    const preloading = async (work: (cold: SealingCore, preload: KeyPreload) => Promise<void>): Promise<void> => {
      const cold = await openSealing(sites);
      try {
        const log = createEventLog({ write: () => undefined });
        await work(cold, new KeyPreload(cold.contexts, cold.store, cold.vault, log));
      } finally {
        await cold.close();
      }
    };
    const keyOf = async (id: Id): Promise<KeyId> =>
      core.within(eu, async (ctx) => core.vault.keyIdOf(ctx, await sealedOf(eu, 'person', id)));
    /** Out of the store by raw SQL, as if it had never been there. */
    const removed = async (key: KeyId): Promise<void> => {
      const uuid = core.ids.encode(key, 'key', eu);
      const gone = await site(eu).keys.sql('superuser', 'delete from data_key where id = $1 returning id', [uuid]);
      expect(gone.length).toBe(1);
    };

    it('open without asking the store, each region its own, and only after a look', () =>
      preloading(async (cold, preload) => {
        const [looked, unlooked, abroad] = [
          await core.person(eu, 'ahead@example.org'),
          await core.person(eu, 'late@example.org'),
          await core.person(us, 'abroad@example.org'),
        ];
        await preload.look(eu);
        await removed(await keyOf(looked));
        expect((await cold.profileOf(eu, looked)).email).toBe('ahead@example.org');
        // The other region was not looked at: its keys are asked of its own store.
        expect((await cold.profileOf(us, abroad)).email).toBe('abroad@example.org');
        // Control: without a look a key that is gone cannot be had.
        await removed(await keyOf(unlooked));
        const colder = await openSealing(sites);
        expect(await refusal(() => colder.profileOf(eu, unlooked))).toBe('vault.key_missing');
        await colder.close();
      }));

    it('are followed by those that are made later, at the next look', () =>
      preloading(async (cold, preload) => {
        await preload.look(eu);
        const later = await core.person(eu, 'later@example.org');
        await preload.look(eu);
        await removed(await keyOf(later));
        expect((await cold.profileOf(eu, later)).email).toBe('later@example.org');
      }));

    it('are not used by a process that was never told which of them were destroyed', () =>
      preloading(async (cold) => {
        const person = await core.person(eu, 'untold@example.org');
        await cold.within(eu, async (ctx) => {
          cold.vault.hold(ctx, await cold.store.block(ctx, Buffer.alloc(16), 10_000));
        });
        await removed(await keyOf(person));
        expect(await refusal(() => cold.profileOf(eu, person))).toBe('vault.key_missing');
      }));

    it('are forgotten at the next look when another process destroyed them, and a page read before does not bring them back', () =>
      preloading(async (cold, preload) => {
        const person = await core.person(eu, 'destroyed@example.org');
        await preload.look(eu);
        const block = await cold.within(eu, (ctx) => cold.store.block(ctx, Buffer.alloc(16), 10_000));
        const erased = { key: await keyOf(person), accountId: null, personId: person as never };
        await core.within(eu, (ctx) => core.vault.destroy(ctx, [erased]));
        await preload.look(eu);
        await cold.within(eu, async (ctx) => void cold.vault.hold(ctx, block));
        expect(await refusal(() => cold.profileOf(eu, person))).toBe('vault.key_destroyed');
      }));
  });

  it('keeps no key among the rows, and no row among the keys, not even in one transaction of both', async () => {
    // A transaction of the rows reaches the key store outside of itself: rolling back leaves the key, never the row.
    const count = async (): Promise<unknown> =>
      (await site(eu).rows.sql('superuser', 'select count(*)::int as n from tombstone'))[0]!['n'];
    const before = await count();
    const failed = core.within(eu, (ctx) =>
      core.door.transaction(ctx, async (tx) => {
        const key = await core.vault.newKey(tx);
        await core.tombstones.add(tx, [{ key: core.ids.mint('key', eu), accountId: null, personId: null }]);
        throw new Error(key.idHex);
      }),
    );
    const left = await failed.catch((error: Error) => error.message);
    expect(left).toMatch(/^[0-9a-f]{32}$/);
    expect(await count()).toBe(before);
    // And one that is carried out, so that there is the newest of both.
    const made = await core.within(eu, (ctx) =>
      core.door.transaction(ctx, async (tx) => {
        const key = await core.vault.newKey(tx);
        await core.tombstones.add(tx, [{ key: core.ids.mint('key', eu), accountId: null, personId: null }]);
        return key.idHex;
      }),
    );
    const { rows, keys } = site(eu);
    const wrapped = await keys.sql('superuser', "select replace(id::text, '-', '') as id, wrapped from data_key");
    expect(wrapped.map(({ id }) => id)).toEqual(expect.arrayContaining([left, made]));
    const [inRows, inKeys] = await Promise.all([dumpOf(rows), dumpOf(keys)]);
    const hexOf = (bytes: unknown): string => (bytes as Buffer).toString('hex');
    expect(wrapped.filter((key) => inRows.includes(hexOf(key['wrapped'])))).toEqual([]);
    const sealed = await rows.sql('superuser', 'select sealed from person union all select sealed from account');
    expect(sealed.length).toBeGreaterThan(100);
    expect(sealed.filter((row) => inKeys.includes(hexOf(row['sealed'])))).toEqual([]);
    // Each is found where it belongs.
    expect([inKeys.includes(hexOf(wrapped[0]!['wrapped'])), inRows.includes(hexOf(sealed[0]!['sealed']))]).toEqual([
      true,
      true,
    ]);
  });
});
