import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { masked } from './mask.js';

describe('a mask', () => {
  it.each([
    ['Ada Lovelace', 'initial', 'A••••'],
    ['👩‍💻 Ada', 'initial', '👩‍💻••••'],
    ['ada@example.org', 'email', 'a••••@e••••.org'],
    ['no address', 'email', '••••'],
    ['$argon2id$…', 'hidden', '••••'],
  ] as const)('shows of %s as %s: %s', (text, how, shown) => expect(masked(text, how)).toBe(shown));

  it('never shows more than two characters and a top-level label, nor how long the value is', () => {
    const part = fc.stringMatching(/^[a-z0-9]{2,30}$/);
    fc.assert(
      fc.property(part, part, (local, domain) => {
        const shown = masked(`${local}@${domain}.example`, 'email');
        expect(shown).toBe(`${local[0]}••••@${domain[0]}••••.example`);
      }),
    );
  });
});
