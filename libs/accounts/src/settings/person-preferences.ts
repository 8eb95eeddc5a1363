import { fieldSet, Personal, type PersonalDeclaration } from '@domicile/residency';

function preference(purpose: string): PersonalDeclaration {
  return {
    subject: 'person',
    category: 'preference',
    purpose,
    legalBasis: 'contract',
    retention: 'as long as the person belongs to an account',
    optional: true,
    export: true,
    erase: 'key',
    mask: 'hidden',
  };
}

/** How a person wants to be spoken to. */
export class PersonPreferences {
  /** One of {@link LANGUAGES}. */
  @Personal(preference('to write to you in your language'))
  readonly language!: string;

  /** A name of the IANA time zone database. */
  @Personal(preference('to show times as your clock does'))
  readonly timeZone!: string;
}

export const PERSON_PREFERENCES = fieldSet('person.preferences', PersonPreferences);
