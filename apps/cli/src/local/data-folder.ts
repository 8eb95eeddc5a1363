import {
  chownSync,
  existsSync,
  fsyncSync,
  lchownSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from './child-command.js';
import { POSTGRES_MAJOR, type PostgresBinaries } from './postgres-binaries.js';
import { serverIdentity, type ServerIdentity } from './server-identity.js';

/** Runs a command to its end and throws a sentence when it fails. */
export type Run = (as: readonly string[], command: Command) => Promise<void>;

/** What {@link DataFolder.initialise} needs to know. */
export interface Initialisation {
  readonly binaries: PostgresBinaries;
  readonly passwordFile: string;
  /** False leaves out the wait for the disk: for data that may be lost with the machine's power (tests). */
  readonly durable: boolean;
  readonly run: Run;
}

const HBA =
  '# Written once by the launcher: passwords only, over loopback TCP only, no replication.\nhost all all 127.0.0.1/32 scram-sha-256\n';

/** A PostgreSQL data folder that is either finished or not there: it is made under another name and renamed when it is whole. */
export class DataFolder {
  constructor(readonly path: string) {}

  /**
   * True when a finished cluster of our version is there, false when there is nothing.
   * @throws Error in one sentence for anything else: it was not left behind by this launcher, so it is never deleted.
   */
  get finished(): boolean {
    if (!existsSync(this.path) || readdirSync(this.path).length === 0) return false;
    const version = join(this.path, 'PG_VERSION');
    const major = existsSync(version) ? readFileSync(version, 'utf8').trim() : undefined;
    if (major === undefined || !existsSync(join(this.path, 'global', 'pg_control'))) {
      throw new Error(
        `${this.path} is not a complete PostgreSQL data folder; restore it, or move it away to begin with an empty region.`,
      );
    }
    if (major !== POSTGRES_MAJOR) {
      throw new Error(
        `${this.path} was made by PostgreSQL ${major} and this is ${POSTGRES_MAJOR}; upgrade it, or move it away to begin anew.`,
      );
    }
    return true;
  }

  /** Makes the cluster: checksums, UTF-8 in code-point order whatever the machine's locales, superuser `postgres`. */
  async initialise({ binaries, passwordFile, durable, run }: Initialisation): Promise<void> {
    // A name of its own: the initdb of a killed run may still be clearing up behind itself.
    const draft = `${this.path}.new.${process.pid}`;
    mkdirSync(draft, { mode: 0o700 });
    const identity = serverIdentity(draft, binaries.postgres);
    if (identity.owner) chownSync(draft, identity.owner.uid, identity.owner.gid);
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--data-checksums'];
    const rest = ['--no-instructions', ...(durable ? [] : ['--no-sync'])];
    await run(identity.as, [binaries.initdb, '-D', draft, ...access, ...locale, ...rest]);
    writeFileSync(join(draft, 'pg_hba.conf'), HBA);
    renameSync(draft, this.path);
    syncFolder(dirname(this.path));
  }

  /** Removes what killed initialisations left behind. */
  removeDrafts(): void {
    const parent = dirname(this.path);
    for (const left of readdirSync(parent).filter((name) => name.startsWith(`${basename(this.path)}.new.`))) {
      rmSync(join(parent, left), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }

  /** As whom the server runs on this folder; gives the folder to that user where that is needed. */
  identity(binaries: PostgresBinaries): ServerIdentity {
    const identity = serverIdentity(this.path, binaries.postgres);
    const { owner } = identity;
    if (owner && statSync(this.path).uid !== owner.uid) chownTree(this.path, owner.uid, owner.gid);
    return identity;
  }

  /** First line = pid of the postmaster, eighth = its state; undefined while there is no such file. */
  get postmaster(): { readonly pid: number; readonly ready: boolean } | undefined {
    try {
      const lines = readFileSync(join(this.path, 'postmaster.pid'), 'utf8').split('\n');
      return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
    } catch {
      return undefined;
    }
  }

  /** For a folder that no server runs on: its stale pid may since belong to a stranger, and PostgreSQL would refuse to start for ever. */
  forgetPostmaster(): void {
    rmSync(join(this.path, 'postmaster.pid'), { force: true });
  }
}

function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function chownTree(path: string, uid: number, gid: number): void {
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) lchownSync(join(path, entry), uid, gid);
  // The top comes last: a kill half-way leaves it with its old owner, and the next start does the whole again.
  chownSync(path, uid, gid);
}
