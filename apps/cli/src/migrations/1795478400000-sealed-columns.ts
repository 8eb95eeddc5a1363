import { setTimeout } from 'node:timers/promises';
import { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PERSON_PROFILE, SIGNUP_REQUEST } from '@domicile/accounts';
import type { FieldSet, Migration } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TOMBSTONE } from './1795478300000-key-store.js';
import type { RowSealer } from './row-sealer.js';

/** One table whose clear columns become one sealed value. */
interface Sealing {
  readonly table: string;
  readonly prefix: string;
  readonly set: FieldSet;
  /** Field to clear column, each text. */
  readonly columns: Readonly<Record<string, string>>;
  /** Reads the sealed value whose key goes on; without it each row is a subject of its own and gets a key. */
  readonly underKeyOf?: { readonly subjectColumn: string; readonly prefix: string; readonly sql: string };
  readonly nullable?: boolean;
}

/** Some ten seconds in all. */
const REWRITES_MAX = 10;
const REWRITE_WAIT_MILLISECONDS = 200;

const SEALINGS: readonly Sealing[] = [
  { table: 'account', prefix: ID_PREFIXES.account, set: ACCOUNT_PROFILE, columns: { name: 'name' } },
  {
    table: 'person',
    prefix: ID_PREFIXES.person,
    set: PERSON_PROFILE,
    columns: { email: 'email', displayName: 'display_name' },
  },
  {
    table: 'credential',
    prefix: ID_PREFIXES.credential,
    set: CREDENTIAL_SECRET,
    columns: { secret: 'secret' },
    underKeyOf: {
      subjectColumn: 'person_id',
      prefix: ID_PREFIXES.person,
      sql: 'select sealed from person where id = $1',
    },
  },
  {
    table: 'signup',
    prefix: ID_PREFIXES.signup,
    set: SIGNUP_REQUEST,
    columns: { email: 'email', accountName: 'account_name', displayName: 'display_name' },
    nullable: true,
  },
];
const PAGE = 200;

/**
 * Seals what stood in clear, a page at a time, and drops the clear columns, all in one transaction.
 * @param sealer of the region; needed only where there are rows
 */
export function sealedColumns(sealer: RowSealer): Migration {
  return class SealedColumns1795478400000 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(TOMBSTONE);
      for (const sealing of SEALINGS) {
        await runner.query(`alter table ${sealing.table} add sealed bytea`);
        await sealRows(runner, sealing, sealer);
        for (const column of Object.values(sealing.columns))
          await runner.query(`alter table ${sealing.table} drop column ${column}`);
        if (!sealing.nullable) await runner.query(`alter table ${sealing.table} alter sealed set not null`);
      }
    }

    down(): Promise<void> {
      return Promise.reject(new Error('Sealed columns are not put back in clear; restore a backup instead.'));
    }
  };
}

/**
 * A dropped column stays in the pages of its table until they are written anew: this is what makes the clear text go from the data
 * files. Write-ahead log and backups from before keep it for as long as they are kept.
 */
export class RewriteSealed1795478500000 implements MigrationInterface {
  /** VACUUM runs outside of transactions; repeating it after a kill is harmless. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const { table } of SEALINGS) await runner.query(`vacuum full ${table}`);
    await rewriteStatistics(runner);
  }

  async down(): Promise<void> {}
}

/**
 * The planner's statistics keep the most common values of a column; dropping it leaves them in the pages. They are written anew until
 * nothing is kept for an older snapshot, as that of a connection that is just being made. (Of tables, what is dropped is never copied.)
 */
async function rewriteStatistics(runner: QueryRunner): Promise<void> {
  for (let tries = 1; tries <= REWRITES_MAX; tries++) {
    await runner.query('vacuum full pg_statistic');
    // This one counts what it had to leave; the other does not.
    await runner.query('vacuum pg_statistic');
    const [{ dead }] = (await runner.query(
      `select n_dead_tup::integer as dead from pg_stat_sys_tables where relname = 'pg_statistic'`,
    )) as [{ dead: number }];
    if (dead === 0) return;
    await setTimeout(tries * REWRITE_WAIT_MILLISECONDS);
  }
  throw new Error('Rows from before are still looked at by another connection; end it and migrate again.');
}

async function sealRows(runner: QueryRunner, sealing: Sealing, sealer: RowSealer): Promise<void> {
  const { table, columns, underKeyOf } = sealing;
  const clear = Object.values(columns);
  const read = ['id', ...clear, ...(underKeyOf ? [underKeyOf.subjectColumn] : [])].join(', ');
  // Emptied signups have nothing to seal.
  const filled = sealing.nullable ? `and ${clear[0]} is not null` : '';
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = (await runner.query(`select ${read} from ${table} where id > $1 ${filled} order by id limit ${PAGE}`, [
      after,
    ])) as Record<string, string>[];
    for (const row of rows)
      await runner.query(`update ${table} set sealed = $1 where id = $2`, [
        await sealRow(runner, sealing, sealer, row),
        row['id'],
      ]);
    if (rows.length < PAGE) return;
    after = rows.at(-1)!['id']!;
  }
}

async function sealRow(
  runner: QueryRunner,
  { prefix, set, columns, underKeyOf }: Sealing,
  sealer: RowSealer,
  row: Readonly<Record<string, string | null>>,
): Promise<Buffer> {
  const fields = Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, row[column]]));
  const id = sealer.id(row['id']!, prefix);
  if (!underKeyOf) return sealer.seal({ subject: id, row: id, set }, fields);
  const subject = row[underKeyOf.subjectColumn]!;
  const [owner] = (await runner.query(underKeyOf.sql, [subject])) as { sealed: Buffer }[];
  return sealer.seal({ subject: sealer.id(subject, underKeyOf.prefix), row: id, set }, fields, owner!.sealed);
}
