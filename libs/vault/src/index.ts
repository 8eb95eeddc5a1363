/** Vault (floor 1): the regions' keys and what is made with them: sealed values, blind indexes, masks. See the laws, Keys. */
export { decrypt, encrypt, NONCE_BYTES } from './aead.js';
export { BlindIndex } from './blind-index.js';
export { Tombstone, WrappedKey } from './data-key.entity.js';
export { KeyPreload } from './key-preload.js';
export { makeKeyFile, readKeyFile } from './key-file.js';
export {
  addWrappingKey,
  ensureWrappingKey,
  FileKeyProvider,
  type KeyProvider,
  type Wrapped,
  wrappingVersions,
} from './key-provider.js';
export { rewrapKeys } from './key-rotation.js';
export { type KeyId, KeyStore } from './key-store.js';
export { ensureRegionKeys, RegionKeys, type RegionKeysFolder } from './region-keys.js';
export { type DataKey } from './sealed-value.js';
export { KeyFilesCheck, type KeyedRows } from './key-files-check.js';
export { TombstoneReplay, type SealedRows } from './tombstone-replay.js';
export { type Erased, Tombstones } from './tombstones.js';
export { VAULT_ERRORS } from './vault-errors.js';
export { type Fields, type SealedRow, Vault } from './vault.js';
export { VaultModule } from './vault.module.js';

import { Tombstone, WrappedKey } from './data-key.entity.js';

/** Tables of a key store. */
export const KEY_STORE_ENTITIES = [WrappedKey, Tombstone] as const;
/** Tables among the rows. */
export const VAULT_ENTITIES = [Tombstone] as const;
