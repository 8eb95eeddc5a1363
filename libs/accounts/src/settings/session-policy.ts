import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import { hasSecondFactor, readFactors } from '../factor.js';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/** What an account asks of the sessions that enter it. */
export interface SessionPolicy {
  readonly secondFactorRequired: boolean | null;
  readonly sessionIdleMinutes: number | null;
  readonly sessionAbsoluteHours: number | null;
}

/** What of a session is held against it. */
export interface SessionState {
  /** As its row holds them. */
  readonly factors: string;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
}

/**
 * Lets a session into an account that has such a policy. The session itself stays what it is: it may be good enough elsewhere.
 * @throws Problem account.second_factor_required, account.session_over
 */
export function assertPolicy(policy: SessionPolicy, session: SessionState, now: Date): void {
  const { secondFactorRequired, sessionIdleMinutes: idle, sessionAbsoluteHours: absolute } = policy;
  if (secondFactorRequired && !hasSecondFactor(readFactors(session.factors)))
    throw refused('account.second_factor_required');
  const isOver = (since: Date, milliseconds: number): boolean => now.getTime() - since.getTime() > milliseconds;
  if (idle !== null && isOver(session.lastSeenAt, idle * MINUTE)) throw refused('account.session_over');
  if (absolute !== null && isOver(session.authenticatedAt, absolute * HOUR)) throw refused('account.session_over');
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
