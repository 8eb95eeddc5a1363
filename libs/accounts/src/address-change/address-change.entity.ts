import {
  fieldSet,
  IdColumn,
  Personal,
  type PersonalDeclaration,
  Regional,
  RegionalRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

function address(more: Pick<PersonalDeclaration, 'purpose' | 'optional'>): PersonalDeclaration {
  return {
    subject: 'person',
    category: 'contact',
    legalBasis: 'contract',
    retention: 'until the change is over, or a day after it can no longer be undone',
    export: true,
    erase: 'key',
    mask: 'email',
    ...more,
  };
}

/** What is sealed of a change of address, under the key of its person. */
export class ChangedAddress {
  @Personal(address({ purpose: 'to send the code that confirms the change', optional: false }))
  readonly email!: string;

  /** Null until the change is made. */
  @Personal(address({ purpose: 'to announce the change there, and to bring it back', optional: true }))
  readonly previousEmail!: string | null;
}

export const CHANGED_ADDRESS = fieldSet('address_change.address', ChangedAddress);

/** Another address that a person asked for: open, then confirmed, then perhaps undone. */
@Regional({ table: 'address_change', prefix: ID_PREFIXES.addressChange })
@Index(['personId'])
@Index(['expiresAt'])
export class AddressChangeRow extends RegionalRow<typeof ID_PREFIXES.addressChange> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Sealed(CHANGED_ADDRESS)
  readonly sealed!: Buffer;

  /** Wrong codes so far. */
  @Column('int', { default: 0 })
  readonly attempts!: number;

  @Column('timestamptz', { nullable: true })
  readonly confirmedAt!: Date | null;

  /** When it was taken back, or an earlier one was. */
  @Column('timestamptz', { nullable: true })
  readonly undoneAt!: Date | null;

  /** Until when it can be confirmed; once it is, until when it can be undone. */
  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
