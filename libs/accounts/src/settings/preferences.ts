import type { Language } from '@domicile/messaging';
import { type RegionContext, ResidencyError } from '@domicile/residency';
import type { Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import { assertPersonMayChange } from '../life-cycle.js';
import type { Person } from '../person.entity.js';
import type { PersonRepository } from '../person.repository.js';
import type { Sessions } from '../sessions.js';
import { preferencesPlace, preferredBy, STANDARD_PREFERENCES } from './person-preferences.js';
import type { ChangePreferences, PreferencesView } from './settings.dto.js';

/** How persons want to be spoken to, sealed under their own keys. */
export class Preferences {
  constructor(
    private readonly sessions: Sessions,
    private readonly persons: PersonRepository,
    private readonly vault: Vault,
  ) {}

  /** The caller's own, at the version of her person's row. @throws as {@link Sessions.authenticate}; those of {@link Vault.open} */
  async get(ctx: RegionContext): Promise<Versioned<PreferencesView>> {
    const { personId } = await this.sessions.authenticate(ctx);
    const person = await this.persons.get(ctx, personId);
    return { version: person.version, view: await preferredBy(ctx, this.vault, person) };
  }

  /** Changes some of them. @throws as {@link get}; Problem person.restricted, person.closing; ResidencyError residency.stale */
  async change(ctx: RegionContext, version: number, change: ChangePreferences): Promise<Versioned<PreferencesView>> {
    const { personId } = await this.sessions.authenticate(ctx);
    const person = await this.persons.get(ctx, personId);
    assertPersonMayChange(person.status);
    if (person.version !== version) throw new ResidencyError('residency.stale');
    const { language, timeZone } = await preferredBy(ctx, this.vault, person);
    const chosen = { language: change.language ?? language, timeZone: change.timeZone ?? timeZone };
    const sealed = this.vault.seal(ctx, await this.vault.keyOf(ctx, person.sealed), preferencesPlace(personId), chosen);
    await this.persons.prefer(ctx, personId, version, sealed);
    return this.get(ctx);
  }

  /** The language that letters to a person are written in, or on her behalf. @throws ResidencyError residency.not_found; those of {@link Vault.open} */
  async languageOf(ctx: RegionContext, personId: Person['id']): Promise<Language> {
    const person = await this.persons.get(ctx, personId);
    // Nothing of who was erased can be opened any more.
    return person.status === 'erased'
      ? STANDARD_PREFERENCES.language
      : (await preferredBy(ctx, this.vault, person)).language;
  }
}
