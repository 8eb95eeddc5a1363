import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processIdentity } from './processes.js';

/**
 * One launcher per home. A file that names its holder by pid and start time, so that neither a killed holder nor a re-used pid
 * keeps anyone out, and no clean-up is ever needed.
 */
export class LauncherLock {
  readonly #file: string;
  readonly #mine: string;
  #held = false;

  constructor(file: string) {
    this.#file = file;
    this.#mine = processIdentity(process.pid) ?? `${process.pid} 0`;
  }

  /**
   * Takes the lock, or keeps it where this object already has it.
   * @param name what is being started, for the sentence.
   * @throws Error in one sentence when a live process holds it.
   */
  acquire(name: string): void {
    if (this.#held) return;
    const draft = `${this.#file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(draft, this.#mine, { mode: 0o600 });
    try {
      while (!this.#linked(draft)) this.#clear(name);
      this.#held = true;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Gives the lock back; does nothing when it is not held. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    rmSync(this.#file, { force: true });
  }

  /** A hard link appears with its whole content or not at all: nobody can read a half-written holder. */
  #linked(draft: string): boolean {
    try {
      linkSync(draft, this.#file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #clear(name: string): void {
    this.#refuseLive(this.#file, name);
    // Two may find the same stale file: it is moved aside first and looked at again, so that nobody removes the other's new lock.
    const aside = `${this.#file}.stale.${process.pid}`;
    try {
      renameSync(this.#file, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      this.#refuseLive(aside, name);
    } catch (error) {
      this.#linked(aside);
      throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }

  #refuseLive(file: string, name: string): void {
    let holder: string;
    try {
      holder = readFileSync(file, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const pid = Number(holder.split(' ')[0]);
    if (Number.isInteger(pid) && pid > 0 && processIdentity(pid) === holder) {
      throw new Error(`${name} is already running (pid ${pid}); stop it or set DOMICILE_HOME to another folder.`);
    }
  }
}
