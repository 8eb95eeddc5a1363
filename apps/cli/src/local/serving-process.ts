import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { diesWithUs, SERVING_NODE } from './child-command.js';

const READY_MILLISECONDS = 60_000;

/** What is to run, and how it tells that it is ready. */
export interface Program {
  /** As sentences name it. */
  readonly name: string;
  /** Absolute path of its entry. */
  readonly main: string;
  /** Its arguments; they can be seen by everybody on the machine. */
  readonly words?: readonly string[];
  /** The event of its log that says that it is ready. */
  readonly readyEvent: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How long it is given to end by itself when it is stopped. */
  readonly stopMilliseconds: number;
}

/**
 * One process of ours with exactly the environment it is given. It ends when this process does, kill -9 included, and sits in a
 * session of its own so that a terminal's Ctrl-C reaches it through {@link stop}, in order.
 */
export class ServingProcess {
  /** How it ended. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #program: Program;
  readonly #ready: Promise<Readonly<Record<string, unknown>>>;
  #spoke = false;
  #ended = false;

  /** @param onLine receives each line of its standard output; standard error is passed on as it is. */
  constructor(program: Program, onLine: (line: string) => void) {
    const { main, words = [], readyEvent, environment } = program;
    this.#program = program;
    const [first, ...rest] = diesWithUs('TERM', [process.execPath, ...SERVING_NODE, main, ...words]);
    const child = spawn(first, rest, { detached: true, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.exited = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#ended = true;
        resolve(how);
      };
      child.once('error', (error) => end(error.message));
      // `close` and not `exit`: by then its last words have been read.
      child.once('close', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    this.#ready = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = fieldsOf(line);
        if (said['event'] === readyEvent) resolve(said);
        onLine(line);
      });
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.trim() !== '') this.#spoke = true;
      process.stderr.write(`${line}\n`);
    });
  }

  /** The fields with which it says that it is ready (60 s at most). @throws Error in one sentence when it ends first. */
  async ready(): Promise<Readonly<Record<string, unknown>>> {
    const expired = AbortSignal.timeout(READY_MILLISECONDS);
    const late = new Promise<string>((resolve) => expired.addEventListener('abort', () => resolve('late')));
    const outcome = await Promise.race([this.#ready, this.exited, late]);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === 'late')
      throw new Error(
        `${this.#program.name} was not ready within ${READY_MILLISECONDS / 1_000} s; see its log lines above.`,
      );
    throw new Error(this.obituary(outcome));
  }

  /** One sentence on an end that nobody asked for. What the process said itself stands on standard error already, once. */
  obituary(how: string): string {
    const where = this.#spoke ? 'what it says above' : 'the cause';
    return `${this.#program.name} ended by itself (${how}); correct ${where} and start again.`;
  }

  /** SIGTERM, then after its time SIGKILL; returns when it has ended. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), this.#program.stopMilliseconds);
    await this.exited;
    clearTimeout(force);
  }
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
