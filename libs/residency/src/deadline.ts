import { unavailable } from './errors.js';

/** Deadlines of one bucket fall due together: at most this much too late, never too early. */
const BUCKET_MILLISECONDS = 10;

type Expire = () => void;

/**
 * Who waits for which deadline. One timer a bucket instead of one a wait: a hot path waits several times a request, and nearly all
 * of these timers would be made only to be cancelled.
 */
const buckets = new Map<number, Set<Expire>>();

/**
 * The promise's outcome, or residency.unavailable once the deadline has passed; what comes later is dropped.
 * @param deadline on the clock of `performance.now()`
 */
export function beforeDeadline<T>(deadline: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiting = bucketOf(deadline);
    const expire = (): void => {
      reject(unavailable('The database of the region did not answer before the deadline.'));
    };
    waiting.add(expire);
    work.then(
      (outcome) => {
        waiting.delete(expire);
        resolve(outcome);
      },
      (error: unknown) => {
        waiting.delete(expire);
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- handed on as it came
        reject(error);
      },
    );
  });
}

function bucketOf(deadline: number): Set<Expire> {
  const now = performance.now();
  // A deadline already past falls due at the next turn of the event loop, as its own timer would.
  const at = Math.ceil(Math.max(deadline, now) / BUCKET_MILLISECONDS) * BUCKET_MILLISECONDS;
  let waiting = buckets.get(at);
  if (!waiting) {
    const made = new Set<Expire>();
    waiting = made;
    buckets.set(at, made);
    const due = setTimeout(
      () => {
        buckets.delete(at);
        for (const expire of made) expire();
      },
      Math.ceil(at - now),
    );
    // What is waited for is on a socket, which keeps the process alive; an empty bucket should not.
    due.unref();
  }
  return waiting;
}
