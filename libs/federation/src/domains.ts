import { type AccountAccess, type Entry, normaliseDomain, type SecurityLog } from '@domicile/accounts';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type AccountContext, type AccountId, type Door, type IdCodec, type RegionContext } from '@domicile/residency';
import { type Clock, ID_PREFIXES, isBranded, type Outbound, OutboundError } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { type AccountDomain, DOMAIN_NAME } from './account-domain.entity.js';
import type { DomainId, DomainRepository } from './domain.repository.js';
import type { DomainList, DomainRecordView, DomainState, DomainView } from './federation.dto.js';
import { refused } from './federation-errors.js';
import { callMilliseconds } from './provider-client.js';

/** Purpose of the blind index under which a domain is found. Frozen: another one would find none. */
const DOMAIN_INDEX = 'account_domain.name';
/** Purpose of the text that its holder publishes. */
const CHALLENGE = 'account_domain.challenge';
const DOMAINS_MAX = 20;

/** How long a verified domain still counts when its record is gone. */
export const GRACE_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

/** What domains work with. */
export interface DomainsParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly index: BlindIndex;
  readonly vault: Vault;
  readonly access: AccountAccess;
  readonly domains: DomainRepository;
  readonly log: SecurityLog;
  readonly outbound: Outbound;
}

/**
 * The mail domains that an account claims. Who can write into the DNS of a domain decides where its mail goes, and so could be anybody
 * there; a verified domain gives its account nothing beyond that.
 */
export class Domains {
  constructor(private readonly parts: DomainsParts) {}

  /** @throws as {@link AccountAccess.enter}; those of {@link Vault.open} */
  async list(ctx: RegionContext, id: AccountId): Promise<DomainList> {
    await this.parts.access.enter(ctx, id, { act: 'read', permission: 'domains.manage' });
    const rows = await this.parts.domains.list(ctx.account(id));
    return { domains: await Promise.all(rows.map((row) => this.#view(ctx, id, row))) };
  }

  /** Who may change them, just proved. @throws as {@link AccountAccess.enter} */
  enter(ctx: RegionContext, id: AccountId): Promise<Entry> {
    return this.parts.access.enter(ctx, id, { act: 'change', permission: 'domains.manage', fresh: true });
  }

  /** Claims one. @param typed has a normal form @param entry of {@link enter} @throws Problem domain.claimed, domain.too_many */
  async claim(
    ctx: RegionContext,
    { accountId, personId, sealed: own }: Entry,
    typed: string,
    keep: Keep<DomainView> = keptNowhere,
  ): Promise<DomainView> {
    const { door, ids, vault, access, domains, log } = this.parts;
    const name = normaliseDomain(typed) ?? '';
    const id = ids.mint(ID_PREFIXES.accountDomain, ctx.region);
    const place = { subject: accountId, row: id, set: DOMAIN_NAME };
    const sealed = vault.seal(ctx, await vault.keyOf(ctx, own), place, { mailDomain: name });
    const domainKey = this.keyOf(ctx, name);
    const from = await log.whence(ctx, { account: own });
    return door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      await access.hold(account, personId, 'domains.manage');
      const others = await domains.list(account);
      if (others.some((other) => other.domainKey.equals(domainKey))) throw refused('domain.claimed');
      if (others.length >= DOMAINS_MAX) throw refused('domain.too_many');
      const view = this.#viewOf(ctx, await domains.insert(account, { id, sealed, domainKey }), name);
      await log.tellAccount(account, { kind: 'domain.claimed', actorId: personId, subjectId: id, from });
      await keep(tx, view);
      return view;
    });
  }

  /**
   * Looks for its record, and has it verified when that is there.
   * @param entry of {@link enter} @throws Problem domain.record_missing, domain.taken, domain.lookup_failed; ResidencyError
   *   residency.not_found, residency.stale
   */
  async verify(ctx: RegionContext, { accountId, personId, sealed }: Entry, id: DomainId): Promise<DomainView> {
    const { door, domains, clock, log } = this.parts;
    const row = await domains.get(ctx.account(accountId), id);
    const name = await this.#nameOf(ctx, accountId, row);
    if (!(await this.isPublished(ctx, id, name))) throw refused('domain.record_missing');
    const now = clock.now();
    const patch = { verifiedAt: row.verifiedAt ?? now, checkedAt: now, missingSince: null };
    const from = await log.whence(ctx, { account: sealed });
    try {
      const changed = await door.transaction(ctx, async (tx) => {
        const account = tx.account(accountId);
        const after = await domains.update(account, id, row.version, patch);
        if (row.verifiedAt !== null) return after;
        await domains.open(tx, { key: row.domainKey, accountId, domainId: id });
        await log.tellAccount(account, { kind: 'domain.verified', actorId: personId, subjectId: id, from });
        return after;
      });
      return this.#viewOf(ctx, changed, name);
    } catch (error) {
      if (isBranded(error) && error.code === 'residency.conflict') throw refused('domain.taken');
      throw error;
    }
  }

  /** Gives it up: from then on nobody signs in under it. @param entry of {@link enter} @throws ResidencyError residency.not_found */
  async remove(ctx: RegionContext, { accountId, personId, sealed }: Entry, id: DomainId): Promise<void> {
    const { door, domains, log } = this.parts;
    const from = await log.whence(ctx, { account: sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      const row = await domains.get(account, id);
      const way = await domains.way(tx, row.domainKey);
      if (way?.domainId === id) await domains.shut(tx, row.domainKey);
      await domains.erase(account, id);
      await log.tellAccount(account, { kind: 'domain.removed', actorId: personId, subjectId: id, from });
    });
  }

  /** Looks again for the record of a verified domain, and notes what it finds. No answer is none: it notes nothing. */
  async lookAgain(ctx: RegionContext, accountId: AccountId, row: AccountDomain): Promise<void> {
    const { door, domains, clock, log } = this.parts;
    const { id, version } = row;
    const isThere = await this.isPublished(ctx, id, await this.#nameOf(ctx, accountId, row));
    const now = clock.now();
    const since = isThere ? null : (row.missingSince ?? now);
    const hasLapsed = since !== null && now.getTime() - since.getTime() >= GRACE_MILLISECONDS;
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      const lapsed = { verifiedAt: null, missingSince: null, checkedAt: now };
      await domains.update(account, id, version, hasLapsed ? lapsed : { missingSince: since, checkedAt: now });
      if (hasLapsed) await domains.shut(tx, row.domainKey);
      const isNew = since !== null && row.missingSince === null;
      const kind = hasLapsed ? 'domain.lapsed' : isNew ? 'domain.missing' : null;
      if (kind === null) return;
      await log.tellAccount(account, { kind, actorId: null, subjectId: id, from: null });
      await this.tellOwners(account, hasLapsed ? 'account.domain_lapsed' : 'account.domain_missing');
    });
  }

