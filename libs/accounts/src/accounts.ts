import { type AccountId, type Door, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Versioned } from '@domicile/runtime';
import type { KeyId, Vault } from '@domicile/vault';
import type { AccountView } from './account.dto.js';
import { ACCOUNT_PROFILE } from './account.entity.js';
import type { AccountRepository } from './account.repository.js';
import { assertAccount } from './life-cycle.js';
import { assertMay, type Permission, type Role } from './permissions.js';
import type { SecurityLog } from './security-log/security-log.js';
import { presentedSession, type Sessions } from './sessions.js';

/** What a person does with an account that she belongs to. */
export class Accounts {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: Sessions,
    private readonly vault: Vault,
    private readonly door: Door,
    private readonly log: SecurityLog,
  ) {}

  /**
   * The account, as its member sees it, at the version of its own row.
   * @throws ResidencyError residency.secret_invalid without a valid session; residency.not_found when there is no such account or
   *   the person has no part in it, which look alike; Problem account.suspended; those of {@link Vault.open}
   */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<AccountView>> {
    const { sealed, version, status, role, createdAt } = await this.#seen(ctx, id);
    assertAccount(status, 'read');
    const { name } = await this.vault.open(ctx, profileOf(id, sealed));
    return { version, view: { id, hostingRegion: ctx.region.code, name, status, role, createdAt } };
  }

  /**
   * Gives the account another name, if its row is still at that version. @returns what {@link get} then shows
   * @throws as {@link get}; Problem account.right_missing, account.restricted, account.closing; ResidencyError residency.stale
   */
  async rename(ctx: RegionContext, id: AccountId, version: number, name: string): Promise<Versioned<AccountView>> {
    const { sealed, status, role, version: current, personId } = await this.#seen(ctx, id);
    assertAccount(status, 'change');
    assertMay(role as Role, 'account.rename');
    // What was read is what is amended: a version that comes true only meanwhile would bring older fields back.
    if (current !== version) throw new ResidencyError('residency.stale');
    const amended = await this.vault.amend(ctx, profileOf(id, sealed), { name });
    await this.door.transaction(ctx, async (tx) => {
      await this.accounts.update(tx.account(id), version, amended);
      await this.log.tellAccount(tx.account(id), { kind: 'account.renamed', actorId: personId });
    });
    return this.get(ctx, id);
  }

  /**
   * Lets the caller read what only some in the account may.
   * @throws as {@link get}; Problem account.right_missing
   */
  async authorise(ctx: RegionContext, id: AccountId, permission: Permission): Promise<void> {
    const { status, role } = await this.#seen(ctx, id);
    assertAccount(status, 'read');
    assertMay(role as Role, permission);
  }

  /** Which key the account's own values are sealed under. @throws as {@link get}, and vault.value_refused */
  async keyOf(ctx: RegionContext, id: AccountId): Promise<KeyId> {
    const { sealed, status } = await this.#seen(ctx, id);
    assertAccount(status, 'read');
    return this.vault.keyIdOf(ctx, sealed);
  }

  /** The account's row for the session that the caller presents, whatever the account's state. */
  async #seen(ctx: RegionContext, id: AccountId) {
    const presented = presentedSession(ctx);
    const row = await this.sessions.proven(
      ctx,
      presented,
      await this.accounts.seenBySession(ctx.account(id), presented.id),
    );
    const { role, sealed, status, createdAt, version, personId } = row;
    if (role === null || sealed === null || status === null || createdAt === null || version === null)
      throw new ResidencyError('residency.not_found');
    return { role, sealed, status, createdAt, version, personId };
  }
}

function profileOf(id: AccountId, sealed: Buffer) {
  return { subject: id, row: id, set: ACCOUNT_PROFILE, sealed };
}
