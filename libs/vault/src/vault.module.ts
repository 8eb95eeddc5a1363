import { type DynamicModule, Module } from '@nestjs/common';
import { BlindIndex } from './blind-index.js';
import { RegionKeys, type RegionKeysFolder } from './region-keys.js';

/** Provides {@link BlindIndex} to every module. The sealing of personal columns joins it with the next issue. */
@Module({})
export class VaultModule {
  /** @throws ResidencyError residency.configuration_invalid at boot, when a served region's key cannot be used */
  static forRoot(folders: readonly RegionKeysFolder[]): DynamicModule {
    return {
      module: VaultModule,
      global: true,
      providers: [
        { provide: RegionKeys, useFactory: () => new RegionKeys(folders) },
        { provide: BlindIndex, inject: [RegionKeys], useFactory: (keys: RegionKeys) => new BlindIndex(keys) },
      ],
      exports: [BlindIndex],
    };
  }
}
