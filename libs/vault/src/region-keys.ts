import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';

const INDEX_KEY = 'index.key';
const OTHERS_MODE_BITS = 0o077;

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
    this.#index = new Map(folders.map(({ region, keysDir }) => [region, readKey(join(keysDir, INDEX_KEY), region)]));
  }

  /** The root of a region's blind indexes, 32 bytes. @throws ResidencyError residency.crossing for a region not served here */
  index(region: string): KeyObject {
    const key = this.#index.get(region);
    if (!key) throw new ResidencyError('residency.crossing', `This process holds no key of region ${region}.`);
    return key;
  }
}

/**
 * Makes the keys of a region that are not there yet: 32 random bytes as hex, mode 0600. An existing key is never touched, whoever
 * calls at the same time: a second index key would make every address of the region unfindable. For the operator's command and tests.
 */
export function ensureRegionKeys(keysDir: string): void {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  const draft = join(keysDir, `${INDEX_KEY}.${process.pid}.${randomBytes(4).toString('hex')}.new`);
  const handle = openSync(draft, 'wx', 0o600);
  try {
    chmodSync(draft, 0o600);
    writeSync(handle, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(handle);
    // A link never replaces: of two callers one wins, and a kill half-way leaves no key rather than half of one.
    linkSync(draft, join(keysDir, INDEX_KEY));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}

function readKey(file: string, region: string): KeyObject {
  const refuse = (what: string, remedy: string): never => {
    throw new ResidencyError(
      'residency.configuration_invalid',
      `The index key ${file} of region ${region} ${what}; ${remedy}.`,
    );
  };
  let text = '';
  try {
    if ((statSync(file).mode & OTHERS_MODE_BITS) !== 0)
      refuse('can be read by others', 'give it to its owner alone (chmod 600)');
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof ResidencyError) throw error;
    refuse('is missing or cannot be read', `restore it, or run "domicile init --region ${region}" for a new region`);
  }
  if (!/^[0-9a-f]{64}$/.test(text)) refuse('does not hold 32 bytes as hex', 'restore it from its backup');
  return createSecretKey(Buffer.from(text, 'hex'));
}
