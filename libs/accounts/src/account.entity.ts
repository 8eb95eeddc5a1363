import { AccountRow, fieldSet, NotPersonal, Personal, Resident, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column } from 'typeorm';
import type { LifeState } from './life-cycle.js';

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

/** A customer: a company or a person. One region for life (law L1): nothing here, and no verb anywhere, changes it. */
@Resident({ table: 'account', prefix: ID_PREFIXES.account })
export class Account extends AccountRow {
  @Sealed(ACCOUNT_PROFILE)
  readonly sealed!: Buffer;

  @Column('text', { default: 'active' })
  @NotPersonal('state of the account, a word of the code')
  readonly status!: LifeState;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
