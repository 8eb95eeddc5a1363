import { Account } from '@domicile/accounts';
import { fieldSet, Personal, type PersonalDeclaration, Resident, ResidentRow, Sealed } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Column, ForeignKey } from 'typeorm';

function provider(more: Pick<PersonalDeclaration, 'category' | 'purpose' | 'export'>): PersonalDeclaration {
  return {
    subject: 'account',
    legalBasis: 'contract',
    retention: 'until the account sets another one or none',
    optional: false,
    erase: 'key',
    mask: 'hidden',
    ...more,
  };
}

/** What is sealed of an account's own OpenID provider: where it is, and what it knows us by. */
export class ProviderSettings {
  /** An https address, exactly as the provider writes it. */
  @Personal(provider({ category: 'identity', purpose: 'to send its people to their own sign-in', export: true }))
  readonly issuer!: string;

  @Personal(provider({ category: 'identity', purpose: 'to be known to that provider', export: true }))
  readonly providerClientId!: string;

  @Personal(provider({ category: 'credential', purpose: 'to prove ourselves to that provider', export: false }))
  readonly providerClientSecret!: string;
}

export const PROVIDER_SETTINGS = fieldSet('own_provider.settings', ProviderSettings);

/** The OpenID provider that an account brings along: one at most, to which `account.provider_id` leads. Another one is another row. */
@Resident({ table: 'own_provider', prefix: ID_PREFIXES.provider })
@ForeignKey(() => Account, ['accountId'], ['id'])
export class OwnProvider extends ResidentRow<typeof ID_PREFIXES.provider> {
  @Sealed(PROVIDER_SETTINGS)
  readonly sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt!: Date;

  @Column('int', { default: 1 })
  readonly version!: number;
}
