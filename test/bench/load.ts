import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Flavour } from './population.js';

/** Where the requests of a stream come from: reads of accounts drawn at random (or each at most once), or a list sent in order, once. */
export type Source =
  | {
      readonly kind: 'reads';
      readonly flavour: Flavour;
      readonly host: string;
      readonly accounts: number;
      readonly draw: 'uniform' | 'once';
      readonly seed: number;
    }
  | { readonly kind: 'list'; readonly requests: readonly string[] };

/** One stream of requests. With `perSecond` they are sent when they fall due (latency counts from then), else as fast as answers come. */
export interface Stream {
  readonly port: number;
  readonly source: Source;
  readonly expect: number;
  /** What stands in the body of every right answer, where the status alone does not tell it from a polite refusal. */
  readonly contains?: string;
  readonly connections: number;
  readonly perSecond?: number;
  /** Ends then, or when the list is used up; a stream `untilOthersEnd` ends with the longest of the others. */
  readonly seconds?: number;
  readonly untilOthersEnd?: boolean;
  /** Bodies of the answers are wanted, in the order of the requests. */
  readonly keepBodies?: boolean;
}

/** What a stream did. */
export interface Outcome {
  readonly count: number;
  readonly seconds: number;
  /** In the order of the requests. */
  readonly milliseconds: readonly number[];
  readonly bodies: readonly string[];
}

export type Answered = { readonly outcomes: readonly Outcome[] } | { readonly failure: string };

/** The load generator's process: its CPU is nobody's. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'load-generator.ts'), [], {
      execArgv: ['--import', join(import.meta.dirname, 'register.mjs')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Runs streams side by side. @throws Error when any answer has another status than the expected one */
  run(...streams: readonly Stream[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The load generator ended.'));
      this.#child.once('exit', ended);
      this.#child.once('message', (answered: Answered) => {
        this.#child.off('exit', ended);
        if ('failure' in answered) reject(new Error(answered.failure));
        else resolve(answered.outcomes);
      });
      this.#child.send(streams);
    });
  }

  close(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill();
  }
}
