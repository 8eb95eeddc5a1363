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
import { Account } from '../account.entity.js';
import type { Role } from '../permissions.js';
import { Person } from '../person.entity.js';

/** What is sealed of an invitation, under the key of the account that invites: whoever is invited has no key here yet. */
export class InvitationAddress {
  @Personal({
    subject: 'account',
    category: 'contact',
    purpose: 'to send the invitation',
    legalBasis: 'legitimate interest',
    retention: 'until the invitation is answered or revoked, or a day after it expired',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'email',
  })
  readonly email!: string;
}

export const INVITATION_ADDRESS = fieldSet('invitation.address', InvitationAddress);

/** A part in an account, offered to an address. There is a row as long as it is open: answered or revoked, it is removed. */
@Resident({ table: 'invitation', prefix: ID_PREFIXES.invitation })
@ForeignKey(() => Account, ['accountId'], ['id'])
export class Invitation extends ResidentRow<typeof ID_PREFIXES.invitation> {
  @Sealed(INVITATION_ADDRESS)
  readonly sealed!: Buffer;

  /** The same as the key of {@link PersonAddress}: who answers must have that address. */
  @Column('bytea')
  @NotPersonal('keyed hash of an address, only to be compared with')
  readonly addressKey!: Buffer;

  @Column('text')
  @NotPersonal('role, a word of the code')
  readonly role!: Role;

  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly inviterId!: Person['id'];

  /** Wrong codes so far. */
  @Column('int', { default: 0 })
  readonly attempts!: number;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/**
 * The way from an invitation's id to its account: who answers is not in it yet, and nobody asks across accounts (law L11). Ids are
 * ordered by time, so the index also finds those that are over.
 */
@Locator({ table: 'invitation_way' })
@Index(['invitationId'])
export class InvitationWay extends LocatorRow {
  @ForeignKey(() => Account)
  @IdColumn(ID_PREFIXES.account)
  readonly accountId!: AccountId;

  @IdColumn(ID_PREFIXES.invitation)
  readonly invitationId!: Invitation['id'];
}
