import { AccountRow, NotPersonal, Personal, Resident } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column } from 'typeorm';

/** A customer: a company or a person. One region for life (law L1): nothing here, and no verb anywhere, changes it. */
@Resident({ table: 'account', prefix: ID_PREFIXES.account })
export class Account extends AccountRow {
  @Column('text')
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

  @Column('text', { default: 'active' })
  @NotPersonal('state of the account, a word of the code')
  readonly status!: 'active';

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
