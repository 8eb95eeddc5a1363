import type { Region } from '@domicile/residency';
import type { SendMailOptions } from 'nodemailer';
import { type Mail, MAIL_FAILURES, MailError, mailHost } from './mailer.js';

const DOT_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
const ADDRESS = new RegExp(`^${DOT_ATOM}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*$`);
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A mail as nodemailer takes it. Sender and subject name the region. Nothing of it can become another header or recipient: addresses
 * and ids are dot-atoms or refused, a subject holds no control character, and the envelope is given and not read from the headers.
 * @throws MailError mail.malformed
 */
export function mailOptions(region: Region, mail: Mail): SendMailOptions {
  if (!ADDRESS.test(mail.to) || !ADDRESS.test(mail.messageId) || CONTROL.test(mail.subject))
    throw new MailError(MAIL_FAILURES.malformed);
  const sender = `no-reply@${mailHost(region)}`;
  const name = `Domicile ${region.name}`.replace(new RegExp(CONTROL, 'gu'), ' ');
  return {
    envelope: { from: sender, to: [mail.to] },
    from: { name, address: sender },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    messageId: `<${mail.messageId}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: mail.text,
    textEncoding: 'quoted-printable',
    // As base64, so that who searches a raw mail for its words finds each once.
    alternatives: [{ contentType: 'text/html; charset=utf-8', content: mail.html, contentTransferEncoding: 'base64' }],
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
