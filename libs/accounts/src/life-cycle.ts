import { ResidencyError } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from './account-errors.js';

/**
 * The life of a subject, an account or a person, in the order of its stages. A word that is not here is refused like `suspended`:
 * what this version does not know, it does not let through.
 * - `active`: everything
 * - `restricted`: kept but not worked on (GDPR article 18): may be read by its own people, not changed
 * - `suspended`: stopped by the operator: nothing
 * - `closing`: asked to be erased, may still be taken back: may be read, not changed
 * - `erased`: its key is destroyed: looks like what never was
 */
export const LIFE_STATES = ['active', 'restricted', 'suspended', 'closing', 'erased'] as const;
export type LifeState = (typeof LIFE_STATES)[number];

/** What is about to be done with a subject. */
export type Act = 'read' | 'change';

const ALLOWED: Readonly<Record<Act, readonly string[]>> = {
  read: ['active', 'restricted', 'closing'],
  change: ['active'],
};

/**
 * Lets an act on an account pass, by the state that the statement of the act itself has read.
 * @throws ResidencyError residency.not_found when it is erased; Problem account.suspended, account.restricted, account.closing
 */
export function assertAccount(status: string, act: Act): void {
  if (ALLOWED[act].includes(status)) return;
  if (status === 'erased') throw new ResidencyError('residency.not_found');
  const code: AccountErrorCode =
    status === 'restricted' ? 'account.restricted' : status === 'closing' ? 'account.closing' : 'account.suspended';
  throw new Problem(code);
}

/**
 * Lets a change of a person pass, by the state that the statement of the act itself has read.
 * @throws Problem person.restricted, person.closing
 */
export function assertPersonMayChange(status: string): void {
  if (ALLOWED.change.includes(status)) return;
  const code: AccountErrorCode = status === 'closing' ? 'person.closing' : 'person.restricted';
  throw new Problem(code);
}

/** True when a person of that state may act at all: her sessions and her password are good for nothing otherwise. */
export function mayAct(status: string): boolean {
  return ALLOWED.read.includes(status);
}
