import { type AccountId, type RegionContext, ResidencyError } from '@domicile/residency';
import type { Versioned } from '@domicile/runtime';
import type { AccountView } from './account.dto.js';
import type { AccountRepository } from './account.repository.js';
import { presentedSession, type Sessions } from './sessions.js';

/** What a person does with an account that she belongs to. */
export class Accounts {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: Sessions,
  ) {}

  /**
   * The account, as its member sees it, at the version of its own row.
   * @throws ResidencyError residency.secret_invalid without a valid session; residency.not_found when there is no such account or
   *   the person has no part in it, which look alike
   */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<AccountView>> {
    const presented = presentedSession(ctx);
    const row = this.sessions.prove(presented, await this.accounts.seenBySession(ctx.account(id), presented.id));
    const { role, name, status, createdAt, version } = row;
    if (role === null || name === null || status === null || createdAt === null || version === null)
      throw new ResidencyError('residency.not_found');
    return { version, view: { id, hostingRegion: ctx.region.code, name, status, role, createdAt } };
  }
}
