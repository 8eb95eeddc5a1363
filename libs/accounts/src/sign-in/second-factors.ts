import type { RegionContext } from '@domicile/residency';
import type { Factor } from '../factor.js';
import type { Whence } from '../origin/origin.js';
import type { Person } from '../person.entity.js';
import type { RecoveryCodes } from '../recovery-codes/recovery-codes.js';
import { type PresentedFactor, SecondFactorCheck } from '../recovery/second-factor-check.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { AuthenticatorApp } from '../totp/authenticator-app.js';
import type { FactorRepository } from '../factors/factor.repository.js';
import { secondFactorsOf } from './second-step.js';

/**
 * The second factors of people, for a recovery. A passkey is named and cannot be proved here: who has hers signs in with it, and sets a
 * password from there.
 */
export class SecondFactors extends SecondFactorCheck {
  constructor(
    private readonly factors: FactorRepository,
    private readonly app: AuthenticatorApp,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly log: SecurityLog,
  ) {
    super();
  }

  async of(ctx: RegionContext, personId: Person['id']): Promise<readonly Factor[]> {
    return secondFactorsOf(await this.factors.of(ctx, personId));
  }

  async prove(
    tx: RegionContext,
    personId: Person['id'],
    { kind, code }: PresentedFactor,
    from: Whence,
  ): Promise<boolean> {
    if (kind === 'totp') return this.app.use(tx, personId, code);
    if (kind !== 'recovery_code' || !(await this.recoveryCodes.use(tx, personId, code))) return false;
    await this.log.tell(tx, { kind: 'recovery_code.used', personId, from });
    return true;
  }
}
