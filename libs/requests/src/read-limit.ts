import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';

/** How many seconds' worth may be used at once. */
const BURST_SECONDS = 10;
/** Sessions remembered; beyond this many the one that came first is forgotten, and starts with a full bucket again. */
const SESSIONS_MAX = 10_000;

interface Bucket {
  tokens: number;
  /** On the clock of `performance.now()`. */
  at: number;
}

/**
 * A token bucket for each session, in the memory of this process: authenticated reads cost no statement to count. Buckets go by the
 * hash of the presented secret, not by the session's id: an id is public, and a stranger could use up somebody else's.
 */
export class ReadLimit {
  readonly #buckets = new Map<string, Bucket>();

  /** @param perSecond reads a second in the long run; ten times as many at once */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one read; a request without a credential has none to take from, and is refused later. @throws Problem request.rate_limited */
  take({ actor }: RegionContext): void {
    if (actor.kind !== 'bearer') return;
    const now = this.now();
    const bucket = this.#bucket(actor.secret.hash.toString('latin1', 0, 16), now);
    const capacity = this.perSecond * BURST_SECONDS;
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) throw new Problem('request.rate_limited', { headers: { 'retry-after': '1' } });
    bucket.tokens -= 1;
  }

  #bucket(key: string, at: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      const [oldest] = this.#buckets.keys();
      if (this.#buckets.size >= SESSIONS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
      this.#buckets.set(key, (bucket = { tokens: this.perSecond * BURST_SECONDS, at }));
    }
    return bucket;
  }
}
