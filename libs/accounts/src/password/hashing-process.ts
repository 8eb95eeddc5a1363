import { type ChildProcess, fork } from 'node:child_process';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { builtProgram, type EventLog, Problem } from '@domicile/runtime';
import { HashingChild } from './hashing-child.js';
import type { PasswordWork } from './work.js';

/** As many as the gate lets in. Each keeps the 19 MiB of its last hash for the next one. */
const THREADS = { UV_THREADPOOL_SIZE: '2' };

/** Starts the child; tests bring their own. */
export type StartChild = () => ChildProcess;

/**
 * Bare on purpose: no setting, no database address, no inspector, no words of its own. It hears of passwords by the channel alone.
 * The inspector's signal is refused, because a debugger reads memory.
 */
export const startHashingChild =
  (file: string): StartChild =>
  () =>
    fork(file, [], { env: THREADS, execArgv: ['--disable-sigusr1'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });

const ENTRY = builtProgram('libs/accounts/src/password/child.js');

/** A job takes some 10 ms; a child that owes one for so long is not alive in any useful sense. */
const HUNG_MILLISECONDS = 10_000;

/** What the process is told by whoever makes it. */
export interface HashingProcessOptions {
  readonly log: EventLog;
  readonly startChild?: StartChild;
  readonly hungMilliseconds?: number;
  /** False leaves the child to the first job: for a process that may never have one. */
  readonly startsAhead?: boolean;
}

/**
 * Does the work on passwords in a process of its own, of low priority, so that hashing never delays a request that needs none, and
 * so that memory holding passwords is not the API's. One child, started when first asked for and again after it has ended: the jobs
 * under way then fail with `server.unavailable`, later ones find a new child.
 */
export class HashingProcess implements PasswordWork, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log: EventLog;
  readonly #startChild: StartChild;
  readonly #hungMilliseconds: number;
  readonly #startsAhead: boolean;
  #child: HashingChild | undefined;
  #stopped = false;

  constructor({ log, startChild, hungMilliseconds, startsAhead = true }: HashingProcessOptions) {
    this.#log = log;
    this.#startChild = startChild ?? startHashingChild(ENTRY);
    this.#hungMilliseconds = hungMilliseconds ?? HUNG_MILLISECONDS;
    this.#startsAhead = startsAhead;
  }

  /** Process id of the latest child; undefined when none was started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the child ahead of its first job. It never throws: what cannot start is logged, and tried again by the next job. */
  start(): void {
    if (this.#stopped || this.#child?.usable) return;
    try {
      this.#child = new HashingChild(this.#startChild(), this.#hungMilliseconds, (code, signal) => {
        if (!this.#stopped) this.#log.event('hashing.ended', { code, signal }, 'warn');
      });
    } catch {
      this.#log.event('hashing.not_started', {}, 'error');
    }
  }

  /** Waits for its first answer, so that the first customer does not wait for it; what goes wrong is told by the job that needs it. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.#startsAhead) await this.isKnown('').catch(() => undefined);
  }

  /** Requests are finished by then. */
  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Ends the child, and what it had under way; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.end();
  }

  hash(password: string): Promise<string> {
    return this.#run<string>('hash', password);
  }

  verify(password: string, phc: string): Promise<boolean> {
    return this.#run<boolean>('verify', password, phc);
  }

  isKnown(password: string): Promise<boolean> {
    return this.#run<boolean>('isKnown', password);
  }

  async #run<T>(verb: keyof PasswordWork, ...words: string[]): Promise<T> {
    this.start();
    if (!this.#child?.usable) throw new Problem('server.unavailable');
    return (await this.#child.run(verb, words)) as T;
  }
}
