import { join } from 'node:path';
import {
  Contexts,
  Door,
  type Id,
  IdCodec,
  type KeyDoor,
  keyDoor,
  type Region,
  type RegionContext,
} from '@domicile/residency';
import { createEventLog, ID_PREFIXES } from '@domicile/runtime';
import {
  ensureRegionKeys,
  ensureWrappingKey,
  FileKeyProvider,
  KeyStore,
  TombstoneReplay,
  Tombstones,
  Vault,
} from '@domicile/vault';
import { Account, ACCOUNT_PROFILE, Person, PERSON_PROFILE } from '@domicile/accounts';
import { SubjectRepository } from '../../libs/accounts/src/subject.repository.js';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { createDatabase, eu, regions, type TestDatabase, us } from './databases.js';
import { KEY_SCHEMA, SCHEMA } from './installation.js';

/** Rows and key store of one region. */
export interface SealedSite {
  readonly region: Region;
  readonly rows: TestDatabase;
  readonly keys: TestDatabase;
}

/** The vault over real databases, without Nest. Each is what one process holds; several may be opened over the same sites. */
export interface SealingCore {
  readonly ids: IdCodec;
  readonly contexts: Contexts;
  readonly door: Door;
  readonly keyDoor: KeyDoor;
  readonly store: KeyStore;
  readonly provider: FileKeyProvider;
  readonly vault: Vault;
  readonly tombstones: Tombstones;
  readonly subjects: SubjectRepository;
  readonly replay: TombstoneReplay;
  /** Events that it logged, one JSON line each. */
  readonly log: string[];
  within<T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T>;
  /** A stored person of that region with a sealed profile. */
  person(region: Region, email: string): Promise<Person['id']>;
  /** What stands sealed in a person's row, opened as the person's. */
  profileOf(region: Region, id: Person['id']): Promise<{ email: string; displayName: string | null }>;
  /** A stored account of that region with a sealed name. */
  account(region: Region, name: string): Promise<Account['id']>;
  close(): Promise<void>;
}

export async function sealedSites(): Promise<SealedSite[]> {
  return Promise.all(
    [eu, us].map(async (region) => {
      const rows = await createDatabase(region, SCHEMA);
      const keys = await createDatabase(region, KEY_SCHEMA, { purpose: 'keys', keysDir: rows.keysDir });
      ensureRegionKeys(rows.keysDir);
      ensureWrappingKey(rows.keysDir);
      return { region, rows, keys };
    }),
  );
}

export async function dropSites(sites: readonly SealedSite[]): Promise<void> {
  await Promise.all(sites.flatMap(({ rows, keys }) => [rows.drop(), keys.drop()]));
}

export async function openSealing(sites: readonly SealedSite[]): Promise<SealingCore> {
  const ids = new IdCodec(regions);
  const log: string[] = [];
  const events = createEventLog({ write: (line) => void log.push(line) });
  const served = sites.map(({ region }) => region);
  const contexts = new Contexts(ids, regions, served, 10_000);
  const door = new Door(
    sites.map(({ rows }) => new RegionDatabase(rows.options)),
    ids,
  );
  const keys = keyDoor(
    sites.map(({ keys: store }) => store.options),
    ids,
  );
  const persons = door.table(Person);
  const accounts = door.table(Account);
  const store = new KeyStore(keys);
  const tombstones = new Tombstones(door);
  const provider = new FileKeyProvider(
    sites.map(({ region, rows }) => ({ region: region.code, keysDir: rows.keysDir })),
  );
  const vault = new Vault(contexts, store, provider, ids, events);
  const subjects = new SubjectRepository(door, (ctx, sealed) => vault.keyIdOf(ctx, sealed));
  const replay = new TombstoneReplay(contexts, (ctx, work) => door.transaction(ctx, work), store, tombstones, events);
  replay.handle(subjects);
  await Promise.all([door.open(), keys.open()]);
  const within = <T>(region: Region, work: (ctx: RegionContext) => Promise<T>): Promise<T> =>
    contexts.run({ region, actor: { kind: 'nobody' } }, work);
  const place = <F extends object>(id: Id, set: F): { subject: Id; row: Id; set: F } => ({ subject: id, row: id, set });
  return {
    ids,
    contexts,
    door,
    keyDoor: keys,
    store,
    provider,
    vault,
    tombstones,
    subjects,
    replay,
    log,
    within,
    person: (region, email) =>
      within(region, async (ctx) => {
        const id = ids.mint(ID_PREFIXES.person, region);
        const key = await vault.newKey(ctx);
        const sealed = vault.seal(ctx, key, place(id, PERSON_PROFILE), { email, displayName: null });
        await persons.insert(ctx, { id, sealed });
        return id;
      }),
    profileOf: (region, id) =>
      within(region, async (ctx) => {
        const { sealed } = await persons.get(ctx, id);
        return vault.open(ctx, { ...place(id, PERSON_PROFILE), sealed });
      }),
    account: (region, name) =>
      within(region, async (ctx) => {
        const id = ids.mint(ID_PREFIXES.account, region);
        const sealed = vault.seal(ctx, await vault.newKey(ctx), place(id, ACCOUNT_PROFILE), { name });
        await accounts.insert(ctx.account(id), { sealed });
        return id;
      }),
    close: async () => {
      await Promise.all([door.close(), keys.close()]);
    },
  };
}

/** File of a region's wrapping key. */
export function wrappingKeyFile({ rows }: SealedSite, version: number): string {
  return join(rows.keysDir, `wrapping.${version}.key`);
}
