import { type AccountId, type Id, IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/** A data key at rest, wrapped by the region's wrapping key. In the key store alone (laws, Keys). */
@Regional({ table: 'data_key', prefix: ID_PREFIXES.dataKey, keptIn: ['keys'] })
@Index(['wrappingVersion'])
export class WrappedKey extends RegionalRow<typeof ID_PREFIXES.dataKey> {
  @Column('bytea')
  @NotPersonal('a random key, wrapped')
  readonly wrapped!: Buffer;

  /** Which wrapping key wrapped it. */
  @Column('int')
  readonly wrappingVersion!: number;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}

/**
 * Says that the data key of a subject was destroyed; its id is the same 16 bytes as the key's. Ids only. It stands in the key store and among the
 * rows, so that whichever of the two is restored from an older copy is told by the other.
 */
@Index(['accountId'])
@Index(['personId'])
@Index(['destroyedAt'])
@Regional({ table: 'tombstone', prefix: ID_PREFIXES.tombstone, appendOnly: true, keptIn: ['rows', 'keys'] })
export class Tombstone extends RegionalRow<typeof ID_PREFIXES.tombstone> {
  /** Whose key it was: an account's or … */
  @IdColumn(ID_PREFIXES.account, { nullable: true })
  readonly accountId!: AccountId | null;

  /** … a person's. */
  @IdColumn(ID_PREFIXES.person, { nullable: true })
  readonly personId!: Id<typeof ID_PREFIXES.person> | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly destroyedAt!: Date;
}
