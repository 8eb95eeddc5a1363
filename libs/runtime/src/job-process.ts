import { type ChildProcess, fork } from 'node:child_process';
import type { EventLog } from './log.js';
import { JobChild } from './job-child.js';
import { Problem } from './problem.js';

/** Starts a child; tests bring their own. */
export type StartChild = () => ChildProcess;

/**
 * Bare on purpose: no setting, no database address, no inspector, no words of its own. It hears of its work by the channel alone. The
 * inspector's signal is refused, because a debugger reads memory.
 */
export const startBareChild =
  (file: string, env: Readonly<Record<string, string>> = {}): StartChild =>
  () =>
    fork(file, [], { env, execArgv: ['--disable-sigusr1'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });

/** What makes a process for jobs this one and no other. */
export interface JobProcessOptions {
  /** First word of its events. */
  readonly name: 'hashing' | 'outbound';
  readonly log: EventLog;
  readonly startChild: StartChild;
  /** A child that owes one job for so long is not alive in any useful sense. */
  readonly hungMilliseconds: number;
}

/**
 * Work that is done in a process of its own. One child, started when first asked for and again after it has ended: the jobs under way
 * then fail with `server.unavailable`, later ones find a new child.
 */
export class JobProcess {
  #child: JobChild | undefined;
  #stopped = false;

  constructor(private readonly options: JobProcessOptions) {}

  /** Process id of the latest child; undefined when none was started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the child ahead of its first job. It never throws: what cannot start is logged, and tried again by the next job. */
  start(): void {
    if (this.#stopped || this.#child?.usable) return;
    const { name, log, startChild, hungMilliseconds } = this.options;
    try {
      this.#child = new JobChild(startChild(), hungMilliseconds, (code, signal) => {
        if (!this.#stopped) log.event(`${name}.ended`, { code, signal }, 'warn');
      });
    } catch {
      log.event(`${name}.not_started`, {}, 'error');
    }
  }

  /** @throws as {@link JobChild.run} */
  async run(work: object): Promise<unknown> {
    this.start();
    if (!this.#child?.usable) throw new Problem('server.unavailable');
    return this.#child.run(work);
  }

  /** Ends the child, and what it had under way; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.end();
  }
}
