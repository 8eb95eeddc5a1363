import type { Region } from '@domicile/residency';
import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import * as base64 from 'nodemailer/lib/base64';
import * as quotedPrintable from 'nodemailer/lib/qp';
import { type Mail, MAIL_FAILURES, MailError, mailHost } from './mailer.js';

/** A message as it goes over the wire, and between whom. */
export interface MimeMessage {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** ASCII; lines end with CRLF. */
  readonly raw: string;
}

const DOT_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
const ADDRESS = new RegExp(`^${DOT_ATOM}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*$`);
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Between the parts. RFC 2045 section 6.7: no text in either encoding holds these two characters in a row. */
const BOUNDARY = '=_part';
const LINE_CHARACTERS = 76;
/** Of an encoded word, so that one fits a line with the name of its header. */
const WORD_CHARACTERS = 52;

/**
 * A mail as a message of two parts (RFC 5322, RFC 2046 section 5.1.4). Sender and subject name the region. Nothing of it can become
 * another header or recipient: addresses and ids are dot-atoms or refused, a subject holds no control character, and the envelope is
 * given and not read from the headers. Its encoders are nodemailer's; it is put together here, as nodemailer's own way (streams for
 * attachments of any size) costs a worker three times what sending it does.
 * @throws MailError mail.malformed
 */
export function mimeMessage(region: Region, mail: Mail): MimeMessage {
  if (!ADDRESS.test(mail.to) || !ADDRESS.test(mail.messageId) || CONTROL.test(mail.subject))
    throw new MailError(MAIL_FAILURES.malformed);
  const sender = `no-reply@${mailHost(region)}`;
  const raw = [
    'Auto-Submitted: auto-generated',
    `From: ${phrase(`Domicile ${region.name}`.replace(new RegExp(CONTROL, 'gu'), ' '))} <${sender}>`,
    `To: ${mail.to}`,
    `Subject: ${unstructured(mail.subject)}`,
    `Message-ID: <${mail.messageId}>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${BOUNDARY}"`,
  ].map((line) => foldLines(line, LINE_CHARACTERS));
  raw.push('', `--${BOUNDARY}`);
  raw.push('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '');
  raw.push(quotedPrintable.wrap(quotedPrintable.encode(mail.text.replace(/\r\n?|\n/g, '\r\n')), LINE_CHARACTERS));
  raw.push(`--${BOUNDARY}`);
  // As base64, so that who searches a raw mail for its words finds each once.
  raw.push('Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64', '');
  raw.push(base64.wrap(base64.encode(mail.html), LINE_CHARACTERS), `--${BOUNDARY}--`, '');
  return { envelope: { from: sender, to: [mail.to] }, raw: raw.join('\r\n') };
}

/** RFC 5322 section 3.2.5, or encoded words (RFC 2047). */
function phrase(text: string): string {
  if (/^[\w ]*$/.test(text)) return text;
  return isPlain(text) ? quoteString(text) : encodeWord(text, 'Q', WORD_CHARACTERS);
}

/** RFC 5322 section 3.2.5, or encoded words (RFC 2047). */
function unstructured(text: string): string {
  return isPlain(text) ? text : encodeWord(text, 'Q', WORD_CHARACTERS);
}

/** What a reader takes for an encoded word is none of these: it would be shown decoded. */
function isPlain(text: string): boolean {
  return PRINTABLE.test(text) && !text.includes('=?');
}
