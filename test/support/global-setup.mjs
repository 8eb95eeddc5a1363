/**
 * Two PostgreSQL servers per region for the whole run, for rows and for keys, each with the roles that the launcher makes. Spec files make
 * databases of their own on them (see databases.ts). The built launcher is used: what ships is what is tested.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function globalSetup() {
  const { EmbeddedPostgres } = await import('../../dist/apps/cli/src/local/embedded-postgres.js');
  const home = mkdtempSync(join(tmpdir(), 'domicile-test-'));
  const codes = ['eu', 'us', 'eu-keys', 'us-keys'];
  const servers = codes.map(
    (name) =>
      new EmbeddedPostgres({ home: join(home, name), name, settings: { fsync: 'off', max_connections: '120' } }),
  );
  await Promise.all(servers.map((server) => server.start()));
  // What a process compiles at its start is kept for the next; filled once, as those that are killed keep nothing.
  process.env.NODE_COMPILE_CACHE = join(home, 'compiled');
  spawnSync(
    process.execPath,
    ['--eval', `await import('${join(import.meta.dirname, '../../dist/apps/api/src/create-app.js')}'); process.exit()`],
    {
      stdio: 'ignore',
    },
  );
  globalThis.__DOMICILE_SERVERS__ = { servers, home };
  process.env.DOMICILE_TEST_SERVERS = JSON.stringify(
    Object.fromEntries(
      codes.map((code, i) => [code, { home: join(home, code), superuserUrl: servers[i].superuserUrl('postgres') }]),
    ),
  );
}
