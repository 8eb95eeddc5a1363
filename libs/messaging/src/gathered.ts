/** One that waits for its turn. */
interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does something for one item or for many at the same price: those that come while it is under way are done together by the next turn.
 * A turn does all of its items or none of them.
 */
export class Gathered<T> {
  #waiting: Waiting<T>[] = [];
  #isUnderWay = false;

  constructor(private readonly work: (items: readonly T[]) => Promise<void>) {}

  /** Resolves when the item's turn is over; rejects as it does. */
  do(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isUnderWay) void this.#turns();
    });
  }

  /** Never rejects: each one that waits is told. */
  async #turns(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      const turn = this.#waiting;
      this.#waiting = [];
      try {
        await this.work(turn.map(({ item }) => item));
        for (const { resolve } of turn) resolve();
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
    }
    this.#isUnderWay = false;
  }
}
