import { NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column } from 'typeorm';

/** A relying party of the region's issuer, registered by the region's operator. Its id is its `client_id`. */
@Regional({ table: 'oidc_client', prefix: ID_PREFIXES.oidcClient })
export class OidcClient extends RegionalRow<typeof ID_PREFIXES.oidcClient> {
  /** What people are told who asks. */
  @Column('text')
  @NotPersonal('name of an application, given by the operator')
  readonly title!: string;

  /** Separated by a space; a URI has none. */
  @Column('text')
  @NotPersonal('addresses of an application')
  readonly redirectUris!: string;

  /** The same for where to go after signing out; empty when there is none. */
  @Column('text')
  @NotPersonal('addresses of an application')
  readonly postLogoutRedirectUris!: string;

  /** Null for a public client, which has no secret to keep. */
  @Column('bytea', { nullable: true })
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
