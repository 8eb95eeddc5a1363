import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';

let installation: Installation;
let api: Api;
let pendingId: string;

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  await api.startWorkers();
  pendingId = (await api.pending('eu')).id;
});
afterAll(() => installation.close());

const signUp = (fields: Record<string, unknown>): Promise<Answer> => api.signUp('eu', fields);
const confirm = (fields: Record<string, unknown>): Promise<Answer> =>
  api.ask('eu', `/v1/signups/${pendingId}/confirmations`, {
    json: { code: '00000000', password: PASSWORD, ...fields },
  });

const NO_STRINGS: readonly unknown[] = [undefined, 1, 0, true, false, [], ['a@example.org'], {}, { a: 1 }, 1e308];
const ANY_CONTROL = ['\u0001', '\n', '\r\n', '\t', '\u007f', '\u0085', '\u2028', '\u2029'];
const OVERRIDES = ['\u202a', '\u202e', '\u2066', '\u2069'];

/** Values that each field must refuse. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  email: [
    ...NO_STRINGS,
    null,
    '',
    ' ',
    'a',
    '@',
    'a@',
    '@example.org',
    'a@b',
    'a@localhost',
    'a@example.org ',
    ' a@example.org',
    'a b@example.org',
    'a@exa mple.org',
    'a@@example.org',
    'a@b@example.org',
    '.a@example.org',
    'a.@example.org',
    'a..b@example.org',
    '"a b"@example.org',
    '"a"@example.org',
    'a(c)@example.org',
    '<a@example.org>',
    'A <a@example.org>',
    'a@example.org,b@example.org',
    'a@example.org;b@example.org',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@[IPv6:::1]',
    'a@example',
    'a@example.org.',
    'a@-example.org',
    'a@example-.org',
    'a@exa_mple.org',
    'a@example.org:25',
    'a@example.org/x',
    'a@example.org?x',
    'a@example.org#x',
    'a@%65xample.org',
    'ä@example.org',
    'a\u200b@example.org',
    'a@exam\u00adple.org',
    'a@example.org\u202e',
    '"a\r\nBcc: b"@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'a\n@example.org',
    'a%0d%0aBcc:b@example.org\n',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`,
    `a@${'b.'.repeat(130)}org`,
    `${'a'.repeat(60)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.org`,
    'a@example.1',
    'mailto:a@example.org',
  ],
  accountName: [
    ...NO_STRINGS,
    null,
    '',
    ' ',
    '\u200b',
    '\u00a0',
    'x'.repeat(201),
    '\u{1f600}'.repeat(201),
    ...[...ANY_CONTROL, ...OVERRIDES, '\ufffe', '\u{1ffff}'].map((c) => `a${c}b`),
  ],
  displayName: [
    ...NO_STRINGS.slice(1),
    '',
    ' ',
    'x'.repeat(201),
    ...[...ANY_CONTROL, ...OVERRIDES].map((c) => `a${c}b`),
    'Ada\r\nBcc: b@example.org',
  ],
  acceptedPolicyVersion: [...NO_STRINGS, null, 'x'.repeat(41)],
  code: [
    ...NO_STRINGS,
    null,
    12345678,
    '',
    '1234567',
    '123456789',
    ' 12345678',
    '12345678 ',
    '12345678\n',
    '1234 5678',
    '1234567a',
    '-1234567',
    '1e345678',
    '١٢٣٤٥٦٧٨',
    '１２３４５６７８',
  ],
  password: [
    ...NO_STRINGS,
    null,
    '',
    'x'.repeat(14),
    '\u{1f600}'.repeat(14),
    'x'.repeat(1025),
    '\u{1f600}'.repeat(1025),
    'e\u0301'.repeat(14),
    '\ufdfa'.repeat(100),
  ],
};

/** Names that are kept to the code point. */
const KEPT = [
  "Robert'); DROP TABLE account;--",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}#{7*7}',
  '${jndi:ldap://x/a}',
  '../../../../etc/passwd',
  '%s%n%00%0d%0a',
  '\u{1f469}\u200d\u{1f469}\u200d\u{1f467} & Co.',
  'שלום עולם',
  'الشركة 123',
  'e\u0301 is not \u00e9',
  '\\"\\u0000\\',
  '=cmd|calc',
  'nullundefinedNaN',
  ' leading and trailing ',
  '\u{1f600}'.repeat(200),
  'Zażółć gęślą jaźń',
  '𝒜𝒸𝓂ℯ',
  'Bcc: x@example.org',
  '=?UTF-8?B?QQ==?=',
  '\ufeffmark',
];

