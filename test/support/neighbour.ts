import { expect } from '@jest/globals';
import { type Answer, eventually } from './http.js';

/** Somebody who asks again and again as long as a fault lasts, and must notice nothing of it. */
export class Neighbour {
  readonly #answers: Answer[] = [];
  readonly #asking: Promise<void>;
  #done = false;

  constructor(
    private readonly ask: () => Promise<Answer>,
    private readonly expected = 200,
    /** Between two of them. */
    private readonly pauseMilliseconds = 10,
  ) {
    this.#asking = this.#loop();
  }

  async #loop(): Promise<void> {
    while (!this.#done) {
      this.#answers.push(await this.ask());
      await new Promise((resolve) => setTimeout(resolve, this.pauseMilliseconds));
    }
  }

  /** Ends the asking. It was answered as expected every time, and at least that often. @returns the answers */
  async expectUndisturbed(atLeast = 20): Promise<readonly Answer[]> {
    await eventually(`${atLeast} answers to the neighbour`, () => this.#answers.length >= atLeast);
    this.#done = true;
    await this.#asking;
    expect(this.#answers.filter(({ status }) => status !== this.expected).map(({ text }) => text)).toEqual([]);
    return this.#answers;
  }

  /** How often it was answered so far. */
  get count(): number {
    return this.#answers.length;
  }
}
