import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeRecoveryCode, normaliseRecoveryCode } from './code-text.js';

describe('a recovery code', () => {
  it('has twelve letters that nobody mistakes for another, and is never the same', () => {
    const codes = Array.from({ length: 1000 }, makeRecoveryCode);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/);
    expect(new Set(codes).size).toBe(1000);
    expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32);
  });

  it('is the same however it is typed', () => {
    const code = 'k3v0-1mxa-t7qd';
    for (const typed of [
      'K3V0-1MXA-T7QD',
      'k3v01mxat7qd',
      ' k3v0 1mxa t7qd ',
      'kEv0-1mxa-t7qd'.replace('E', '3'),
      'k3vO-lmxa-t7qd',
      'k3vo-Imxa-t7qd',
    ])
      expect([typed, normaliseRecoveryCode(typed)]).toEqual([typed, normaliseRecoveryCode(code)]);
  });

  it('stays what it is once it has its form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const normal = normaliseRecoveryCode(typed);
        expect(normaliseRecoveryCode(normal)).toBe(normal);
      }),
    );
    const [a, b] = [makeRecoveryCode(), makeRecoveryCode()];
    expect(normaliseRecoveryCode(a)).not.toBe(normaliseRecoveryCode(b));
  });
});
