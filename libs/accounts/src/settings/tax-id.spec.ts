import { describe, expect, it } from '@jest/globals';
import { isTaxId, normaliseTaxId } from './tax-id.js';

describe('the form of a tax id', () => {
  it.each([
    ['AT', 'ATU12345678', 'AT12345678'],
    ['BE', 'BE0123456789', 'BE2123456789'],
    ['DE', 'DE123456789', 'DE12345678'],
    ['ES', 'ESX1234567X', 'ES123456789'],
    ['FR', 'FRXX123456789', 'FRXO123456789'],
    ['GB', 'GB123456789', 'XX123456789'],
    ['GB', 'XI123456789', 'XI12345678'],
    ['GR', 'EL123456789', 'GR123456789'],
    ['IE', 'IE1234567WA', 'IE12345678'],
    ['NL', 'NL123456789B01', 'NL123456789'],
    ['SE', 'SE123456789001', 'SE123456789002'],
    ['US', '12-3456789', '123-45-67890'],
    ['US', '123456789', 'DE123456789'],
    ['CH', 'CHE-123.456.789 MWST', 'CHE_123'],
    ['JP', 'T1234567890123', '-T123'],
  ])('of %s is %s, and not %s', (country, right, wrong) => {
    expect(isTaxId(country, right)).toBe(true);
    expect(isTaxId(country, ` ${right.toLowerCase()} `)).toBe(true);
    for (const other of [wrong, '', ' ', `${right}${'1'.repeat(30)}`, `${right}\n`.replace('\n', '\nX')])
      expect([other, isTaxId(country, other)]).toEqual([other, false]);
  });

  it('may be written with what people put between, and is kept as typed but for case', () => {
    expect(isTaxId('DE', 'de 123 456 789')).toBe(true);
    expect(normaliseTaxId(' de 123 456 789 ')).toBe('DE 123 456 789');
  });

  it('is of no country by a name that every object has', () => {
    expect(isTaxId('constructor', 'ABC')).toBe(true);
    expect(isTaxId('__proto__', '_')).toBe(false);
  });
});
