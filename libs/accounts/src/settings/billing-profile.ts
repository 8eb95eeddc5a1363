import { fieldSet, Personal, type PersonalDeclaration } from '@domicile/residency';

function billing(more: Pick<PersonalDeclaration, 'purpose' | 'optional'>): PersonalDeclaration {
  return {
    subject: 'account',
    category: 'billing',
    legalBasis: 'contract',
    retention: 'as long as the account exists',
    export: true,
    erase: 'key',
    mask: 'hidden',
    ...more,
  };
}

/** Whom an account's bills go to. It never holds the number of a card: see card-number.ts. */
export class BillingProfile {
  @Personal(billing({ purpose: 'to name whom the bill goes to', optional: false }))
  readonly legalName!: string;

  /** Lines with LF between them. */
  @Personal(billing({ purpose: 'to address the bill', optional: false }))
  readonly postalAddress!: string;

  /** ISO 3166-1 alpha-2. */
  @Personal(billing({ purpose: 'to know which tax applies', optional: false }))
  readonly billingCountry!: string;

  @Personal(billing({ purpose: 'to state it on the bill', optional: true }))
  readonly taxId!: string | null;
}

export const ACCOUNT_BILLING = fieldSet('account.billing', BillingProfile);
