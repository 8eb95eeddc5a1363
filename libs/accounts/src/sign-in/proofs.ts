import { credentialRefused, type RegionContext } from '@domicile/residency';
import { type Clock, Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import { type Factor, factorsText } from '../factor.js';
import type { PasskeyRequestOptions } from '../passkeys/passkey-options.dto.js';
import type { PasskeyProofs } from '../passkeys/passkey-proofs.js';
import type { ProvenSession, Sessions } from '../sessions.js';
import type { AuthenticatorApp } from '../totp/authenticator-app.js';
import type { PasswordCheck } from './password-check.js';
import type { ProofRepository } from './proof.repository.js';
import type { ProofView, ProveYourself } from './sign-in.dto.js';

/** What a proof works with. */
export interface ProofParts {
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly rows: ProofRepository;
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
   * Makes the session fresh, for ten minutes.
   * @throws as {@link Sessions.authenticate}; Problem proof.refused, request.invalid (none or several), server.unavailable
   */
  async prove(ctx: RegionContext, given: ProveYourself): Promise<ProofView> {
    const { clock, sessions, rows } = this.parts;
    if (Object.values(given).filter((each) => each !== undefined).length !== 1) throw notOne();
    const proven = await sessions.authenticate(ctx);
    const factor = await this.#factor(ctx, proven, given);
    if (factor === null) throw new Problem('proof.refused' satisfies AccountErrorCode);
    const { sessionId, factors: before, expiresAt } = proven;
    const authenticatedAt = clock.now();
    const factors = before.includes(factor) ? before : [...before, factor];
    if (!(await rows.store(ctx, sessionId, authenticatedAt, factorsText(factors)))) throw credentialRefused();
    return { session: { id: sessionId, authenticatedAt, factors: [...factors], expiresAt } };
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