  /**
   * Tells every owner, who is mailed about it. Who did it and from where stands in the account's own log.
   * @param account narrowed from the transaction's context
   */
  async tellOwners(account: AccountContext, kind: Parameters<SecurityLog['tell']>[1]['kind']): Promise<void> {
    for (const { personId } of await this.parts.domains.owners(account))
      await this.parts.log.tell(account.context, { kind, personId, from: null });
  }

  /** The key of a domain's way. @param domain in normal form */
  keyOf(ctx: RegionContext, domain: string): Buffer {
    return this.parts.index.of(ctx, DOMAIN_INDEX, domain);
  }

  /** Whether the record of that claim is in the DNS. @throws Problem domain.lookup_failed */
  async isPublished(ctx: RegionContext, id: DomainId, name: string): Promise<boolean> {
    const wanted = this.#record(ctx, id, name);
    try {
      const texts = await this.parts.outbound.texts(ctx.region.code, wanted.name, callMilliseconds(ctx));
      return texts.includes(wanted.value);
    } catch (error) {
      if (error instanceof OutboundError) throw refused('domain.lookup_failed');
      throw error;
    }
  }

  /** Of one claim in one region: what another account publishes, or the same one elsewhere, verifies nothing here. */
  #record(ctx: RegionContext, id: DomainId, name: string): DomainRecordView {
    const token = this.parts.index.linkCode(ctx, CHALLENGE, id);
    const value = `domicile-verification=${ctx.region.code}.${token}`;
    return { name: `_domicile-challenge.${name}`, type: 'TXT', value };
  }

  async #nameOf(ctx: RegionContext, subject: AccountId, { id, sealed }: AccountDomain): Promise<string> {
    return (await this.parts.vault.open(ctx, { subject, row: id, set: DOMAIN_NAME, sealed })).mailDomain;
  }

  async #view(ctx: RegionContext, accountId: AccountId, row: AccountDomain): Promise<DomainView> {
    return this.#viewOf(ctx, row, await this.#nameOf(ctx, accountId, row));
  }

  #viewOf(ctx: RegionContext, row: AccountDomain, domain: string): DomainView {
    const { id, verifiedAt, missingSince, createdAt } = row;
    const status: DomainState = verifiedAt === null ? 'pending' : missingSince === null ? 'verified' : 'missing';
    const lapsesAt = missingSince && new Date(missingSince.getTime() + GRACE_MILLISECONDS);
    const record = this.#record(ctx, id, domain);
    return { id, domain, status, record, verifiedAt, missingSince, lapsesAt, createdAt };
  }
}
