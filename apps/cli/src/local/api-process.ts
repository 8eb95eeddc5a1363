import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { diesWithUs, SERVING_NODE } from './child-command.js';

const MAIN = fileURLToPath(new URL('../../../api/src/main.js', import.meta.url));
const LISTENING_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 5_000;

/**
 * One process of the API with exactly the environment it is given. It ends when this process does, kill -9 included, and sits in a
 * session of its own so that a terminal's Ctrl-C reaches it through {@link stop}, in order.
 */
export class ApiProcess {
  /** How it ended. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #listening: Promise<void>;
  #spoke = false;
  #ended = false;

  /** @param onLine receives each line of its standard output; standard error is passed on as it is. */
  constructor(
    readonly name: string,
    environment: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ) {
    const [program, ...words] = diesWithUs('TERM', [process.execPath, ...SERVING_NODE, MAIN]);
    const child = spawn(program, words, { detached: true, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
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
    this.#listening = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (eventOf(line) === 'api.listening') resolve();
        onLine(line);
      });
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.trim() !== '') this.#spoke = true;
      process.stderr.write(`${line}\n`);
    });
  }

  /** Resolves once it says that it listens (60 s at most). @throws Error in one sentence when it ends first. */
  async listening(): Promise<void> {
    const expired = AbortSignal.timeout(LISTENING_MILLISECONDS);
    const late = new Promise<string>((resolve) => expired.addEventListener('abort', () => resolve('late')));
    const outcome = await Promise.race([this.#listening.then(() => undefined), this.exited, late]);
    if (outcome === undefined) return;
    if (outcome === 'late')
      throw new Error(
        `${this.name} was not ready within ${LISTENING_MILLISECONDS / 1_000} s; see its log lines above.`,
      );
    throw new Error(this.obituary(outcome));
  }

  /** One sentence on an end that nobody asked for. What the process said itself stands on standard error already, once. */
  obituary(how: string): string {
    const where = this.#spoke ? 'what it says above' : 'the cause';
    return `${this.name} ended by itself (${how}); correct ${where} and start again.`;
  }

  /** SIGTERM, then after 5 s SIGKILL; returns when it has ended. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MILLISECONDS);
    await this.exited;
    clearTimeout(force);
  }
}

function eventOf(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return (JSON.parse(line) as { event?: unknown }).event;
  } catch {
    return undefined;
  }
}
