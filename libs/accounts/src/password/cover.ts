/** Code points that must be left of a password when everything that is easily guessed is taken out. */
export const OTHERS_MIN = 8;

/**
 * Marks what is guessed in a text. Marks may overlap, so that what is made of guessed parts alone is covered as a whole, in whatever
 * order they stand. Counts in code points.
 */
export class Cover {
  readonly #points: readonly string[];
  readonly #marked: boolean[];

  constructor(text: string) {
    this.#points = [...text];
    this.#marked = this.#points.map(() => false);
  }

  /** Marks every stretch of `length` code points that `guessed` says yes to. */
  markEach(length: number, guessed: (stretch: string) => boolean): void {
    for (let at = 0; at + length <= this.#points.length; at++)
      if (guessed(this.#points.slice(at, at + length).join(''))) this.#marked.fill(true, at, at + length);
  }

  /** True when something was marked, and fewer than {@link OTHERS_MIN} others are left. */
  get leavesTooLittle(): boolean {
    return this.#marked.includes(true) && this.#marked.filter((marked) => !marked).length < OTHERS_MIN;
  }
}
