import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { STACK, type TestDatabase } from './databases.js';

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

/**
 * Starts the built `domicile migrate` for one region, which prepares both of its databases, the key store first.
 * @param within a folder that is there; each run gets a home of its own in it, with the keys that the first database was sealed with
 * @param databases of one region: of rows and of keys, in any order
 */
export function migrateCommand(within: string, databases: readonly [TestDatabase, TestDatabase]): ChildProcess {
  const { region, keysDir } = databases[0];
  const home = mkdtempSync(join(within, 'home-'));
  const folder = join(home, region.code);
  mkdirSync(folder);
  symlinkSync(keysDir, join(folder, 'keys'));
  const urls = databases.flatMap(({ provision, appUrl, ownerUrl }) => {
    const name = `${provision.purpose === 'keys' ? 'KEY_' : ''}DATABASE_URL`;
    const prefix = `DOMICILE_${region.code.toUpperCase()}`;
    return [
      [`${prefix}_${name}`, appUrl],
      [`${prefix}_OWNER_${name}`, ownerUrl],
    ];
  });
  return spawn(process.execPath, [CLI, 'migrate', '--region', region.code], {
    env: {
      PATH: '/usr/bin:/bin',
      DOMICILE_HOME: home,
      DOMICILE_STACK: STACK.stack,
      DOMICILE_ENVIRONMENT: STACK.environment,
      ...(Object.fromEntries(urls) as Record<string, string>),
    },
    stdio: 'ignore',
  });
}
