import { randomBytes, type KeyObject } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import { decrypt, encrypt, NONCE_BYTES } from './aead.js';
import { makeSecretKeyFile, readSecretKeyFile } from './key-file.js';
import type { RegionKeysFolder } from './region-keys.js';

/** A data key as it may be stored. */
export interface Wrapped {
  /** Version of the wrapping key. */
  readonly version: number;
  readonly bytes: Buffer;
}

/**
 * Who holds the regions' wrapping keys: files here, an HSM or a KMS of the region elsewhere. It only wraps and unwraps; a
 * wrapping key never leaves it. Asynchronous, as others have to ask over a network.
 */
export interface KeyProvider {
  /** The version that wraps from now on; looked up anew at each call, so that a rotation is noticed without a restart. */
  newest(region: string): Promise<number>;
  /** @param keyId bound into the result: a wrapped key opens under its own id alone */
  wrap(region: string, version: number, keyId: string, key: Buffer): Promise<Buffer>;
  /** @throws Problem vault.key_missing (no such version here), vault.value_refused (altered, or another key's) */
  unwrap(region: string, wrapped: Wrapped, keyId: string): Promise<Buffer>;
}

const FILE = /^wrapping\.([1-9]\d{0,5})\.key$/;

/** Wrapping keys as files `wrapping.<version>.key` in a region's key folder, mode 0600 or refused. */
export class FileKeyProvider implements KeyProvider {
  readonly #folders: ReadonlyMap<string, string>;
  readonly #keys = new Map<string, KeyObject>();

  /** @throws ResidencyError residency.configuration_invalid when a region has no wrapping key, or one that cannot be used */
  constructor(folders: readonly RegionKeysFolder[]) {
    this.#folders = new Map(folders.map(({ region, keysDir }) => [region, keysDir]));
    for (const region of this.#folders.keys()) for (const version of this.#versions(region)) this.#key(region, version);
  }

  newest(region: string): Promise<number> {
    return promised(() => this.#versions(region).at(-1)!);
  }

  wrap(region: string, version: number, keyId: string, key: Buffer): Promise<Buffer> {
    return promised(() => {
      const nonce = randomBytes(NONCE_BYTES);
      return Buffer.concat([
        nonce,
        encrypt(this.#key(region, version), nonce, associated(region, version, keyId), key),
      ]);
    });
  }

  unwrap(region: string, { version, bytes }: Wrapped, keyId: string): Promise<Buffer> {
    return promised(() => {
      const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      const key = decrypt(this.#key(region, version), nonce, associated(region, version, keyId), rest);
      if (!key) throw new Problem('vault.value_refused');
      return key;
    });
  }

  /** Ascending; at least one. */
  #versions(region: string): number[] {
    const versions = wrappingVersions(this.#folder(region));
    if (versions.length === 0)
      throw new ResidencyError(
        'residency.configuration_invalid',
        `Region ${region} has no wrapping key (wrapping.<version>.key in ${this.#folder(region)}); restore it from its backup.`,
      );
    return versions;
  }

  #key(region: string, version: number): KeyObject {
    const name = `${region}.${version}`;
    let key = this.#keys.get(name);
    if (!key) {
      if (!this.#versions(region).includes(version)) throw new Problem('vault.key_missing');
      key = readSecretKeyFile(wrappingFile(this.#folder(region), version), 'The wrapping key', region);
      this.#keys.set(name, key);
    }
    return key;
  }

  #folder(region: string): string {
    const folder = this.#folders.get(region);
    if (folder === undefined)
      throw new ResidencyError('residency.crossing', `This process holds no key of region ${region}.`);
    return folder;
  }
}

/** Makes a region's first wrapping key, if it has none. */
export function ensureWrappingKey(keysDir: string): void {
  if (wrappingVersions(keysDir).length === 0) makeSecretKeyFile(wrappingFile(keysDir, 1));
}

/** Makes the next wrapping key of a region. @returns its version */
export function addWrappingKey(keysDir: string): number {
  const version = (wrappingVersions(keysDir).at(-1) ?? 0) + 1;
  makeSecretKeyFile(wrappingFile(keysDir, version));
  return version;
}

/** Versions of the wrapping keys in a folder, ascending. */
export function wrappingVersions(keysDir: string): number[] {
  let names: string[] = [];
  try {
    names = readdirSync(keysDir);
  } catch {
    // No folder: no keys.
  }
  return names
    .flatMap((name) => FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function wrappingFile(keysDir: string, version: number): string {
  return join(keysDir, `wrapping.${version}.key`);
}

function associated(region: string, version: number, keyId: string): Buffer {
  return Buffer.from(`domicile/wrapped/1\n${region}\n${version}\n${keyId}`);
}

/** What is done at once here, others ask for: a throw becomes a rejection either way. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
