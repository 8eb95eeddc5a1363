import type { RegionContext } from '@domicile/residency';
import type { BlindIndex, KeyedRows, KeyId, Vault } from '@domicile/vault';
import { ADDRESS_INDEX, normaliseEmail } from './email-address.js';
import { PERSON_PROFILE } from './person.entity.js';
import type { SubjectRepository } from './subject.repository.js';

/** Persons that are looked at: one whose value cannot be opened says nothing. */
const LOOKED_AT = 5;

/** Persons and their addresses tell which keys they were made with. */
export class AddressIndexCheck implements KeyedRows {
  constructor(
    private readonly subjects: SubjectRepository,
    private readonly vault: Vault,
    private readonly index: BlindIndex,
  ) {}

  newestKeys(ctx: RegionContext, limit: number): Promise<KeyId[]> {
    return this.subjects.newestKeys(ctx, limit);
  }

  async areIndexed(ctx: RegionContext): Promise<boolean | null> {
    const found: boolean[] = [];
    for (const { personId, sealed, addressKey } of await this.subjects.newestReached(ctx, LOOKED_AT)) {
      const place = { subject: personId, row: personId, set: PERSON_PROFILE, sealed };
      const profile = await this.vault.open(ctx, place).catch(() => null);
      const address = profile && normaliseEmail(profile.email);
      if (address) found.push(this.index.of(ctx, ADDRESS_INDEX, address).equals(addressKey));
    }
    return found.length === 0 ? null : found.some(Boolean);
  }
}
