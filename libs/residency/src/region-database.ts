import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntityMetadata } from 'typeorm';
import type { RegionContext, UnitOfWork } from './context.js';
import { usable } from './context.js';
import { translateDatabaseError } from './database-errors.js';
import { declarationOf, type EntityClass } from './declarations.js';
import { ResidencyError, unavailable } from './errors.js';
import { connectionOptions, endpointOf, isLoopback } from './connection.js';
import { SnakeCaseNaming } from './naming.js';
import { GuardedPool, type GuardedClient, type HandshakeQuery, type HeldClient, PoolGuard } from './guarded-pool.js';
import { auditRole, proveMarker } from './handshake.js';
import { beforeDeadline } from './deadline.js';
import { type DatabaseIdentity, type Finding, identify, inspect } from './inspection.js';
import { Lease } from './lease.js';
import type { Expected, Marker } from './marker.js';
import { Permit, permits } from './permit.js';
import type { Region } from './regions.js';
import { SilentLogger } from './silent-logger.js';

/** How to reach and recognise one region's database. */
export interface RegionDatabaseOptions {
  readonly region: Region;
  /** What it is for; `rows` when left out. */
  readonly purpose?: Expected['purpose'];
  /** `postgres://role:password@host:port/database`, without ssl words. */
  readonly url: string;
  /** PEM of the region's own CA; without it only a loopback host is accepted. */
  readonly ca?: string;
  readonly expected: Pick<Expected, 'stack' | 'environment' | 'publicKey'>;
  /** Connections at most. */
  readonly poolSize: number;
  /** Told when an idle connection breaks or a new one is refused; by code only. */
  readonly onFault?: (error: ResidencyError) => void;
}

/** How long a new connection may take to be made and proven; also the bound of a wait in the pool's queue. */
const CONNECT_MILLISECONDS_MAX = 2_000;
/** The server ends a statement itself after this, whatever became of us. */
const STATEMENT_MILLISECONDS_MAX = 10_000;

/**
 * One region's database behind its guard: the only holder of a TypeORM data source and of a pool, both private.
 * Used by the door alone; not exported from the library.
 */
export class RegionDatabase {
  readonly region: Region;
  readonly guard: PoolGuard;
  readonly #expected: Expected;
  readonly #options: RegionDatabaseOptions;
  #dataSource: DataSource | null = null;
  #marker: Marker | null = null;
  /** The pool of {@link #dataSource}, for check-outs that need nothing of TypeORM. */
  #pool: GuardedPool | null = null;

  constructor(options: RegionDatabaseOptions) {
    this.region = options.region;
    this.#options = options;
    this.#expected = {
      ...options.expected,
      region: options.region,
      purpose: options.purpose ?? 'rows',
      endpoint: endpointOf(options.url),
      loopback: isLoopback(options.url),
    };
    this.guard = new PoolGuard(options.region, async (query) => {
      const proven = proveMarker(query, this.#expected);
      this.#marker = await beforeDeadline(performance.now() + CONNECT_MILLISECONDS_MAX, proven);
    });
  }

  get endpoint(): string {
    return this.#expected.endpoint;
  }

  /** The marker that the newest connection has proven; null before the first. */
  get marker(): Marker | null {
    return this.#marker;
  }

  /**
   * Connects, proves the marker and audits the role. Never creates or changes anything.
   * @throws ResidencyError residency.marker_*, residency.role_unsafe, residency.unavailable
   */
  async open(entities: readonly EntityClass[]): Promise<void> {
    this.#assertPurpose(entities);
    const guard = this.guard;
    const made = (pool: GuardedPool): void => void (this.#pool = pool);
    class Pool extends GuardedPool {
      constructor(options: pg.PoolConfig) {
        super(options, guard);
        made(this);
      }
    }
    const dataSource = new DataSource({
      type: 'postgres',
      name: this.#label,
      driver: { ...pg, Pool },
      entities: [...entities],
      synchronize: false,
      migrationsRun: false,
      installExtensions: false,
      logging: false,
      logger: new SilentLogger(),
      cache: false,
      namingStrategy: new SnakeCaseNaming(),
      invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
      poolErrorHandler: (error: unknown) => this.#options.onFault?.(translateDatabaseError(error)),
      poolSize: this.#options.poolSize,
      extra: {
        ...connectionOptions(this.#options.url, this.#options.ca),
        application_name: `domicile-${this.#label}`,
        connectionTimeoutMillis: CONNECT_MILLISECONDS_MAX,
        options: `-c statement_timeout=${STATEMENT_MILLISECONDS_MAX} -c idle_in_transaction_session_timeout=${STATEMENT_MILLISECONDS_MAX}`,
      },
    } as DataSourceOptions);
    try {
      await this.#asBoot(async () => {
        await dataSource.initialize();
        const runner = dataSource.createQueryRunner();
        try {
          await auditRole((text) => this.#marked(runner.connect() as Promise<GuardedClient>, text), this.#expected);
        } finally {
          await runner.release();
        }
      });
    } catch (failure) {
      const error = translateDatabaseError(failure);
      if (error.code === 'residency.unavailable')
        throw unavailable(
          `Database ${this.endpoint} of region ${this.region.code} could not be reached (${error.sqlState || 'no answer'}).`,
          error.sqlState,
        );
      throw error;
    }
    this.#dataSource = dataSource;
  }

  /**
   * Runs checks of the door's own before serving, outside of any unit of work: in one message, as a hundred that wait for each other
   * cost both sides more than what they ask.
   * @param texts read-only SQL of this library
   * @returns a result for each
   */
  async check(texts: readonly string[]): Promise<readonly pg.QueryResult[]> {
    if (texts.length === 0) return [];
    const runner = this.#source.createQueryRunner();
    try {
      const results = await this.#asBoot(() =>
        this.#marked(runner.connect() as Promise<GuardedClient>, texts.join('\n;\n')),
      );
      // Of a single statement the driver makes no list.
      return [results].flat();
    } catch (failure) {
      throw translateDatabaseError(failure);
    } finally {
      await runner.release();
    }
  }

