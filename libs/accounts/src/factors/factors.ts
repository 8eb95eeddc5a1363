import type { RegionContext } from '@domicile/residency';
import type { Passkeys } from '../passkeys/passkeys.js';
import type { Sessions } from '../sessions.js';
import type { FactorRepository } from './factor.repository.js';
import type { FactorsView } from './factors.dto.js';

/** What a person can prove herself with, for herself. */
export class Factors {
  constructor(
    private readonly sessions: Sessions,
    private readonly factors: FactorRepository,
    private readonly passkeys: Passkeys,
  ) {}

  /** @throws as {@link Sessions.authenticate}; those of Vault.open */
  async mine(ctx: RegionContext): Promise<FactorsView> {
    const { personId } = await this.sessions.authenticate(ctx);
    const { hasPassword, hasTotp, recoveryCodeCount } = await this.factors.of(ctx, personId);
    const passkeys = await this.passkeys.of(ctx, personId);
    return { hasPassword, hasTotp, passkeys, recoveryCodesLeft: recoveryCodeCount };
  }
}
