import type { Door, RegionContext } from '@domicile/residency';
import { type Clock, Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import type { Factor } from '../factor.js';
import type { PasskeyRequestOptions } from '../passkeys/passkey-options.dto.js';
import type { PasskeyProofs } from '../passkeys/passkey-proofs.js';
import type { NewSession, ProvenSession, Sessions } from '../sessions.js';
import type { AuthenticatorApp } from '../totp/authenticator-app.js';
import type { PasswordCheck } from './password-check.js';
import type { ProveYourself } from './sign-in.dto.js';

/** The session with its new secret. */
export interface ProvenAgain {
  readonly session: NewSession & { readonly authenticatedAt: Date; readonly factors: Factor[] };
}

/** What a proof works with. */
export interface ProofParts {
  readonly door: Door;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly passwords: PasswordCheck;
  readonly app: AuthenticatorApp;
  readonly passkeys: PasskeyProofs;
}

/**
 * Proving oneself again in a session, for what cannot be undone. One factor will do, as the session is another (NIST SP 800-63B
 * section 2.2.3).
 */
export class Proofs {
  constructor(private readonly parts: ProofParts) {}

  /** What the browser needs to prove with a passkey. @throws as {@link Sessions.authenticate}; those of Vault.open */
  async passkeyOptions(ctx: RegionContext): Promise<PasskeyRequestOptions> {
    const { personId, sessionId } = await this.parts.sessions.authenticate(ctx);
    return this.parts.passkeys.options(ctx, { kind: 'proof', by: sessionId }, personId);
  }

  /**
   * Makes the session fresh, for ten minutes, and gives it another secret: who knows the one from before gains nothing by it.
   * @throws as {@link Sessions.authenticate}; Problem proof.refused, request.invalid (none or several), server.unavailable
   */
  async prove(ctx: RegionContext, given: ProveYourself): Promise<ProvenAgain> {
    const { door, clock, sessions } = this.parts;
    if (Object.values(given).filter((each) => each !== undefined).length !== 1) throw notOne();
    const proven = await sessions.authenticate(ctx);
    const factor = await this.#factor(ctx, proven, given);
    if (factor === null) throw new Problem('proof.refused' satisfies AccountErrorCode);
    const { factors: before } = proven;
    const authenticatedAt = clock.now();
    const factors = before.includes(factor) ? before : [...before, factor];
    const session = await door.transaction(ctx, (tx) => sessions.rotate(tx, factors));
    return { session: { ...session, authenticatedAt, factors: [...factors] } };
  }

  async #factor(
    ctx: RegionContext,
    { personId, sessionId }: ProvenSession,
    { password, totp, passkey }: ProveYourself,
  ): Promise<Factor | null> {
    const { passwords, app, passkeys } = this.parts;
    if (password !== undefined) return (await passwords.isOf(ctx, personId, password)) ? 'password' : null;
    if (totp !== undefined) return (await app.use(ctx, personId, totp)) ? 'totp' : null;
    const whose = passkey && (await passkeys.prove(ctx, { kind: 'proof', by: sessionId }, passkey));
    return whose === personId ? 'passkey' : null;
  }
}

function notOne(): Problem {
  const message = 'Exactly one of password, totp and passkey must be given.';
  return new Problem('request.invalid', { errors: [{ pointer: '', code: 'not_one', message }] });
}
