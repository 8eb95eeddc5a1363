import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { builtProgram, type EventLog, JobProcess, startBareChild, type StartChild } from '@domicile/runtime';
import type { PasswordWork } from './work.js';

/**
 * As many threads as the gate lets in, and each keeps the 19 MiB of its last hash for a second: getting them anew from the kernel, page by
 * page, is a tenth of a hash. The allocator of `@node-rs/argon2` (mimalloc) gives them back after ten milliseconds by itself.
 */
const THREADS = { UV_THREADPOOL_SIZE: '2', MIMALLOC_PURGE_DELAY: '1000' };

/** Starts the child as {@link startBareChild} does. */
export const startHashingChild = (file: string): StartChild => startBareChild(file, THREADS);

const ENTRY = builtProgram('libs/accounts/src/password/child.js');

/** A job takes some 10 ms. */
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
 * so that memory holding passwords is not the API's. See {@link JobProcess} for the child's life.
 */
export class HashingProcess implements PasswordWork, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #jobs: JobProcess;
  readonly #startsAhead: boolean;

  constructor({ log, startChild, hungMilliseconds, startsAhead = true }: HashingProcessOptions) {
    this.#jobs = new JobProcess({
      name: 'hashing',
      log,
      startChild: startChild ?? startHashingChild(ENTRY),
      hungMilliseconds: hungMilliseconds ?? HUNG_MILLISECONDS,
    });
    this.#startsAhead = startsAhead;
  }

  /** Process id of the latest child; undefined when none was started. */
  get pid(): number | undefined {
    return this.#jobs.pid;
  }

  /** Starts the child ahead of its first job; it never throws. */
  start(): void {
    this.#jobs.start();
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
  stop(): Promise<void> {
    return this.#jobs.stop();
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
    return (await this.#jobs.run({ verb, words })) as T;
  }
}
