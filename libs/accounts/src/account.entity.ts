import { AccountRow, fieldSet, type Id, IdColumn, NotPersonal, Personal, Resident, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column } from 'typeorm';
import type { LifeState } from './life-cycle.js';
import { ACCOUNT_BILLING } from './settings/billing-profile.js';

/** What is sealed of an account. */
export class AccountProfile {
  @Personal({
    subject: 'account',
    category: 'identity',
    purpose: 'to name the account to the people in it',
    legalBasis: 'contract',
    retention: 'as long as the account exists',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'initial',
  })
  readonly name!: string;
}

export const ACCOUNT_PROFILE = fieldSet('account.profile', AccountProfile);

/** Id of an account's own provider, as it was set. */
export type ProviderId = Id<typeof ID_PREFIXES.provider>;

/** A customer: a company or a person. One region for life (law L1): nothing here, and no verb anywhere, changes it. */
@Resident({ table: 'account', prefix: ID_PREFIXES.account })
export class Account extends AccountRow {
  @Sealed(ACCOUNT_PROFILE)
  readonly sealed!: Buffer;

  @Column('text', { default: 'active' })
  @NotPersonal('state of the account, a word of the code')
  readonly status!: LifeState;

  /** Null until somebody fills it in. */
  @Sealed(ACCOUNT_BILLING, { nullable: true })
  readonly billing!: Buffer | null;

  /** Sessions that were proved with one factor alone are not let in. */
  @Column('boolean', { default: false })
  readonly secondFactorRequired!: boolean;

  /** Minutes without a request after which a session is not let in; null for no such limit. */
  @Column('int', { nullable: true })
  readonly sessionIdleMinutes!: number | null;

  /** Hours since its last proof after which a session is not let in; null for no such limit. */
  @Column('int', { nullable: true })
  readonly sessionAbsoluteHours!: number | null;

  /** The account's own OpenID provider as it is set, null when it has none: sessions and identities of one that was set before are of another id, and so are worth nothing. */
  @IdColumn(ID_PREFIXES.provider, { nullable: true })
  readonly providerId!: ProviderId | null;

  /** Sessions that were not begun with that provider are not let in, but for an owner's with a second factor. */
  @Column('boolean', { default: false })
  readonly ownProviderRequired!: boolean;

  /** When an account that is `closing` is to be erased. */
  @Column('timestamptz', { nullable: true })
  readonly closingAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
