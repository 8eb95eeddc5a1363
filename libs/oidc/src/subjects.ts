import { mayAct, Person, PERSON_PROFILE } from '@domicile/accounts';
import type { Door, IdCodec, RegionContext, Table } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import type { AccountClaims } from 'oidc-provider';

const SUBJECT_INDEX = 'oidc.subject';

/** The people that the issuer speaks of. Their ids stay inside: each relying party's host knows a person by another name. */
export class Subjects {
  readonly #persons: Table<Person>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly vault: Vault,
  ) {
    this.#persons = door.table(Person);
  }

  /** True when she is of this region and may act: whatever was given for her is worth nothing otherwise. */
  async mayAct(ctx: RegionContext, personId: string): Promise<boolean> {
    return (await this.#find(ctx, personId)) !== null;
  }

  /**
   * What is said of her, by what was granted. Opened from the vault for this one answer, and only when address or name are asked for.
   * @throws as `vault.open`
   */
  async claims(ctx: RegionContext, personId: string, scopes: readonly string[]): Promise<AccountClaims> {
    const always = { sub: personId, region: ctx.region.code };
    const person = scopes.some((scope) => scope === 'email' || scope === 'profile')
      ? await this.#find(ctx, personId)
      : null;
    if (!person) return always;
    const place = { subject: person.id, row: person.id, set: PERSON_PROFILE, sealed: person.sealed };
    const { email, displayName } = await this.vault.open(ctx, place);
    return {
      ...always,
      // Who signs up proves to own the mailbox.
      ...(scopes.includes('email') ? { email, email_verified: true } : {}),
      ...(scopes.includes('profile') && displayName !== null ? { name: displayName } : {}),
    };
  }

  /** The pairwise identifier (OpenID Connect Core section 8.1): under the region's key, so that nobody can test guesses. */
  pairwise(ctx: RegionContext, personId: string, sector: string): string {
    return this.index.of(ctx, SUBJECT_INDEX, JSON.stringify([sector, personId])).toString('base64url');
  }

  async #find(ctx: RegionContext, personId: string): Promise<Person | null> {
    const parsed = this.ids.parse(personId);
    if (parsed?.prefix !== ID_PREFIXES.person || parsed.region !== ctx.region) return null;
    const person = await this.#persons.find(ctx, personId as Person['id']);
    return person && mayAct(person.status) ? person : null;
  }
}
