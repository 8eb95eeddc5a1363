import { AsyncResource } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { assertOpen } from './context.js';
import { ResidencyError } from './errors.js';
import { type Permit, permits } from './permit.js';
import type { Region } from './regions.js';

/** What one region's pool lets through. Held in a closure and in private fields: no option object carries it. */
export class PoolGuard {
  readonly #token = randomBytes(16).toString('hex');
  readonly #statements = new Map<string, string>();

  /**
   * @param handshake run on every new connection before its first use (marker, law L5); a throw discards the connection
   */
  constructor(
    readonly region: Region,
    readonly handshake: (query: HandshakeQuery) => Promise<void>,
  ) {}

  /** The comment that the door puts in front of the text that TypeORM writes for it; unknown to anyone else. */
  get mark(): string {
    return `door:${this.#token}`;
  }

  /** Admits a statement under a name. @throws ResidencyError residency.configuration_invalid for a second text of that name */
  register(name: string, text: string): void {
    if (this.#statements.has(name))
      throw new ResidencyError(
        'residency.configuration_invalid',
        `Two statements are named ${name}; names are unique.`,
      );
    this.#statements.set(name, text);
  }

  /**
   * Admits a text that the door has written from declarations: under a short name while there are not too many of them, as each
   * connection keeps what it has prepared; beyond that under the mark.
   */
  admit(text: string): { name?: string; text: string } {
    if (this.#statements.size >= STATEMENTS_MAX) return { text: `/* ${this.mark} */ ${text}` };
    const name = `#${this.#statements.size}`;
    this.register(name, text);
    return { name, text };
  }

  admits(permit: Permit, name: string | undefined, text: string): boolean {
    if (name !== undefined) return this.#statements.get(name) === text;
    if (text.startsWith(`/* ${this.mark} */ `)) return true;
    if (permit.unit === 'boot') return BOOT_TEXTS.has(text);
    return permit.transaction && TRANSACTION_TEXTS.has(text);
  }
}

/** Statements that a region's pool knows by name. */
const STATEMENTS_MAX = 500;

/** The only texts that may run before the first unit of work: what TypeORM asks when it connects. */
const BOOT_TEXTS = new Set(['SELECT version()', 'SELECT * FROM current_database()', 'SELECT * FROM current_schema()']);

/** Spoken by the door alone, around a transaction. No SET, LISTEN, PREPARE or temporary table: connections keep no state. */
export const TRANSACTION_TEXTS = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/** Asks the one question of the handshake; anything else is refused on an unproven connection. */
export type HandshakeQuery = (text: string) => Promise<pg.QueryResult>;

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/**
 * A connection that runs registered statements and the door's own text, while its permit is live, inside the unit of
 * work that it was checked out for, and nothing else.
 */
export class GuardedClient extends pg.Client {
  #guard: PoolGuard | null = null;
  #permit: Permit | null = null;

  /** @internal Proves the connection's database before anyone gets it. */
  async prove(guard: PoolGuard): Promise<void> {
    await guard.handshake((text) => super.query(text));
    this.#guard = guard;
    // A connection that breaks while it is out tells nobody but its listeners; without one the process would end.
    this.on('error', (error) => {
      if (this.#permit) this.#permit.poison ??= error;
    });
  }

  /** @internal Binds the connection to a permit until it is released. */
  bind(permit: Permit | null): void {
    this.#permit = permit;
  }

  // The parent has seven overloads; TypeORM and the door use (text | config, values?, callback?).
  // oxlint-disable-next-line typescript/no-explicit-any -- the return type differs per overload of the parent
  override query(first: unknown, ...rest: unknown[]): any {
    return (super.query as (...args: unknown[]) => unknown)(this.#admitted(first), ...rest);
  }

  /**
   * The statement as it will run: every property is read once, so that what was judged is what runs.
   * @throws ResidencyError residency.context_missing, residency.context_closed, residency.statement_refused
   */
  #admitted(first: unknown): string | { name?: string; text: string; values?: unknown[] } {
    const permit = this.#permit;
    if (!this.#guard || !permit?.live || permits.getStore() !== permit)
      throw new ResidencyError(
        'residency.context_missing',
        'A connection was used outside of the door that checked it out.',
      );
    const config = (typeof first === 'object' ? first : { text: first }) as Record<string, unknown> | null;
    const { name, text, values, submit } = config ?? {};
    if (permit.unit !== 'boot' && text !== 'ROLLBACK') assertOpen(permit.unit);
    const named = typeof name === 'string' ? name : undefined;
    if (typeof text !== 'string' || submit !== undefined || named !== name || !this.#guard.admits(permit, named, text))
      throw new ResidencyError(
        'residency.statement_refused',
        'A statement that neither is registered nor came through the door was refused.',
      );
    if (typeof first === 'string') return first;
    return { text, ...(named === undefined ? {} : { name: named }), ...(Array.isArray(values) ? { values } : {}) };
  }
}

/** A connection as the pool hands it out, to be given back. */
export type HeldClient = GuardedClient & Pick<pg.PoolClient, 'release'>;

/**
 * The guard below TypeORM (its `driver` option takes a pg-like object with this class as `Pool`): a check-out needs a
 * live permit of this very region, so whatever handle leaks out of TypeORM reaches no database (law L3).
 */
export class GuardedPool extends pg.Pool {
  readonly #guard: PoolGuard;

  constructor(options: pg.PoolConfig, guard: PoolGuard) {
    super({
      ...options,
      Client: GuardedClient,
      onConnect: (client: GuardedClient) => client.prove(guard),
    } as unknown as pg.PoolConfig);
    this.#guard = guard;
  }

  /**
   * Refuses by throwing a ResidencyError: residency.context_missing (no live permit), residency.crossing (another region's).
   * The permit is captured here, synchronously: under contention the pool calls back in the async context of whoever
   * released the client, so what is ambient later means nothing.
   */
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    if (!callback)
      // Whoever awaits goes on in its own async context by itself.
      return new Promise((resolve, reject) => {
        this.#checkOut((error, client) => (client ? resolve(client) : reject(error ?? new Error('no client'))));
      });
    this.#checkOut(AsyncResource.bind(callback));
  }

  #checkOut(inCaller: Callback): void {
    const permit = this.#admit();
    super.connect((error, client, done) => {
      if (!client) return inCaller(error, undefined, done);
      const guarded = client as unknown as GuardedClient;
      guarded.bind(permit);
      const release = (failure?: Error | boolean): void => {
        if (failure instanceof Error) permit.poison ??= failure;
        permit.end();
        guarded.bind(null);
        done(permit.poison ?? failure);
      };
      client.release = release;
      inCaller(undefined, client, release);
    });
  }

  /** A query straight on the pool has no unit of work and no text of the door: always refused. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as in the parent
  override query(): any {
    throw new ResidencyError('residency.context_missing', 'Pools run no queries; ask the door with a RegionContext.');
  }

  #admit(): Permit {
    const permit = permits.getStore();
    if (!permit?.live || !permit.spend())
      throw new ResidencyError(
        'residency.context_missing',
        'A connection was asked for outside of the door; use a repository with a RegionContext.',
      );
    if (permit.region !== this.#guard.region)
      throw new ResidencyError(
        'residency.crossing',
        `A connection to region ${this.#guard.region.code} was asked for in a unit of work of region ${permit.region.code}.`,
      );
    if (permit.unit !== 'boot') assertOpen(permit.unit);
    return permit;
  }
}
