import { Problem } from '@domicile/runtime';
import type { AccountErrorCode } from './account-errors.js';

/** What a person can prove herself with; the session remembers which she used, in order. */
export const FACTORS = ['password', 'passkey', 'totp', 'recovery_code', 'own_provider'] as const;
export type Factor = (typeof FACTORS)[number];

/** How a session row holds them. */
export function factorsText(factors: readonly Factor[]): string {
  return factors.join(' ');
}

/** @throws Error for a word that this version does not know: what a session was proved with is never guessed */
export function readFactors(text: string): readonly Factor[] {
  const words = text.split(' ');
  if (words.every(isFactor)) return words;
  throw new Error('A session was proved with a factor that this version does not know; it is not used.');
}

/**
 * True for two different factors, or a passkey, which is something that one has and something that one knows or is. Another
 * provider's word counts as one: what was asked for there is not known here.
 */
export function hasSecondFactor(factors: readonly Factor[]): boolean {
  return factors.includes('passkey') || new Set(factors).size > 1;
}

/** @throws Problem session.own_factor_required when nothing but an account's own provider has spoken for her */
export function assertOwnFactor(factors: readonly Factor[]): void {
  if (factors.every((factor) => factor === 'own_provider'))
    throw new Problem('session.own_factor_required' satisfies AccountErrorCode);
}

function isFactor(word: string): word is Factor {
  return (FACTORS as readonly string[]).includes(word);
}
