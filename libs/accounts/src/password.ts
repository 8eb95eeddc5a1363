import { type Algorithm, hash } from '@node-rs/argon2';
import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';

/** Code points after NFKC; the product's rule for a password alone, without a second factor. */
export const PASSWORD_LENGTH_MIN = 15;
export const PASSWORD_LENGTH_MAX = 1024;

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. About 8 ms; two in flight fill this machine. */
const COST = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const IN_FLIGHT_MAX = 2;
const WAITING_MAX = 64;

/**
 * The form of a password that is hashed: NFKC, so that two keyboards agree. Null when it is not well-formed, holds NUL or has not
 * 15 to 1024 code points. No rule about kinds of characters (NIST SP 800-63B section 3.1.1.2).
 */
export function normalisePassword(text: string): string | null {
  if (!text.isWellFormed() || text.includes('\0')) return null;
  const normal = text.normalize('NFKC');
  const length = [...normal].length;
  return length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX ? normal : null;
}

/** How a password becomes a PHC string; tests bring their own. */
export type PasswordHash = (password: string) => Promise<string>;

const argon2id: PasswordHash = (password) => hash(password, COST);

/**
 * Hashes passwords behind a gate: at most 2 at a time, at most 64 waiting, each no longer than its own deadline. Beyond that it says
 * so at once, because a queue that cannot be served in time only makes everyone late.
 */
export class PasswordHasher {
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  constructor(private readonly hash: PasswordHash = argon2id) {}

  /**
   * @param password normal form, see {@link normalisePassword}
   * @param stillWanted asked once it is the caller's turn, if there was a wait: throws when the hash would be for nothing
   * @returns PHC string
   * @throws Problem server.unavailable when the gate is full or the context's deadline passes while waiting; what `stillWanted` throws
   */
  async phc(ctx: RegionContext, password: string, stillWanted: () => Promise<void>): Promise<string> {
    const waited = await this.#enter(ctx.remainingMilliseconds);
    try {
      if (waited) await stillWanted();
      return await this.hash(password);
    } finally {
      this.#leave();
    }
  }

  /** True when it had to wait. */
  #enter(milliseconds: number): Promise<boolean> {
    if (this.#inFlight < IN_FLIGHT_MAX) {
      this.#inFlight++;
      return Promise.resolve(false);
    }
    if (this.#waiting.length >= WAITING_MAX) return Promise.reject(new Problem('server.unavailable'));
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new Problem('server.unavailable'));
      }, milliseconds);
      this.#waiting.push(enter);
    });
  }

  /** The place goes to the next in line without becoming free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inFlight--;
  }
}
