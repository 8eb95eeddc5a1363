import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contrast, CONTRAST_MIN, inkOn, legible } from './colour.js';

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('the accent of a region', () => {
  it('has the contrast of WCAG 2.2', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#ffffff', '#767676')).toBeCloseTo(4.54, 2);
    expect(contrast('#123456', '#123456')).toBe(1);
  });

  it('can be read on any ground, and text on it, whatever the region file says', () => {
    fc.assert(
      fc.property(colours, colours, (colour, ground) => {
        const accent = legible(colour, ground);
        expect(accent).toMatch(/^#[0-9a-f]{6}$/);
        expect(contrast(accent, ground)).toBeGreaterThanOrEqual(CONTRAST_MIN);
        expect(contrast(inkOn(accent), accent)).toBeGreaterThanOrEqual(CONTRAST_MIN);
      }),
    );
  });

  it('stays as it is where it can be read', () => {
    expect(legible('#1d4ed8', '#ffffff')).toBe('#1d4ed8');
    expect(legible('#ffff00', '#ffffff')).not.toBe('#ffff00');
  });
});
