import { IdColumn, Locator, LocatorRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { ForeignKey, Index } from 'typeorm';
import { Person } from '../person.entity.js';

/** A recovery code that was not used yet: a keyed hash under `recovery_code.of` of its person and itself. Using it takes the row away. */
@Locator({ table: 'recovery_code' })
@Index(['personId'])
export class RecoveryCode extends LocatorRow {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];
}
