import { randomUUID } from 'node:crypto';

/** A text in hex or decimal digits with letters alone: digits may happen to be the number of a card, which is refused everywhere. */
export function inLetters(text: string): string {
  return text.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
}

/** A name that nobody has yet. */
export function freshName(): string {
  return inLetters(randomUUID());
}

/** Code points of a name at most. */
export const NAME_LENGTH_MAX = 200;

/** Line breaks, commands, spoofed directions, halves of characters, and nothing to see. */
export const REFUSED_NAMES = [
  '',
  ' ',
  '\u3000\u00a0',
  '\u200b\u200d\ufeff',
  'a\nb',
  'a\r\nSet-Cookie: x',
  'a\tb',
  'a\u0001b',
  'a\u007fb',
  'a\u0085b',
  'a\u2028b',
  'a\u2029b',
  'pay\u202egpj.exe',
  'a\u202ab',
  'a\u2066b\u2069',
  'a\ufffeb',
  'a\ufdd0b',
  'a\u{10ffff}b',
  'x'.repeat(NAME_LENGTH_MAX + 1),
  '\u{1f600}'.repeat(NAME_LENGTH_MAX + 1),
  'e\u0301'.repeat(NAME_LENGTH_MAX / 2) + 'e',
];
/** Kept to the code unit. */
export const KEPT_NAMES = [
  'x'.repeat(NAME_LENGTH_MAX),
  '\u{1f600}'.repeat(NAME_LENGTH_MAX),
  'e\u0301'.repeat(NAME_LENGTH_MAX / 2),
  '\u00e9 is not e\u0301',
  'שלום עולם',
  'شركة الاختبار ١٢٣',
  'mark\u200f between\u200e\u061c marks',
  'Ｄｏｍｉｃｉｌｅ Ⅻ ﬁ',
  'раураl, not paypal',
  'bücher.example, xn--bcher-kva.example',
  '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ☕️ 👍🏽',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎',
  "Robert'); drop table account;--",
  '<script>alert(1)</script>',
  '"quoted" \\u0000 \\ / {"name":null}',
  '$1 :accountId %s {{7*7}} ${7*7} `id`',
  'null',
  'undefined',
  '__proto__',
  '=cmd|calc',
  ' leading, trailing ',
  '\ufeffmark in front',
  '0',
  'a\u00adb\u200bc',
];
