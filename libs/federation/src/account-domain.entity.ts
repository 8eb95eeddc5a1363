import { Account } from '@domicile/accounts';
import {
  type AccountId,
  fieldSet,
  IdColumn,
  Locator,
  LocatorRow,
  NotPersonal,
  Personal,
  Resident,
  ResidentRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';

/** What is sealed of a claimed domain: one's own domain may be one's own name. */
export class DomainName {
  @Personal({
    subject: 'account',
    category: 'identity',
    purpose: 'to know whose people sign in with your own provider',
    legalBasis: 'contract',
    retention: 'until the account removes the domain',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'hidden',
  })
  readonly mailDomain!: string;
}

export const DOMAIN_NAME = fieldSet('account_domain.name', DomainName);

/** A mail domain that an account claims. A claim is worth nothing before it is verified, and any number of accounts may claim the same. */
@Resident({ table: 'account_domain', prefix: ID_PREFIXES.accountDomain })
@ForeignKey(() => Account, ['accountId'], ['id'])
@Index(['accountId', 'domainKey'], { unique: true })
export class AccountDomain extends ResidentRow<typeof ID_PREFIXES.accountDomain> {
  @Sealed(DOMAIN_NAME)
  readonly sealed!: Buffer;

  /** The same as the key of {@link DomainWay}. */
  @Column('bytea')
  @NotPersonal('keyed hash of a domain, only to be compared with')
  readonly domainKey!: Buffer;

  /** Null as long as it is not verified, and again when that has lapsed. */
  @Column('timestamptz', { nullable: true })
  readonly verifiedAt!: Date | null;

  /** When the record was last looked for with an answer. */
  @Column('timestamptz', { nullable: true })
  readonly checkedAt!: Date | null;

  /** Since when the record of a verified domain is not there; null while it is. */
  @Column('timestamptz', { nullable: true })
  readonly missingSince!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/** The way from a verified domain to its account: one in a region, as its key is the domain. */
@Locator({ table: 'domain_way' })
@Index(['domainId'])
export class DomainWay extends LocatorRow {
  @ForeignKey(() => Account)
  @IdColumn(ID_PREFIXES.account)
  readonly accountId!: AccountId;

  @IdColumn(ID_PREFIXES.accountDomain)
  readonly domainId!: AccountDomain['id'];
}
