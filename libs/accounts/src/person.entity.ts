import {
  fieldSet,
  IdColumn,
  Locator,
  LocatorRow,
  NotPersonal,
  Personal,
  Regional,
  RegionalRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import type { LifeState } from './life-cycle.js';
import { PERSON_PREFERENCES } from './settings/person-preferences.js';

/** What is sealed of a person. */
export class PersonProfile {
  /** As typed; its normal form is found through {@link PersonAddress} and stands nowhere. */
  @Personal({
    subject: 'person',
    category: 'contact',
    purpose: 'to sign in, and to receive the mail that the account needs',
    legalBasis: 'contract',
    retention: 'as long as the person belongs to an account',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'email',
  })
  readonly email!: string;

  @Personal({
    subject: 'person',
    category: 'identity',
    purpose: 'to be called by a name',
    legalBasis: 'contract',
    retention: 'as long as the person belongs to an account',
    optional: true,
    export: true,
    erase: 'key',
    mask: 'initial',
  })
  readonly displayName!: string | null;
}

export const PERSON_PROFILE = fieldSet('person.profile', PersonProfile);

/** One e-mail address in one region; signs in, and may belong to several accounts of the region. */
@Regional({ table: 'person', prefix: ID_PREFIXES.person })
export class Person extends RegionalRow<typeof ID_PREFIXES.person> {
  @Sealed(PERSON_PROFILE)
  readonly sealed!: Buffer;

  /** Null until she chooses. */
  @Sealed(PERSON_PREFERENCES, { nullable: true })
  readonly preferences!: Buffer | null;

  @Column('text', { default: 'active' })
  @NotPersonal('state of the person, a word of the code')
  readonly status!: LifeState;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/**
 * The way from an address to its person: a blind index under `person.address`. Its primary key makes an address unique in the region.
 * One that is {@link keptBy} a change is the person's address from before: nobody signs in with it, and nobody else can have it.
 */
@Locator({ table: 'person_address' })
@Index(['personId'])
@Index(['keptBy'])
export class PersonAddress extends LocatorRow {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  /** The change of address that can still be undone, and goes together with this row; null for the address in use. */
  @IdColumn(ID_PREFIXES.addressChange, { nullable: true })
  readonly keptBy!: string | null;
}
