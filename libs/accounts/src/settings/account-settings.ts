import { type AccountId, type Door, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Clock, Problem, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountAccess, Entry } from '../account-access.js';
import type { AccountPatch, AccountRepository } from '../account.repository.js';
import type { AccountEventKind } from '../security-log/events.js';
import type { SecurityLog } from '../security-log/security-log.js';
import { ACCOUNT_BILLING } from './billing-profile.js';
import { assertPolicy } from './session-policy.js';
import type { BillingView, ChangePolicy, ClosingView, AccountPolicyView } from './settings.dto.js';
import { isTaxId, normaliseTaxId } from './tax-id.js';

/** How long a closing account may still be taken back. */
const CLOSING_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;

/** What an account has settled for itself: all of it stands on the account's own row, and so has its version. */
export class AccountSettings {
  constructor(
    private readonly door: Door,
    private readonly accounts: AccountRepository,
    private readonly access: AccountAccess,
    private readonly vault: Vault,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /** What the account asks of sessions; for everyone in it. @throws as {@link AccountAccess.enter} */
  async policy(ctx: RegionContext, id: AccountId): Promise<Versioned<AccountPolicyView>> {
    await this.access.enter(ctx, id, { act: 'read' });
    const row = await this.accounts.get(ctx.account(id));
    const { secondFactorRequired, ownProviderRequired, sessionIdleMinutes, sessionAbsoluteHours, version } = row;
    return { version, view: { secondFactorRequired, ownProviderRequired, sessionIdleMinutes, sessionAbsoluteHours } };
  }

  /**
   * Changes what the account asks. Nobody shuts herself out by it: the caller's own session is held to the new policy first.
   * @throws as {@link AccountAccess.enter}; ResidencyError residency.stale
   */
  async changePolicy(
    ctx: RegionContext,
    id: AccountId,
    version: number,
    change: ChangePolicy,
  ): Promise<Versioned<AccountPolicyView>> {
    const entry = await this.access.enter(ctx, id, { act: 'change', permission: 'policy.change', fresh: true });
    const { view, version: current } = await this.policy(ctx, id);
    if (current !== version) throw new ResidencyError('residency.stale');
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const policy: AccountPolicyView = { ...view, ...Object.fromEntries(given) };
    const now = this.clock.now();
    // Nobody breaks glass to ask for a provider that she has not come in with herself.
    const role = change.ownProviderRequired ? 'member' : entry.role;
    assertPolicy(policy, { ...entry.session!, role, authenticatedAt: now, lastSeenAt: now }, now);
    await this.#change(ctx, entry, version, policy, 'policy.changed');
    return this.policy(ctx, id);
  }

  /** Whom the bills go to. @throws as {@link AccountAccess.enter}; ResidencyError residency.not_found before anything is filled in */
  async billing(ctx: RegionContext, id: AccountId): Promise<Versioned<BillingView>> {
    await this.access.enter(ctx, id, { act: 'read', permission: 'billing.read' });
    const { billing, version } = await this.accounts.get(ctx.account(id));
    if (billing === null) throw new ResidencyError('residency.not_found');
    const { legalName, postalAddress, billingCountry, taxId } = await this.vault.open(ctx, {
      ...billingOf(id),
      sealed: billing,
    });
    return { version, view: { legalName, addressLines: postalAddress.split('\n'), country: billingCountry, taxId } };
  }

  /**
   * Fills in whom the bills go to, in the place of all that was there.
   * @param version of the account's row @throws as {@link AccountAccess.enter}; Problem request.invalid for a tax id of another form;
   *   ResidencyError residency.stale
   */
  async changeBilling(
    ctx: RegionContext,
    id: AccountId,
    version: number,
    { legalName, addressLines, country, taxId }: BillingView,
  ): Promise<Versioned<BillingView>> {
    const entry = await this.access.enter(ctx, id, { act: 'change', permission: 'billing.change' });
    if (taxId !== null && !isTaxId(country, taxId)) throw wrongTaxId();
    const key = await this.vault.keyOf(ctx, entry.sealed);
    const billing = this.vault.seal(ctx, key, billingOf(id), {
      legalName,
      postalAddress: addressLines.join('\n'),
      billingCountry: country,
      taxId: taxId === null ? null : normaliseTaxId(taxId),
    });
    await this.#change(ctx, entry, version, { billing }, 'billing.changed');
    return this.billing(ctx, id);
  }

  /** Begins to close the account: it may only be read from now on. @throws as {@link AccountAccess.enter} */
  async close(ctx: RegionContext, id: AccountId): Promise<ClosingView> {
    const entry = await this.access.enter(ctx, id, { act: 'change', permission: 'account.close', fresh: true });
    const closingAt = new Date(this.clock.now().getTime() + CLOSING_MILLISECONDS);
    await this.#move(ctx, entry, { from: 'active', to: 'closing', closingAt }, 'account.closing_asked');
    return { closingAt };
  }

  /** Takes the closing back. @throws as {@link AccountAccess.enter}; ResidencyError residency.not_found when there is none */
  async reopen(ctx: RegionContext, id: AccountId): Promise<void> {
    const entry = await this.access.enter(ctx, id, { act: 'read', permission: 'account.close' });
    await this.#move(ctx, entry, { from: 'closing', to: 'active', closingAt: null }, 'account.closing_undone');
  }

  async #change(
    ctx: RegionContext,
    { accountId, personId, sealed }: Entry,
    version: number,
    patch: AccountPatch,
    kind: AccountEventKind,
  ): Promise<void> {
    const from = await this.log.whence(ctx, { account: sealed });
    await this.door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      await this.accounts.update(account, version, patch);
      await this.log.tellAccount(account, { kind, actorId: personId, from });
    });
  }

  async #move(
    ctx: RegionContext,
    { accountId, personId, sealed }: Entry,
    change: Parameters<AccountRepository['move']>[1],
    kind: AccountEventKind,
  ): Promise<void> {
    const from = await this.log.whence(ctx, { account: sealed });
    await this.door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      if (!(await this.accounts.move(account, change))) throw new ResidencyError('residency.not_found');
      await this.log.tellAccount(account, { kind, actorId: personId, from });
    });
  }
}

function billingOf(id: AccountId) {
  return { subject: id, row: id, set: ACCOUNT_BILLING };
}

function wrongTaxId(): Problem {
  const message = 'The value must have the form that tax ids of that country have.';
  return new Problem('request.invalid', { errors: [{ pointer: '/taxId', code: 'is_tax_id', message }] });
}
