import { Membership } from '@domicile/accounts';
import {
  type AccountContext,
  type Door,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { AccountDomain, DomainWay } from './account-domain.entity.js';

/** Id of a claimed domain. */
export type DomainId = AccountDomain['id'];

const domainId = value.id(ID_PREFIXES.accountDomain);
const VERIFIED_PARAMS = { after: value.nullable(domainId), limit: value.integer };
const VERIFIED_ROW = { accountId: value.id(ID_PREFIXES.account), domainId };
const OWNER_ROW = { personId: value.id(ID_PREFIXES.person) };

/** What of a claimed domain changes. */
export type DomainPatch = Partial<Pick<AccountDomain, 'verifiedAt' | 'checkedAt' | 'missingSince'>>;

/** The domains that a region's accounts claim, and the ways from the verified ones to their accounts. */
export class DomainRepository {
  readonly #domains: Table<AccountDomain>;
  readonly #ways: Table<DomainWay>;
  readonly #verified: Statement<DomainWay, typeof VERIFIED_PARAMS, typeof VERIFIED_ROW>;
  readonly #owners: Statement<Membership, Record<never, never>, typeof OWNER_ROW>;

  constructor(door: Door) {
    this.#domains = door.table(AccountDomain);
    this.#ways = door.table(DomainWay);
    this.#verified = door.statement({
      name: 'domain_way.list',
      tables: [DomainWay],
      sql: `select account_id as "accountId", domain_id as "domainId" from domain_way
        where :after::uuid is null or domain_id > :after order by domain_id limit :limit`,
      params: VERIFIED_PARAMS,
      row: VERIFIED_ROW,
    });
    this.#owners = door.statement({
      name: 'account_domain.owners',
      tables: [Membership],
      sql: `select person_id as "personId" from membership where account_id = :accountId and role = 'owner' order by id`,
      params: {},
      row: OWNER_ROW,
    });
  }

  /** All of an account, oldest first; at most 100. */
  list(account: AccountContext): Promise<AccountDomain[]> {
    return this.#domains.list(account, {});
  }

  /** @throws ResidencyError residency.not_found */
  get(account: AccountContext, id: DomainId): Promise<AccountDomain> {
    return this.#domains.get(account, id);
  }

  find(account: AccountContext, id: DomainId): Promise<AccountDomain | null> {
    return this.#domains.find(account, id);
  }

  /** @throws ResidencyError residency.conflict when the account has claimed it already */
  insert(account: AccountContext, row: Pick<AccountDomain, 'id' | 'sealed' | 'domainKey'>): Promise<AccountDomain> {
    return this.#domains.insert(account, row);
  }

  /** @throws ResidencyError residency.stale */
  update(account: AccountContext, id: DomainId, version: number, patch: DomainPatch): Promise<AccountDomain> {
    return this.#domains.update(account, id, version, patch);
  }

  erase(account: AccountContext, id: DomainId): Promise<boolean> {
    return this.#domains.erase(account, id);
  }

  /** Where a verified domain leads; null for every other. */
  way(ctx: RegionContext, key: Buffer): Promise<DomainWay | null> {
    return this.#ways.find(ctx, key);
  }

  /** @throws ResidencyError residency.conflict when another account of the region has it verified */
  async open(tx: RegionContext, way: Pick<DomainWay, 'key' | 'accountId' | 'domainId'>): Promise<void> {
    await this.#ways.insert(tx, way);
  }

  /** From then on the domain leads nowhere. */
  shut(tx: RegionContext, key: Buffer): Promise<boolean> {
    return this.#ways.erase(tx, key);
  }

  /** Verified domains of the whole region after that one: where to look, for the job that looks. */
  verified(ctx: RegionContext, after: DomainId | null, limit: number) {
    return this.#verified.all(ctx, { after, limit });
  }

  /** Whom to tell of what concerns everybody in the account. */
  owners(account: AccountContext) {
    return this.#owners.all(account, {});
  }
}
