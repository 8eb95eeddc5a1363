import { IdColumn, NotPersonal, Regional, RegionalRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import type { ProviderId } from './account.entity.js';
import { SESSION_ORIGIN } from './origin/origin.js';
import { Person } from './person.entity.js';

/** One signed-in device. Its id is public, its secret is known to the device alone. */
@Regional({ table: 'session', prefix: ID_PREFIXES.session })
@Index(['personId'])
@Index(['expiresAt'])
export class Session extends RegionalRow<typeof ID_PREFIXES.session> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  /** When the person last proved who she is. */
  @Column('timestamptz')
  readonly authenticatedAt!: Date;

  /** What she proved it with, see {@link Factor}, in order and separated by a space. */
  @Column('text', { default: 'password' })
  @NotPersonal('words of the code')
  readonly factors!: string;

  /** The account's own provider that it was begun with; null for a session begun here. */
  @IdColumn(ID_PREFIXES.provider, { nullable: true })
  readonly providerId!: ProviderId | null;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  /** When it was last used, within five minutes; what ends an idle session. */
  @Column('timestamptz', { default: () => 'now()' })
  readonly lastSeenAt!: Date;

  /** Where it began, under the person's key; null where that was not known. */
  @Sealed(SESSION_ORIGIN, { nullable: true })
  readonly sealed!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
