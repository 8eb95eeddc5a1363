import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';
import type { OidcConsent } from './oidc-consent.entity.js';

/**
 * One thing that the issuer remembers: an interaction, a code, a token, a grant, a session. The id is derived from the region's keyed
 * hash of what the thing is called, and its payload is sealed under a key derived from that same name, which stands nowhere: a dump of
 * this table says how many there are and opens none of them.
 */
@Regional({ table: 'oidc_record', prefix: ID_PREFIXES.oidcRecord })
@Index(['grantKey'])
@Index(['consentId'])
@Index(['expiresAt'])
export class OidcRecord extends RegionalRow<typeof ID_PREFIXES.oidcRecord> {
  @Column('text')
  @NotPersonal('what kind of thing it is, a word of OAuth 2.0')
  readonly model!: string;

  /** Which grant it goes with; null for what comes before one. */
  @Column('bytea', { nullable: true })
  @NotPersonal('keyed hash of 256 random bits')
  readonly grantKey!: Buffer | null;

  /** Which consent it goes with; null for what nobody has agreed to yet. No foreign key: it may be over sooner, and is worth nothing then. */
  @IdColumn(ID_PREFIXES.oidcConsent, { nullable: true })
  readonly consentId!: OidcConsent['id'] | null;

  @Column('bytea')
  @NotPersonal('sealed under a key that only who holds the token, the code or the cookie can make')
  readonly payload!: Buffer;

  /** When it was used up: a code and a refresh token are good for one use. */
  @Column('timestamptz', { nullable: true })
  readonly consumedAt!: Date | null;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
