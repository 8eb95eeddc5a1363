import type { Region } from '@domicile/residency';
import { escaped } from '@domicile/runtime';
import type { Language, Letter, LetterPart } from './letter.js';

/** A letter as it is mailed: the same words twice. Lines of both end with LF. */
export interface RenderedLetter {
  readonly text: string;
  /** A document of its own: nothing in it is fetched from anywhere, and nothing tells that it was read. */
  readonly html: string;
}

/** Of the text: RFC 5322 section 2.1.1 recommends 78, and a citation adds two. A word that is longer (a link) stays whole. */
const LINE_CHARACTERS = 76;

/** What every mail says in its language. */
const WORDS: Readonly<Record<Language, { readonly greeting: string; readonly receipts: string }>> = {
  en: { greeting: 'Hello,', receipts: 'Receipts of this region are signed with the key' },
  de: { greeting: 'Guten Tag,', receipts: 'Belege dieser Region sind signiert mit dem Schlüssel' },
};

const PAGE = 'margin:0;padding:24px;background:#ffffff;color:#1f2933;font:16px/1.5 sans-serif';
const CODE = 'margin:24px 0;font:600 28px/1.2 monospace;letter-spacing:4px';
const BUTTON = 'color:#0b5cad;font-weight:600';
const FOOTER = 'margin-top:32px;padding-top:12px;border-top:1px solid #cbd2d9;color:#52606d;font-size:13px';

/** The one template of every mail. All that it is given is text: markup in it is shown and not followed. */
export function renderLetter(region: Region, { language, subject, parts }: Letter): RenderedLetter {
  const { greeting } = WORDS[language];
  const footer = footerLines(region, language);
  const text = [greeting, ...parts.map(partText)].map(wrapped).join('\n\n');
  const html = [
    `<!doctype html>`,
    `<html lang="${language}">`,
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>`,
    `<body style="${PAGE}">`,
    `<p>${escaped(greeting)}</p>`,
    ...parts.map(partHtml),
    `<p style="${FOOTER}">${footer.map(escaped).join('<br>')}</p>`,
    `</body>`,
    `</html>`,
  ];
  return { text: [text, '', '-- ', ...footer].join('\n'), html: html.join('\n') };
}

/**
 * What stands under every mail: the region it comes from, and the fingerprint of the key that its receipts are signed with, so that a
 * customer holds it by another way than the server that signs.
 */
export function footerLines(region: Region, language: Language): readonly string[] {
  const key = region.receiptKeys.at(-1);
  const about = `Domicile ${region.name}, ${region.origins.customer}`;
  return key ? [about, WORDS[language].receipts, key.keyId] : [about];
}

function partText(part: LetterPart): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'code') return part.code;
  return `${part.text}\n${part.href}`;
}

function partHtml(part: LetterPart): string {
  if (part.kind === 'text') return `<p>${escaped(part.text).replaceAll('\n', '<br>')}</p>`;
  if (part.kind === 'code') return `<p style="${CODE}">${escaped(part.code)}</p>`;
  return `<p><a style="${BUTTON}" href="${escaped(part.href)}">${escaped(part.text)}</a></p>`;
}

function wrapped(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const lines = [''];
      for (const word of line.split(' ')) {
        const last = lines.at(-1) ?? '';
        if (last !== '' && last.length + 1 + word.length > LINE_CHARACTERS) lines.push(word);
        else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
      }
      return lines;
    })
    .join('\n');
}
