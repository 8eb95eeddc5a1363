import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccountRows,
  ensureReceiptKeys,
  Inspector,
  pinReceiptKeys,
  ReceiptKeys,
  Receipts,
  type ResidencyReceipt,
} from '@domicile/receipts';
import {
  type AccountId,
  Contexts,
  declarations,
  Door,
  homeChecks,
  IdColumn,
  IdCodec,
  Regional,
  RegionalRow,
  Regions,
  Resident,
  ResidentRow,
  ResidencyError,
  type TableDeclaration,
} from '@domicile/residency';
import type { Accounts } from '@domicile/accounts';
import { createEventLog } from '@domicile/runtime';
import type { KeyId } from '@domicile/vault';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ENTITIES, MIGRATIONS } from '../../apps/cli/src/migrations/index.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { pinsOf, verifyReceipt } from '../../tools/verify-receipt.mjs';
import { createDatabase, eu, type TestDatabase, us } from '../support/databases.js';
import { broken, receiptIn } from '../support/receipts.js';

/** Tables that receipts were never told of: only their declarations are there. */
@Resident({ table: 'letter', prefix: 'letter' })
class Letter extends ResidentRow<'letter'> {
  @IdColumn('pers', { nullable: true })
  readonly writerId!: string | null;
}
@Regional({ table: 'parcel', prefix: 'parcel' })
class Parcel extends RegionalRow<'parcel'> {
  @IdColumn('acct')
  readonly receiverId!: AccountId;
}
@Regional({ table: 'badge', prefix: 'badge' })
class Badge extends RegionalRow<'badge'> {
  @IdColumn('pers')
  readonly ownerId!: string;
}
const NEW = [Letter, Parcel, Badge];

class Post1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const checks = (table: string): string =>
      homeChecks(declarations('rows').find((each) => each.table === table)!)
        .map(({ name, expression }) => `, constraint "${name}" check (${expression})`)
        .join('');
    await runner.query(`
      create table letter (account_id uuid not null, id uuid not null, writer_id uuid, primary key (account_id, id)${checks('letter')});
      create table parcel (id uuid primary key, receiver_id uuid not null${checks('parcel')});
      create table badge (id uuid primary key, owner_id uuid not null${checks('badge')})`);
  }
  async down(): Promise<void> {}
}

/** One process that serves EU and US, as far as its receipts; members are whoever asks, as the session is not what is looked at here. */
class Stand {
  now = new Date();
  readonly folder = mkdtempSync(join(tmpdir(), 'domicile-l10-'));
  readonly databases: Record<string, TestDatabase> = {};
  readonly file: { regions: { code: string }[] };
  ids!: IdCodec;
  contexts!: Contexts;
  door!: Door;
  inspector!: Inspector;
  receipts!: Receipts;

  constructor() {
    const given = JSON.parse(readFileSync(join(import.meta.dirname, '../../deploy/regions.json'), 'utf8')) as object;
    const pins = [eu, us].map(
      ({ code }) => [code, ensureReceiptKeys(join(this.folder, code), code, this.now)] as const,
    );
    this.file = JSON.parse(pinReceiptKeys(given, Object.fromEntries(pins))) as Stand['file'];
  }

  async open(): Promise<void> {
    const schema = { entities: [...ENTITIES, ...NEW], migrations: [...MIGRATIONS, Post1800000000000] };
    const regions = Regions.parse(this.file, 4000);
    const served = [regions.get('eu'), regions.get('us')];
    for (const region of served) this.databases[region.code] = await createDatabase(region, schema);
    this.ids = new IdCodec(regions);
    this.contexts = new Contexts(this.ids, regions, served, 10_000);
    this.door = new Door(
      Object.values(this.databases).map(({ options }) => new RegionDatabase(options)),
      this.ids,
    );
    const clock = { now: () => this.now };
    const rows = new AccountRows(this.door);
    this.inspector = new Inspector(this.contexts, this.door, clock, createEventLog({ write: () => undefined }));
    this.receipts = new Receipts({
      door: this.door,
      accounts: { keyOf: async (ctx, account) => this.keyOf(ctx, account) },
      rows,
      inspector: this.inspector,
      keys: new ReceiptKeys(
        served.map(({ code }) => ({ region: code, keysDir: join(this.folder, code) })),
        regions,
      ),
      issuing: { stack: 'test', environment: 'test', topology: 'combined' },
      clock,
    });
    await this.door.open();
    for (const region of served) await this.inspector.look(region);
  }

  keyOf: Accounts['keyOf'] = async (ctx, account) => `key of ${account} in ${ctx.region.code}` as KeyId;

