import type { Language } from '@domicile/messaging';
import type { RegionContext } from '@domicile/residency';
import type { Vault } from '@domicile/vault';
import { normaliseEmail } from './email-address.js';
import { mayAct } from './life-cycle.js';
import { type Person, PERSON_PROFILE } from './person.entity.js';
import type { PersonRepository } from './person.repository.js';
import { preferredBy } from './settings/person-preferences.js';

/** Where a person is written to, and in which language. */
export interface Mailbox {
  /** In normal form. */
  readonly to: string;
  readonly language: Language;
}

/** Finds where persons are written to. */
export class PersonMailboxes {
  constructor(
    private readonly persons: PersonRepository,
    private readonly vault: Vault,
  ) {}

  /** Null for who is gone or may not act: she is not written to. @throws those of {@link Vault.open} */
  async of(ctx: RegionContext, id: Person['id']): Promise<Mailbox | null> {
    const person = await this.persons.find(ctx, id);
    if (!person || !mayAct(person.status)) return null;
    const profile = { subject: id, row: id, set: PERSON_PROFILE, sealed: person.sealed };
    const to = normaliseEmail((await this.vault.open(ctx, profile)).email);
    return to === null ? null : { to, language: (await preferredBy(ctx, this.vault, person)).language };
  }
}
