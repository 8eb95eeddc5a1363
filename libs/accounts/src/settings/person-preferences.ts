import type { Language } from '@domicile/messaging';
import { fieldSet, Personal, type PersonalDeclaration, type RegionContext } from '@domicile/residency';
import type { Vault } from '@domicile/vault';
import { languageOf } from '../letters.js';
import type { Person } from '../person.entity.js';

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

/** What a person prefers. */
export interface Preferred {
  readonly language: Language;
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
}

/** Of who has chosen nothing. */
export const STANDARD_PREFERENCES: Preferred = { language: 'en', timeZone: 'UTC' };

/** What is sealed as {@link PERSON_PREFERENCES}, and where. */
export function preferencesPlace(personId: Person['id']) {
  return { subject: personId, row: personId, set: PERSON_PREFERENCES };
}

/** What a person prefers, as her row has it; a word of another version is not guessed at. @throws those of {@link Vault.open} */
export async function preferredBy(
  ctx: RegionContext,
  vault: Vault,
  { id, preferences }: Pick<Person, 'id' | 'preferences'>,
): Promise<Preferred> {
  if (preferences === null) return STANDARD_PREFERENCES;
  const { language, timeZone } = await vault.open(ctx, { ...preferencesPlace(id), sealed: preferences });
  return { language: languageOf(language), timeZone };
}
