import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';
import { makeSecretKeyFile, readSecretKeyFile } from './key-file.js';

const INDEX_KEY = 'index.key';

/** Where one served region keeps its keys. */
export interface RegionKeysFolder {
  /** The region's code. */
  readonly region: string;
  /** `<home>/keys` of that region. */
  readonly keysDir: string;
}

/**
 * The root keys of the regions that this process serves, read once at boot; no other region's key can be in here (law L6).
 * It holds the root of blind indexes only: wrapping and receipt keys are other keys (laws, Keys) and come with the sealing.
 */
export class RegionKeys {
  readonly #index: ReadonlyMap<string, KeyObject>;

  /** @throws ResidencyError residency.configuration_invalid when a key is missing, malformed or readable by others */
  constructor(folders: readonly RegionKeysFolder[]) {
    this.#index = new Map(
      folders.map(({ region, keysDir }) => [
        region,
        readSecretKeyFile(join(keysDir, INDEX_KEY), 'The index key', region),
      ]),
    );
  }

  /** The root of a region's blind indexes, 32 bytes. @throws ResidencyError residency.crossing for a region not served here */
  index(region: string): KeyObject {
    const key = this.#index.get(region);
    if (!key) throw new ResidencyError('residency.crossing', `This process holds no key of region ${region}.`);
    return key;
  }
}

/**
 * Makes the keys of a region that are not there yet. An existing key is never touched: a second index key would make every
 * address of the region unfindable. For the operator's command and tests.
 */
export function ensureRegionKeys(keysDir: string): void {
  makeSecretKeyFile(join(keysDir, INDEX_KEY));
}