describe.each(Object.entries(REFUSED))('the field %s', (field, values) => {
  const ask = field === 'code' || field === 'password' ? confirm : signUp;

  it('refuses what it must, naming itself and nothing of what was sent', async () => {
    for (const value of values) {
      const answer = await ask({ [field]: value });
      const errors = answer.json<{ errors?: object[] }>().errors;
      expect([value, answer.status, answer.code]).toEqual([value, 422, 'request.invalid']);
      expect(errors).toEqual([{ pointer: `/${field}`, code: expect.any(String), message: expect.any(String) }]);
      if (typeof value === 'string' && value.trim().length > 12) expect(answer.text).not.toContain(value);
    }
  });
});

it('refuses a notice that is not in force', async () => {
  for (const version of ['', '2020-01-01', '9999-12-31', '../2026-11-01', '2026-11-01.md', '__proto__'])
    expect((await signUp({ acceptedPolicyVersion: version })).code).toBe('signup.policy_outdated');
});

it.each(KEPT)('keeps a name exactly, and lets none of it into a mail: %s', async (name) => {
  const email = freshEmail();
  const { id } = await api.pending('eu', { email, accountName: name, displayName: name });
  const mail = await installation.mail('eu', id);
  expect(Object.keys(mail.headers)).toEqual([
    'auto-submitted',
    'from',
    'to',
    'subject',
    'message-id',
    'date',
    'mime-version',
    'content-type',
  ]);
  expect(mail.headers['to']).toBe(email);
  expect(mail.text + mail.html).not.toContain(name);
  const made = (await api.confirm('eu', id, await installation.digits('eu', id))).json<Member>();
  expect([made.account.name, made.person.displayName]).toEqual([name, name]);
  const read = await api.ask('eu', `/v1/accounts/${made.account.id}`, { token: made.session.token });
  expect(read.json()).toMatchObject({ name });
});

it('keeps an address as typed, and mails its normal form', async () => {
  const unique = freshEmail().split('@')[0]!;
  for (const [email, to] of [
    [`${unique}.X+Tag@EXAMPLE.org`, `${unique}.x+tag@example.org`],
    [`${unique}@bücher.example`, `${unique}@xn--bcher-kva.example`],
    [`o'${unique}!#$%&*/=?^_\`{|}~@example.org`, `o'${unique}!#$%&*/=?^_\`{|}~@example.org`],
  ] as const) {
    const { id } = await api.pending('eu', { email });
    expect((await installation.mail('eu', id)).headers['to']).toBe(to);
    const made = await api.confirm('eu', id, await installation.digits('eu', id));
    expect(made.json<Member>().person.email).toBe(email);
  }
});

it('accepts any password of 15 to 1024 characters', async () => {
  const alphabet = Array.from({ length: 1024 }, (_, i) => String.fromCodePoint(0x1f300 + ((i * 389) % 1021)));
  for (const password of [
    alphabet.slice(0, 15).join(''),
    alphabet.join(''),
    ' \u202e\r\n\t\u2003\u200b\u00a0 \u2029\u0085\v\f\ufeff\u3000\u2066\u0007',
    '<script>alert(1)</script>',
    "x'); drop table person;--",
    [...'aeiounAEIOUNaou'].map((letter, i) => letter + '\u0301\u0302\u0303'[i % 3]).join(''),
  ]) {
    const { id } = await api.pending('eu');
    expect((await api.confirm('eu', id, await installation.digits('eu', id), password)).status).toBe(201);
  }
});