  /** Proves the marker anew, on a connection of this unit of work. @throws as {@link lease}, residency.marker_* */
  identify(context: RegionContext): Promise<DatabaseIdentity> {
    return this.#look(context, (query) => identify(query, this.#expected));
  }

  /** Measures the live database; see inspection.ts. @throws as {@link lease} */
  inspect(context: RegionContext, at: Date): Promise<readonly Finding[]> {
    return this.#look(context, (query) => inspect(query, this.#expected, at));
  }

  metadata(entity: new () => object): EntityMetadata {
    return this.#source.getMetadata(entity);
  }

  /** Converts a value as TypeORM would on storing. */
  persist(value: unknown, column: EntityMetadata['columns'][number]): unknown {
    return this.#source.driver.preparePersistentValue(value, column) as unknown;
  }

  /** Converts a driver value as TypeORM would on loading. */
  hydrate(value: unknown, column: EntityMetadata['columns'][number]): unknown {
    return this.#source.driver.prepareHydratedValue(value, column) as unknown;
  }

  /**
   * A connection for a context: the transaction's own when the context is inside one, else a fresh check-out that
   * `work` holds to its end.
   * @throws ResidencyError of the context's checks; residency.crossing for a context of another region; residency.unavailable
   */
  async lease<T>(context: RegionContext, work: (lease: Lease) => Promise<T>): Promise<T> {
    const { unit, lease } = usable(context);
    if (unit.region !== this.region)
      throw new ResidencyError(
        'residency.crossing',
        `A context of region ${unit.region.code} was used on the database of region ${this.region.code}.`,
      );
    // A transaction's context reaches the region's other database as well, outside of the transaction.
    if (lease?.database === this) return lease.run(work);
    const permit = new Permit(this.region, unit, false);
    return permits.run(permit, async () => {
      const fresh = await this.#checkOut(unit, permit);
      try {
        return await fresh.run(work);
      } finally {
        fresh.release();
      }
    });
  }

  /**
   * Checks out a connection for a transaction.
   * @throws as {@link lease}
   */
  async begin(unit: UnitOfWork): Promise<Lease> {
    const permit = new Permit(this.region, unit, true);
    const lease = await permits.run(permit, () => this.#checkOut(unit, permit));
    try {
      await lease.run(({ client }) => client.query('BEGIN') as Promise<unknown>);
    } catch (error) {
      lease.release();
      throw error;
    }
    return lease;
  }

  async close(): Promise<void> {
    await this.#dataSource?.destroy();
    this.#dataSource = null;
    this.#pool = null;
  }

  /** Runs under the permit. */
  async #checkOut(unit: UnitOfWork, permit: Permit): Promise<Lease> {
    const pool = this.#pool;
    if (!this.#dataSource || !pool) throw this.#closed();
    const connected = pool.connect();
    try {
      const client = (await beforeDeadline(unit.deadline, connected)) as unknown as HeldClient;
      return new Lease(permit, unit, client, this);
    } catch (failure) {
      permit.live = false;
      // A connection that arrives after all goes straight back.
      void connected.then(
        (client) => client.release(),
        () => undefined,
      );
      const error = translateDatabaseError(failure);
      this.#options.onFault?.(error);
      throw error;
    }
  }

  /** A table of the rows was never made in a key store, and the other way round. */
  #assertPurpose(entities: readonly EntityClass[]): void {
    const { purpose } = this.#expected;
    const strange = entities.map((entity) => declarationOf(entity)).find(({ keptIn }) => !keptIn.includes(purpose));
    if (strange)
      throw new ResidencyError(
        'residency.configuration_invalid',
        `Table ${strange.table} is declared for ${strange.keptIn.join(' and ')}, and was asked of a database for ${purpose}.`,
      );
  }

  get #label(): string {
    return this.#expected.purpose === 'rows' ? this.region.code : `${this.region.code}-${this.#expected.purpose}`;
  }

  get #source(): DataSource {
    if (!this.#dataSource) throw this.#closed();
    return this.#dataSource;
  }

  #closed(): ResidencyError {
    return new ResidencyError('residency.unavailable', `The database of region ${this.region.code} is not open.`);
  }

  async #asBoot<T>(work: () => Promise<T>): Promise<T> {
    const permit = new Permit(this.region, 'boot', false);
    try {
      return await permits.run(permit, work);
    } finally {
      permit.retire();
    }
  }

  #look<T>(context: RegionContext, work: (query: HandshakeQuery) => Promise<T>): Promise<T> {
    return this.lease(context, ({ client }) => work((text) => this.#marked(Promise.resolve(client), text)));
  }

  async #marked(client: Promise<GuardedClient>, text: string): Promise<pg.QueryResult> {
    return (await client).query(`/* ${this.guard.mark} */ ${text}`) as Promise<pg.QueryResult>;
  }
}
