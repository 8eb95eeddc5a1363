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
import { dirname } from 'node:path';
import { ResidencyError } from '@domicile/residency';

const OTHERS_MODE_BITS = 0o077;

/**
 * Writes a key file (mode 0600) unless there is one: an existing key is never touched, whoever calls at the same time, and a kill
 * half-way leaves no key rather than half of one.
 * @returns true when this call made it
 */
export function makeKeyFile(file: string, content: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.new`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    chmodSync(draft, 0o600);
    writeSync(handle, content);
    fsyncSync(handle);
    // A link never replaces: of two callers one wins.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}

/** Makes a symmetric key file that is not there yet: 32 random bytes as hex. @returns as {@link makeKeyFile} */
export function makeSecretKeyFile(file: string): boolean {
  return makeKeyFile(file, `${randomBytes(32).toString('hex')}\n`);
}

/**
 * The text of a key file that its owner alone can read.
 * @param what names the key in the refusal: `The index key`
 * @throws ResidencyError residency.configuration_invalid when it is missing, cannot be read, or others can read it
 */
export function readKeyFile(file: string, what: string, region: string): string {
  const refuse = refusal(file, what, region);
  try {
    if ((statSync(file).mode & OTHERS_MODE_BITS) !== 0)
      refuse('can be read by others', 'give it to its owner alone (chmod 600)');
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof ResidencyError) throw error;
    return refuse(
      'is missing or cannot be read',
      `restore it, or run "domicile init --region ${region}" for a new region`,
    );
  }
}

/** A symmetric key of 32 bytes. @throws as {@link readKeyFile}, and when the file does not hold 32 bytes as hex */
export function readSecretKeyFile(file: string, what: string, region: string): KeyObject {
  const text = readKeyFile(file, what, region);
  if (!/^[0-9a-f]{64}$/.test(text))
    refusal(file, what, region)('does not hold 32 bytes as hex', 'restore it from its backup');
  return createSecretKey(Buffer.from(text, 'hex'));
}

function refusal(file: string, what: string, region: string) {
  return (problem: string, remedy: string): never => {
    throw new ResidencyError(
      'residency.configuration_invalid',
      `${what} ${file} of region ${region} ${problem}; ${remedy}.`,
    );
  };
}
