import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Regions } from '@domicile/residency';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { anyText } from '../../../test/support/any-text.js';
import type { Mail } from './mailer.js';
import { mimeMessage } from './mime-message.js';

const region = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000).all[0]!;
const host = new URL(region.origins.customer).hostname;
const mail: Mail = {
  messageId: `obx_1@${host}`,
  to: 'ada@example.org',
  subject: 'Your code',
  text: 'Enter\n\n01234567\n\nhere. ä',
  html: '<p>01234567</p>',
};

function written(change: Partial<Mail> = {}, of = region) {
  return mimeMessage(of, { ...mail, ...change });
}

/** The same mail as nodemailer puts it together by itself. */
async function composed({ to, subject, text, html, messageId }: Mail): Promise<string> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: { name: `Domicile ${region.name}`, address: `no-reply@${host}` },
    to: { name: '', address: to },
    subject,
    messageId: `<${messageId}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text,
    textEncoding: 'quoted-printable',
    alternatives: [{ contentType: 'text/html; charset=utf-8', content: html, contentTransferEncoding: 'base64' }],
    xMailer: false,
  });
  return (message as Buffer).toString();
}

/** Header fields and parts; without the time, the boundary and the places where lines are broken for their length. */
function comparable(raw: string): unknown {
  const boundary = /boundary="?([^"\r]+)"?/.exec(raw)![1]!;
  const [, ...parts] = raw.replace(/charset=UTF-8/gi, 'charset=utf-8').split(`--${boundary}`);
  const fields = headers(raw);
  for (const name of ['Date', 'Content-Type']) fields.delete(name);
  return [Object.fromEntries(fields), parts.map((part) => part.replaceAll('=\r\n', '').trimEnd())];
}

/** Header lines by name, unfolded. */
function headers(message: string): Map<string, string> {
  const [head] = message.split('\r\n\r\n', 1) as [string];
  return new Map(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
}

/** Of a subject that both send as it is. */
const PRINTABLE = fc.integer({ min: 0x23, max: 0x7e }).map((code) => String.fromCharCode(code));

const HEADERS = ['From', 'To', 'Subject', 'Message-ID', 'Auto-Submitted', 'Date', 'MIME-Version', 'Content-Type'];

describe('a mail on the wire', () => {
  it('is a message of two parts whose sender names the region and whose code stands on a line of its own, once', () => {
    const { raw, envelope } = written();
    const found = headers(raw);
    expect([...found.keys()].sort()).toEqual([...HEADERS].sort());
    expect(Object.fromEntries(found)).toMatchObject({
      From: `Domicile ${region.name} <no-reply@${host}>`,
      To: 'ada@example.org',
      Subject: 'Your code',
      'Message-ID': `<obx_1@${host}>`,
      'Auto-Submitted': 'auto-generated',
      'Content-Type': expect.stringMatching(/^multipart\/alternative;/),
    });
    expect(envelope).toEqual({ from: `no-reply@${host}`, to: ['ada@example.org'] });
    expect(raw.match(/^\d{8}\r$/gm)).toEqual(['01234567\r']);
    expect(raw.split('01234567').length).toBe(2);
    expect(raw).toContain(Buffer.from('<p>01234567</p>').toString('base64'));
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('encodes a subject and a region that are not plain ASCII', () => {
    const { raw } = written({ subject: 'Grüße aus Zürich 😀 '.repeat(20) }, { ...region, name: 'Россия, "x" <y>' });
    expect([...headers(raw).keys()].sort()).toEqual([...HEADERS].sort());
    expect(headers(raw).get('From')).toMatch(/^[\x20-\x7e]+ <no-reply@[\w.-]+>$/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each([
    { to: 'ada@example.org\r\nBcc: eve@example.org' },
    { to: 'ada@example.org, eve@example.org' },
    { to: 'Ada <ada@example.org>' },
    { to: 'ädä@example.org' },
    { to: '' },
    { messageId: 'x>\r\nBcc: eve@example.org' },
    { messageId: '../../x' },
    { subject: 'a\r\nBcc: eve@example.org' },
    { subject: 'a\u2028b' },
  ])('is refused for good with %j, which is not repeated', (bad) => {
    expect(() => written(bad)).toThrow(
      expect.objectContaining({
        code: 'mail.malformed',
        isPermanent: true,
        message: expect.not.stringContaining('eve'),
      }),
    );
  });

  it('is what nodemailer writes for it, whatever the texts', async () => {
    const texts = anyText().map((text) => text.replace(/\r\n?/g, '\n'));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: PRINTABLE }), texts, texts, async (subject, text, html) => {
        const each = { ...mail, subject: `S${subject.trim()}`, text: `Tä${text}`, html: `H${html}` };
        expect(comparable(written(each).raw)).toEqual(comparable(await composed(each)));
      }),
    );
  });

  it('shows a subject that looks encoded as it is', () => {
    const subject = headers(written({ subject: '=?utf-8?Q?x?=' }).raw).get('Subject')!;
    expect(subject).toMatch(/^=\?UTF-8\?Q\?=3D=3F/);
  });

  it('never gets another header line or recipient, whatever subject and text', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (subject, text) => {
        let sent: ReturnType<typeof written>;
        try {
          sent = written({ subject: `S${subject}`, text: `T${text}` });
        } catch {
          return;
        }
        expect([...headers(sent.raw).keys()].sort()).toEqual([...HEADERS].sort());
        expect(sent.envelope.to).toEqual(['ada@example.org']);
        expect(Math.max(...sent.raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
        expect(sent.raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
        expect(sent.raw.split('\r\n--=_part').length).toBe(4);
      }),
    );
  });
});
