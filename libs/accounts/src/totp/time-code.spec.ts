import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base32, codeOf, fromBase32, matchingStep, stepAt } from './time-code.js';

const RFC_SECRET = Buffer.from('12345678901234567890');

describe('codes of an authenticator app', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238, appendix B, at %i seconds', (seconds, code) => {
    expect(codeOf(RFC_SECRET, stepAt(new Date(seconds * 1000)), 8)).toBe(code);
  });

  it('are those of RFC 4226, appendix D', () => {
    const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
    expect(codes.map((_, counter) => codeOf(RFC_SECRET, counter))).toEqual(codes);
  });

  it('count one step before and after their own, and no further', () => {
    const at = (step: number): Date => new Date(step * 30_000 + 12_345);
    const step = 40_000_000;
    const matches = [-2, -1, 0, 1, 2].map((off) => matchingStep(RFC_SECRET, codeOf(RFC_SECRET, step), at(step + off)));
    expect(matches).toEqual([null, step, step, step, null]);
    expect(matchingStep(RFC_SECRET, '', at(step))).toBeNull();
    expect(matchingStep(RFC_SECRET, `${codeOf(RFC_SECRET, step)}0`, at(step))).toBeNull();
  });
});

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %p as RFC 4648, section 10, without padding', (clear, text) => {
    expect(base32(Buffer.from(clear))).toBe(text);
  });

  it('reads what it has written, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(fromBase32(base32(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
    for (const text of ['mzxw6', 'MZXW6===', 'MZ W6', '01']) expect(() => fromBase32(text)).toThrow('base32');
  });
});
