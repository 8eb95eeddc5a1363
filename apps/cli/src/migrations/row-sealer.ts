import {
  Contexts,
  type Id,
  IdCodec,
  keyDoor,
  type RegionContext,
  type RegionDatabaseOptions,
  type Regions,
} from '@domicile/residency';
import { createEventLog } from '@domicile/runtime';
import { FileKeyProvider, KeyStore, type SealedRow, Vault } from '@domicile/vault';

/** Seals the rows of one region for a migration. */
export interface RowSealer {
  /** Of the server that the keys are on; undefined where there are none. */
  readonly systemIdentifier?: string | undefined;
  /** An id of the region from a stored `uuid`. */
  id(uuid: string, prefix: string): Id;
  /** @param underKeyOf a sealed value of the same subject, whose key goes on; a new key without it */
  seal(at: Omit<SealedRow<object>, 'sealed'>, fields: object, underKeyOf?: Buffer): Promise<Buffer>;
}

const SEAL_MILLISECONDS_MAX = 30_000;

/** For databases without rows to seal; with any it refuses, as nothing may be sealed under keys that nobody keeps. */
export const NO_SEALER: RowSealer = {
  id: (uuid) => uuid as Id,
  seal: () => Promise.reject(new Error('There are rows to seal, but no key store was given to the migration.')),
};

/** Opens the region's key store for as long as `work` runs. @param keysDir with the wrapping keys */
export async function withRowSealer<T>(
  { regions, keyStore, keysDir }: { regions: Regions; keyStore: RegionDatabaseOptions; keysDir: string },
  work: (sealer: RowSealer) => Promise<T>,
): Promise<T> {
  const { region } = keyStore;
  const ids = new IdCodec(regions);
  const contexts = new Contexts(ids, regions, [region], SEAL_MILLISECONDS_MAX);
  const door = keyDoor([keyStore], ids);
  const log = createEventLog({ write: () => undefined });
  const vault = new Vault(
    contexts,
    new KeyStore(door),
    new FileKeyProvider([{ region: region.code, keysDir }]),
    ids,
    log,
  );
  const unit = <R>(inside: (ctx: RegionContext) => Promise<R>): Promise<R> =>
    contexts.run({ region, actor: { kind: 'job', name: 'migration' } }, inside);
  await door.open();
  try {
    return await work({
      systemIdentifier: door.markers[0]?.systemIdentifier,
      id: (uuid, prefix) => ids.decode(uuid, prefix, region),
      seal: (at, fields, underKeyOf) =>
        unit(async (ctx) => {
          const key = underKeyOf ? await vault.keyOf(ctx, underKeyOf) : await vault.newKey(ctx);
          return vault.seal(ctx, key, at, fields);
        }),
    });
  } finally {
    await door.close();
  }
}
