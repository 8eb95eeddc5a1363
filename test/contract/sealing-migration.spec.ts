import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PERSON_PROFILE, SIGNUP_REQUEST } from '@domicile/accounts';
import { migrateRegionDatabase } from '@domicile/residency';
import { ensureWrappingKey } from '@domicile/vault';
import pg from 'pg';
import {
  ENTITIES,
  MIGRATIONS,
  migrationsWith,
  type RowSealer,
  withRowSealer,
} from '../../apps/cli/src/migrations/index.js';
import { Barrier } from '../support/barrier.js';
import { type ClearRows, clearRows, insertClear, uuidOf } from '../support/clear-rows.js';
import { createDatabase, regions, serverOf, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/http.js';
import { KEY_SCHEMA } from '../support/installation.js';
import { migrateCommand } from '../support/migrate-command.js';
import { opening } from '../support/opened.js';

/** More than one page of each kind. */
const MANY = 230;
const EARLIER = { entities: [], migrations: MIGRATIONS.slice(0, 2) };
const TABLES = ['account', 'person', 'credential', 'signup'] as const;
const NAMES = MIGRATIONS.map(({ name }) => name);

describe.each(regions.all)('rows in clear of $code, as the version before the vault left them,', (region) => {
  const canary = `canary${randomBytes(8).toString('hex')}`;
  let rows: TestDatabase;
  let keyStore: TestDatabase;
  let keyStoreAbroad: TestDatabase;
  let clear: ClearRows;
  let before: unknown;

  beforeAll(async () => {
    const other = regions.all.find(({ code }) => code !== region.code)!;
    keyStoreAbroad = await createDatabase(other, KEY_SCHEMA, { purpose: 'keys' });
    ensureWrappingKey(keyStoreAbroad.keysDir);
  });
  afterAll(() => keyStoreAbroad.drop());
  beforeEach(async () => {
    rows = await createDatabase(region, EARLIER);
    keyStore = await createDatabase(region, KEY_SCHEMA, { purpose: 'keys', keysDir: rows.keysDir });
    ensureWrappingKey(rows.keysDir);
    clear = clearRows(region, MANY, canary);
    await insertClear(rows, region, clear);
    before = await picture();
  });
  afterEach(async () => {
    await rows.drop();
    await keyStore.drop();
  });

  const migrate = (sealer: RowSealer, migrations = migrationsWith(sealer), entities = ENTITIES): Promise<string[]> =>
    migrateRegionDatabase({ ...rows.provision, entities, migrations, apartFrom: sealer.systemIdentifier });
  const sealing = (
    through: (sealer: RowSealer) => RowSealer = (sealer) => sealer,
    store = keyStore,
  ): Promise<string[]> =>
    withRowSealer({ regions, keyStore: store.options, keysDir: rows.keysDir }, (sealer) => migrate(through(sealer)));
  /** Every row and column, and which migrations have run. */
  const picture = async (): Promise<unknown> =>
    Promise.all(
      [...TABLES, 'migration'].map((table) =>
        rows.sql('superuser', `select t::text as row from ${table} t order by id`),
      ),
    );
  const missing = (names: readonly string[]): string[] => NAMES.filter((name) => !names.includes(name));

  /** Every value stands sealed and opens to what stood there, each subject under a key of its own. */
  async function expectSealed(): Promise<void> {
    const all = (table: string) => rows.sql('superuser', `select * from ${table} order by id`);
    const [accounts, persons, credentials, signups] = await Promise.all(TABLES.map(all));
    const uuids = (prefix: string, list: readonly { id: string }[]) =>
      list.map(({ id }) => uuidOf(region, prefix, id)).sort();
    expect(accounts!.map(({ id }) => id)).toEqual(uuids('acct', clear.accounts));
    expect(signups!.map(({ id }) => id)).toEqual(uuids('sgn', clear.signups));
    for (const row of [...accounts!, ...persons!, ...credentials!, ...signups!])
      expect(Object.keys(row).filter((name) => /name|email|secret/.test(name))).toEqual([]);
    const found = <T extends { id: string }>(list: readonly T[], id: string): T => list.find((one) => one.id === id)!;
    await opening(keyStore, rows.keysDir, async ({ id, open }) => {
      for (const { id: uuid, sealed } of accounts!) {
        const account = id(uuid, 'acct');
        const { name } = found(clear.accounts, account);
        expect(await open(ACCOUNT_PROFILE, account, account, sealed)).toEqual({ name });
      }
      for (const { id: uuid, sealed } of persons!) {
        const person = id(uuid, 'pers');
        const { email, displayName } = found(clear.persons, person);
        expect(await open(PERSON_PROFILE, person, person, sealed)).toEqual({ email, displayName });
      }
      for (const { id: uuid, person_id: owner, sealed } of credentials!) {
        const credential = id(uuid, 'cred');
        const { secret } = found(clear.credentials, credential);
        expect(await open(CREDENTIAL_SECRET, id(owner, 'pers'), credential, sealed)).toEqual({ secret });
      }
      for (const { id: uuid, sealed } of signups!) {
        const signup = id(uuid, 'sgn');
        const { email, accountName, displayName } = found(clear.signups, signup);
        if (email === null) expect(sealed).toBeNull();
        else
          expect(await open(SIGNUP_REQUEST, signup, signup, sealed)).toEqual({
            email,
            accountName,
            displayName,
            language: null,
          });
      }
    });
    const keyOf = ({ sealed }: Record<string, unknown>): string => (sealed as Buffer).toString('hex', 1, 17);
    const subjects = [...accounts!, ...persons!, ...signups!.filter(({ sealed }) => sealed !== null)];
    expect(new Set(subjects.map(keyOf)).size).toBe(subjects.length);
    const keyOfPerson = new Map(persons!.map((row) => [row['id'], keyOf(row)]));
    for (const row of credentials!) expect(keyOf(row)).toBe(keyOfPerson.get(row['person_id']));
  }

  /** Files of the database that hold the canary, by the name of what they are; the write-ahead log is kept as long as it is kept. */
  async function filesInClear(): Promise<string[]> {
    await rows.sql('superuser', 'checkpoint');
    const [{ oid }] = (await rows.sql(
      'superuser',
      'select oid::text from pg_database where datname = current_database()',
    )) as [{ oid: string }];
    const folder = join(serverOf(region).home, 'postgres', 'base', oid);
    const holding = readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes(canary));
    const relations = await rows.sql(
      'superuser',
      'select relname::text, pg_relation_filepath(oid) as path from pg_class',
    );
    const names = new Map(relations.map(({ relname, path }) => [path, relname as string]));
    return holding.map((file) => names.get(`base/${oid}/${file.replace(/[._].*/, '')}`) ?? file).sort();
  }

  it('are sealed, each value to exactly what stood there, and nothing of them is left in the files of the database', async () => {
    // As PostgreSQL does by itself sooner or later: its statistics keep the most common values.
    await rows.sql('superuser', 'analyze');
    expect(await filesInClear()).toEqual(
      expect.arrayContaining(['account', 'credential', 'person', 'pg_statistic', 'signup']),
    );
    expect(await sealing()).toEqual(missing(NAMES.slice(0, 2)));
    await expectSealed();
    expect(await filesInClear()).toEqual([]);
    expect(await sealing()).toEqual([]);
    await expectSealed();
  });

  it('are left as they are without a key store', async () => {
    await expect(
      migrateRegionDatabase({ ...rows.provision, entities: ENTITIES, migrations: MIGRATIONS }),
    ).rejects.toThrow('There are rows to seal, but no key store was given to the migration.');
    expect(await picture()).toEqual(before);
  });

  it('are left as they are with the key store of the other region, and with one that is away', async () => {
    const options = keyStoreAbroad.options;
    await expect(
      sealing(undefined, { ...keyStore, options: { ...keyStore.options, url: options.url } }),
    ).rejects.toMatchObject({ code: 'residency.marker_mismatch' });
    await expect(
      sealing(undefined, { ...keyStore, options: { ...keyStore.options, url: rows.appUrl } }),
    ).rejects.toMatchObject({ code: 'residency.marker_mismatch' });
    await expect(
      sealing(undefined, {
        ...keyStore,
        options: { ...keyStore.options, url: keyStore.appUrl.replace(/:\d+\//, ':1/') },
      }),
    ).rejects.toMatchObject({ code: 'residency.unavailable' });
    expect(await picture()).toEqual(before);
  });

  it('are left as they are with a key store on their own server, whose write-ahead log would hold both', async () => {
    const beside = await createDatabase(region, KEY_SCHEMA, {
      purpose: 'keys',
      keysDir: rows.keysDir,
      server: serverOf(region),
    });
    await expect(sealing(undefined, beside)).rejects.toThrow('is on the same server as its rows');
    expect(await picture()).toEqual(before);
    await beside.drop();
  });

  it('are left as they are when sealing fails at whichever value, and the next run does the whole', async () => {
    for (const last of [1, MANY + 1, 3 * MANY + 1]) {
      let count = 0;
      const failing = (sealer: RowSealer): RowSealer => ({
        ...sealer,
        seal: (...args) =>
          ++count === last ? Promise.reject(new Error('the key store has gone')) : sealer.seal(...args),
      });
      await expect(sealing(failing)).rejects.toThrow('the key store has gone');
      expect(count).toBe(last);
      expect(await picture()).toEqual(before);
    }
    expect(await sealing()).toEqual(missing(NAMES.slice(0, 2)));
    await expectSealed();
  });

  it('are cleared from the files by the next run when the one before ended between sealing and that', async () => {
    await rows.sql('superuser', 'analyze');
    await withRowSealer({ regions, keyStore: keyStore.options, keysDir: rows.keysDir }, (sealer) =>
      migrate(sealer, migrationsWith(sealer).slice(0, 3), []),
    );
    expect(await filesInClear()).not.toEqual([]);
    expect(await sealing()).toEqual(NAMES.slice(3));
    expect(await filesInClear()).toEqual([]);
    await expectSealed();
  });

  it('are cleared from the files though somebody sees them still while they are written anew', async () => {
    await rows.sql('superuser', 'analyze');
    const onlooker = new pg.Client({ connectionString: rows.superuserUrl });
    await onlooker.connect();
    await onlooker.query('begin isolation level repeatable read; select 1');
    // Up to the rewriting alone: whatever is read later may tidy pages up.
    const rewriting = withRowSealer({ regions, keyStore: keyStore.options, keysDir: rows.keysDir }, (sealer) =>
      migrate(sealer, migrationsWith(sealer).slice(0, 4), []),
    );
    const first = `select from pg_stat_sys_tables where relname = 'pg_statistic' and vacuum_count > 0`;
    await eventually('the first rewriting', async () => (await rows.sql('superuser', first)).length > 0);
    await onlooker.end();
    expect(await rewriting).toEqual(NAMES.slice(2, 4));
    expect(await filesInClear()).toEqual([]);
  });

  describe('and a command that is killed', () => {
    let home: string;
    beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'domicile-sealing-'))));
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    it('leaves them as they are, half sealed or not; the next run does the whole', async () => {
      // All accounts and persons are sealed by then, and half of nothing is stored.
      const barrier = await Barrier.before('update', 'credential', rows);
      const child = migrateCommand(home, [rows, keyStore]);
      await barrier.reached();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await barrier.cut();
      await barrier.lift();
      expect(await picture()).toEqual(before);
      const again = migrateCommand(home, [rows, keyStore]);
      expect(await once(again, 'exit')).toEqual([0, null]);
      await expectSealed();
      expect(await filesInClear()).toEqual([]);
    });
  });
});
