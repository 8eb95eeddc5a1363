import { IdColumn, NotPersonal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';
import type { PersonEventKind } from './events.js';

/** One thing that happened to how a person signs in. History: the application role adds and reads. */
@Regional({ table: 'person_event', prefix: ID_PREFIXES.personEvent, appendOnly: true })
@Index(['personId'])
export class PersonEvent extends RegionalRow<typeof ID_PREFIXES.personEvent> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('text')
  @NotPersonal('what happened, a word of the code')
  readonly kind!: PersonEventKind;

  /** The session in which it happened, which may be over by now; null where there was none. */
  @IdColumn(ID_PREFIXES.session, { nullable: true })
  readonly sessionId!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;
}
