import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { diesWithUs } from '../../apps/cli/src/local/child-command.js';
import { EmbeddedPostgres } from '../../apps/cli/src/local/embedded-postgres.js';
import { freeLoopbackPort } from '../../apps/cli/src/local/ports.js';
import { PASSWORD } from '../support/api.js';
import { Installation } from '../support/installation.js';
import { compiled } from '../support/typescript.mjs';
import { cpuMicroseconds, residentBytes } from './cpu.js';
import { REFERENCE_SCHEMA } from './reference/schema.js';
import type { Flavour } from './population.js';

const ROOT = join(import.meta.dirname, '../..');
const BUILT_REFERENCES = join(ROOT, 'dist/bench');

/** How one server is started: which program, with which environment, seen under which host. */
interface Program {
  readonly entry: string;
  readonly environment: (port: number) => Readonly<Record<string, string>>;
  readonly host: (port: number) => string;
}

/** The key store that a population's values are sealed with. */
export interface Sealing {
  readonly superuserUrl: string;
  readonly keysDir: string;
}

export interface ContestantOptions {
  /** A variant that stores a constant instead of a password's hash. */
  readonly hashes?: boolean;
  /** Words for Node, e.g. `--cpu-prof`. */
  readonly nodeWords?: readonly string[];
}

/** One API with a PostgreSQL server of its own, durable and on loopback, measured as a whole. */
export class Contestant {
  #child: ChildProcess | undefined;
  /** What its present process has said. */
  #lines: string[] = [];
  port = 0;

  private constructor(
    readonly name: string,
    readonly flavour: Flavour,
    readonly superuserUrl: string,
    /** The code of a signup; undefined where its answer says it. */
    readonly codeOf: ((signupId: string) => Promise<string>) | undefined,
    private readonly servers: readonly EmbeddedPostgres[],
    /** Where the data keys of its accounts are; undefined where nothing is sealed. */
    readonly sealing: Sealing | undefined,
    private readonly program: Program,
    private readonly nodeWords: readonly string[],
    private readonly undo: () => Promise<void>,
  ) {}

  /** The product: separate topology, one region, from the build. */
  static async ours({ hashes = true, nodeWords = [] }: ContestantOptions = {}): Promise<Contestant> {
    const { installation, code, number, servers } = await oneRegion();
    const program: Program = {
      entry: hashes ? join(ROOT, 'dist/apps/api/src/main.js') : join(import.meta.dirname, 'ours-without-hash.mjs'),
      environment: (port) => installation.environment({ served: [code], ports: { [code]: port }, separate: true }),
      host: (port) => `${code}.localhost:${port}`,
    };
    const name = hashes ? 'ours' : 'ours, no hash';
    const { database, keyStore, home: regionHome } = installation.site(code);
    const { superuserUrl } = database;
    const sealing = { superuserUrl: keyStore.superuserUrl, keysDir: join(regionHome, 'keys') };
    const undo = (): Promise<void> => installation.close();
    const flavour = { kind: 'ours', code, number } as const;
    return new Contestant(
      name,
      flavour,
      superuserUrl,
      (signupId) => installation.digits(code, signupId),
      servers,
      sealing,
      program,
      nodeWords,
      undo,
    ).restart();
  }

  /** A reference, see reference/. */
  static async reference(
    which: 'r0' | 'r1',
    { hashes = true, nodeWords = [] }: ContestantOptions = {},
  ): Promise<Contestant> {
    const home = mkdtempSync(join(tmpdir(), 'domicile-bench-'));
    const server = await started(home, which);
    const superuserUrl = server.superuserUrl('postgres');
    const client = new pg.Client({ connectionString: superuserUrl });
    await client.connect();
    try {
      await client.query(REFERENCE_SCHEMA + roleOf(which));
    } finally {
      await client.end();
    }
    const url = Object.assign(new URL(superuserUrl), { username: which, password: which }).href;
    const program: Program = {
      entry: builtReference(which),
      environment: () => ({ BENCH_DATABASE_URL: url, BENCH_HASH: hashes ? 'argon2id' : 'none' }),
      host: (port) => `127.0.0.1:${port}`,
    };
    const flavour = { kind: 'reference' } as const;
    const undo = (): Promise<void> => Promise.resolve();
    return new Contestant(
      which,
      flavour,
      superuserUrl,
      undefined,
      [server],
      undefined,
      program,
      nodeWords,
      undo,
    ).restart();
  }

