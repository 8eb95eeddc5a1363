import { IdColumn, NotPersonal, Personal, Regional, RegionalRow } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from './person.entity.js';

/** What a person proves herself with. */
@Regional({ table: 'credential', prefix: ID_PREFIXES.credential })
@Index(['personId'])
export class Credential extends RegionalRow<typeof ID_PREFIXES.credential> {
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly personId!: Person['id'];

  @Column('text')
  @NotPersonal('kind of credential, a word of the code')
  readonly kind!: 'password';

  /** PHC string: algorithm, parameters, salt and hash. */
  @Column('text')
  @Personal({
    subject: 'person',
    category: 'credential',
    purpose: 'to sign in',
    legalBasis: 'contract',
    retention: 'until it is replaced, or the person is erased',
    optional: false,
    export: false,
    erase: 'key',
    mask: 'hidden',
  })
  readonly secret!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
