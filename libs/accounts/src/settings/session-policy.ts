import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import { assertOwnFactor, hasSecondFactor, readFactors } from '../factor.js';
import { NOTE_MILLISECONDS_MAX } from '../last-seen.js';
import type { Role } from '../permissions.js';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/** What an account asks of the sessions that enter it. */
export interface SessionPolicy {
  readonly secondFactorRequired: boolean | null;
  readonly ownProviderRequired: boolean | null;
  readonly sessionIdleMinutes: number | null;
  readonly sessionAbsoluteHours: number | null;
}

/** What of a session is held against it. */
export interface SessionState {
  /** As its row holds them. */
  readonly factors: string;
  /** Whether it was begun with an account's own provider; and with this account's, as it is set now. */
  readonly byProvider: boolean;
  readonly byOwnProvider: boolean;
  /** In this account. */
  readonly role: Role;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
}

/**
 * Lets a session into an account that has such a policy. The session itself stays what it is: it may be good enough elsewhere.
 * An owner with a second factor needs no provider: one that is broken shuts nobody out for good.
 * @throws Problem account.own_provider_required, session.own_factor_required, account.second_factor_required, account.session_over
 */
export function assertPolicy(policy: SessionPolicy, session: SessionState, now: Date): void {
  const { secondFactorRequired, sessionIdleMinutes: idle, sessionAbsoluteHours: absolute } = policy;
  const factors = readFactors(session.factors);
  if (!session.byOwnProvider) {
    const breaksGlass = session.role === 'owner' && hasSecondFactor(factors.filter((each) => each !== 'own_provider'));
    if (policy.ownProviderRequired && !breaksGlass) throw refused('account.own_provider_required');
    if (session.byProvider) assertOwnFactor(factors);
  }
  if (secondFactorRequired && !hasSecondFactor(factors)) throw refused('account.second_factor_required');
  const isOver = (since: Date, milliseconds: number): boolean => now.getTime() - since.getTime() > milliseconds;
  if (idle !== null && isOver(session.lastSeenAt, idle * MINUTE + NOTE_MILLISECONDS_MAX))
    throw refused('account.session_over');
  if (absolute !== null && isOver(session.authenticatedAt, absolute * HOUR)) throw refused('account.session_over');
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
