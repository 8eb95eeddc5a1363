import { EventEmitter } from 'node:events';
import { Contexts, Door, IdCodec, type Region, type RegionContext } from '@domicile/residency';
import { DataSource, type EntityMetadata } from 'typeorm';
import { usable } from '../../libs/residency/src/context.js';
import type { Lease } from '../../libs/residency/src/lease.js';
import { PoolGuard } from '../../libs/residency/src/guarded-pool.js';
import { SnakeCaseNaming } from '../../libs/residency/src/naming.js';
import type { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { regions } from './databases.js';
import { TOYS } from './toy-schema.js';

export type Row = Record<string, unknown>;

/** The door's depth alone: no guard, no handshake, no constraint below it, only a driver that answers what it is told. */
export interface StubDoor {
  readonly door: Door;
  readonly ids: IdCodec;
  /** Every statement that reached the driver. */
  readonly sent: { readonly text: string; readonly values: readonly unknown[] }[];
  /** What the next statements are answered with. */
  answer(...rows: Row[]): void;
  within<T>(region: Region, work: (context: RegionContext) => Promise<T>): Promise<T>;
}

const BOOT: Record<string, Row> = {
  'SELECT version()': { version: 'PostgreSQL 18.4' },
  'SELECT * FROM current_database()': { current_database: 'stub' },
  'SELECT * FROM current_schema()': { current_schema: 'public' },
};

/** @param home the region whose database the stub plays; contexts may be opened in any. */
export async function stubDoor(home: Region): Promise<StubDoor> {
  const sent: StubDoor['sent'] = [];
  let rows: Row[] = [];
  const client = Object.assign(new EventEmitter().setMaxListeners(0), {
    query: async (first: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
      const { text, values: given = values ?? [] } = typeof first === 'string' ? { text: first } : first;
      if (BOOT[text]) return { command: 'SELECT', rows: [BOOT[text]], rowCount: 1 };
      sent.push({ text, values: given });
      const command = /insert|update|delete|select/i.exec(text.replace(/\/\*.*?\*\//, ''))![0].toUpperCase();
      return { command, rows: rows.map((row) => ({ ...row })), rowCount: rows.length };
    },
  });
  class Pool extends EventEmitter {
    connect(callback: (error: undefined, connection: unknown, release: () => void) => void): void {
      callback(undefined, client, () => undefined);
    }
  }
  const dataSource = await new DataSource({
    type: 'postgres',
    driver: { Pool },
    entities: [...TOYS.entities],
    namingStrategy: new SnakeCaseNaming(),
    installExtensions: false,
  }).initialize();

  const database = {
    region: home,
    endpoint: 'stub',
    guard: new PoolGuard(home, async () => undefined),
    metadata: (entity: new () => object) => dataSource.getMetadata(entity),
    hydrate: (value: unknown, column: EntityMetadata['columns'][number]) =>
      dataSource.driver.prepareHydratedValue(value, column) as unknown,
    persist: (value: unknown, column: EntityMetadata['columns'][number]) =>
      dataSource.driver.preparePersistentValue(value, column) as unknown,
    lease: async <T>(context: RegionContext, work: (lease: Lease) => Promise<T>): Promise<T> => {
      const { unit } = usable(context);
      return work({ unit, client } as unknown as Lease);
    },
    close: async () => undefined,
  };
  const ids = new IdCodec(regions);
  const contexts = new Contexts(ids, regions, regions.all, 5_000);
  return {
    door: new Door([database as unknown as RegionDatabase], ids),
    ids,
    sent,
    answer: (...next) => {
      rows = next;
      sent.length = 0;
    },
    within: (region, work) => contexts.run({ region, actor: { kind: 'nobody' } }, work),
  };
}