  /** Receipt of an account, verified offline. */
  async judged(
    account: AccountId,
    code = 'eu',
  ): Promise<{ exit: number; receipt: ResidencyReceipt; broken: string[] }> {
    const region = this.contexts.regions.get(code);
    const envelope = await this.contexts.run({ region, actor: { kind: 'nobody' } }, (ctx) =>
      this.receipts.issue(ctx, account),
    );
    const { code: exit } = verifyReceipt(Buffer.from(JSON.stringify(envelope)), pinsOf(this.file), this.now);
    const receipt = receiptIn(envelope);
    return { exit, receipt, broken: broken(receipt) };
  }

  sql(text: string): Promise<unknown> {
    return this.databases['eu']!.sql('superuser', text);
  }

  /** A fresh id of that region, as it stands in the database. */
  uuid(prefix: string, code = 'eu'): string {
    const region = this.contexts.regions.get(code);
    return this.ids.encode(this.ids.mint(prefix, region), prefix, region);
  }

  /** An account with one person, and one row in every declared table that has a tie to either. */
  async account(): Promise<AccountId> {
    const account = this.ids.mint('acct', this.contexts.regions.get('eu'));
    const known: Record<string, string> = {
      acct: this.ids.encode(account, 'acct', this.contexts.regions.get('eu')),
      pers: this.uuid('pers'),
    };
    for (const declaration of declarations('rows').filter(tieOf)) {
      const ids = homeChecks(declaration).map(({ column, kind }) => [
        column,
        (typeof kind === 'string' ? known[kind] : undefined) ?? this.uuid('any'),
      ]);
      await this.insert(declaration.table, Object.fromEntries(ids) as Record<string, string>);
    }
    return account;
  }

  /** A row with these ids, and with something in every other column that must have something. */
  private async insert(table: string, ids: Record<string, string>): Promise<void> {
    const needed = (await this.sql(
      `select column_name as name, data_type as type from information_schema.columns where table_name = '${table}'
        and table_schema = 'public' and is_nullable = 'NO' and column_default is null`,
    )) as { name: string; type: string }[];
    const something: Record<string, string> = { text: `'x'`, bytea: `'\\x00'`, integer: '1', boolean: 'true' };
    const others = needed
      .filter(({ name }) => !(name in ids))
      .map(({ name, type }) => [name, something[type] ?? 'now()']);
    const values = [...Object.entries(ids).map(([name, id]) => [name, `'${id}'`]), ...others];
    await this.sql(
      `set session_replication_role = replica;
       insert into ${table} (${values.map(([name]) => name).join()}) values (${values.map(([, value]) => value).join()})`,
    );
  }

