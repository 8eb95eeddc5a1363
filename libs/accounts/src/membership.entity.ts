import {
  IdColumn,
  NotPersonal,
  Regional,
  RegionalRow,
  Resident,
  ResidentRow,
  type AccountId,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Account, type ProviderId } from './account.entity.js';
import type { Role } from './permissions.js';
import { Person } from './person.entity.js';

/** A person in an account, with a role; owned by the account. */
@Resident({ table: 'membership', prefix: ID_PREFIXES.membership })
@ForeignKey(() => Account, ['accountId'], ['id'])
@Index(['accountId', 'personId'], { unique: true })
@Index(['accountId', 'providerSubject'], { unique: true })
export class Membership extends ResidentRow<typeof ID_PREFIXES.membership> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('text')
  @NotPersonal('role, a word of the code')
  readonly role!: Role;

  /** The account's own provider that she has signed in with; null when she never has. */
  @IdColumn(ID_PREFIXES.provider, { nullable: true })
  readonly providerId!: ProviderId | null;

  /** Who she is there. An address may be given to somebody else there, this is not. */
  @Column('bytea', { nullable: true })
  @NotPersonal('keyed hash of an identifier at a provider, only to be compared with')
  readonly providerSubject!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/**
 * The same tie from the person's side: which accounts to ask. Memberships belong to their account and are never read across
 * accounts (law L11), so this says where to look and the membership alone says what holds.
 */
@Regional({ table: 'affiliation', prefix: ID_PREFIXES.affiliation })
@Index(['personId'])
@Index(['accountId'])
export class Affiliation extends RegionalRow<typeof ID_PREFIXES.affiliation> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @ForeignKey(() => Account)
  @IdColumn(ID_PREFIXES.account)
  readonly accountId!: AccountId;
}
