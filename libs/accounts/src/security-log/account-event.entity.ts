import { IdColumn, NotPersonal, Resident, ResidentRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Account } from '../account.entity.js';
import { ACCOUNT_EVENT_ORIGIN } from '../origin/origin.js';
import type { Person } from '../person.entity.js';
import type { AccountEventKind } from './events.js';

/** One thing that happened to who may do what in an account; owned by the account. History: the application role adds and reads. */
@Resident({ table: 'account_event', prefix: ID_PREFIXES.accountEvent, appendOnly: true })
@ForeignKey(() => Account, ['accountId'], ['id'])
@Index(['accountId', 'createdAt', 'id'])
export class AccountEvent extends ResidentRow<typeof ID_PREFIXES.accountEvent> {
  @Column('text')
  @NotPersonal('what happened, a word of the code')
  readonly kind!: AccountEventKind;

  /** Who did it; the person may have left or be erased by now. Null where nobody did, as time alone passed. */
  @IdColumn(ID_PREFIXES.person, { nullable: true })
  readonly actorId!: Person['id'] | null;

  /** Prefix of the id of what it was done to: a person, an invitation, a token; null where it is the account itself. */
  @Column('text', { nullable: true })
  @NotPersonal('prefix of an id, a word of the code')
  readonly subjectKind!: string | null;

  @IdColumn({ prefixIn: 'subjectKind' }, { nullable: true })
  readonly subjectId!: string | null;

  /** Where it came from, under the account's key; null where that was not known. */
  @Sealed(ACCOUNT_EVENT_ORIGIN, { nullable: true })
  readonly sealed!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;
}
