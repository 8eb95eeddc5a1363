import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { BARE_ENVIRONMENT, diesWithUs, type Command } from './child-command.js';

/** How a process ended, for sentences: `exit code 1`, `signal SIGKILL`. */
export type Ending = string;

/**
 * A program whose whole output goes to a log file, in a session of its own (a terminal's Ctrl-C passes it by, so that it is stopped
 * in order), with a bare environment, and which ends (SIGINT) when this process does.
 */
export class LoggedProcess {
  readonly exited: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #logStart: number;
  #ended = false;

  constructor(as: readonly string[], command: Command, log: string) {
    const output = openSync(log, 'a', 0o600);
    this.#log = log;
    this.#logStart = statSync(log).size;
    try {
      const [program = command[0], ...words] = [...as, ...diesWithUs('INT', command)];
      this.#child = spawn(program, words, {
        detached: true,
        cwd: '/',
        env: BARE_ENVIRONMENT,
        stdio: ['ignore', output, output],
      });
    } finally {
      closeSync(output);
    }
    this.exited = new Promise((resolve) => {
      const end = (how: Ending): void => {
        this.#ended = true;
        resolve(how);
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** Undefined when it could not be started at all. The words in front replace themselves, so this is the program's own pid. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return !this.#ended && this.#child.pid !== undefined;
  }

  /** The last line of its output that tells of a failure, in brackets for a sentence; empty when there is none. */
  get complaint(): string {
    const text = readFileSync(this.#log).subarray(this.#logStart).toString('utf8');
    const line = text.split('\n').findLast((each) => /\b(FATAL|PANIC|error|could not)\b/.test(each));
    return line ? ` (${line.replace(/^.*?\b(FATAL|PANIC|error):\s*/, '').trim()})` : '';
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#child.kill(signal);
  }

  /** True when it ended within that time. */
  endedWithin(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      void this.exited.then(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
