import { IdColumn, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';
import type { Person } from '../person.entity.js';

/**
 * A new password asked for by mail. There is one for every asking, whether the address is known or not, so that a stranger sees the
 * same and the same is done. It holds no address: who is unknown is written nowhere, and gets no mail.
 */
@Regional({ table: 'recovery', prefix: ID_PREFIXES.recovery })
@Index(['expiresAt'])
export class RecoveryRow extends RegionalRow<typeof ID_PREFIXES.recovery> {
  /** Null when nobody has the address. Without a foreign key: checking one would take time for known addresses alone. */
  @IdColumn(ID_PREFIXES.person, { nullable: true })
  readonly personId!: Person['id'] | null;

  /** Wrong codes and wrong second factors so far. */
  @Column('int', { default: 0 })
  readonly attempts!: number;

  /** When its mail was first made, and the person's security log was told. */
  @Column('timestamptz', { nullable: true })
  readonly mailedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  readonly completedAt!: Date | null;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
