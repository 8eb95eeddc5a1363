import { fieldSet, Personal, type PersonalDeclaration } from '@domicile/residency';
import type { DataKey } from '@domicile/vault';

/** Where a request came from, as far as it is kept: never an address, never the User-Agent. */
export interface Origin {
  /** Browser and system in short words; null when they are not known. */
  readonly device: string | null;
  /** ISO 3166-1 code; null when it is not known. */
  readonly country: string | null;
}

/** For callers that know nothing of where a request came from. */
export const NOWHERE: Origin = { device: null, country: null };

/** An origin that can be kept: with the key of whose it is, had before the transaction begins. */
export interface KeptOrigin {
  readonly origin: Origin;
  readonly key: DataKey;
  /** True when its person signs in from there for the first time, as far as her log goes back. */
  readonly isNew?: boolean;
}

const PERSONS: PersonalDeclaration = {
  subject: 'person',
  category: 'network',
  purpose: 'to know a device of her own from a stranger’s',
  legalBasis: 'legitimate interest',
  retention: 'with the session or the line of the security log that it stands in',
  optional: false,
  export: true,
  erase: 'key',
  mask: 'hidden',
};

/** What is sealed under a person's key. */
export class PersonOrigin {
  @Personal({ ...PERSONS })
  readonly device!: string | null;

  @Personal({ ...PERSONS })
  readonly country!: string | null;
}

/** The same under an account's key. */
export class AccountOrigin {
  @Personal({ ...PERSONS, subject: 'account' })
  readonly device!: string | null;

  @Personal({ ...PERSONS, subject: 'account' })
  readonly country!: string | null;
}

export const SESSION_ORIGIN = fieldSet('session.origin', PersonOrigin);
export const PERSON_EVENT_ORIGIN = fieldSet('person_event.origin', PersonOrigin);
export const ACCOUNT_EVENT_ORIGIN = fieldSet('account_event.origin', AccountOrigin);
