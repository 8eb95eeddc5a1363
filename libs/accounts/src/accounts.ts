import { type AccountId, type RegionContext, ResidencyError } from '@domicile/residency';
import type { Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountView } from './account.dto.js';
import { ACCOUNT_PROFILE } from './account.entity.js';
import type { AccountRepository } from './account.repository.js';
import { assertAccount } from './life-cycle.js';
import { presentedSession, type Sessions } from './sessions.js';

/** What a person does with an account that she belongs to. */
export class Accounts {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: Sessions,
    private readonly vault: Vault,
  ) {}

  /**
   * The account, as its member sees it, at the version of its own row.
   * @throws ResidencyError residency.secret_invalid without a valid session; residency.not_found when there is no such account or
   *   the person has no part in it, which look alike; Problem account.suspended; those of {@link Vault.open}
   */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<AccountView>> {
    const presented = presentedSession(ctx);
    const row = this.sessions.prove(presented, await this.accounts.seenBySession(ctx.account(id), presented.id));
    const { role, sealed, status, createdAt, version } = row;
    if (role === null || sealed === null || status === null || createdAt === null || version === null)
      throw new ResidencyError('residency.not_found');
    assertAccount(status, 'read');
    const { name } = await this.vault.open(ctx, { subject: id, row: id, set: ACCOUNT_PROFILE, sealed });
    return { version, view: { id, hostingRegion: ctx.region.code, name, status, role, createdAt } };
  }
}
