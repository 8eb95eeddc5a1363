import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES, preferredLanguage } from './language.js';

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['DE-at', 'de'],
    ['de-CH, de;q=0.9, en;q=0.8', 'de'],
    ['en;q=0.8, de;q=0.9', 'de'],
    ['fr, en;q=0.5, de;q=0.4', 'en'],
    ['fr, de;q=0.1', 'de'],
    ['de;q=0, en', 'en'],
    ['de;q=0', 'en'],
    ['de;q=x', 'en'],
    ['en, de', 'en'],
    ['dex', 'en'],
    ['*', 'en'],
  ])('is, for %p, %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it('is always one of ours', () => {
    fc.assert(fc.property(fc.string(), (header) => expect(LANGUAGES).toContain(preferredLanguage(header))));
  });
});
