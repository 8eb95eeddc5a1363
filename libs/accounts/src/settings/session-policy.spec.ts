import { describe, expect, it } from '@jest/globals';
import { FACTORS, factorsText, hasSecondFactor } from '../factor.js';
import { readScopes, SCOPES, scopesText } from '../tokens/scopes.js';
import { assertPolicy, type SessionPolicy } from './session-policy.js';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const NOTHING: SessionPolicy = { secondFactorRequired: false, sessionIdleMinutes: null, sessionAbsoluteHours: null };

function outcome(policy: Partial<SessionPolicy>, { factors = 'password', proved = 0, seen = 0 } = {}): string {
  try {
    assertPolicy({ ...NOTHING, ...policy }, { factors, authenticatedAt: ago(proved), lastSeenAt: ago(seen) }, now);
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
    expect(outcome({ sessionIdleMinutes: 30 }, { seen: 30.1 })).toBe('account.session_over');
    expect(outcome({ sessionAbsoluteHours: 12 }, { proved: 720 })).toBe('in');
    expect(outcome({ sessionAbsoluteHours: 12 }, { proved: 720.1 })).toBe('account.session_over');
    expect(outcome({ sessionAbsoluteHours: 12 }, { seen: 5_000 })).toBe('in');
  });

  it('lets no session in whose factors this version does not know', () => {
    expect(() =>
      assertPolicy(
        { ...NOTHING, secondFactorRequired: true },
        { factors: 'password telepathy', authenticatedAt: now, lastSeenAt: now },
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
