import type { RegionContext } from '@domicile/residency';
import { isBranded } from '@domicile/runtime';
import type { SealedRow, Vault } from '@domicile/vault';
import { CREDENTIAL_SECRET, type Credential, type CredentialSecret } from '../credential.entity.js';
import type { CredentialRepository } from '../credential.repository.js';
import { normalisePassword, type PasswordHasher } from '../password.js';
import type { Person } from '../person.entity.js';

/** A stored password. */
export type PasswordRow = Pick<Credential, 'id' | 'personId' | 'sealed' | 'version'>;

/** Comparing the password of somebody who is known, and keeping its hash as strong as those of today. */
export class PasswordCheck {
  constructor(
    private readonly credentials: CredentialRepository,
    private readonly vault: Vault,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Whether it is the person's password; of who has none, no password is. @throws Problem server.unavailable; those of Vault.open */
  async isOf(ctx: RegionContext, personId: Person['id'], password: string): Promise<boolean> {
    const row = await this.credentials.ofPerson(ctx, personId);
    const secret = row && (await this.vault.open(ctx, sealedOf({ ...row, personId }))).secret;
    return this.hasher.verify(ctx, normalisePassword(password) ?? '', secret);
  }

  /**
   * Hashes a password anew that was right just now, if its hash is weaker than those of today. It never fails: whoever was let in
   * stays in, and the next sign-in tries again.
   * @param phc of the row
   */
  async renew(ctx: RegionContext, row: PasswordRow, password: string, phc: string): Promise<void> {
    if (!this.hasher.isOutdated(phc)) return;
    try {
      const secret = await this.hasher.phc(ctx, password, () => Promise.resolve());
      const sealed = await this.vault.amend(ctx, sealedOf(row), { secret });
      await this.credentials.update(ctx, row.id, row.version, sealed);
    } catch (error) {
      // Too busy, out of time, or changed meanwhile. A fault of ours is none of these, and shall be seen.
      if (!isBranded(error)) throw error;
    }
  }
}

/** Where a password is sealed. */
export function sealedOf({ id, personId, sealed }: Omit<PasswordRow, 'version'>): SealedRow<CredentialSecret> {
  return { subject: personId, row: id, set: CREDENTIAL_SECRET, sealed };
}
