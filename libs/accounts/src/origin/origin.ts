import { fieldSet, type Origin, Personal, type PersonalDeclaration } from '@domicile/residency';
import type { DataKey } from '@domicile/vault';

/** What a line shows that says nothing of where it came from. */
export const NOWHERE: Origin = { device: null, country: null };

/** Where something came from that is told, with the keys that keep it; had before the transaction begins, as keys are another database's. */
export interface Whence {
  readonly origin: Origin;
  /** Of the person whose log is told; null where none is, or the key store was away. */
  readonly person: DataKey | null;
  /** The same of the account. */
  readonly account: DataKey | null;
}

/** Where a session begins. */
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
