import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';

const IN_FLIGHT_MAX = 2;
const WAITING_MAX = 64;

/**
 * Lets two in at a time and 64 wait, in the order in which they came, each no longer than its own deadline. Beyond that it says no at
 * once, because a queue that cannot be served in time only makes everyone late.
 */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  /**
   * Runs `work` once it is its turn. A caller whose deadline passes is answered then; its work keeps the place until it ends, so that
   * no more than two are ever under way.
   * @param work is told whether there was a wait
   * @throws Problem server.unavailable when the gate is full or the context's deadline passes; what `work` throws
   */
  async pass<T>(ctx: RegionContext, work: (waited: boolean) => Promise<T>): Promise<T> {
    const { expired, cancel } = deadline(ctx.remainingMilliseconds);
    try {
      const waited = await this.#enter(expired);
      return await Promise.race([this.#inPlace(() => work(waited)), expired]);
    } finally {
      cancel();
    }
  }

  async #inPlace<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** True when it had to wait. */
  async #enter(expired: Promise<never>): Promise<boolean> {
    if (this.#inFlight < IN_FLIGHT_MAX) {
      this.#inFlight++;
      return false;
    }
    if (this.#waiting.length >= WAITING_MAX) throw new Problem('server.unavailable');
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn.resolve);
    try {
      await Promise.race([turn.promise, expired]);
    } catch (error) {
      const place = this.#waiting.indexOf(turn.resolve);
      // Its turn may have come in the same moment: then the place must go on to the next.
      if (place < 0) this.#leave();
      else this.#waiting.splice(place, 1);
      throw error;
    }
    return true;
  }

  /** The place goes to the next in line without becoming free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inFlight--;
  }
}

/**
 * The outcome of `work`, or the end of the context's time, whichever comes first.
 * @throws Problem server.unavailable when it is the time
 */
export async function inTime<T>(ctx: RegionContext, work: Promise<T>): Promise<T> {
  const { expired, cancel } = deadline(ctx.remainingMilliseconds);
  try {
    return await Promise.race([work, expired]);
  } finally {
    cancel();
  }
}

/** A promise that is refused after so many milliseconds, unless it was cancelled. */
function deadline(milliseconds: number): { expired: Promise<never>; cancel: () => void } {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Problem('server.unavailable')), Math.max(0, milliseconds));
  // Whoever races against it hears of it; nobody else has to.
  expired.catch(() => undefined);
  return { expired, cancel: () => clearTimeout(timer) };
}
