import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import { serverProcesses } from '../../apps/cli/src/local/processes.js';

const BUILT = join(process.cwd(), 'dist/apps/cli/src/local/embedded-postgres.js');
const LAUNCHER = join(process.cwd(), 'test/drills/launch-embedded-postgres.mjs');
const settings = { fsync: 'off' };

let folder: string;
const started: EmbeddedPostgres[] = [];

function server(home: string, more: Readonly<Record<string, string>> = {}): EmbeddedPostgres {
  const made = new EmbeddedPostgres({ home, name: 'drill', settings: { ...settings, ...more } });
  started.push(made);
  return made;
}

async function query<T>(postgres: EmbeddedPostgres, text: string): Promise<T[]> {
  const client = new Client({ connectionString: postgres.superuserUrl('postgres'), connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Waits for what the kernel does after a kill, without guessing how long it takes. */
async function eventually(holds: () => boolean): Promise<boolean> {
  for (const end = performance.now() + 10_000; performance.now() < end; await sleep(25)) if (holds()) return true;
  return holds();
}

async function launched(home: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [LAUNCHER, BUILT, home], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-drill-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an embedded server', () => {
  it('starts, stops and continues with its data', async () => {
    const home = join(folder, 'continues');
    const first = server(home);
    await first.start();
    await query(first, "CREATE TABLE kept AS SELECT 'still here' AS word");
    await first.stop();
    expect(serverProcesses(join(home, 'postgres'))).toEqual([]);
    const second = server(home);
    await second.start();
    expect(await query(second, 'SELECT word FROM kept')).toEqual([{ word: 'still here' }]);
    await second.stop();
    await expect(second.stop()).resolves.toBeUndefined();
  });

  it('keeps everything under its home, private, and takes nothing but the right password over loopback TCP', async () => {
    const home = join(folder, 'lies');
    const postgres = server(home);
    const before = new Set(readdirSync('/dev/shm'));
    const { port } = await postgres.start();
    expect(readdirSync(home).sort()).toEqual(['keys', 'postgres', 'postgres.log', 'run']);
    expect(readdirSync('/dev/shm').filter((name) => !before.has(name) && name.startsWith('PostgreSQL'))).toEqual([]);
    expect(statSync(join(home, 'keys', 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o077).toBe(0);
    expect(readFileSync(`/proc/${postgres.pid}/cmdline`, 'utf8')).not.toContain(postgres.password);
    const rows = await query<{ listen: string; sockets: string; checksums: string; terse: string }>(
      postgres,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
        current_setting('data_checksums') AS checksums, current_setting('log_error_verbosity') AS terse`,
    );
    expect(rows).toEqual([{ listen: '127.0.0.1', sockets: '', checksums: 'on', terse: 'terse' }]);
    const stranger = new Client({ host: '127.0.0.1', port, user: 'postgres', password: 'wrong', database: 'postgres' });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('writes no statement and no value into its log', async () => {
    const postgres = server(join(folder, 'silent'));
    await postgres.start();
    await query(postgres, 'CREATE TABLE one (word text PRIMARY KEY)');
    await query(postgres, "INSERT INTO one VALUES ('canary-of-the-drill')");
    await expect(query(postgres, "INSERT INTO one VALUES ('canary-of-the-drill')")).rejects.toMatchObject({
      code: '23505',
    });
    expect(readFileSync(join(folder, 'silent', 'postgres.log'), 'utf8')).not.toContain('canary-of-the-drill');
  });

  it('tells of an end that nobody asked for and comes back on the same port', async () => {
    const postgres = server(join(folder, 'revived'));
    const { port } = await postgres.start();
    await query(postgres, 'CREATE TABLE kept AS SELECT 1 AS one');
    const told = new Promise((resolve) => postgres.onExit(resolve));
    postgres.kill('SIGKILL');
    expect(await told).toBe('signal SIGKILL');
    expect(postgres.pid).toBeUndefined();
    expect(await postgres.start()).toEqual({ port });
    expect(await query(postgres, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('stops in order though it is frozen', async () => {
    const postgres = server(join(folder, 'frozen'));
    await postgres.start();
    postgres.kill('SIGSTOP');
    await postgres.stop();
    expect(serverProcesses(join(folder, 'frozen', 'postgres'))).toEqual([]);
    expect(readFileSync(join(folder, 'frozen', 'postgres.log'), 'utf8')).toContain('database system is shut down');
  });
});

describe('after a launcher was killed', () => {
  it('leaves no server behind, and the next start continues', async () => {
    const home = join(folder, 'killed');
    await killed(await launched(home));
    const next = server(home);
    await next.start();
    expect(await query(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
    await killed(await launched(home));
    expect(await eventually(() => serverProcesses(join(home, 'postgres')).length === 0)).toBe(true);
  });

  it('thaws and ends a server that was frozen at the time', async () => {
    const home = join(folder, 'killed-frozen');
    const child = await launched(home);
    for (const pid of serverProcesses(join(home, 'postgres'))) process.kill(pid, 'SIGSTOP');
    await killed(child);
    const next = server(home);
    await next.start();
    expect(await query(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts over where the initialisation was cut off', async () => {
    const home = join(folder, 'half');
    const child = spawn(process.execPath, [LAUNCHER, BUILT, home], { env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore' });
    const cut = (): boolean => existsSync(home) && readdirSync(home).some((name) => name.startsWith('postgres.new.'));
    expect(await eventually(cut)).toBe(true);
    await killed(child);
    expect(existsSync(join(home, 'postgres'))).toBe(false);
    const next = server(home);
    await next.start();
    expect(await query(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
    // What the dying initialisation may still have written goes with the next start.
    await next.start();
    expect(readdirSync(home).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  });

  it('is not kept out by a stale pid that now belongs to a stranger', async () => {
    const home = join(folder, 'stale');
    const first = server(home);
    await first.start();
    await first.stop();
    writeFileSync(join(home, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
    writeFileSync(join(home, 'run', 'launcher.pid'), `${process.pid} 1`);
    await expect(server(home).start()).resolves.toMatchObject({ port: expect.any(Number) });
  });
});

describe('one clear sentence', () => {
  it('for a home in use, naming the holder', async () => {
    const home = join(folder, 'twice');
    const child = await launched(home);
    try {
      const sentence = `PostgreSQL of drill is already running (pid ${child.pid}); stop it or set DOMICILE_HOME to another folder.`;
      await expect(server(home).start()).rejects.toThrow(sentence);
      expect(serverProcesses(join(home, 'postgres')).length).toBeGreaterThan(0);
    } finally {
      await killed(child);
    }
  });

  it.each([
    ['a place that takes no folders', () => '/proc/domicile/drill'],
    ['a file where the home should be', () => fileAt(join(folder, 'a-file'))],
    ['a file above the home', () => join(fileAt(join(folder, 'b-file')), 'drill')],
  ])('for %s', async (_case, home) => {
    await expect(server(home()).start()).rejects.toThrow(
      /^The folder \S+ cannot be used \(.+\); set DOMICILE_HOME to a folder that this user may write\.$/,
    );
  });

  it('for a data folder that is not whole, which is never deleted', async () => {
    const home = join(folder, 'damaged');
    mkdirSync(join(home, 'postgres', 'base'), { recursive: true });
    await expect(server(home).start()).rejects.toThrow(
      /is not a complete PostgreSQL data folder; restore it, or move it away/,
    );
    expect(existsSync(join(home, 'postgres', 'base'))).toBe(true);
  });

  it('for data whose password is gone', async () => {
    const home = join(folder, 'locked-out');
    const first = server(home);
    await first.start();
    await first.stop();
    rmSync(join(home, 'keys', 'postgres.password'));
    await expect(server(home).start()).rejects.toThrow(
      /postgres\.password is missing although .* has data; restore it/,
    );
  });

  it('for a server that cannot start, naming its log and its complaint', async () => {
    const home = join(folder, 'complains');
    await expect(server(home, { shared_buffers: 'plenty' }).start()).rejects.toThrow(
      /^PostgreSQL of drill did not become ready \(.*shared_buffers.*\); see .*postgres\.log\.$/,
    );
    await expect(server(home).start()).resolves.toMatchObject({ port: expect.any(Number) });
  });

  it('for a start that was stopped half-way', async () => {
    const postgres = server(join(folder, 'interrupted'));
    const start = postgres.start();
    const refused = expect(start).rejects.toThrow(
      'PostgreSQL of drill was stopped before it was ready; start it again.',
    );
    await sleep(200);
    await postgres.stop();
    await refused;
    await expect(postgres.start()).resolves.toMatchObject({ port: expect.any(Number) });
  });
});

function fileAt(path: string): string {
  writeFileSync(path, '');
  return path;
}
