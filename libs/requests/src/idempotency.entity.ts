import { NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/**
 * The answer to one request with an Idempotency-Key, written in the transaction of its effect. The id is derived from the region's
 * keyed hash of route, principal and key; the key itself stands nowhere, so nobody but who holds it can read the answer.
 */
@Regional({ table: 'idempotency', prefix: ID_PREFIXES.idempotency })
@Index(['expiresAt'])
export class KeptAnswer extends RegionalRow<typeof ID_PREFIXES.idempotency> {
  @Column('bytea')
  @NotPersonal('hash of a body under a key that only the sender of the request holds')
  readonly fingerprint!: Buffer;

  @Column('bytea')
  @NotPersonal('sealed under a key that only the sender of the request holds')
  readonly answer!: Buffer;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
