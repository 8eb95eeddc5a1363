import {
  fieldSet,
  NotPersonal,
  Personal,
  type PersonalDeclaration,
  Regional,
  RegionalRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/** What is asked for before anyone has proved to own the address is kept as shortly as can be. */
function pending(more: Pick<PersonalDeclaration, 'category' | 'purpose' | 'optional' | 'mask'>): PersonalDeclaration {
  return {
    subject: 'signup',
    legalBasis: 'contract',
    retention: 'until the signup is confirmed, or a day after it ended',
    export: true,
    erase: 'key',
    ...more,
  };
}

/** What is sealed of a signup. */
export class SignupRequest {
  @Personal(
    pending({
      category: 'contact',
      purpose: 'to send the code that confirms the signup',
      optional: false,
      mask: 'email',
    }),
  )
  readonly email!: string;

  @Personal(
    pending({
      category: 'identity',
      purpose: 'to name the account once it is confirmed',
      optional: false,
      mask: 'initial',
    }),
  )
  readonly accountName!: string;

  @Personal(
    pending({
      category: 'identity',
      purpose: 'to be called by a name once it is confirmed',
      optional: true,
      mask: 'initial',
    }),
  )
  readonly displayName!: string | null;

  /** Absent in what was sealed before it could be chosen, and then English. */
  @Personal(
    pending({
      category: 'preference',
      purpose: 'to write in a language that the person reads',
      optional: true,
      mask: 'hidden',
    }),
  )
  readonly language?: string | null;
}

export const SIGNUP_REQUEST = fieldSet('signup.request', SignupRequest);

/** A signup asked for. What is sealed of it is emptied when it is confirmed: it stands in account and person from then on. */
@Index(['expiresAt'])
@Regional({ table: 'signup', prefix: ID_PREFIXES.signup })
export class PendingSignup extends RegionalRow<typeof ID_PREFIXES.signup> {
  @Sealed(SIGNUP_REQUEST, { nullable: true })
  readonly sealed!: Buffer | null;

  /** Date of the privacy notice that was accepted. */
  @Column('text')
  @NotPersonal('version of a published document')
  readonly policyVersion!: string;

  /** Wrong codes so far. */
  @Column('int', { default: 0 })
  readonly attempts!: number;

  /** Which code counts: asking for the mail again makes another one. */
  @Column('int', { default: 1 })
  readonly issue!: number;

  @Column('timestamptz')
  readonly codeExpiresAt!: Date;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  readonly confirmedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
