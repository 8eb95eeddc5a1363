import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from './person.entity.js';

/** One signed-in device. Its id is public, its secret is known to the device alone. */
@Regional({ table: 'session', prefix: ID_PREFIXES.session })
@Index(['personId'])
export class Session extends RegionalRow<typeof ID_PREFIXES.session> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  /** When the person last proved who she is. */
  @Column('timestamptz')
  readonly authenticatedAt!: Date;

  /** What she proved it with, see {@link Factor}, in order and separated by a space. */
  @Column('text', { default: 'password' })
  @NotPersonal('words of the code')
  readonly factors!: string;

  /** When it was last seen in an account that limits idle sessions; exact to a minute. */
  @Column('timestamptz', { default: () => 'now()' })
  readonly lastSeenAt!: Date;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
