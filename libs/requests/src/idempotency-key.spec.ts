import { describe, expect, it } from '@jest/globals';
import { Problem } from '@domicile/runtime';
import { keyOf } from './idempotency-key.js';

const outcome = (header: string | readonly string[] | undefined): string | undefined => {
  try {
    return keyOf(header);
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
};
const ALL = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');

describe('an Idempotency-Key', () => {
  it.each([
    'x'.repeat(16),
    'x'.repeat(128),
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
    'K0/+=,;:@(){}[]<>?!#',
    ALL.replaceAll(/["\\]/g, ''),
  ])('is taken plain and quoted, and is the same: %s', (key) => {
    expect(outcome(key)).toBe(key);
    expect(outcome(`"${key}"`)).toBe(key);
  });

  it('may be left out', () => {
    expect(outcome(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'x'.repeat(15),
    `"${'x'.repeat(15)}"`,
    'x'.repeat(129),
    `"${'x'.repeat(129)}"`,
    'with a space in it',
    `${'x'.repeat(16)}, ${'y'.repeat(16)}`,
    `"${'x'.repeat(16)}`,
    `${'x'.repeat(16)}"`,
    `""${'x'.repeat(16)}""`,
    `"${'x'.repeat(8)}\\"${'x'.repeat(8)}"`,
    `${'x'.repeat(16)}\\`,
    `"${'x'.repeat(16)}";a=1`,
    `${'x'.repeat(16)}\u0000`,
    `${'x'.repeat(16)}\u007f`,
    `${'x'.repeat(16)}é`,
    `${'x'.repeat(16)}\n`,
    'х'.repeat(16),
  ])('is refused as %j', (header) => {
    expect(outcome(header)).toBe('request.idempotency_key_malformed');
  });

  it('is refused when it comes as a list', () => {
    expect(outcome(['x'.repeat(16)])).toBe('request.idempotency_key_malformed');
  });
});
