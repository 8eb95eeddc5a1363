import {
  type AccountId,
  fieldSet,
  IdColumn,
  NotPersonal,
  Personal,
  Regional,
  RegionalRow,
  Sealed,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey, Index } from 'typeorm';
import { Account } from '../account.entity.js';
import { Person } from '../person.entity.js';

/** What is sealed of a token, under its account's key. */
export class ApiTokenLabel {
  @Personal({
    subject: 'account',
    category: 'content',
    purpose: 'to tell your tokens apart',
    legalBasis: 'contract',
    retention: 'until the token is revoked, or its maker leaves',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'initial',
  })
  readonly name!: string;
}

export const API_TOKEN_LABEL = fieldSet('api_token.label', ApiTokenLabel);

/**
 * A secret that reads one account on behalf of its maker. Regional like a session, not resident: the secret names this row alone, and
 * a token of another account (404) must be told from none (401) before any account is entered (decision 034).
 */
@Regional({ table: 'api_token', prefix: ID_PREFIXES.apiToken })
@Index(['accountId'])
@Index(['makerId'])
export class ApiToken extends RegionalRow<typeof ID_PREFIXES.apiToken> {
  @ForeignKey(() => Account)
  @IdColumn(ID_PREFIXES.account)
  readonly accountId!: AccountId;

  /** Its rights are never more than hers at the moment. */
  @ForeignKey(() => Person)
  @IdColumn(ID_PREFIXES.person)
  readonly makerId!: Person['id'];

  @Column('bytea')
  @NotPersonal('SHA-256 of 256 random bits')
  readonly secretHash!: Buffer;

  @Sealed(API_TOKEN_LABEL)
  readonly sealed!: Buffer;

  /** See {@link SCOPES}; separated by a space. */
  @Column('text')
  @NotPersonal('words of the code')
  readonly scopes!: string;

  @Column('timestamptz')
  readonly expiresAt!: Date;

  /** Exact to five minutes. */
  @Column('timestamptz', { nullable: true })
  readonly lastUsedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
