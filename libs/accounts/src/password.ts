import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import { isOutdatedPhc, NOBODYS_PHC } from './password/argon2id.js';
import { isContextual } from './password/contextual.js';
import { Gate, inTime } from './password/gate.js';
import type { PasswordWork } from './password/work.js';

/** Code points after NFKC; the product's rule for a password alone, without a second factor. */
export const PASSWORD_LENGTH_MIN = 15;
export const PASSWORD_LENGTH_MAX = 1024;

/** What everyone who sees the page would try. */
const PRODUCT_NAME = 'Domicile';

/** Why a password of the right form is refused, by the code of its field error. */
export const PASSWORD_REFUSALS = {
  password_breached:
    'The password is one that attackers try first, as it is known from breaches or follows a simple pattern; choose another.',
  password_contextual:
    'The password is little more than your own address or names, or ours; choose one that has nothing to do with them.',
} as const;

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

/**
 * Everything that is done with a password in its normal form, see {@link normalisePassword}. Hashes are made and compared behind a
 * {@link Gate}, two at a time with 64 waiting, in a process of its own; nothing lasts longer than its context.
 */
export class PasswordHasher {
  readonly #gate = new Gate();

  /** @param work the hashing process; tests bring their own */
  constructor(private readonly work: PasswordWork) {}

  /**
   * Lets a password pass that may be chosen. Cheap beside a hash, but for who has proved something: it tells what is on the list.
   * @param context the person's address and names and the account's; absent ones are passed over
   * @throws Problem request.invalid at `/password` with one code of {@link PASSWORD_REFUSALS}; server.unavailable
   */
  async assertMayBeChosen(ctx: RegionContext, password: string, context: readonly (string | null)[]): Promise<void> {
    if (isContextual(password, [...context, PRODUCT_NAME, ctx.region.name, ctx.region.code]))
      throw refused('password_contextual');
    if (await inTime(ctx, this.work.isKnown(password))) throw refused('password_breached');
  }

  /**
   * @param stillWanted asked once it is the caller's turn, if there was a wait: throws when the hash would be for nothing
   * @returns PHC string
   * @throws Problem server.unavailable when the gate is full, the context's deadline passes or the hashing process ends; what
   *   `stillWanted` throws
   */
  phc(ctx: RegionContext, password: string, stillWanted: () => Promise<void>): Promise<string> {
    return this.#gate.pass(ctx, async (waited) => {
      if (waited) await stillWanted();
      return this.work.hash(password);
    });
  }

  /**
   * Whether the password is the one behind the PHC string. Without a string (nobody has that address) it does the same work for
   * nothing and says no, so that the time tells nothing about who is known.
   * @throws Problem server.unavailable as {@link phc}; Error when `phc` is none of ours: a fault, never an answer
   */
  async verify(ctx: RegionContext, password: string, phc: string | null): Promise<boolean> {
    if (phc !== null) this.isOutdated(phc);
    const matches = await this.#gate.pass(ctx, () => this.work.verify(password, phc ?? NOBODYS_PHC));
    return matches && phc !== null;
  }

  /** Whether a stored hash is weaker than those of today and should be made anew at a sign-in. @throws Error as {@link verify} */
  isOutdated(phc: string): boolean {
    return isOutdatedPhc(phc);
  }
}

function refused(code: keyof typeof PASSWORD_REFUSALS): Problem {
  return new Problem('request.invalid', {
    errors: [{ pointer: '/password', code, message: PASSWORD_REFUSALS[code] }],
  });
}
