/**
 * Two PostgreSQL servers per region for the whole run, for rows and for keys, each with the roles that the launcher makes. Spec files make
 * databases of their own on them (see databases.ts). The built launcher is used: what ships is what is tested.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIST = join(import.meta.dirname, '../../dist');
/** What a run has on its disk at the most, with room to spare. */
const ROOM_BYTES = 6 * 1024 ** 3;

export default async function globalSetup() {
  const { EmbeddedPostgres } = await import('../../dist/apps/cli/src/local/embedded-postgres.js');
  if (hasRoomInMemory()) process.env.TMPDIR = MEMORY;
  const home = mkdtempSync(join(tmpdir(), 'domicile-test-'));
  const codes = ['eu', 'us', 'eu-keys', 'us-keys'];
  const servers = codes.map(
    (name) =>
      new EmbeddedPostgres({
        home: join(home, name),
        name,
        settings: {
          fsync: 'off',
          full_page_writes: 'off',
          max_wal_size: '256MB',
          max_connections: '160',
          // Databases come and go by the hundred: each that goes is looked for in every buffer, and each that is there would be visited.
          shared_buffers: '32MB',
          autovacuum: 'off',
          // Connections are made by the thousand, with passwords that nobody needs to guess.
          scram_iterations: '1',
        },
      }),
  );
  process.env.NODE_COMPILE_CACHE = join(home, 'compiled');
  await Promise.all([compileAhead(), ...servers.map((server) => server.start())]);
  globalThis.__DOMICILE_SERVERS__ = { servers, home };
  process.env.DOMICILE_TEST_SERVERS = JSON.stringify(
    Object.fromEntries(
      codes.map((code, i) => [code, { home: join(home, code), superuserUrl: servers[i].superuserUrl('postgres') }]),
    ),
  );
}

/**
 * Temporary files lie in memory where Linux has room for them there: a database is some 350 files, and there are hundreds of databases, and
 * profiles of browsers beside them. Nothing of it is to outlive the run, and what is to be durable is tried by killing processes.
 */
const MEMORY = '/dev/shm';
function hasRoomInMemory() {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return process.platform === 'linux' && bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** What a process compiles at its start is kept for the next; filled once, as those that are killed keep nothing. */
function compileAhead() {
  const chunks = readdirSync(join(DIST, 'chunks')).filter((name) =>
    /^(create-app|create-front-door|worker\.module)-/.test(name),
  );
  const imports = chunks.map((name) => `await import('${join(DIST, 'chunks', name)}');`).join('');
  const child = spawn(process.execPath, ['--eval', `${imports} process.exit()`], { stdio: 'ignore' });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
}
