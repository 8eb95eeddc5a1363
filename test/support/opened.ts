import { Contexts, type FieldSet, type Id, IdCodec, keyDoor, type Regions } from '@domicile/residency';
import { createEventLog } from '@domicile/runtime';
import { FileKeyProvider, KeyStore, Vault } from '@domicile/vault';
import { regions, type TestDatabase } from './databases.js';

/** What somebody can read who has everything: the rows, the key store and the wrapping key. */
export interface Opener {
  /** An id from its uuid, as {@link IdCodec} reads it. */
  id(uuid: unknown, prefix: string): Id;
  open<F extends object>(set: FieldSet<F>, subject: Id, row: Id, sealed: unknown): Promise<F>;
  /** The value again with other fields, sealed under the same key. */
  amend<F extends object>(
    place: { readonly set: FieldSet<F>; readonly subject: Id; readonly row: Id; readonly sealed: unknown },
    patch: Partial<F>,
  ): Promise<Buffer>;
}

/** Opens a region's key store with a vault of its own: how tests see what a sealed value holds. @param keysDir with the wrapping keys */
export async function opening<T>(
  { region, options }: TestDatabase,
  keysDir: string,
  work: (opener: Opener) => Promise<T>,
  all: Regions = regions,
): Promise<T> {
  const ids = new IdCodec(all);
  const contexts = new Contexts(ids, all, [region], 30_000);
  const door = keyDoor([options], ids);
  const store = new KeyStore(door);
  const provider = new FileKeyProvider([{ region: region.code, keysDir }]);
  const vault = new Vault(contexts, store, provider, ids, createEventLog({ write: () => undefined }));
  await door.open();
  try {
    return await work({
      id: (uuid, prefix) => ids.decode(String(uuid), prefix, region),
      open: (set, subject, row, sealed) =>
        contexts.run({ region, actor: { kind: 'job', name: 'test' } }, (ctx) =>
          vault.open(ctx, { subject, row, set, sealed: sealed as Buffer }),
        ),
      amend: ({ sealed, ...place }, patch) =>
        contexts.run({ region, actor: { kind: 'job', name: 'test' } }, (ctx) =>
          vault.amend(ctx, { ...place, sealed: sealed as Buffer }, patch),
        ),
    });
  } finally {
    await door.close();
  }
}
