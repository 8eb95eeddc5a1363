import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rotateLog } from '@domicile/runtime';
import type { Command } from './child-command.js';
import { DataFolder } from './data-folder.js';
import { LauncherLock } from './launcher-lock.js';
import { LoggedProcess, type Ending } from './logged-process.js';
import { endOrphans } from './orphans.js';
import { accepts, freeLoopbackPort } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import { inFolder, keptSecret, privateFolders } from './private-files.js';
import { serverProcesses, signalAll } from './processes.js';
import { serverWords } from './server-settings.js';

/** Where one embedded server lives and what it is called in sentences. */
export interface EmbeddedPostgresOptions {
  /** The region's own folder; everything of this server lies under it. */
  readonly home: string;
  readonly name: string;
  /** Server settings on top of ours, for tests (`{ fsync: 'off' }`). */
  readonly settings?: Readonly<Record<string, string>>;
}

const READY_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 5_000;
const STOP_MILLISECONDS = 10_000;

/**
 * One PostgreSQL server on loopback TCP, from the binaries of the install, that never outlives this process (kill -9 included).
 * `home` holds `postgres` (data), `postgres.log`, `keys/postgres.password` and `run`; a later start continues with the data.
 * One live launcher per home; an earlier run that was killed at any point is cleared up by the next start.
 */
export class EmbeddedPostgres {
  readonly #options: EmbeddedPostgresOptions;
  readonly #lock: LauncherLock;
  readonly #listeners: ((how: Ending) => void)[] = [];
  #process: LoggedProcess | undefined;
  #starting: Promise<{ port: number }> | undefined;
  #stopping = false;
  #port: number | undefined;
  #password: string | undefined;

  constructor(options: EmbeddedPostgresOptions) {
    this.#options = options;
    this.#lock = new LauncherLock(join(options.home, 'run', 'launcher.pid'));
  }

  /**
   * Initialises what is missing, starts the server and resolves once it takes connections (30 s at most). Also restarts it after an
   * unexpected end, on the same port where that is still free. Calling it again while it runs changes nothing.
   * @throws Error in one sentence: home in use or unusable, binaries missing, not ready in time (names the log file).
   */
  start(): Promise<{ port: number }> {
    if (this.#process?.running && this.#port !== undefined && !this.#starting)
      return Promise.resolve({ port: this.#port });
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Ends the server in order (10 s, then by force), gives the home back; may be called at any time and again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const starting = this.#starting?.catch(() => undefined);
    await this.#end();
    await starting;
    await this.#end();
    this.#lock.release();
    this.#stopping = false;
  }

  /** Sends a signal to every process of the server, its connections included: kill it, freeze it (SIGSTOP), thaw it (SIGCONT). */
  kill(signal: NodeJS.Signals): void {
    if (this.#process) signalAll(serverProcesses(this.#data.path), signal);
  }

  /** Tells of an end that nobody asked for; {@link start} may be called again then. */
  onExit(listener: (how: Ending) => void): void {
    this.#listeners.push(listener);
  }

  /** The postmaster's pid; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.running ? this.#process.pid : undefined;
  }

  /** The superuser's password; made at the first start. @throws Error before that. */
  get password(): string {
    if (this.#password === undefined)
      throw new Error(`PostgreSQL of ${this.#options.name} was never started; call start() first.`);
    return this.#password;
  }

  /** A URL for the superuser `postgres`. A secret: never logged, never an argument. @throws Error before the first start. */
  superuserUrl(database: string): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.#port ?? 0}/${encodeURIComponent(database)}`;
  }

  async #start(): Promise<{ port: number }> {
    const binaries = postgresBinaries();
    const { home, name } = this.#options;
    privateFolders(home, this.#path('keys'), this.#path('run'));
    inFolder(home, () => this.#lock.acquire(`PostgreSQL of ${name}`));
    try {
      const data = this.#data;
      await endOrphans(data.path, () => this.#stopping);
      inFolder(home, () => {
        rotateLog(this.#path('postgres.log'));
        data.removeDrafts();
      });
      const passwordFile = this.#path('keys', 'postgres.password');
      const finished = inFolder(home, () => data.finished);
      if (finished && !existsSync(passwordFile)) {
        throw new Error(
          `${passwordFile} is missing although ${data.path} has data; restore it, or move the data away to begin anew.`,
        );
      }
      this.#password = inFolder(home, () => keptSecret(passwordFile));
      if (!finished) {
        const durable = this.#options.settings?.['fsync'] !== 'off';
        await data.initialise({ binaries, passwordFile, durable, run: (as, command) => this.#run(as, command) });
      }
      return { port: (this.#port = await this.#serve(data, binaries.postgres, data.identity(binaries).as)) };
    } catch (error) {
      await this.#end();
      this.#lock.release();
      throw error;
    }
  }

  /** Right after a kill -9 the old shared memory, and at any time a stranger on the port, can refuse a start: it is tried again for a while. */
  async #serve(data: DataFolder, postgres: string, as: readonly string[]): Promise<number> {
    const began = performance.now();
    for (;;) {
      data.forgetPostmaster();
      const port = await freeLoopbackPort(this.#port);
      const server = this.#launch(as, [postgres, ...serverWords(data.path, port, this.#options.settings)]);
      while (server.running && performance.now() - began < READY_MILLISECONDS) {
        const postmaster = data.postmaster;
        if (postmaster?.pid === server.pid && postmaster?.ready && (await accepts(port))) {
          this.#watch(server);
          return port;
        }
        await sleep(20);
      }
      if (this.#stopping || server.running || performance.now() - began > RETRY_MILLISECONDS) this.#refuse(server);
      await sleep(200);
    }
  }

  async #run(as: readonly string[], command: Command): Promise<void> {
    const child = this.#launch(as, command);
    const how = await child.exited;
    if (how !== 'exit code 0') this.#refuse(child);
  }

  #launch(as: readonly string[], command: Command): LoggedProcess {
    if (this.#stopping) this.#refuse(undefined);
    return (this.#process = new LoggedProcess(as, command, this.#path('postgres.log')));
  }

  #refuse(child: LoggedProcess | undefined): never {
    const { name } = this.#options;
    if (this.#stopping) throw new Error(`PostgreSQL of ${name} was stopped before it was ready; start it again.`);
    throw new Error(
      `PostgreSQL of ${name} did not become ready${child?.complaint ?? ''}; see ${this.#path('postgres.log')}.`,
    );
  }

  #watch(server: LoggedProcess): void {
    void server.exited.then((how) => {
      if (!this.#stopping) for (const listener of this.#listeners) listener(how);
    });
  }

  async #end(): Promise<void> {
    const child = this.#process;
    if (!child?.running) return;
    child.signal('SIGINT');
    // A frozen server cannot obey: it is thawed, after the signal was left for it.
    this.kill('SIGCONT');
    if (await child.endedWithin(STOP_MILLISECONDS)) return;
    child.signal('SIGQUIT');
    if (await child.endedWithin(2_000)) return;
    this.kill('SIGKILL');
    child.signal('SIGKILL');
    await child.exited;
  }

  get #data(): DataFolder {
    // The kernel shows real paths; a home behind a symbolic link must still be recognised.
    return new DataFolder(join(realpathSync(this.#options.home), 'postgres'));
  }

  #path(...parts: string[]): string {
    return join(this.#options.home, ...parts);
  }
}
