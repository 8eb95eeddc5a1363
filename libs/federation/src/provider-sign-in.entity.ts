import { Account, type ProviderId } from '@domicile/accounts';
import { type AccountId, IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';

/**
 * A sign-in that waits for the answer of an account's own provider. Its id is the `state` that goes there and back; its secret is known
 * to the browser that began it. Who signs in is not known yet, and so not here.
 */
@Regional({ table: 'provider_sign_in', prefix: ID_PREFIXES.providerSignIn })
@Index(['expiresAt'])
export class PendingProviderSignIn extends RegionalRow<typeof ID_PREFIXES.providerSignIn> {
  @ForeignKey(() => Account)
  @IdColumn(ID_PREFIXES.account)
  readonly accountId!: AccountId;

  @IdColumn(ID_PREFIXES.provider)
  readonly providerId!: ProviderId;

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
