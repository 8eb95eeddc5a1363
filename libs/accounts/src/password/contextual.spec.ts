import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalisePassword } from '../password.js';
import { isContextual } from './contextual.js';

const ADA = [
  'Ada.Lovelace+news@Example.org',
  'Analytical Engines Ltd.',
  'Ada Lovelace',
  'Domicile',
  'European Union',
  'eu',
];

describe('isContextual', () => {
  it.each([
    'ada.lovelace+news@example.org',
    'ADA.LOVELACE+NEWS',
    'ada.lovelace2027',
    'lovelace-ada-1815',
    'Analytical Engines Ltd.',
    'analyticalengines',
    'Engines2Analytical!',
    'domicile-lovelace',
    'EuropeanUnion2027',
    'DomicileDomicile7',
    '!Adá Lôvelace äda!',
    'ＡnalyticalＥngines',
    'example.org example',
  ])('refuses what is little more than what stands around it: %s', (password) => {
    expect(isContextual(normalisePassword(password)!, ADA)).toBe(true);
  });

  it.each([
    'correct horse battery staple',
    'ada eats eight figs',
    'lovelace 8 others',
    // Eight others, exactly.
    'lovelace12345678',
    'Domicile is where I sleep',
  ])('lets pass what keeps eight others: %s', (password) => {
    expect(isContextual(password, ADA)).toBe(false);
  });

  it('refuses at seven others, and counts them as people do', () => {
    expect(isContextual('lovelace1234567', ADA)).toBe(true);
    expect(isContextual('lovelace😀😀😀😀😀😀😀', ADA)).toBe(true);
    expect(isContextual('lovelace😀😀😀😀😀😀😀😀', ADA)).toBe(false);
  });

  it('passes over what is absent, empty, or too short to mean anything', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'].join(' ');
    for (const context of [[], [null], [''], ['@'], ['x'], ['a@b.c'], [`${letters} Ltd`.slice(0, 52)]])
      expect(isContextual('vexillologist band', context)).toBe(false);
  });

  it('never refuses twenty random characters', () => {
    const random = fc.noBias(
      fc
        .array(fc.integer({ min: 33, max: 126 }), { minLength: 20, maxLength: 20 })
        .map((codes) => String.fromCharCode(...codes)),
    );
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    const addresses = fc.emailAddress();
    fc.assert(
      fc.property(random, addresses, names, fc.option(names), (password, ...context) => {
        // Two independent draws: only chance could make one of the other.
        expect(isContextual(password, [...context, 'Domicile', 'European Union', 'eu'])).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows a word in whichever case it comes back in', () => {
    for (const [name, typed] of [
      ['GROẞE STRAẞE', 'große straße'],
      ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
      ['İstanbul Ltd', 'istanbul ltd'],
    ] as const)
      expect([typed, isContextual(`${typed}1234`, [name])]).toEqual([typed, true]);
  });

  it('always refuses the context alone: one of it or several, repeated, in any case, with little between', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 2, maxLength: 60 });
    const cases = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
    );
    fc.assert(
      fc.property(
        fc.emailAddress(),
        names,
        names,
        fc.array(fc.tuple(fc.nat(3), cases), { minLength: 1, maxLength: 6 }),
        fc.string({ maxLength: 7 }),
        (email, accountName, displayName, picks, others) => {
          const context = [email, accountName, displayName];
          const local = email.slice(0, email.lastIndexOf('@'));
          fc.pre([...local].length >= 2);
          const words = picks.map(([which, as]) => as([...context, local][which]!));
          fc.pre(words.every((word) => /[^\p{M}]/u.test(word.normalize('NFKD').replace(/\p{M}/gu, '').slice(1))));
          expect([words, isContextual(words.join(''), context)]).toEqual([words, true]);
          fc.pre([...others.normalize('NFKD')].length < 8);
          expect(isContextual(`${words.join('')}${others}`, context)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
