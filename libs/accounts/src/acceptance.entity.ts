import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, Index } from 'typeorm';
import type { Person } from './person.entity.js';

/**
 * One acceptance of one version of one document. History: the application may add and read, nothing more. No foreign key, as
 * it outlives the row of the person.
 */
@Regional({ table: 'acceptance', prefix: ID_PREFIXES.acceptance, appendOnly: true })
@Index(['personId'])
export class Acceptance extends RegionalRow<typeof ID_PREFIXES.acceptance> {
  @Column('text')
  @NotPersonal('kind of a published document')
  readonly documentKind!: string;

  @Column('text')
  @NotPersonal('version of a published document')
  readonly documentVersion!: string;

  /** SHA-256 of the exact text that was accepted. */
  @Column('bytea')
  @NotPersonal('hash of a published text')
  readonly textHash!: Buffer;

  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  /** By which act. */
  @Column('text')
  @NotPersonal('name of an act, a word of the code')
  readonly how!: 'signup';

  @Column('timestamptz')
  readonly acceptedAt!: Date;
}
