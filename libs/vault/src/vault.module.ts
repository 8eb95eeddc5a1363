import { type DynamicModule, Module } from '@nestjs/common';
import { Contexts, Door, IdCodec, KeyDoor } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import { BlindIndex } from './blind-index.js';
import { KeyFilesCheck } from './key-files-check.js';
import { FileKeyProvider } from './key-provider.js';
import { KeyPreload } from './key-preload.js';
import { KeyStore } from './key-store.js';
import { RegionKeys, type RegionKeysFolder } from './region-keys.js';
import { TombstoneReplay } from './tombstone-replay.js';
import { Tombstones } from './tombstones.js';
import { Vault } from './vault.js';

/** Provides {@link Vault}, {@link BlindIndex}, {@link TombstoneReplay} and {@link KeyFilesCheck} to every module. */
@Module({})
export class VaultModule {
  /**
   * @param keysAheadAfterMilliseconds when after its start a process begins to read wrapped keys into memory ahead of use; null where it
   *   never does: one that answers no requests
   * @throws ResidencyError residency.configuration_invalid at boot, when a served region's key cannot be used
   */
  static forRoot(
    folders: readonly RegionKeysFolder[],
    log: EventLog,
    keysAheadAfterMilliseconds: number | null,
  ): DynamicModule {
    return {
      module: VaultModule,
      global: true,
      providers: [
        { provide: RegionKeys, useFactory: () => new RegionKeys(folders) },
        { provide: BlindIndex, inject: [RegionKeys], useFactory: (keys: RegionKeys) => new BlindIndex(keys) },
        { provide: FileKeyProvider, useFactory: () => new FileKeyProvider(folders) },
        { provide: KeyStore, inject: [KeyDoor], useFactory: (door: KeyDoor) => new KeyStore(door) },
        { provide: Tombstones, inject: [Door], useFactory: (door: Door) => new Tombstones(door) },
        {
          provide: Vault,
          inject: [Contexts, KeyStore, FileKeyProvider, IdCodec],
          useFactory: (contexts: Contexts, store: KeyStore, provider: FileKeyProvider, ids: IdCodec) =>
            new Vault(contexts, store, provider, ids, log),
        },
        ...(keysAheadAfterMilliseconds === null
          ? []
          : [
              {
                provide: KeyPreload,
                inject: [Contexts, KeyStore, Vault],
                useFactory: (contexts: Contexts, store: KeyStore, vault: Vault) =>
                  new KeyPreload(contexts, store, vault, log, keysAheadAfterMilliseconds),
              },
            ]),
        {
          provide: KeyFilesCheck,
          inject: [Contexts, KeyStore, FileKeyProvider],
          useFactory: (contexts: Contexts, store: KeyStore, provider: FileKeyProvider) =>
            new KeyFilesCheck(contexts, store, provider),
        },
        {
          provide: TombstoneReplay,
          inject: [Contexts, Door, KeyStore, Tombstones],
          useFactory: (contexts: Contexts, door: Door, store: KeyStore, tombstones: Tombstones) =>
            new TombstoneReplay(contexts, (ctx, work) => door.transaction(ctx, work), store, tombstones, log),
        },
      ],
      exports: [BlindIndex, Vault, Tombstones, TombstoneReplay, KeyFilesCheck],
    };
  }
}
