import { describe, expect, it } from '@jest/globals';
import { LANGUAGES, renderLetter } from '@domicile/messaging';
import type { Region } from '@domicile/residency';
import { NOTICED_EVENTS } from './events.js';
import { noticeLetter } from './notice-mail.js';

const REGION = {
  name: 'European Union',
  origins: { customer: 'https://eu.example.org' },
  receiptKeys: [],
} as unknown as Region;
const AT = new Date('2026-11-22T10:11:12.345Z');

describe.each(LANGUAGES)('a notice in %s', (language) => {
  const KINDS = [...NOTICED_EVENTS, 'session.began'] as const;
  const textOf = (kind: (typeof KINDS)[number], country: string | null): string => {
    const letter = noticeLetter(REGION, { to: 'ada@example.org', language }, { kind, at: AT, country });
    expect([letter.language, letter.to]).toEqual([language, 'ada@example.org']);
    expect(letter.subject).toContain('European Union');
    const { text } = renderLetter(REGION, letter);
    expect(text + letter.subject).not.toMatch(/ada|undefined|null/);
    return text;
  };

  it.each(KINDS)('says of %s when it was, and from which country where its line has one', (kind) => {
    const text = textOf(kind, 'SE');
    expect(text).toContain('2026-11-22 10:11 UTC');
    expect(text).toContain(language === 'en' ? 'Sweden' : 'Schweden');
    expect(text).toContain('https://eu.example.org');
    expect(textOf(kind, null)).toContain('2026-11-22 10:11 UTC.');
  });

  it('says of every kind something else', () => {
    expect(new Set(KINDS.map((kind) => textOf(kind, null))).size).toBe(KINDS.length);
  });

  it('leaves the country out where it is not known', () => {
    const letter = noticeLetter(
      REGION,
      { to: 'ada@example.org', language },
      { kind: 'session.began', at: AT, country: null },
    );
    expect(renderLetter(REGION, letter).text).toMatch(/2026-11-22 10:11 UTC\.\s/);
  });
});
