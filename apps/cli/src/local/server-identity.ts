import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { BARE_ENVIRONMENT } from './child-command.js';

/** As whom the server runs: words to put before a command, and the owner that its data folder must be given first, if any. */
export interface ServerIdentity {
  readonly as: readonly string[];
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const NOBODY = 65_534;

/**
 * PostgreSQL refuses to run as root and to open another user's data folder. A normal user runs it as is. Root runs it inside a user
 * namespace in which root looks like somebody else (nothing changes owner); where those are forbidden (most containers), as the
 * owner of the data folder, or as nobody, keeping only the right to pass through root's folders.
 * @param dataFolder exists already.
 * @throws Error in one sentence when none of these can work here.
 */
export function serverIdentity(dataFolder: string, postgres: string): ServerIdentity {
  if (process.getuid?.() !== 0) return tried({ as: [] }, dataFolder, postgres) ?? refuse(postgres, 'this user');
  const { uid, gid } = statSync(dataFolder);
  const namespace: ServerIdentity = { as: ['unshare', '--user', '--map-user=1000', '--map-group=1000'] };
  const other = uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
  const dropped: ServerIdentity = { as: droppedTo(other.uid, other.gid), owner: other };
  const found =
    (uid === 0 ? tried(namespace, dataFolder, postgres) : undefined) ?? tried(dropped, dataFolder, postgres);
  return found ?? refuse(postgres, `user ${other.uid}, as which root has to run it,`);
}

function droppedTo(uid: number, gid: number): readonly string[] {
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights];
}

function tried(identity: ServerIdentity, dataFolder: string, postgres: string): ServerIdentity | undefined {
  const probe = 'test -w "$0" && exec "$1" --version';
  const words = ['setpriv', '--pdeathsig', 'INT', 'sh', '-c', probe, dataFolder, postgres];
  const [program = 'setpriv', ...rest] = [...identity.as, ...words];
  return spawnSync(program, rest, { env: BARE_ENVIRONMENT, stdio: 'ignore', timeout: 10_000 }).status === 0
    ? identity
    : undefined;
}

function refuse(postgres: string, who: string): never {
  throw new Error(
    `PostgreSQL (${postgres}) cannot be run here by ${who} (it needs setpriv of util-linux and folders that this user may enter); start as a normal user from a folder of its own.`,
  );
}
