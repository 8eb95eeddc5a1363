import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Person } from '@domicile/accounts';
import { Column, ForeignKey, Index } from 'typeorm';
import type { OidcClient } from './oidc-client.entity.js';

/**
 * What a person has agreed to with one relying party. Its id is derived from the region's keyed hash of the two, so there is one of
 * them at most, and each {@link OidcRecord} of theirs finds it without saying whose it is.
 */
@Regional({ table: 'oidc_consent', prefix: ID_PREFIXES.oidcConsent })
@Index(['personId', 'id'])
@Index(['expiresAt'])
export class OidcConsent extends RegionalRow<typeof ID_PREFIXES.oidcConsent> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  /** No foreign key: an operator removes a relying party whoever agreed to it, and what is left here goes at its end. */
  @IdColumn(ID_PREFIXES.oidcClient)
  readonly clientId!: OidcClient['id'];

  /** All that was agreed to and may not be over yet; separated by a space. */
  @Column('text')
  @NotPersonal('words of OpenID Connect')
  readonly scopes!: string;

  /** The last time. */
  @Column('timestamptz')
  readonly agreedAt!: Date;

  /** When the application last took a token, exact to five minutes; null when it never did. */
  @Column('timestamptz', { nullable: true })
  readonly lastUsedAt!: Date | null;

  /** When the last of its grants is over. */
  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
