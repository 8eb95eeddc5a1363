import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsCardNumber } from './card-number.js';

/** Test numbers that the networks publish. */
const NUMBERS = [
  '4111111111111111',
  '4222222222222',
  '5555555555554444',
  '378282246310005',
  '6011111111111117',
  '3530111333300000',
  '30569309025904',
  '6304000000000000000',
];

/** Digits with the check digit that makes them a number, by the sum written the other way round. */
function withCheckDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .map((digit, i) => (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : Number(digit)))
    .reduce((a, b) => a + b, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

describe('a text with the number of a payment card', () => {
  it.each(NUMBERS)('is known by %s', (number) => {
    const grouped = number.match(/.{1,4}/g)!;
    for (const text of [
      number,
      grouped.join(' '),
      grouped.join('-'),
      grouped.join(' - '),
      grouped.join('\u2013'),
      grouped.join('\u00a0'),
      grouped.join('.'),
      grouped.join('\n'),
      `pay with ${number} please`,
      `card:${number},thanks`,
      `${number} 12/27 123`,
      `No. 7, ${number}`,
      `7 ${number}`,
      [...number].join('\u200b'),
      [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
    ])
      expect([text, holdsCardNumber(text)]).toEqual([text, true]);
  });

  it('is told from one with a wrong digit, and from other numbers', () => {
    for (const text of [
      '4111111111111112',
      '411111111111',
      '41111111111111111111111',
      '0000000000000000',
      '+49 30 1234567',
      'DE89 3704 0044',
      'Bücher & Söhne, seit 1874',
      '2026-11-23 10:15:00',
      '1, 2, 3, 4, 5',
      '',
      '4111-a-1111-b-1111-c-1111',
    ])
      expect([text, holdsCardNumber(text)]).toEqual([text, false]);
  });

  it('is known whatever the digits are, and whatever stands around', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{11,17}$/);
    const separator = fc.constantFrom('', ' ', '-', '.', ' \u2014 ', '/');
    const around = fc.stringMatching(/^[a-z ,]{0,10}$/);
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 6 }), separator, around, (first, size, between, words) => {
        const number = withCheckDigit(first);
        const groups = number.match(new RegExp(`.{1,${size}}`, 'g'))!;
        return holdsCardNumber(`${words}${groups.join(between)}${words}`);
      }),
    );
  });

  it('is no longer one when one of its digits is another', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[1-9][0-9]{11,17}$/),
        fc.nat(11),
        fc.integer({ min: 1, max: 9 }),
        (first, at, by) => {
          const number = withCheckDigit(first);
          const other = (Number(number[at]) + by) % 10;
          return !holdsCardNumber(`${number.slice(0, at)}${other}${number.slice(at + 1)}`);
        },
      ),
    );
  });

  it('is looked for in a time that grows with the text alone', () => {
    const began = performance.now();
    for (const text of ['1 '.repeat(30_000), '1'.repeat(60_000), '- '.repeat(30_000), '1-'.repeat(30_000)])
      holdsCardNumber(text);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
