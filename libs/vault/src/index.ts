/** Vault (floor 1): the regions' keys and what is made with them. Today blind indexes; sealing, the key store and masks come next. */
export { BlindIndex } from './blind-index.js';
export { makeKeyFile, readKeyFile } from './key-file.js';
export { ensureRegionKeys, RegionKeys, type RegionKeysFolder } from './region-keys.js';
export { VaultModule } from './vault.module.js';
