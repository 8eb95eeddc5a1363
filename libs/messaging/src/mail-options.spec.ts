import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Regions } from '@domicile/residency';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { mailOptions } from './mail-options.js';
import type { Mail } from './mailer.js';

const region = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000).all[0]!;
const host = new URL(region.origins.customer).hostname;
const mail: Mail = {
  messageId: `obx_1@${host}`,
  to: 'ada@example.org',
  subject: 'Your code',
  text: 'Enter\n\n01234567\n\nhere. ä',
  html: '<p>01234567</p>',
};

/** What goes over the wire, without a relay. */
async function written(change: Partial<Mail> = {}, of = region) {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message, envelope } = await transport.sendMail(mailOptions(of, { ...mail, ...change }));
  return { raw: (message as Buffer).toString(), envelope };
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

const HEADERS = ['From', 'To', 'Subject', 'Message-ID', 'Auto-Submitted', 'Date', 'MIME-Version', 'Content-Type'];

describe('a mail on the wire', () => {
  it('is a message of two parts whose sender names the region and whose code stands on a line of its own, once', async () => {
    const { raw, envelope } = await written();
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

  it('encodes a subject and a region that are not plain ASCII', async () => {
    const { raw } = await written(
      { subject: 'Grüße aus Zürich 😀 '.repeat(20) },
      { ...region, name: 'Россия, "x" <y>' },
    );
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
    expect(() => mailOptions(region, { ...mail, ...bad })).toThrow(
      expect.objectContaining({
        code: 'mail.malformed',
        isPermanent: true,
        message: expect.not.stringContaining('eve'),
      }),
    );
  });

  it('never gets another header line or recipient, whatever subject and text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (subject, text) => {
        let sent: Awaited<ReturnType<typeof written>>;
        try {
          sent = await written({ subject: `S${subject}`, text: `T${text}` });
        } catch {
          return;
        }
        expect([...headers(sent.raw).keys()].sort()).toEqual([...HEADERS].sort());
        expect(sent.envelope.to).toEqual(['ada@example.org']);
      }),
    );
  });
});
