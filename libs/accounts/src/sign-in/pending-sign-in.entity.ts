import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

/** A sign-in that waits for its second step. Its id is public, its secret is known to who gave the right password. */
@Regional({ table: 'pending_sign_in', prefix: ID_PREFIXES.signIn })
@Index(['personId'])
@Index(['expiresAt'])
export class PendingSignIn extends RegionalRow<typeof ID_PREFIXES.signIn> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  /** What was proved so far, see {@link Factor}. */
  @Column('text')
  @NotPersonal('words of the code')
  readonly factors!: string;

  /** Second steps tried so far, right or wrong. */
  @Column('int', { default: 0 })
  readonly tries!: number;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
