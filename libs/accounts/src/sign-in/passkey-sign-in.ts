import type { RegionContext } from '@domicile/residency';
import type { Keep } from '@domicile/requests';
import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import type { PasskeyAnswer } from '../passkeys/passkey.dto.js';
import type { PasskeyRequestOptions } from '../passkeys/passkey-options.dto.js';
import type { PasskeyProofs } from '../passkeys/passkey-proofs.js';
import type { SignedInSession } from '../sign-in.js';
import type { SessionStart } from './session-start.js';

/** Signing in with a passkey alone: no address is typed, and the verified user behind the authenticator makes two factors of it. */
export class PasskeySignIn {
  constructor(
    private readonly passkeys: PasskeyProofs,
    private readonly start: SessionStart,
  ) {}

  /** What the browser needs: any passkey of the region will do, so it is the same for everyone. */
  options(ctx: RegionContext): Promise<PasskeyRequestOptions> {
    return this.passkeys.options(ctx, { kind: 'sign_in' }, null);
  }

  /** Begins a session. @throws Problem passkey.refused, the same for every reason */
  async begin(ctx: RegionContext, answer: PasskeyAnswer, keep?: Keep<SignedInSession>): Promise<SignedInSession> {
    const personId = await this.passkeys.prove(ctx, { kind: 'sign_in' }, answer);
    if (personId === null) throw new Problem('passkey.refused' satisfies AccountErrorCode);
    return this.start.begin(ctx, { personId, factors: ['passkey'] }, { keep });
  }
}
