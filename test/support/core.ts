import {
  type AccountId,
  Contexts,
  Door,
  IdCodec,
  type Region,
  type RegionContext,
  type Regions,
} from '@domicile/residency';
import type { DataSource } from 'typeorm';
import { RegionDatabase, type RegionDatabaseOptions } from '../../libs/residency/src/region-database.js';
import { type TestDatabase, createDatabase, eu, regions, us } from './databases.js';
import { stealing } from './refusals.js';
import { Account, Entry, Note, TOYS, Thing, Way } from './toy-schema.js';

export { complaint, refusal, stealing } from './refusals.js';

export type Tables = ReturnType<typeof tablesOf>;

/** The core over real databases, without Nest: what a process consists of below its HTTP layer. */
export interface Core<S> extends Tables {
  readonly ids: IdCodec;
  readonly contexts: Contexts;
  readonly door: Door;
  /** What `declare` returned. */
  readonly declared: S;
  /** By region code. */
  readonly databases: Readonly<Record<string, TestDatabase>>;
  /** The data sources that the core made for itself, by region code: stolen, as no code of ours could. */
  readonly stolen: Readonly<Record<string, DataSource>>;
  /** One unit of work of nobody in that region. */
  within<T>(region: Region, work: (context: RegionContext) => Promise<T>): Promise<T>;
  /** A fresh account of that region, stored. */
  account(region: Region): Promise<AccountId>;
  close(): Promise<void>;
}

export interface CoreOptions<S> {
  readonly poolSize?: number;
  readonly regions?: Regions;
  readonly deadlineMilliseconds?: number;
  /** One database a served region; made for EU and US when left out. */
  readonly databases?: readonly TestDatabase[];
  readonly onFault?: RegionDatabaseOptions['onFault'];
  /** Declares statements before the door opens. */
  readonly declare?: (door: Door) => S;
}

export async function createCore<S = undefined>(options: CoreOptions<S> = {}): Promise<Core<S>> {
  const own = options.databases ?? (await Promise.all([eu, us].map((region) => createDatabase(region, TOYS))));
  const all = options.regions ?? regions;
  const ids = new IdCodec(all);
  const settings = own.map(({ options: database }) => ({
    ...database,
    poolSize: options.poolSize ?? 4,
    ...(options.onFault ? { onFault: options.onFault } : {}),
  }));
  const door = new Door(
    settings.map((database) => new RegionDatabase(database)),
    ids,
  );
  const tables = tablesOf(door);
  const declared = options.declare?.(door) as S;
  const served = own.map(({ region }) => region);
  const contexts = new Contexts(ids, all, served, options.deadlineMilliseconds ?? 10_000);
  const drop = (): Promise<unknown> => Promise.all(own.map((database) => database.drop()));
  let stolen: Record<string, DataSource>;
  try {
    stolen = await stealing(() => door.open());
  } catch (error) {
    await drop();
    throw error;
  }
  const within = <T>(region: Region, work: (context: RegionContext) => Promise<T>): Promise<T> =>
    contexts.run({ region, actor: { kind: 'nobody' } }, work);
  return {
    ...tables,
    ids,
    contexts,
    door,
    declared,
    databases: Object.fromEntries(own.map((database) => [database.region.code, database])),
    stolen,
    within,
    account: (region) =>
      within(region, async (context) => {
        const id = ids.mint('acct', region);
        await tables.accounts.insert(context.account(id), {});
        return id;
      }),
    close: async () => {
      await door.close();
      await drop();
    },
  };
}

function tablesOf(door: Door) {
  return {
    accounts: door.table(Account),
    notes: door.table(Note),
    things: door.table(Thing),
    ways: door.table(Way),
    entries: door.table(Entry),
  };
}
