import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Regions } from '@domicile/residency';
import fc from 'fast-check';
import { EmlFolder } from './eml-folder.js';
import { emlMessage } from './eml.js';

const region = Regions.load(join(import.meta.dirname, '../../../deploy/regions.json'), 4000).all[0]!;
const host = new URL(region.origins.customer).hostname;
const mail = {
  messageId: `obx_1@${host}`,
  to: 'ada@example.org',
  subject: 'Your code',
  text: 'Enter\n\n01234567\n\nhere. ä',
};
const at = new Date('2026-11-22T10:00:00Z');

/** Header lines by name, unfolded. */
function headers(message: string): Map<string, string> {
  const [head] = message.split('\r\n\r\n', 1) as [string];
  return new Map(
    head
      .replace(/\r\n /g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
}

function decoded(text: string): string {
  return text
    .split(' ')
    .map((word) => Buffer.from(/^=\?UTF-8\?B\?([\w+/=]+)\?=$/.exec(word)![1]!, 'base64').toString())
    .join('');
}

describe('emlMessage', () => {
  it('is an RFC 5322 message whose sender names the region and whose code stands on a line of its own', () => {
    const message = emlMessage(region, mail, at);
    expect(Object.fromEntries(headers(message))).toEqual({
      From: `Domicile ${region.name} <no-reply@${host}>`,
      To: '<ada@example.org>',
      Subject: 'Your code',
      Date: 'Sun, 22 Nov 2026 10:00:00 +0000',
      'Message-ID': `<obx_1@${host}>`,
      'Auto-Submitted': 'auto-generated',
      'MIME-Version': '1.0',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Transfer-Encoding': '8bit',
    });
    expect(/^\d{8}$/m.exec(message)?.[0]).toBe('01234567');
    expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('encodes a subject and a region that are not plain ASCII, in words of at most 75 characters', () => {
    const subject = 'Grüße aus Zürich 😀 '.repeat(20);
    const message = emlMessage({ ...region, name: 'Россия, "x" <y>' }, { ...mail, subject }, at);
    const found = headers(message);
    expect(decoded(found.get('Subject')!)).toBe(subject);
    expect(decoded(found.get('From')!.replace(/ <no-reply@.*/, ''))).toBe('Domicile Россия, "x" <y>');
    expect(Math.max(...message.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(84);
  });

  it.each([
    ['recipient', { to: 'ada@example.org\r\nBcc: eve@example.org' }],
    ['recipient', { to: 'ada@example.org, eve@example.org' }],
    ['recipient', { to: 'Ada <ada@example.org>' }],
    ['recipient', { to: 'ädä@example.org' }],
    ['recipient', { to: '' }],
    ['message id', { messageId: 'x>\r\nBcc: eve@example.org' }],
    ['message id', { messageId: '../../x' }],
    ['subject', { subject: 'a\r\nBcc: eve@example.org' }],
    ['subject', { subject: 'a\u2028b' }],
    ['text', { text: 'a\rb' }],
    ['text', { text: 'x'.repeat(999) }],
  ])('refuses a %s of %j without repeating it', (field, bad) => {
    const error = (() => {
      try {
        return emlMessage(region, { ...mail, ...bad }, at);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(`The ${field} of a mail is not acceptable`);
    expect((error as Error).message).not.toContain('eve');
  });

  it('never gets another header line, whatever the subject', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        let message: string;
        try {
          message = emlMessage(region, { ...mail, subject }, at);
        } catch {
          return;
        }
        expect([...headers(message).keys()]).toHaveLength(9);
      }),
    );
  });
});

describe('EmlFolder', () => {
  it('writes one private file a message id, without the address in its name, and replaces it when sent again', async () => {
    const home = mkdtempSync(join(tmpdir(), 'eml-'));
    const folder = join(home, 'mail');
    const mailer = new EmlFolder(new Map([[region.code, folder]]), { now: () => at });
    await mailer.send(region, mail);
    await mailer.send(region, { ...mail, subject: 'Again' });
    expect(readdirSync(folder)).toEqual(['obx_1.eml']);
    expect(readFileSync(join(folder, 'obx_1.eml'), 'utf8')).toContain('Subject: Again');
    expect([statSync(folder).mode & 0o777, statSync(join(folder, 'obx_1.eml')).mode & 0o777]).toEqual([0o700, 0o600]);
    rmSync(home, { recursive: true });
  });

  it('has no folder for a region that is not served', async () => {
    await expect(new EmlFolder(new Map(), { now: () => at }).send(region, mail)).rejects.toThrow(/no mail folder/);
  });
});
