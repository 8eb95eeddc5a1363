import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMPILE_CACHE } from './api.js';
import { eventually } from './http.js';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;
export const COMMAND = join(ROOT, 'dist/apps/cli/src/main.js');

/** How a command ended: exit code or signal, and what it said. */
export interface Ended {
  readonly how: number | NodeJS.Signals;
  readonly output: string;
  readonly errors: string;
}

/** One run of the built `domicile` command with nothing in its environment but what stands here. */
export class Started {
  output = '';
  errors = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  private constructor(program: string, words: readonly string[], env: Readonly<Record<string, string>>) {
    const child = spawn(program, words, {
      cwd: ROOT,
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) =>
        resolve({ how: signal ?? code ?? 0, output: this.output, errors: this.errors }),
      ),
    );
  }

  /** What `npm run <script>` runs. */
  static script(script: 'start' | 'start:stacks', env: Readonly<Record<string, string>>): Started {
    return new Started('sh', ['-c', SCRIPTS[script]!], env);
  }

  static command(words: readonly string[], env: Readonly<Record<string, string>>): Started {
    return new Started(process.execPath, [COMMAND, ...words], env);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  signal(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }

  /** Resolves when the banner is there. @throws Error with what it said when it ends instead */
  async ready(): Promise<this> {
    const banner = eventually(
      'the banner',
      () => this.output.includes('Ctrl-C stops everything') || this.#child.exitCode !== null,
      60_000,
    );
    await Promise.race([banner, this.ended]);
    if (this.output.includes('Ctrl-C stops everything')) return this;
    throw new Error(`It ended before it was ready:\n${this.output}${this.errors}`);
  }
}

/** A live process that works for a home. */
export interface Worker {
  readonly pid: number;
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths of the regular files that it holds open. */
  readonly files: readonly string[];
  /** Ports of 127.0.0.1 that it is connected to. */
  readonly connectedTo: readonly number[];
}

/** Every process whose command line, environment or working folder names that folder; read from what the kernel shows. */
export function workersOf(home: string): Worker[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const text = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', '\n');
        const [command, environment, cwd] = [text('cmdline'), text('environ'), readlinkSync(`/proc/${pid}/cwd`)];
        return [command, environment, cwd].some((place) => place.includes(home))
          ? [worker(Number(pid), command, environment)]
          : [];
      } catch {
        // It has just ended.
        return [];
      }
    });
}

function worker(pid: number, command: string, environment: string): Worker {
  const open = openFiles(pid);
  const pairs = environment.split('\n').filter((line) => line.includes('='));
  return {
    pid,
    command: command.trim().replaceAll('\n', ' '),
    environment: Object.fromEntries(
      pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    files: open.filter((path) => path.startsWith('/') && isFile(path)),
    connectedTo: connections(pid, open),
  };
}

/** Ports that a process has connected to: of its TCP connections those that did not come in at that port of its own. */
export function connectionsOf(pid: number, listeningOn: number): number[] {
  return connections(pid, openFiles(pid), listeningOn);
}

function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

function connections(pid: number, open: readonly string[], listeningOn = 0): number[] {
  const portOf = (address = ''): number => parseInt(address.split(':')[1]!, 16);
  const sockets = new Set(open.map((path) => /^socket:\[(\d+)\]$/.exec(path)?.[1]));
  const ESTABLISHED = '01';
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, , state, , , , , , inode]) =>
        state === ESTABLISHED && sockets.has(inode) && portOf(local) !== listeningOn,
    )
    .map(([, , remote]) => portOf(remote));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Every file below a folder, with its content and permission bits. */
export function filesBelow(folder: string): { path: string; mode: number; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, mode: statSync(path).mode & 0o777, bytes: readFileSync(path) };
    });
}
