import type { Region } from '@domicile/residency';
import type pg from 'pg';
import type { UnitOfWork } from '../../libs/residency/src/context.js';
import { type GuardedClient, GuardedPool, PoolGuard } from '../../libs/residency/src/guarded-pool.js';
import { Permit, permits } from '../../libs/residency/src/permit.js';
import type { TestDatabase } from './databases.js';

/** The guard's depth alone: a pool over a real database, without door, TypeORM or handshake. */
export interface BarePool {
  readonly guard: PoolGuard;
  readonly pool: GuardedPool;
  /** A permit as the door issues it. */
  permit(options?: { region?: Region; transaction?: boolean; unit?: UnitOfWork | 'boot' }): Permit;
  /** A connection under that permit, with what the door would do: everything said to it runs under the permit. */
  client(permit: Permit): Promise<Held>;
}

export interface Held {
  readonly client: GuardedClient & pg.PoolClient;
  readonly permit: Permit;
  query(...args: unknown[]): Promise<pg.QueryResult<Record<string, unknown>>>;
  release(): void;
}

export function barePool(database: TestDatabase, max = 1): BarePool {
  const guard = new PoolGuard(database.region, async () => undefined);
  const pool = new GuardedPool({ connectionString: database.appUrl, max, connectionTimeoutMillis: 2_000 }, guard);
  // A database that is dropped while a connection still says goodbye would end the test process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return {
    guard,
    pool,
    permit: ({ region = database.region, transaction = false, unit = openUnit(region) } = {}) =>
      new Permit(region, unit, transaction),
    client: async (permit) => {
      const client = (await permits.run(permit, () => pool.connect())) as GuardedClient & pg.PoolClient;
      return {
        client,
        permit,
        query: async (...args) =>
          permits.run(permit, () => client.query(args[0], ...args.slice(1)) as Promise<pg.QueryResult>),
        release: () => client.release(),
      };
    },
  };
}

export function openUnit(region: Region, milliseconds = 5_000): UnitOfWork {
  return { region, deadline: performance.now() + milliseconds, open: true, inTransaction: false };
}

/** The same numbers at each run (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets others run first, one way or another. */
export function yielding(random: () => number): Promise<unknown> {
  const ways = [
    () => Promise.resolve(),
    () => new Promise((resolve) => setImmediate(resolve)),
    () => new Promise<void>((resolve) => process.nextTick(resolve)),
    () => new Promise((resolve) => setTimeout(resolve, 0)),
    () => new Promise<void>((resolve) => queueMicrotask(resolve)),
  ];
  return ways[Math.floor(random() * ways.length)]!();
}
