import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Makes the folders, mode 0700 where they are new. @throws Error in one sentence: which folder, why, what to do. */
export function privateFolders(first: string, ...others: string[]): void {
  inFolder(first, () => {
    for (const folder of [first, ...others]) makeFolder(folder);
  });
}

/** Not `mkdirSync` with `recursive`: that one never returns below a folder like /proc, which exists and yet takes no folders. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it in between.
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw error;
  }
}

/** Runs file work below that folder; an error of the file system becomes one sentence that names the folder and DOMICILE_HOME. */
export function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !(code in REASONS)) throw cause;
    throw new Error(
      `The folder ${folder} cannot be used (${path ?? folder}: ${REASONS[code]}); set DOMICILE_HOME to a folder that this user may write.`,
      { cause },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
  ENOTDIR: 'not a folder',
  EEXIST: 'not a folder',
  ENOENT: 'cannot be created',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
};

/** Replaces the file's content in one step, mode 0600: a reader, or a kill half-way, meets the old or the new and nothing between. */
export function writePrivate(file: string, content: string): void {
  const draft = `${file}.${process.pid}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    chmodSync(draft, 0o600);
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

/** The secret kept in that file; made at the first call: 32 random bytes as base64url, mode 0600. Never logged, never an argument. */
export function keptSecret(file: string): string {
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept !== '') return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomBytes(32).toString('base64url');
  writePrivate(file, `${secret}\n`);
  return secret;
}
