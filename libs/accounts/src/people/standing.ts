import { ResidencyError } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';
import { assertMay, type Role } from '../permissions.js';

/** What two people are to an account, read while it is held: nothing of it changes before the decision is stored. */
export interface Standing {
  /** Of who decides; null when she has no part in it any more. */
  readonly actorRole: Role | null;
  /** Of whom it is about; null when there is no such person in it. */
  readonly role: Role | null;
  /** Owners that the account has. */
  readonly owners: number;
  readonly isSelf: boolean;
}

/** True where an owner is made or unmade: that asks for a fresh proof of who decides. */
export function concernsOwners({ role }: Pick<Standing, 'role'>, to: Role | null): boolean {
  return role === 'owner' || to === 'owner';
}

/**
 * Decides whether somebody gets another role, or none any more. Everyone may leave; owners are the owners' business; and an account
 * always has one.
 * @throws ResidencyError residency.not_found; Problem account.right_missing, account.last_owner
 */
export function assertMayMove(standing: Standing, to: Role | null): void {
  const { actorRole, role, owners, isSelf } = standing;
  if (actorRole === null || role === null) throw new ResidencyError('residency.not_found');
  if (!(isSelf && to === null)) {
    assertMay(actorRole, to === null ? 'people.remove' : 'people.change_role');
    if (concernsOwners(standing, to)) assertMay(actorRole, 'people.change_owners');
  }
  if (role === 'owner' && to !== 'owner' && owners <= 1)
    throw new Problem('account.last_owner' satisfies AccountErrorCode);
}