  async close(): Promise<void> {
    await this.door?.close();
    await Promise.all(Object.values(this.databases).map((database) => database.drop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error as ResidencyError).code,
  );

/** The column by which a table's rows are found to be an account's. */
function tieOf(declaration: TableDeclaration): string | undefined {
  if (declaration.kind === 'locator') return undefined;
  if (declaration.kind === 'resident') return declaration.root ? 'id' : 'account_id';
  const columns = homeChecks(declaration);
  return ['acct', 'pers'].flatMap((prefix) => columns.filter((each) => each.kind === prefix))[0]?.column;
}

const stand = new Stand();
let account: AccountId;
let twin: AccountId;
beforeAll(async () => {
  await stand.open();
  [account, twin] = [await stand.account(), await stand.account()];
});
afterAll(() => stand.close());

/** Those known today; what is added to the product joins them by itself. */
const TIED = [
  ['acceptance', 'people'],
  ['account', 'account'],
  ['affiliation', 'account'],
  ['badge', 'people'],
  ['credential', 'people'],
  ['letter', 'account'],
  ['membership', 'account'],
  ['parcel', 'account'],
  ['person', 'people'],
  ['session', 'people'],
] as const;

describe('L10 a receipt', () => {
  it('counts every declared table that is tied to the account or its people, new ones by themselves, and says which are not', async () => {
    const { exit, receipt } = await stand.judged(account);
    expect(exit).toBe(0);
    expect(receipt.account.rows).toEqual(
      expect.arrayContaining(TIED.map(([table, tie]) => ({ table, tie, rows: 1, home: 1 }))),
    );
    const tied = declarations('rows').filter(tieOf);
    expect(receipt.account.rows.map(({ table, rows }) => [table, rows])).toEqual(tied.map(({ table }) => [table, 1]));
    const named = [...receipt.account.rows.map(({ table }) => table), ...receipt.account.notCounted].sort();
    expect(named).toEqual(declarations('rows').map(({ table }) => table));
    expect(receipt.account.dataKey).toBe(`key of ${account} in eu`);
  });

  const columns = declarations('rows')
    .filter(tieOf)
    .flatMap((declaration) => {
      const tie = tieOf(declaration)!;
      const { table } = declaration;
      // By another tie the row would be another account's.
      return homeChecks(declaration).flatMap((check) => (check.column === tie ? [] : [{ table, tie, ...check }]));
    });

  it('finds id columns to attack', () => {
    expect(columns.length).toBeGreaterThanOrEqual(10);
  });

  it.each(columns)(
    'says no over an id of the other region in $column of $table, to that account alone',
    async (one) => {
      const { table, tie, column, name, expression } = one;
      const own = stand.ids.encode(account, 'acct', stand.contexts.regions.get('eu'));
      const people = `select person_id from membership where account_id = '${own}'`;
      const { kind } = (await stand.judged(account)).receipt.account.rows
        .filter((each) => each.table === table)
        .map(({ tie: by }) => ({ kind: by }))[0]!;
      const [row] = (await stand.sql(
        `select ctid::text as at, ${column} as old from ${table} where ${tie} ${kind === 'people' ? `in (${people})` : `= '${own}'`} limit 1`,
      )) as { at: string; old: string | null }[];
      // As a superuser could, past foreign keys as well.
      const put = (to: string | null, where: string) =>
        stand.sql(
          `set session_replication_role = replica; update ${table} set ${column} = ${to === null ? 'null' : `'${to}'`} where ${where}`,
        );
      await stand.sql(`alter table ${table} drop constraint ${name}`);
      const foreign = stand.uuid(typeof one.kind === 'string' ? one.kind : 'any', 'us');
      try {
        await put(foreign, `ctid = '${row!.at}'`);
        const { exit, broken: facts, receipt } = await stand.judged(account);
        expect([exit, facts]).toEqual([1, ['account.rows']]);
        const { rows, home } = receipt.account.rows.find((each) => each.table === table)!;
        expect(rows - home).toBe(1);
        expect(await stand.judged(twin)).toMatchObject({ exit: 0, broken: [] });
      } finally {
        await put(row!.old, `${column} = '${foreign}'`);
        await stand.sql(`alter table ${table} add constraint ${name} check (${expression})`);
      }
      expect(await stand.judged(account)).toMatchObject({ exit: 0, broken: [] });
    },
  );

  it('says no over a check that is gone from the next look on, to every account of the region and of no other', async () => {
    await stand.sql('alter table badge drop constraint badge_owner_id_home');
    expect((await stand.judged(account)).exit).toBe(0);
    for (const { code } of [eu, us]) await stand.inspector.look(stand.contexts.regions.get(code));
    for (const one of [account, twin])
      expect(await stand.judged(one)).toMatchObject({ exit: 1, broken: ['inspection.home'] });
    await stand.sql(
      'alter table badge add constraint badge_owner_id_home check (residency.region_of(owner_id) = residency.region()) not valid',
    );
    await stand.inspector.look(stand.contexts.regions.get('eu'));
    const { exit, receipt } = await stand.judged(account);
    expect([exit, receipt.because]).toEqual([
      1,
      ['inspection.home: the check badge.badge_owner_id_home was never validated'],
    ]);
    await stand.sql('alter table badge validate constraint badge_owner_id_home');
    await stand.inspector.look(stand.contexts.regions.get('eu'));
    expect((await stand.judged(account)).exit).toBe(0);
  });

  it('says no when the last look is too old, and yes again after the next', async () => {
    const began = stand.now;
    stand.now = new Date(began.getTime() + 15 * 60_000);
    expect(await stand.judged(account)).toMatchObject({ exit: 0 });
    stand.now = new Date(stand.now.getTime() + 1_000);
    expect(await stand.judged(account)).toMatchObject({ exit: 1, broken: ['inspection.age'] });
    await stand.inspector.look(stand.contexts.regions.get('eu'));
    expect(await stand.judged(account)).toMatchObject({ exit: 0, broken: [] });
  });

  it('says no to an account that has nothing here', async () => {
    const nothing = stand.ids.mint('acct', stand.contexts.regions.get('us'));
    expect(await stand.judged(nothing, 'us')).toMatchObject({
      exit: 1,
      broken: expect.arrayContaining(['account.rows']),
    });
  });

  it('is of the unit’s own region, and of a member’s own account', async () => {
    expect(await refusal(stand.judged(account, 'us'))).toBe('residency.crossing');
    const { keyOf } = stand;
    stand.keyOf = () => Promise.reject(new ResidencyError('residency.not_found'));
    expect(await refusal(stand.judged(account))).toBe('residency.not_found');
    stand.keyOf = keyOf;
  });
});
