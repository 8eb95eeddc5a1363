import type { Region } from '@domicile/residency';
import { type Mail, mailHost } from './mailer.js';

/** Longest line that RFC 5322 section 2.1.1 allows, in octets without CRLF. */
const LINE_OCTETS_MAX = 998;
/** Octets of UTF-8 in one encoded word: 39 become 52 of base64, and RFC 2047 section 2 allows a word 75 altogether. */
const WORD_OCTETS_MAX = 39;

const DOT_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
const ADDRESS = new RegExp(`^${DOT_ATOM}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*$`);
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A mail as an RFC 5322 message, lines ending in CRLF. Sender and subject name the region. Nothing that stands in `mail` can
 * begin a header line: addresses and ids are dot-atoms or refused, and a subject holds no control character.
 * Written by hand because it is the whole need until the region's SMTP relay takes over.
 * @throws Error, naming the field and never its value
 */
export function emlMessage(region: Region, mail: Mail, date: Date): string {
  if (!ADDRESS.test(mail.to)) throw refused('recipient', 'one ASCII address');
  if (!ADDRESS.test(mail.messageId)) throw refused('message id', 'id@host');
  if (CONTROL.test(mail.subject)) throw refused('subject', 'free of control characters');
  const headers = [
    `From: ${phrase(`Domicile ${region.name}`)} <no-reply@${mailHost(region)}>`,
    `To: <${mail.to}>`,
    `Subject: ${headerText(mail.subject)}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mail.messageId}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${bodyLines(mail.text)}\r\n`;
}

/** Unstructured text, in encoded words (RFC 2047) where it is not short plain ASCII. */
function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && text.length <= 900 && !text.includes('=?') ? text : encodedWords(text);
}

function phrase(text: string): string {
  return /^[A-Za-z0-9 ]+$/.test(text) && text.length <= 200
    ? text
    : encodedWords(text.replace(new RegExp(CONTROL, 'gu'), ' '));
}

/** Folded so that each line holds one word; no word splits a character. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_OCTETS_MAX) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

function bodyLines(text: string): string {
  const lines = text.split('\n');
  if (lines.some((line) => Buffer.byteLength(line) > LINE_OCTETS_MAX || line.includes('\r') || line.includes('\0')))
    throw refused('text', `lines of at most ${LINE_OCTETS_MAX} octets that end in LF`);
  return lines.join('\r\n');
}

function refused(field: string, expected: string): Error {
  return new Error(`The ${field} of a mail is not acceptable; it must be ${expected}.`);
}
