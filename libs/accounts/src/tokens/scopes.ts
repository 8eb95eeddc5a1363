import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from '../account-errors.js';

/** What an API token may be made for, in one closed list: each is the name of a read of the token's own account. */
export const SCOPES = ['account.read', 'people.read', 'log.read', 'receipt.read'] as const;
export type Scope = (typeof SCOPES)[number];

/** How a token's row holds them, in the order of the list. */
export function scopesText(scopes: readonly Scope[]): string {
  return SCOPES.filter((scope) => scopes.includes(scope)).join(' ');
}

/** Words that this version does not know allow nothing. */
export function readScopes(text: string): Scope[] {
  const words = text.split(' ');
  return SCOPES.filter((scope) => words.includes(scope));
}

/** @param text as the token's row holds them @throws Problem token.scope_missing */
export function assertScope(text: string, scope: Scope): void {
  if (!readScopes(text).includes(scope)) throw new Problem('token.scope_missing' satisfies AccountErrorCode);
}
