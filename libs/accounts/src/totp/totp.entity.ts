import { fieldSet, IdColumn, Personal, Regional, RegionalRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

/** What is sealed of an authenticator app, under the key of its person. */
export class TotpSecret {
  /** 160 random bits, base32. */
  @Personal({
    subject: 'person',
    category: 'credential',
    purpose: 'to prove yourself with a code of your authenticator app',
    legalBasis: 'contract',
    retention: 'until it is removed or replaced, or the person is erased',
    optional: false,
    export: false,
    erase: 'key',
    mask: 'hidden',
  })
  readonly secret!: string;
}

export const TOTP_SECRET = fieldSet('totp.secret', TotpSecret);

/** The one authenticator app of a person: its id is a keyed hash of hers, so that there is no second one. A factor once it is confirmed. */
@Regional({ table: 'totp', prefix: ID_PREFIXES.totp })
@Index(['personId'])
export class Totp extends RegionalRow<typeof ID_PREFIXES.totp> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Sealed(TOTP_SECRET)
  readonly sealed!: Buffer;

  /** The newest time step of which a code was used: neither it nor an older one counts again (RFC 6238 section 5.2). */
  @Column('int', { default: 0 })
  readonly lastStep!: number;

  @Column('timestamptz', { nullable: true })
  readonly confirmedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
