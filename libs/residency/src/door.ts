import { type RegionContext, usable, withinTransaction } from './context.js';
import type { EntityClass } from './declarations.js';
import { ResidencyError, sharedServer } from './errors.js';
import type { IdCodec } from './ids.js';
import type { DatabaseIdentity, Finding } from './inspection.js';
import type { Lease } from './lease.js';
import type { Marker } from './marker.js';
import { RegionDatabase, type RegionDatabaseOptions } from './region-database.js';
import { Statement, type StatementDeclaration } from './statement.js';
import { type AnyRow, type Doorway, Table } from './table.js';
import type { Codecs } from './values.js';

interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly tables: ReadonlySet<string>;
}

/**
 * The one way to a database (law L3). Repositories ask it for tables and statements while they are constructed; it opens
 * the regions' databases once, checks all that was declared against their catalogues, and from then on picks the
 * database from the context alone.
 */
export class Door {
  readonly #databases: ReadonlyMap<string, RegionDatabase>;
  readonly #doorway: Doorway;
  readonly #entities = new Set<EntityClass>();
  readonly #statements: Prepared[] = [];
  #opened = false;

  /** @throws ResidencyError residency.configuration_invalid when two regions share a database or none is given */
  constructor(databases: readonly RegionDatabase[], ids: IdCodec) {
    const invalid = (why: string): ResidencyError => new ResidencyError('residency.configuration_invalid', why);
    if (databases.length === 0) throw invalid('No region is served; name at least one.');
    if (new Set(databases.map((d) => d.endpoint)).size < databases.length)
      throw invalid('Two regions name the same database; each needs its own.');
    this.#databases = new Map(databases.map((d) => [d.region.code, d]));
    if (this.#databases.size < databases.length)
      throw invalid('A region is named twice; each is served by one database.');
    this.#doorway = { ids, database: (context) => this.#databaseOf(context) };
  }

  /** The six verbs over one table. Only before {@link open}. */
  table<E extends AnyRow>(entity: EntityClass<E>): Table<E> {
    this.#assertClosed();
    this.#entities.add(entity);
    return new Table(this.#doorway, entity);
  }

  /** Registers a statement. Only before {@link open}. @throws ResidencyError residency.configuration_invalid */
  statement<const C extends readonly EntityClass<AnyRow>[], P extends Codecs, R extends Codecs>(
    declaration: StatementDeclaration<C, P, R>,
  ): Statement<InstanceType<C[number]>, P, R> {
    this.#assertClosed();
    const statement = new Statement<InstanceType<C[number]>, P, R>(this.#doorway, declaration);
    for (const entity of declaration.tables) this.#entities.add(entity);
    for (const database of this.#databases.values()) database.guard.register(statement.name, statement.text);
    this.#statements.push(statement);
    return statement;
  }

  /**
   * One transaction: `work` gets a context bound to it, and while it runs no other context of the unit may touch data.
   * Commits when `work` returns, rolls back when it throws or the unit's deadline passes; nothing is stored by halves.
   * @throws what `work` throws; residency.unavailable when the outcome could not be had in time
   */
  async transaction<T>(context: RegionContext, work: (transaction: RegionContext) => Promise<T>): Promise<T> {
    const { unit, lease: outer } = usable(context);
    if (outer) throw new ResidencyError('residency.context_nested', 'A transaction was opened inside another one.');
    const lease = await this.#databaseOf(context).begin(unit);
    unit.inTransaction = true;
    try {
      const result = await work(withinTransaction(context, lease));
      await lease.run(commit);
      return result;
    } catch (error) {
      // A rollback that cannot be spoken poisons the lease, and the server rolls back when the connection drops.
      if (!lease.permit.poison)
        await lease
          .run(({ client }) => client.query('ROLLBACK') as Promise<unknown>)
          .catch((e: Error) => void (lease.permit.poison = e));
      throw error;
    } finally {
      unit.inTransaction = false;
      lease.release();
    }
  }

  /**
   * Opens every region's database, all at once, and compares what was declared with what is there. Serves nothing on failure.
   * @throws ResidencyError residency.marker_*, residency.role_unsafe, residency.configuration_invalid, residency.unavailable
   */
  async open(): Promise<void> {
    this.#opened = true;
    const databases = [...this.#databases.values()];
    try {
      await Promise.all(databases.map((database) => database.open([...this.#entities])));
      await Promise.all(databases.map((database) => this.#prepare(database)));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Returns when the context's database has answered. @throws ResidencyError residency.unavailable, residency.marker_* */
  async ping(context: RegionContext): Promise<void> {
    await this.#databaseOf(context).lease(
      context,
      ({ client }) => client.query({ name: PING.name, text: PING.text }) as Promise<unknown>,
    );
  }

  /** What the opened databases have proven of themselves. */
  get markers(): readonly Marker[] {
    return [...this.#databases.values()].flatMap(({ marker }) => marker ?? []);
  }

  /**
   * Proves anew what the context's database is: who it is by its signed marker, on the server and at the address it was sealed for.
   * @throws ResidencyError residency.marker_missing, residency.marker_mismatch, residency.marker_moved, residency.unavailable
   */
  identify(context: RegionContext): Promise<DatabaseIdentity> {
    return this.#databaseOf(context).identify(context);
  }

  /**
   * Measures the context's live database against what was sealed and declared: one finding for each check, some of which may not hold.
   * A few reads of the catalogue: for a job that repeats it, not for each request.
   * @param at time that the findings carry
   * @throws ResidencyError residency.unavailable, and residency.marker_* when no connection can be proven any more
   */
  inspect(context: RegionContext, at: Date): Promise<readonly Finding[]> {
    return this.#databaseOf(context).inspect(context, at);
  }

  /** Closes every connection. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.#databases.values()].map((database) => database.close()));
  }

  #databaseOf(context: RegionContext): RegionDatabase {
    const { unit } = usable(context);
    const database = this.#databases.get(unit.region.code);
    if (!database)
      throw new ResidencyError('residency.crossing', `This process holds no database of region ${unit.region.code}.`);
    return database;
  }

  /** The planner says which tables a statement reads and writes; more than it declared refuses to boot. */
  async #prepare(database: RegionDatabase): Promise<void> {
    database.guard.register(PING.name, PING.text);
    const plans = await database.check(
      this.#statements.map(({ text }) => `explain (generic_plan, verbose, format json) ${text}`),
    );
    for (const [i, { name, tables }] of this.#statements.entries()) {
      const [plan] = plans[i]!.rows as { 'QUERY PLAN': unknown }[];
      const undeclared = [...relationsOf(plan?.['QUERY PLAN'])].filter((relation) => !tables.has(relation));
      if (undeclared.length > 0)
        throw new ResidencyError(
          'residency.configuration_invalid',
          `Statement ${name} touches ${undeclared.join(', ')} without declaring it.`,
        );
    }
  }

  #assertClosed(): void {
    if (this.#opened)
      throw new ResidencyError(
        'residency.configuration_invalid',
        'Tables and statements are declared before the door opens.',
      );
  }
}

/**
 * The door to the regions' key stores: the same checks over databases of their own, sealed for the purpose `keys`, so that no
 * key lies in the database, the write-ahead log or the backups of what it opens (laws, Keys).
 */
export class KeyDoor extends Door {
  /**
   * @throws ResidencyError residency.configuration_invalid when a region's keys lie on the same server as its rows: they would
   *   share a write-ahead log and its backups
   */
  assertApartFrom(rows: Door): void {
    for (const marker of this.markers) {
      const shared = rows.markers.some(({ systemIdentifier }) => systemIdentifier === marker.systemIdentifier);
      if (shared) throw sharedServer(marker.region);
    }
  }
}

/** A door to rows for a process without Nest. Open it, and close it at the end. */
export function rowDoor(databases: readonly Omit<RegionDatabaseOptions, 'purpose'>[], ids: IdCodec): Door {
  return new Door(
    databases.map((options) => new RegionDatabase({ ...options, purpose: 'rows' })),
    ids,
  );
}

/** A door to key stores for a process without Nest. Open it, and close it at the end. */
export function keyDoor(keyStores: readonly Omit<RegionDatabaseOptions, 'purpose'>[], ids: IdCodec): KeyDoor {
  return new KeyDoor(
    keyStores.map((options) => new RegionDatabase({ ...options, purpose: 'keys' })),
    ids,
  );
}

/** PostgreSQL answers COMMIT with ROLLBACK when a statement had failed, even one whose error was swallowed. */
async function commit({ client }: Lease): Promise<void> {
  const { command } = (await client.query('COMMIT')) as { command: string };
  if (command !== 'COMMIT')
    throw new ResidencyError(
      'residency.database_fault',
      'A transaction was rolled back, as one of its statements had failed.',
    );
}

const PING = { name: 'residency.ping', text: 'select residency.region()' } as const;

/** Every relation named in an EXPLAIN document, at any depth; outside of schema public with its schema. */
function relationsOf(plan: unknown): Set<string> {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { 'Relation Name': relation, Schema: schema } = node as Record<string, unknown>;
    if (typeof relation === 'string')
      found.add(typeof schema !== 'string' || schema === 'public' ? relation : `${schema}.${relation}`);
    Object.values(node).forEach(walk);
  };
  walk(plan);
  return found;
}
