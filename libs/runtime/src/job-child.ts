import type { ChildProcess } from 'node:child_process';
import { Problem } from './problem.js';

/** What comes back of a job. A fault is a word of the code or nothing at all: words of an error could hold what was worked on. */
export type Done = { readonly id: number } & ({ readonly value: unknown } | { readonly fault: string | true });

/** A job could not be done. `reason` is the child's word for why, if it has one. */
export class JobFault extends Error {
  constructor(readonly reason: string | undefined) {
    super('A child process could not do what it was asked to do.');
    this.name = 'JobFault';
  }
}

/** A job whose answer is awaited. */
interface Owed {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly hung: NodeJS.Timeout;
}

/** One life of a child process, seen from the parent: what was asked of it is answered, or fails when it ends. */
export class JobChild {
  readonly #owed = new Map<number, Owed>();
  readonly #gone = Promise.withResolvers<void>();
  #jobs = 0;
  #over = false;

  /**
   * @param hungMilliseconds after which a child that owes a job is killed
   * @param onEnd called once, however it ended: exit code (or the error's code when it never started) and signal, as words
   */
  constructor(
    private readonly child: ChildProcess,
    private readonly hungMilliseconds: number,
    private readonly onEnd: (code: string | undefined, signal: string | undefined) => void,
  ) {
    child.on('message', (done: Done) => this.#answer(done));
    child.on('exit', (code, signal) => this.#end(code?.toString(), signal ?? undefined));
    // It did not start, or a message could not be sent; in both cases nothing more comes from it.
    child.on('error', (error: NodeJS.ErrnoException) => this.#lose(error.code));
    child.on('disconnect', () => this.#lose(undefined));
    // It never keeps the parent running on its own; jobs under way do, by their timers.
    child.unref();
    child.channel?.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** False once it can be asked for nothing more. */
  get usable(): boolean {
    return !this.#over && this.child.connected;
  }

  /** @param work sent under a number of its own @throws Problem server.unavailable when the child ends first; JobFault when the job itself failed */
  run(work: object): Promise<unknown> {
    if (!this.usable) return Promise.reject(new Problem('server.unavailable'));
    const job = { ...work, id: ++this.#jobs };
    return new Promise((resolve, reject) => {
      const hung = setTimeout(() => this.child.kill('SIGKILL'), this.hungMilliseconds);
      this.#owed.set(job.id, { resolve, reject, hung });
      this.child.send(job, (error) => error && this.#lose('ERR_IPC_CHANNEL_CLOSED'));
    });
  }

  /** Kills it, for it has nothing to tidy up; resolves when it is gone. */
  end(): Promise<void> {
    this.child.ref();
    this.#lose(undefined);
    return this.#gone.promise;
  }

  #answer(done: Done): void {
    const owed = this.#owed.get(done.id);
    if (!owed) return;
    this.#owed.delete(done.id);
    clearTimeout(owed.hung);
    if ('fault' in done) owed.reject(new JobFault(done.fault === true ? undefined : done.fault));
    else owed.resolve(done.value);
  }

  /** Nothing more can be expected of it: fails what is owed at once, and makes sure that it ends. */
  #lose(code: string | undefined): void {
    if (this.child.pid === undefined) this.#end(code, undefined);
    else this.child.kill('SIGKILL');
    this.#failOwed();
  }

  #end(code: string | undefined, signal: string | undefined): void {
    this.#failOwed();
    if (this.#over) return;
    this.#over = true;
    this.#gone.resolve();
    this.onEnd(code, signal);
  }

  #failOwed(): void {
    for (const { reject, hung } of this.#owed.values()) {
      clearTimeout(hung);
      reject(new Problem('server.unavailable'));
    }
    this.#owed.clear();
  }
}
