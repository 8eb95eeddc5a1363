import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

/** A device that a person has signed in on. Its secret opens nothing; it keeps what strangers do from touching her. */
@Regional({ table: 'known_device', prefix: ID_PREFIXES.knownDevice })
@Index(['personId'])
@Index(['expiresAt'])
export class KnownDevice extends RegionalRow<typeof ID_PREFIXES.knownDevice> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
