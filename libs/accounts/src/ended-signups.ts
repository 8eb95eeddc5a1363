import type { RegionContext } from '@domicile/residency';
import type { Vault } from '@domicile/vault';
import type { SignupRepository } from './signup.repository.js';

/** How long an ended signup is kept, so that its confirmation can still say what became of it. */
export const SIGNUP_KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Keeps the promise that what is typed into a signup is kept for that signup only: afterwards the row and its key are gone. */
export class EndedSignups {
  constructor(
    private readonly signups: SignupRepository,
    private readonly vault: Vault,
  ) {}

  /**
   * Erases signups that ended before that time, confirmed or not, at most `limit`. Keys go first: a kill in between leaves rows that
   * nobody can open, and the next look removes them. @returns how many
   */
  async erase(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    const over = await this.signups.over(ctx, before, limit);
    const keys = over.flatMap(({ sealed }) => (sealed ? [this.vault.keyIdOf(ctx, sealed)] : []));
    if (keys.length > 0) await this.vault.discard(ctx, keys);
    const ids = over.map(({ id }) => id);
    return ids.length > 0 ? this.signups.erase(ctx, ids) : 0;
  }
}
