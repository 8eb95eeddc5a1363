import { fieldSet, IdColumn, NotPersonal, Personal, Regional, RegionalRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Person } from './person.entity.js';

/** What is sealed of a credential, under the key of its person. */
export class CredentialSecret {
  /** PHC string: algorithm, parameters, salt and hash. */
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
}

export const CREDENTIAL_SECRET = fieldSet('credential.secret', CredentialSecret);

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

  @Sealed(CREDENTIAL_SECRET)
  readonly sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
