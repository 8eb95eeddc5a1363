import { describe, expect, it } from '@jest/globals';
import { isPlainText } from './plain-text.js';

describe('isPlainText', () => {
  it.each([
    'a',
    'Zoë & Co',
    ' padded ',
    '株式会社',
    'שלום',
    'مرحبا',
    '👩‍👩‍👧',
    '?',
    'می‌خواهم',
    'x\u200f!',
    '𝒜'.repeat(200),
    'e\u0301',
  ])('takes %j as it is', (text) => expect(isPlainText(text, 200)).toBe(true));

  it.each([
    '',
    ' ',
    '\u200b',
    'a\nb',
    'a\tb',
    'a\rb',
    'a\0b',
    '\u001b[31m',
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
    'a\u202eb',
    'a\u2066b',
    '\ud800',
    'a\uffffb',
    'x'.repeat(201),
    '𝒜'.repeat(201),
  ])('refuses %j', (text) => expect(isPlainText(text, 200)).toBe(false));
});
