import {
  type AccountAccess,
  type AccountRepository,
  type Entry,
  type ProviderId,
  type SecurityLog,
} from '@domicile/accounts';
import {
  type AccountId,
  type Door,
  type IdCodec,
  type RegionContext,
  ResidencyError,
  type Table,
} from '@domicile/residency';
import { ID_PREFIXES, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Domains } from './domains.js';
import type { ProviderView, SetProvider } from './federation.dto.js';
import { refused } from './federation-errors.js';
import { OwnProvider, PROVIDER_SETTINGS } from './own-provider.entity.js';
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

/** The OpenID provider that an account brings along. Whatever changes it changes the account's own row, and so has its version. */
export class OwnProviders {
  readonly #rows: Table<OwnProvider>;

  constructor(private readonly parts: OwnProvidersParts) {
    this.#rows = parts.door.table(OwnProvider);
  }

  /** @throws as {@link AccountAccess.enter}; ResidencyError residency.not_found when there is none; those of {@link Vault.open} */
  async get(ctx: RegionContext, id: AccountId): Promise<Versioned<ProviderView>> {
    const { version } = await this.parts.access.enter(ctx, id, { act: 'read', permission: 'provider.read' });
    return { version, view: viewOf(ctx, await this.#there(ctx, id)) };
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
    const { version: now, providerId, ownProviderRequired } = await accounts.get(ctx.account(accountId));
    if (now !== version) throw new ResidencyError('residency.stale');
    const before = await this.ofAccount(ctx, accountId);
    const issuer = await client.check(ctx, asked.issuer, providerId);
    const isSame = before?.issuer === issuer && before.providerClientId === asked.clientId;
    if (!isSame && ownProviderRequired) throw refused('provider.required');
    const id = isSame ? before.id : ids.mint(ID_PREFIXES.provider, ctx.region);
    const fields = { issuer, providerClientId: asked.clientId, providerClientSecret: asked.clientSecret };
    const row = { id, sealed: vault.seal(ctx, await vault.keyOf(ctx, sealed), placeOf(accountId, id), fields) };
    const from = await log.whence(ctx, { account: sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      // Who is second finds another version, and nothing of hers is stored.
      await accounts.update(account, version, { providerId: id });
      if (providerId !== null) await this.#rows.erase(account, providerId);
      await this.#rows.insert(account, row);
      await log.tellAccount(account, { kind: 'provider.set', actorId: personId, from });
      await this.parts.domains.tellOwners(account, 'account.provider_changed');
    });
    return { version: version + 1, view: viewOf(ctx, fields) };
  }

  /** Reads it anew. @param entry of {@link enter} @throws as {@link set}; ResidencyError residency.not_found when there is none */
  async test(ctx: RegionContext, { accountId }: Entry): Promise<void> {
    const { id, issuer } = await this.#there(ctx, accountId);
    await this.parts.client.check(ctx, issuer, id);
  }

  /** Removes it. @param entry of {@link enter} @throws Problem provider.required; ResidencyError residency.not_found, residency.stale */
  async remove(ctx: RegionContext, { accountId, personId, sealed }: Entry): Promise<void> {
    const { door, accounts, log } = this.parts;
    const from = await log.whence(ctx, { account: sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      const { providerId, ownProviderRequired, version } = await accounts.get(account);
      if (providerId === null) throw new ResidencyError('residency.not_found');
      if (ownProviderRequired) throw refused('provider.required');
      await accounts.update(account, version, { providerId: null });
      await this.#rows.erase(account, providerId);
      await log.tellAccount(account, { kind: 'provider.removed', actorId: personId, from });
      await this.parts.domains.tellOwners(account, 'account.provider_changed');
    });
  }

  /** As a sign-in needs it; null for an account without one. */
  async ofAccount(ctx: RegionContext, accountId: AccountId): Promise<KnownProvider | null> {
    const account = ctx.account(accountId);
    const { providerId: id } = await this.parts.accounts.get(account);
    const row = id && (await this.#rows.find(account, id));
    if (!row) return null;
    const settings = await this.parts.vault.open(ctx, { ...placeOf(accountId, row.id), sealed: row.sealed });
    return { id: row.id, sealed: row.sealed, ...settings };
  }

  async #there(ctx: RegionContext, id: AccountId): Promise<KnownProvider> {
    const provider = await this.ofAccount(ctx, id);
    if (provider === null) throw new ResidencyError('residency.not_found');
    return provider;
  }
}

function placeOf(subject: AccountId, row: ProviderId) {
  return { subject, row, set: PROVIDER_SETTINGS };
}

function viewOf(ctx: RegionContext, { issuer, providerClientId }: Pick<KnownProvider, 'issuer' | 'providerClientId'>) {
  return { issuer, clientId: providerClientId, redirectUri: redirectUri(ctx) };
}
