import { Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/**
 * How often something was asked for in one window of time. The id is derived from the region's keyed hash of day, scope, window and
 * the address or network, so that the table holds neither, cannot be joined from one day to the next, and is empty a day later.
 */
@Regional({ table: 'rate_count', prefix: ID_PREFIXES.rateCount })
@Index(['expiresAt'])
export class RateCount extends RegionalRow<typeof ID_PREFIXES.rateCount> {
  @Column('int')
  readonly count!: number;

  /** End of the window. */
  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
