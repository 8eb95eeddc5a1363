import {
  type AccountAccess,
  ACCOUNT_PROVIDER,
  type AccountRepository,
  type Entry,
  type SecurityLog,
} from '@domicile/accounts';
import {
  type AccountContext,
  type AccountId,
  type Door,
  type IdCodec,
  type RegionContext,
  ResidencyError,
} from '@domicile/residency';
import { ID_PREFIXES, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Domains } from './domains.js';
import type { ProviderView, SetProvider } from './federation.dto.js';
import { refused } from './federation-errors.js';
import { type KnownProvider, type ProviderClient, redirectUri } from './provider-client.js';

/** What providers work with. */
export interface OwnProvidersParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly vault: Vault;
  readonly access: AccountAccess;
  readonly accounts: AccountRepository;
  readonly domains: Domains;
  readonly client: ProviderClient;
  readonly log: SecurityLog;
}

/** The OpenID provider that an account brings along. It stands on the account's own row, and so has its version. */
export class OwnProviders {
  constructor(private readonly parts: OwnProvidersParts) {}

  /** @throws as {@link AccountAccess.enter}; ResidencyError residency.not_found when there is none; those of {@link Vault.open} */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<ProviderView>> {
    await this.parts.access.enter(ctx, id, { act: 'read', permission: 'provider.read' });
    const { provider, version } = await this.#known(ctx, ctx.account(id));
    return { version, view: viewOf(ctx, provider) };
  }

  /** Who may change it, just proved. @throws as {@link AccountAccess.enter} */
  enter(ctx: RegionContext, id: AccountId): Promise<Entry> {
    return this.parts.access.enter(ctx, id, { act: 'change', permission: 'provider.change', fresh: true });
  }

  /**
   * Sets it, once it has been seen to be one. Another issuer or client is another provider: sessions that were begun with the one before,
   * and who was whom there, are worth nothing then.
   * @param entry of {@link enter} @param version of the account's row
   * @throws Problem provider.unacceptable, provider.address_refused, provider.away, provider.required; ResidencyError residency.stale
   */
  async set(
    ctx: RegionContext,
    { accountId, personId, sealed }: Entry,
    version: number,
    asked: SetProvider,
  ): Promise<Versioned<ProviderView>> {
    const { door, ids, vault, accounts, client, log } = this.parts;
    const before = await accounts.get(ctx.account(accountId));
    if (before.version !== version) throw new ResidencyError('residency.stale');
    const known = before.provider === null ? null : await this.#opened(ctx, accountId, before.provider);
    const issuer = await client.check(ctx, asked.issuer);
    const isSame = known?.issuer === issuer && known.providerClientId === asked.clientId;
    if (!isSame && before.ownProviderRequired) throw refused('provider.required');
    const fields = { issuer, providerClientId: asked.clientId, providerClientSecret: asked.clientSecret };
    const provider = vault.seal(ctx, await vault.keyOf(ctx, sealed), placeOf(accountId), fields);
    const providerId = isSame ? before.providerId : ids.mint(ID_PREFIXES.provider, ctx.region);
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      await accounts.update(account, version, { provider, providerId });
      await log.tellAccount(account, { kind: 'provider.set', actorId: personId });
      await this.parts.domains.tellOwners(account, 'account.provider_changed');
    });
    return { version: version + 1, view: viewOf(ctx, fields) };
  }

  /** Reads it anew. @param entry of {@link enter} @throws as {@link set}; ResidencyError residency.not_found when there is none */
  async test(ctx: RegionContext, { accountId }: Entry): Promise<void> {
    const { provider } = await this.#known(ctx, ctx.account(accountId));
    await this.parts.client.check(ctx, provider.issuer);
  }

  /** Removes it. @param entry of {@link enter} @throws Problem provider.required; ResidencyError residency.not_found, residency.stale */
  async remove(ctx: RegionContext, { accountId, personId }: Entry): Promise<void> {
    const { door, accounts, log } = this.parts;
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      const { provider, ownProviderRequired, version } = await accounts.get(account);
      if (provider === null) throw new ResidencyError('residency.not_found');
      if (ownProviderRequired) throw refused('provider.required');
      await accounts.update(account, version, { provider: null, providerId: null });
      await log.tellAccount(account, { kind: 'provider.removed', actorId: personId });
      await this.parts.domains.tellOwners(account, 'account.provider_changed');
    });
  }

  /** As a sign-in needs it; null for an account without one. */
  async ofAccount(ctx: RegionContext, id: AccountId): Promise<KnownProvider | null> {
    const { provider, providerId } = await this.parts.accounts.get(ctx.account(id));
    return provider && providerId && { id: providerId, ...(await this.#opened(ctx, id, provider)) };
  }

  async #known(ctx: RegionContext, account: AccountContext) {
    const { provider, version } = await this.parts.accounts.get(account);
    if (provider === null) throw new ResidencyError('residency.not_found');
    return { version, provider: await this.#opened(ctx, account.accountId, provider) };
  }

  #opened(ctx: RegionContext, id: AccountId, sealed: Buffer) {
    return this.parts.vault.open(ctx, { ...placeOf(id), sealed });
  }
}

function placeOf(id: AccountId) {
  return { subject: id, row: id, set: ACCOUNT_PROVIDER };
}

function viewOf(ctx: RegionContext, { issuer, providerClientId }: Pick<KnownProvider, 'issuer' | 'providerClientId'>) {
  return { issuer, clientId: providerClientId, redirectUri: redirectUri(ctx) };
}
