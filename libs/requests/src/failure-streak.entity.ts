import { Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/**
 * How often in a row something failed. The id is derived from the region's keyed hash of what it was tried on, known or not, so that
 * the table says nothing about who is there; a success removes the row, and so does a month of peace.
 */
@Regional({ table: 'failure_streak', prefix: ID_PREFIXES.failureStreak })
@Index(['expiresAt'])
export class FailureStreak extends RegionalRow<typeof ID_PREFIXES.failureStreak> {
  @Column('int')
  readonly count!: number;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
