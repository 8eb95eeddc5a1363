import { type AccountId, type Door, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Versioned } from '@domicile/runtime';
import type { KeyId, Vault } from '@domicile/vault';
import type { AccountAccess } from './account-access.js';
import type { AccountView } from './account.dto.js';
import { ACCOUNT_PROFILE } from './account.entity.js';
import type { AccountRepository } from './account.repository.js';
import { type Permission, permissionsOf } from './permissions.js';
import type { SecurityLog } from './security-log/security-log.js';
import type { Scope } from './tokens/scopes.js';

/** What a person does with an account that she belongs to. */
export class Accounts {
  constructor(
    private readonly door: Door,
    private readonly accounts: AccountRepository,
    private readonly access: AccountAccess,
    private readonly vault: Vault,
    private readonly log: SecurityLog,
  ) {}

  /**
   * The account, as its member sees it, at the version of its own row; for tokens with `account.read` as well.
   * @throws as {@link AccountAccess.enter}; those of {@link Vault.open}
   */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<AccountView>> {
    const entry = await this.access.enter(ctx, id, { act: 'read', scope: 'account.read' });
    const { status, role, createdAt, closingAt, version } = entry;
    const { name } = await this.vault.open(ctx, profileOf(id, entry.sealed));
    const permissions = entry.session === null ? [] : permissionsOf(role);
    const view = { id, hostingRegion: ctx.region.code, name, status, role, permissions, createdAt };
    return { version, view: closingAt === null ? view : { ...view, closingAt } };
  }

  /**
   * Gives the account another name, if its row is still at that version. @returns what {@link get} then shows
   * @throws as {@link get}; ResidencyError residency.stale
   */
  async rename(ctx: RegionContext, id: AccountId, version: number, name: string): Promise<Versioned<AccountView>> {
    const entry = await this.access.enter(ctx, id, { act: 'change', permission: 'account.rename' });
    // What was read is what is amended: a version that comes true only meanwhile would bring older fields back.
    if (entry.version !== version) throw new ResidencyError('residency.stale');
    const sealed = await this.vault.amend(ctx, profileOf(id, entry.sealed), { name });
    const from = await this.log.whence(ctx, { account: entry.sealed });
    await this.door.transaction(ctx, async (tx) => {
      const account = tx.account(id);
      await this.accounts.update(account, version, { sealed });
      await this.log.tellAccount(account, { kind: 'account.renamed', actorId: entry.personId, from });
    });
    return this.get(ctx, id);
  }

  /**
   * Lets the caller read what only some in the account may. @param scope of tokens that may as well
   * @throws as {@link AccountAccess.enter}
   */
  async authorise(ctx: RegionContext, id: AccountId, permission: Permission, scope?: Scope): Promise<void> {
    await this.access.enter(ctx, id, { act: 'read', permission, ...(scope === undefined ? {} : { scope }) });
  }

  /** Which key the account's own values are sealed under; for tokens with `receipt.read` as well. @throws as {@link get}, and vault.value_refused */
  async keyOf(ctx: RegionContext, id: AccountId): Promise<KeyId> {
    const { sealed } = await this.access.enter(ctx, id, {
      act: 'read',
      permission: 'receipt.read',
      scope: 'receipt.read',
    });
    return this.vault.keyIdOf(ctx, sealed);
  }
}

function profileOf(id: AccountId, sealed: Buffer) {
  return { subject: id, row: id, set: ACCOUNT_PROFILE, sealed };
}
