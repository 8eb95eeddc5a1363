import { fieldSet, Personal, type PersonalDeclaration } from '@domicile/residency';

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

/** An account's own OpenID provider, and what it knows us by. */
export class OwnProvider {
  /** An https address, exactly as the provider writes it. */
  @Personal(provider({ category: 'identity', purpose: 'to send its people to their own sign-in', export: true }))
  readonly issuer!: string;

  @Personal(provider({ category: 'identity', purpose: 'to be known to that provider', export: true }))
  readonly providerClientId!: string;

  @Personal(provider({ category: 'credential', purpose: 'to prove ourselves to that provider', export: false }))
  readonly providerClientSecret!: string;
}

export const ACCOUNT_PROVIDER = fieldSet('account.provider', OwnProvider);
