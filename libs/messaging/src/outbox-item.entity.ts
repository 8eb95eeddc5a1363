import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';

/**
 * One effect that waits to leave the database, written in the transaction that decided on it. It holds ids only: what a mail
 * says, and to whom, is read from the subject's own row when it is sent.
 */
@Regional({ table: 'outbox', prefix: ID_PREFIXES.outbox })
@Index(['dueAt'])
export class OutboxItem extends RegionalRow<typeof ID_PREFIXES.outbox> {
  @Column('text')
  @NotPersonal('name of the effect, a constant of the code')
  readonly kind!: string;

  /** Prefix of the id of what it is about. */
  @Column('text')
  @NotPersonal('prefix of an id, a word of the code')
  readonly subjectKind!: string;

  /** What it is about: the row from which the mail is made. */
  @IdColumn({ prefixIn: 'subjectKind' })
  readonly subjectId!: string;

  /** How often it was claimed. */
  @Column('int', { default: 0 })
  readonly attempts!: number;

  /** When it may be claimed (again); infinity for one that is dead. */
  @Column('timestamptz', { default: () => 'now()' })
  readonly dueAt!: Date;

  /** When it was given up; null while there is hope. */
  @Column('timestamptz', { nullable: true })
  readonly deadAt!: Date | null;

  /** Why the last attempt failed; null where none did. */
  @Column('text', { nullable: true })
  @NotPersonal('a code of our own, a word of the code: never what a relay said')
  readonly lastCode!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
