import { describe, expect, it } from '@jest/globals';
import { FACTORS, factorsText, hasSecondFactor } from '../factor.js';
import { readScopes, SCOPES, scopesText } from '../tokens/scopes.js';
import { assertPolicy, type SessionPolicy, type SessionState } from './session-policy.js';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const NOTHING: SessionPolicy = {
  secondFactorRequired: false,
  ownProviderRequired: false,
  sessionIdleMinutes: null,
  sessionAbsoluteHours: null,
};
const HERE = { byProvider: false, byOwnProvider: false, role: 'member' } as const;

function outcome(
  policy: Partial<SessionPolicy>,
  {
    factors = 'password',
    proved = 0,
    seen = 0,
    ...more
  }: Partial<SessionState> & { proved?: number; seen?: number } = {},
): string {
  try {
    const session = { ...HERE, factors, authenticatedAt: ago(proved), lastSeenAt: ago(seen), ...more };
    assertPolicy({ ...NOTHING, ...policy }, session, now);
    return 'in';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the policy of an account', () => {
  it('asks for nothing unless it says so', () => {
    expect(outcome({}, { proved: 60 * 24 * 29, seen: 60 * 24 * 29 })).toBe('in');
  });

  it.each([
    ['password', false],
    ['totp', false],
    ['own_provider', false],
    ['recovery_code', false],
    ['password password', false],
    ['passkey', true],
    ['password totp', true],
    ['password recovery_code', true],
    ['own_provider totp', true],
  ])('counts the factors of "%s": enough is %s', (factors, isEnough) => {
    expect(outcome({ secondFactorRequired: true }, { factors })).toBe(
      isEnough ? 'in' : 'account.second_factor_required',
    );
  });

  it('counts every single factor but a passkey as one', () => {
    for (const factor of FACTORS) expect([factor, hasSecondFactor([factor])]).toEqual([factor, factor === 'passkey']);
    expect(hasSecondFactor([])).toBe(false);
    expect(factorsText(['password', 'totp'])).toBe('password totp');
  });

  it('ends the stay of a session that was idle, or proved too long ago, to the minute', () => {
    expect(outcome({ sessionIdleMinutes: 30 }, { seen: 30 })).toBe('in');
    // A note that is on its way may be five seconds late.
    expect(outcome({ sessionIdleMinutes: 30 }, { seen: 30 + 4.9 / 60 })).toBe('in');
    expect(outcome({ sessionIdleMinutes: 30 }, { seen: 30.1 })).toBe('account.session_over');
    expect(outcome({ sessionAbsoluteHours: 12 }, { proved: 720 })).toBe('in');
    expect(outcome({ sessionAbsoluteHours: 12 }, { proved: 720.1 })).toBe('account.session_over');
    expect(outcome({ sessionAbsoluteHours: 12 }, { seen: 5_000 })).toBe('in');
  });

  const WITH_PROVIDER = { factors: 'own_provider', byProvider: true };

  it.each<[string, Partial<SessionState>, string]>([
    ['a password', {}, 'account.own_provider_required'],
    ['two factors of a member', { factors: 'password totp' }, 'account.own_provider_required'],
    ['two factors of an admin', { factors: 'passkey', role: 'admin' }, 'account.own_provider_required'],
    ['one factor of an owner', { role: 'owner' }, 'account.own_provider_required'],
    ['two factors of an owner, who breaks glass', { factors: 'password totp', role: 'owner' }, 'in'],
    ['its own provider', { ...WITH_PROVIDER, byOwnProvider: true }, 'in'],
    ['another provider', WITH_PROVIDER, 'account.own_provider_required'],
    [
      'another provider and one factor of an owner',
      { ...WITH_PROVIDER, factors: 'own_provider password', role: 'owner' },
      'account.own_provider_required',
    ],
  ])('that asks for its own provider, answers %s', (_name, session, expected) => {
    expect(outcome({ ownProviderRequired: true }, session)).toBe(expected);
  });

  it('believes no provider of another account, and whoever proves something of her own beside', () => {
    expect(outcome({}, WITH_PROVIDER)).toBe('session.own_factor_required');
    expect(outcome({}, { ...WITH_PROVIDER, factors: 'own_provider totp' })).toBe('in');
    expect(outcome({}, { ...WITH_PROVIDER, byOwnProvider: true })).toBe('in');
  });

  it('lets no session in whose factors this version does not know', () => {
    expect(() =>
      assertPolicy(
        { ...NOTHING, secondFactorRequired: true },
        { ...HERE, factors: 'password telepathy', authenticatedAt: now, lastSeenAt: now },
        now,
      ),
    ).toThrow('does not know');
  });
});

describe('the scopes of a token', () => {
  it('are kept in one order, once each, and read back', () => {
    expect(scopesText(['receipt.read', 'account.read', 'receipt.read'])).toBe('account.read receipt.read');
    expect(readScopes(scopesText([...SCOPES]))).toEqual([...SCOPES]);
  });

  it('allow nothing that this version does not know', () => {
    for (const text of ['', 'account', 'account.write', 'ACCOUNT.READ', 'account.readpeople.read'])
      expect(readScopes(text)).toEqual([]);
  });
});
