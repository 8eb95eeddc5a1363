import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from './account-errors.js';

/** What a person can be in an account. */
export const ROLES = ['owner', 'admin', 'billing', 'member'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who may do what in an account: the one table. Everyone in an account sees it and may leave it; what is not listed here
 * nobody may do.
 */
const PERMISSIONS = {
  'account.rename': ['owner', 'admin'],
  'account.close': ['owner'],
  'billing.read': ['owner', 'billing'],
  'billing.change': ['owner', 'billing'],
  'people.read': ['owner', 'admin', 'billing', 'member'],
  'people.invite': ['owner', 'admin'],
  'people.remove': ['owner', 'admin'],
  'people.change_role': ['owner', 'admin'],
  /** To make somebody an owner, to take that away, and to hand the account over. */
  'people.change_owners': ['owner'],
  'policy.change': ['owner'],
  'domains.manage': ['owner', 'admin'],
  'provider.read': ['owner', 'admin'],
  /** Who sets the provider can come in as anybody in the account, owners included. */
  'provider.change': ['owner'],
  'tokens.manage': ['owner', 'admin'],
  'log.read': ['owner', 'admin'],
  'receipt.read': ['owner', 'admin', 'billing', 'member'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;
export type Permission = keyof typeof PERMISSIONS;

/** All of them, in the order of the table. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];
const BY_ROLE = new Map(ROLES.map((role) => [role, PERMISSION_NAMES.filter((name) => may(role, name))]));

/** What a role may do, in the order of the table. @returns one list for every role, made once; not to be changed */
export function permissionsOf(role: Role): readonly Permission[] {
  return BY_ROLE.get(role) ?? [];
}

export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/** @throws Problem account.right_missing */
export function assertMay(role: Role, permission: Permission): void {
  if (!may(role, permission)) throw new Problem('account.right_missing' satisfies AccountErrorCode);
}