  /** better-auth, see better-auth/; installed there at its first use. */
  static async betterAuth(): Promise<Contestant> {
    const folder = join(import.meta.dirname, 'better-auth');
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
    const home = mkdtempSync(join(tmpdir(), 'domicile-bench-'));
    const server = await started(home, 'better-auth');
    const superuserUrl = server.superuserUrl('postgres');
    const program: Program = {
      entry: join(folder, 'server.mjs'),
      environment: () => ({ BENCH_DATABASE_URL: superuserUrl, BENCH_PASSWORD: PASSWORD }),
      host: (port) => `127.0.0.1:${port}`,
    };
    const undo = (): Promise<void> => Promise.resolve();
    const flavour = { kind: 'reference' } as const;
    return new Contestant(
      'better-auth',
      flavour,
      superuserUrl,
      undefined,
      [server],
      undefined,
      program,
      [],
      undo,
    ).restart();
  }

  get host(): string {
    return this.program.host(this.port);
  }

  /** Ends the API's process, if there is one, and starts a fresh one on the same database. */
  async restart(): Promise<this> {
    await this.stop();
    this.port = await freeLoopbackPort();
    const words = [process.execPath, ...this.nodeWords, this.program.entry];
    const [first, ...rest] = diesWithUs('TERM', words as [string, ...string[]]);
    const child = spawn(first, rest, {
      env: this.program.environment(this.port),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#lines = [];
    this.port = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${this.name} ended before it listened.`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#lines.push(line);
        if (line.includes('"api.listening"')) resolve((JSON.parse(line) as { port: number }).port);
      });
    });
    return this;
  }

  /** Resolves when the present process has written a line with that event. */
  async said(event: string): Promise<void> {
    while (!this.#lines.some((line) => line.includes(`"${event}"`))) await sleep(100);
  }

  /** Ends the API in order, so that a profile can be written. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** CPU of the API and of PostgreSQL, each with all its processes. */
  cpu(): { api: number; postgres: number } {
    return {
      api: cpuMicroseconds([this.#child!.pid!]),
      postgres: cpuMicroseconds(this.servers.map(({ pid }) => pid!)),
    };
  }

  residentBytes(): number {
    return residentBytes([this.#child!.pid!]);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.undo();
    await removeServers(this.servers);
  }
}

const homes = new WeakMap<EmbeddedPostgres, string>();

/** The product's databases with one region: two durable servers of our launcher, one for rows and one for keys. */
export async function oneRegion(): Promise<{
  readonly installation: Installation;
  readonly code: string;
  readonly number: number;
  readonly servers: readonly EmbeddedPostgres[];
}> {
  const home = mkdtempSync(join(tmpdir(), 'domicile-bench-'));
  const all = JSON.parse(readFileSync(join(ROOT, 'deploy/regions.json'), 'utf8')) as {
    regions: { code: string; number: number }[];
  };
  const { code, number } = all.regions[0]!;
  const regionsFile = join(home, 'regions.json');
  writeFileSync(regionsFile, JSON.stringify({ ...all, regions: [all.regions[0]] }));
  const [server, keys] = await Promise.all([started(home, 'ours'), started(join(home, 'key-store'), 'keys')]);
  const at = (one: EmbeddedPostgres): { home: string; superuserUrl: string } => ({
    home,
    superuserUrl: one.superuserUrl('postgres'),
  });
  const installation = await Installation.create({
    regionsFile,
    servers: { [code]: at(server), [`${code}-keys`]: at(keys) },
  });
  return { installation, code, number, servers: [server, keys] };
}

/** Stops servers of this bench and removes what they kept. */
export async function removeServers(servers: readonly EmbeddedPostgres[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
  for (const server of servers) rmSync(homes.get(server)!, { recursive: true, force: true });
}

async function started(home: string, name: string): Promise<EmbeddedPostgres> {
  // No settings: what the launcher gives to everyone, fsync included.
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const server = new EmbeddedPostgres({ home, name });
  homes.set(server, home);
  await server.start();
  return server;
}

/** References too work as a role that may do no more than it needs: a superuser's rights are not even looked up. */
function roleOf(which: string): string {
  return `create role ${which} login password '${which}'; grant select, insert, update, delete on all tables in schema public to ${which};`;
}

/** References are compiled to files first: a compiler inside of them would count as their memory. */
function builtReference(which: string): string {
  mkdirSync(BUILT_REFERENCES, { recursive: true });
  const folder = join(import.meta.dirname, 'reference');
  for (const file of readdirSync(folder))
    writeFileSync(join(BUILT_REFERENCES, file.replace(/\.ts$/, '.js')), compiled(join(folder, file)));
  return join(BUILT_REFERENCES, `${which}.js`);
}
