import { IdColumn, NotPersonal, Regional, RegionalRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { PERSON_EVENT_ORIGIN } from '../origin/origin.js';
import { Person } from '../person.entity.js';
import type { PersonEventKind } from './events.js';

/** One thing that happened to how a person signs in. History: the application role adds and reads. */
@Regional({ table: 'person_event', prefix: ID_PREFIXES.personEvent, appendOnly: true })
@Index(['personId', 'id'])
export class PersonEvent extends RegionalRow<typeof ID_PREFIXES.personEvent> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('text')
  @NotPersonal('what happened, a word of the code')
  readonly kind!: PersonEventKind;

  /** The session that it is about, or in which it happened; it may be over by now. Null where there was none. */
  @IdColumn(ID_PREFIXES.session, { nullable: true })
  readonly sessionId!: string | null;

  /** Where it came from, under the person's key; null where that was not known. */
  @Sealed(PERSON_EVENT_ORIGIN, { nullable: true })
  readonly sealed!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;
}
