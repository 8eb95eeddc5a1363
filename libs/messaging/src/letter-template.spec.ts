import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { receiptKeyId, Regions } from '@domicile/residency';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { LANGUAGES, type Letter, type LetterPart } from './letter.js';
import { footerLines, renderLetter } from './letter-template.js';

const { regions: rows } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8'),
) as { regions: object[] };

function pin(from: string) {
  const der = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  return { keyId: receiptKeyId(der), publicKey: der.toString('base64'), from };
}

describe('the footer of every mail', () => {
  it('names the region and the key that signs its receipts now, and no other', () => {
    const [old, now, elsewhere] = [
      pin('2026-11-01T00:00:00.000Z'),
      pin('2026-12-01T00:00:00.000Z'),
      pin('2026-12-02T00:00:00.000Z'),
    ];
    const pinned = [[now, old], [elsewhere]];
    const [here, there] = Regions.parse(
      { regions: rows.map((row, i) => ({ ...row, receiptKeys: pinned[i] })) },
      4000,
    ).all;
    const lines = renderLetter(here!, letter({ kind: 'text', text: 'One\n\n-- \nnot the footer' })).text.split('\n');
    expect(lines.slice(0, 6)).toEqual(['Hello,', '', 'One', '', '-- ', 'not the footer']);
    expect(lines.slice(6)).toEqual([
      '',
      '-- ',
      `Domicile ${here!.name}, ${here!.origins.customer}`,
      'Receipts of this region are signed with the key',
      now.keyId,
    ]);
    for (const language of LANGUAGES) {
      expect(footerLines(there!, language)).toContain(elsewhere.keyId);
      expect(footerLines(there!, language)).not.toContain(now.keyId);
    }
  });

  it('names no key where none is pinned', () => {
    const [bare] = Regions.parse({ regions: rows }, 4000).all;
    expect(footerLines(bare!, 'en')).toEqual([`Domicile ${bare!.name}, ${bare!.origins.customer}`]);
  });
});

describe('a letter', () => {
  const [region] = Regions.parse({ regions: rows }, 4000).all;
  const link = { kind: 'link', href: 'https://eu.example/x?a=1&b=2#secret', text: 'Open "it"' } as const;

  it('says the same in text and in HTML: a code on a line of its own, a link with its address', () => {
    const { text, html } = renderLetter(region!, letter({ kind: 'code', code: '01234567' }, link));
    expect(/^\d{8}$/m.exec(text)?.[0]).toBe('01234567');
    expect(text).toContain(`Open "it"\n${link.href}`);
    expect(html).toContain('>01234567</p>');
    expect(html).toContain('href="https://eu.example/x?a=1&amp;b=2#secret">Open &quot;it&quot;</a>');
  });

  it('speaks English and German', () => {
    const [english, german] = LANGUAGES.map((language) => renderLetter(region!, { ...letter(), language }));
    expect([english!.text.split('\n')[0], german!.text.split('\n')[0]]).toEqual(['Hello,', 'Guten Tag,']);
    expect([english!.html, german!.html].map((html) => /<html lang="(\w+)">/.exec(html)?.[1])).toEqual(['en', 'de']);
  });

  it('wraps its lines, and no word', () => {
    const word = 'x'.repeat(200);
    const { text } = renderLetter(region!, letter({ kind: 'text', text: `${'word '.repeat(60)}${word}` }));
    const lines = text.split('\n');
    expect(lines).toContain(word);
    expect(Math.max(...lines.filter((line) => line !== word).map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  it('fetches nothing, and follows no markup in what it is given', () => {
    const shape = (html: string): string[] => html.match(/<[^>]*>/g)!.map((tag) => tag.replace(/="[^"]*"/g, ''));
    const plain = shape(
      renderLetter(region!, letter({ kind: 'text', text: 'x' }, { kind: 'code', code: 'x' }, link)).html,
    );
    fc.assert(
      fc.property(anyText(), fc.constantFrom('<img src=//x>', '"><script>', "' onload='", '&lt;'), (a, b) => {
        const words = `${a}${b}`.replaceAll('\n', '');
        const parts = [
          { kind: 'text', text: words },
          { kind: 'code', code: words },
          { kind: 'link', href: words, text: words },
        ] as const;
        const { html } = renderLetter(region!, { ...letter(...parts), subject: words });
        expect(shape(html)).toEqual(plain);
      }),
    );
    const { html } = renderLetter(region!, letter(link));
    expect(html).not.toMatch(/<(img|link|script|iframe|object|style)|url\(|@import|src=/i);
  });
});

function letter(...parts: LetterPart[]): Letter {
  return { to: 'ada@example.org', language: 'en', subject: 'Subject', parts };
}
