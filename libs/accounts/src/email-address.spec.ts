import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { normaliseEmail } from './email-address.js';

const GOOD: readonly (readonly [typed: string, normal: string])[] = [
  ['ada@example.org', 'ada@example.org'],
  ['Ada.Lovelace@Example.ORG', 'ada.lovelace@example.org'],
  ['ada+tag@example.org', 'ada+tag@example.org'],
  ["o'hara!#$%&*/=?^_`{|}~-x@example.org", "o'hara!#$%&*/=?^_`{|}~-x@example.org"],
  ['a@b.co', 'a@b.co'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ['ada@mail.xn--bcher-kva.xn--zckzah', 'ada@mail.xn--bcher-kva.xn--zckzah'],
  ['ada@straße.de', 'ada@xn--strae-oqa.de'],
  ['ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
  ['ada@mail.1and1.com', 'ada@mail.1and1.com'],
  [`${'l'.repeat(64)}@${'d'.repeat(63)}.org`, `${'l'.repeat(64)}@${'d'.repeat(63)}.org`],
];

const BAD: readonly string[] = [
  '',
  '@',
  'ada',
  'ada@',
  '@example.org',
  'ada@example',
  'ada@localhost',
  'ada@@example.org',
  'ada@example.org@example.org',
  ' ada@example.org',
  'ada@example.org ',
  'ada @example.org',
  'ada@example.org\n',
  'ada@example.org\r\nBcc: x@example.org',
  'ada\0@example.org',
  '"ada"@example.org',
  '"ada lovelace"@example.org',
  'ada(comment)@example.org',
  'Ada <ada@example.org>',
  'mailto:ada@example.org',
  '.ada@example.org',
  'ada.@example.org',
  'a..da@example.org',
  'ädä@example.org',
  'ada@127.0.0.1',
  'ada@[127.0.0.1]',
  'ada@[IPv6:::1]',
  'ada@0x7f.1',
  'ada@2130706433',
  'ada@example.123',
  'ada@example.c',
  'ada@example.org.',
  'ada@.example.org',
  'ada@exa..mple.org',
  'ada@-example.org',
  'ada@example-.org',
  'ada@exa_mple.org',
  'ada@example.org:25',
  'ada@example.org/path',
  'ada@example.org?x',
  'ada@ex%61mple.org',
  'ada@exa\u200bmple.org',
  'ada@exa\u00admple.org',
  'ada@exa\u202emple.org',
  'ada\u200f@example.org',
  'ada@exa\u3000mple.org',
  'ada@exam\ud800ple.org',
  'ada@xn--.example',
  'ada@xn--a.example',
  'ada@XN--A.example',
  'ada@xn--abc.example',
  'ada@xn--0.example',
  'ada@xn--example-.example',
  'ada@xn--xn--a--gua.example',
  'ada@mail.xn--a-ecp.example',
  'ada@bücher.xn--a',
  'ada@example.xn--a',
  `${'l'.repeat(65)}@example.org`,
  `ada@${'d'.repeat(64)}.org`,
  `ada@${'d.'.repeat(125)}org`,
  `${'a'.repeat(1_000_000)}@example.org`,
];

describe('normaliseEmail', () => {
  it.each(GOOD)('brings %j to %j', (typed, normal) => expect(normaliseEmail(typed)).toBe(normal));

  it.each(BAD.map((text) => [text.slice(0, 60), text]))(
    'refuses, before it could come to a header of a mail (leak row 40), %j',
    (_, text) => expect(normaliseEmail(text)).toBeNull(),
  );

  const local = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}$/);
  const typed = fc.tuple(
    local,
    fc.oneof(
      fc.domain(),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((label) => `${label}.example`),
    ),
  );

  it('is idempotent and plain ASCII without anything that a header could mistake', () => {
    fc.assert(
      fc.property(typed, ([name, domain]) => {
        const normal = normaliseEmail(`${name}@${domain}`);
        fc.pre(normal !== null);
        expect(normal).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
        expect(normal.length).toBeLessThanOrEqual(254);
        expect(normaliseEmail(normal)).toBe(normal);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(anyText(), (text) => void normaliseEmail(`${text}@${text}`)));
  });
});
