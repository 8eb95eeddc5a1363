import pg from 'pg';
import { ONE_PERSON } from './account-rows.js';
import type { TestDatabase } from './databases.js';
import { eventually } from './http.js';

const KEY = 4711;

/**
 * Holds the product at one statement of its own, for as long as a test needs it there: a trigger, made as superuser, waits for a lock
 * that this object holds.
 */
export class Barrier {
  private constructor(
    private readonly database: TestDatabase,
    private readonly table: string,
    private readonly holder: pg.Client,
  ) {}

  static async before(
    operation: 'insert' | 'update' | 'delete',
    table: string,
    database: TestDatabase,
  ): Promise<Barrier> {
    const holder = new pg.Client({ connectionString: database.superuserUrl });
    // The server may be killed under it.
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('select pg_advisory_lock($1)', [KEY]);
    await holder.query(`create function barrier() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${KEY}); return coalesce(new, old); end $$`);
    await holder.query(
      `create trigger barrier before ${operation} on ${table} for each row execute function barrier()`,
    );
    return new Barrier(database, table, holder);
  }

  /** The same between the last statement of a transaction and its commit, which the server then carries out on its own. */
  static async atCommit(table: string, database: TestDatabase): Promise<Barrier> {
    const barrier = await Barrier.before('delete', table, database);
    await barrier.holder.query(`drop trigger barrier on ${table}`);
    await barrier.holder.query(`create constraint trigger barrier after insert on ${table}
      deferrable initially deferred for each row execute function barrier()`);
    return barrier;
  }

  /** Resolves once that many statements wait. */
  async reached(count = 1): Promise<void> {
    const waiting = `select count(*)::int from pg_locks where locktype = 'advisory' and not granted and database =
      (select oid from pg_database where datname = current_database())`;
    await eventually(`${count} statements at the barrier of ${this.table}`, async () => {
      const [row] = (await this.holder.query<{ count: number }>(waiting)).rows;
      return row!.count >= count;
    });
  }

  /** Ends the connections that wait, so that what they were about to do never happens. */
  async cut(): Promise<void> {
    await this.holder
      .query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted and database =
      (select oid from pg_database where datname = current_database())`);
  }

  /** Lets everything through, and leaves nothing behind. */
  async lift(): Promise<void> {
    await this.holder.end();
    await this.database.sql('superuser', `drop trigger barrier on ${this.table}`);
    await this.database.sql('superuser', 'drop function barrier()');
  }
}

/**
 * Shows that nothing is there by halves, where every person has confirmed once and never signed in again: as many of each row as
 * there are confirmed signups.
 * @returns how many accounts there are
 */
export async function wholeAccounts(database: TestDatabase): Promise<number> {
  const tables = Object.keys(ONE_PERSON);
  const parts = tables.map((table) => `select '${table}' as name, count(*)::int from ${table}`);
  const rows = await database.sql(
    'superuser',
    [...parts, "select 'confirmed', count(*)::int from signup where confirmed_at is not null"].join(' union all '),
  );
  const counts = rows.map(({ name, count }) => `${String(name)} ${String(count)}`);
  const all = Number(rows[0]!['count']);
  const uneven = counts.filter((text) => !text.endsWith(` ${all}`));
  if (uneven.length > 0) throw new Error(`Something was stored by halves: ${counts.join(', ')}`);
  return all;
}
