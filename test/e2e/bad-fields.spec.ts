import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROVIDER_SETTINGS } from '@domicile/federation';
import { ID_PREFIXES } from '@domicile/runtime';
import type { Api, Member } from '../support/api.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Authenticator } from '../support/authenticator.js';
import { Installation } from '../support/installation.js';
import { type Document, operationsOf, textsOf } from '../support/openapi.js';
import { PeopleOf } from '../support/people.js';
import { KEPT_NAMES, REFUSED_NAMES } from '../support/names.js';
import { Customers } from '../support/whole-life.js';

let installation: Installation;
let api: Api;
let customers: Customers;
let pendingId: string;

beforeAll(async () => {
  installation = await Installation.create();
  customers = await Customers.create(installation);
  api = await installation.start({ settings: customers.outside.settings() });
  await api.startWorkers();
  pendingId = (await api.pending('eu')).id;
});
afterAll(async () => {
  await installation.close();
  await customers.stop();
});

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

describe('what looks like the number of a card', () => {
  const NUMBER = '4111111111111111';
  const SPACED = '4111 1111 1111 1111';
  /** The same with a wrong check digit: no number of any card. */
  const NONE = (text: string): string => text.replaceAll(/1(?=\D*$)/g, '2');
  const REFUSED = 'holds_no_card_number';
  const BILLING = { legalName: 'Acme', addressLines: ['1 Dorset Street'], country: 'DE', taxId: null };
  // Of a network that is never permitted: nothing is looked up.
  const PROVIDER = { issuer: 'https://127.0.0.1', clientId: 'domicile', clientSecret: 'secret' };
  let ada: Member;
  let people: PeopleOf;
  beforeAll(async () => {
    ada = await api.member('eu');
    people = new PeopleOf(api, 'eu');
  });
  /** All but what the worker sends off meanwhile. */
  async function kept(): Promise<object> {
    const { outbox: _, ...counts } = await installation.counts('eu');
    return counts;
  }
  const account = (more = ''): string => `/v1/accounts/${ada.account.id}${more}`;
  const post = (path: string, json: unknown): Promise<Answer> => people.ask(ada, 'POST', path, json);
  const versioned = (method: string, path: string, json: unknown, read = path): Promise<Answer> =>
    people.change(ada, method, path, json, read);

  /** Every field that keeps words of one's own: by operation and pointer how it is sent, and what a number looks like there. */
  const FIELDS: Readonly<Record<string, readonly [send: (text: string) => Promise<Answer>, ...texts: string[]]>> = {
    'POST /v1/regions/{region}/signups /email': [
      (email) => signUp({ email }),
      `${NUMBER}@example.org`,
      'ada+4111-1111-1111-1111@example.org',
      '4111.1111.1111.1111@example.org',
      `ada@${NUMBER}.example.org`,
    ],
    'POST /v1/regions/{region}/signups /accountName': [(accountName) => signUp({ accountName }), SPACED],
    'POST /v1/regions/{region}/signups /displayName': [(displayName) => signUp({ displayName }), `Ada ${NUMBER}`],
    'POST /v1/accounts/{id}/invitations /email': [
      (email) => post(account('/invitations'), { email, role: 'member' }),
      `${NUMBER}@example.org`,
    ],
    'POST /v1/me/address-changes /email': [
      (email) => post('/v1/me/address-changes', { email }),
      `${NUMBER}@example.org`,
    ],
    'PATCH /v1/accounts/{id} /name': [(name) => versioned('PATCH', account(), { name }), `Acme ${SPACED}`],
    'PATCH /v1/me /displayName': [(displayName) => versioned('PATCH', '/v1/me', { displayName }), SPACED],
    'PUT /v1/accounts/{id}/billing /legalName': [
      (legalName) => versioned('PUT', account('/billing'), { ...BILLING, legalName }, account()),
      `Visa ${SPACED}`,
    ],
    'PUT /v1/accounts/{id}/billing /addressLines': [
      (text) => versioned('PUT', account('/billing'), { ...BILLING, addressLines: text.split('|') }, account()),
      '4111-1111|1111-1111',
      `1 Dorset Street|${NUMBER}`,
    ],
    'PUT /v1/accounts/{id}/billing /taxId': [
      (taxId) => versioned('PUT', account('/billing'), { ...BILLING, taxId }, account()),
      NUMBER,
    ],
    'POST /v1/accounts/{id}/tokens /name': [
      (name) => post(account('/tokens'), { name, scopes: ['account.read'], expiresInDays: 1 }),
      `card ${SPACED}`,
    ],
    'POST /v1/me/passkeys /label': [
      (label) =>
        post('/v1/me/passkeys', {
          label,
          passkey: {
            id: 'AAAA',
            rawId: 'AAAA',
            type: 'public-key',
            response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
            clientExtensionResults: {},
          },
        }),
      SPACED,
    ],
    'PATCH /v1/me/passkeys/{id} /label': [
      (label) => people.ask(ada, 'PATCH', `/v1/me/passkeys/${people.madeUp('pky')}`, { label }, { 'if-match': '"v1"' }),
      SPACED,
    ],
    'POST /v1/accounts/{id}/domains /domain': [
      (domain) => post(account('/domains'), { domain }),
      `${NUMBER}.example`,
      'x.4111-1111-1111-1111.example',
    ],
    ...Object.fromEntries(
      (['issuer', 'clientId', 'clientSecret'] as const).map((field) => [
        `PUT /v1/accounts/{id}/provider /${field}`,
        [
          (text: string) => versioned('PUT', account('/provider'), { ...PROVIDER, [field]: text }, account()),
          field === 'issuer' ? `https://127.0.0.1/${NUMBER}` : SPACED,
        ] as const,
      ]),
    ),
  };

  it.each(Object.entries(FIELDS))(
    'is refused by %s, not repeated, and nothing of it kept',
    async (name, [send, ...texts]) => {
      const pointer = name.split(' ')[2]!;
      const before = await kept();
      for (const text of texts) {
        const answer = await send(text);
        const { errors } = answer.json<{ errors?: { pointer: string; code: string }[] }>();
        expect([text, answer.status, errors]).toEqual([
          text,
          422,
          [{ pointer, code: REFUSED, message: expect.not.stringContaining('4111') }],
        ]);
        expect(answer.text).not.toContain('4111');
      }
      expect(await kept()).toEqual(before);
      // It is for its last digit that it was refused.
      for (const text of texts) expect([text, (await send(NONE(text))).text.includes(REFUSED)]).toEqual([text, false]);
    },
  );

  it('is looked for in every field that keeps words; what takes one of a list takes no number either', async () => {
    const document = (await api.ask('eu', '/openapi.json')).json<Document & Record<string, unknown>>();
    const texts = Object.entries(operationsOf(document)).flatMap(([name, { requestBody }]) => {
      const schema = requestBody?.content?.['application/json']?.schema;
      return schema ? textsOf(document, schema).map((pointer) => `${name} ${pointer}`) : [];
    });
    // Secrets and what is compared with one, of which none is kept as it is.
    const SECRETS = /\/(?:code|password|totp|iss|personId|passkey\/[\w/]+)$/;
    const LOOKED_UP = /^POST \/v1\/(?:sessions|recoveries|sign-ins\/provider) \/email$/;
    const LISTED: Readonly<Record<string, () => Promise<Answer>>> = {
      'POST /v1/regions/{region}/signups /acceptedPolicyVersion': () => signUp({ acceptedPolicyVersion: NUMBER }),
      'PATCH /v1/me/preferences /timeZone': () =>
        versioned('PATCH', '/v1/me/preferences', { timeZone: `Europe/${NUMBER}` }),
      'PUT /v1/accounts/{id}/billing /country': () =>
        versioned('PUT', account('/billing'), { ...BILLING, country: NUMBER }, account()),
    };
    const kept = texts.filter((each) => !SECRETS.test(each) && !LOOKED_UP.test(each));
    expect(kept.sort()).toEqual([...Object.keys(FIELDS), ...Object.keys(LISTED)].sort());
    for (const [name, send] of Object.entries(LISTED)) {
      const answer = await send();
      expect([name, answer.status, answer.text.includes('4111')]).toEqual([name, 422, false]);
    }
    expect((await versioned('PATCH', '/v1/me/preferences', { language: NUMBER })).status).toBe(422);
  });

  it('is an address like any other to who asks for a way in with it', async () => {
    const unknown = freshEmail();
    for (const [path, json] of [
      ['/v1/recoveries', {}],
      ['/v1/sessions', { password: PASSWORD }],
    ] as const) {
      const [number, other] = await Promise.all(
        [`${NUMBER}@example.org`, unknown].map((email) => api.ask('eu', path, { json: { email, ...json } })),
      );
      expect([number!.status, number!.code]).toEqual([other!.status, other!.code]);
      expect(number!.status).not.toBe(422);
    }
  });
});

describe('an address of a domain beyond ASCII', () => {
  const signedUp = async (email: string): Promise<Answer> => {
    const { id } = await api.pending('eu', { email });
    return api.confirm('eu', id, await installation.digits('eu', id));
  };

  it.each([
    ['in its A-label', 'b\u00fccher.example', 'XN--BCHER-KVA.example'],
    ['with the marks of its letters apart', 'b\u00fccher.example', 'bu\u0308cher.example'],
    [
      'in wide letters and with an ideographic full stop',
      'example.org',
      '\uff25\uff38\uff21\uff2d\uff30\uff2c\uff25\u3002org',
    ],
  ])('is the same person %s', async (_how, one, other) => {
    const local = freshEmail().split('@')[0]!;
    expect((await signedUp(`${local}@${one}`)).status).toBe(201);
    expect((await signedUp(`${local}@${other}`)).code).toBe('signup.address_taken');
  });

  it.each([
    ['an a that is Cyrillic', 'example.org', 'ex\u0430mple.org', 'xn--exmple-4nf.org'],
    ['an o that is Greek', 'example.org', 'example.\u03bfrg', 'example.xn--rg-ibc'],
    ['a sharp s, which is no ss', 'strasse.example', 'stra\u00dfe.example', 'xn--strae-oqa.example'],
  ])('is another person, mailed to at its own domain, with %s', async (_what, plain, domain, mailed) => {
    const local = freshEmail().split('@')[0]!;
    expect((await signedUp(`${local}@${plain}`)).status).toBe(201);
    const { id } = await api.pending('eu', { email: `${local}@${domain}` });
    expect((await installation.mail('eu', id)).headers['to']).toBe(`${local}@${mailed}`);
    expect((await api.confirm('eu', id, await installation.digits('eu', id))).status).toBe(201);
  });
});

describe('what somebody who is signed in types', () => {
  let ada: Member;
  let people: PeopleOf;
  let passkey: string;
  const at = (more: string): string => `/v1/accounts/${ada.account.id}${more}`;
  const BILL = { legalName: 'Acme', addressLines: ['1 Dorset Street'], country: 'LI', taxId: null };
  const bill = (change: object): Promise<Answer> =>
    people.change(ada, 'PUT', at('/billing'), { ...BILL, ...change }, at(''));
  const provider = (change: object): Promise<Answer> => {
    const json = { issuer: customers.issuer('naughty'), clientId: 'us', clientSecret: 'between us', ...change };
    return people.change(ada, 'PUT', at('/provider'), json, at(''));
  };
  const token = (change: object): Promise<Answer> =>
    people.ask(ada, 'POST', at('/tokens'), { name: 'x', scopes: ['account.read'], expiresInDays: 1, ...change });

  beforeAll(async () => {
    ada = await api.member('eu');
    people = new PeopleOf(api, 'eu');
    const options = await people.ask(ada, 'POST', '/v1/me/passkey-options');
    const device = new Authenticator(api.origin('eu'));
    const json = { passkey: device.create(options.json<Parameters<Authenticator['create']>[0]>()), label: null };
    passkey = `/v1/me/passkeys/${(await people.ask(ada, 'POST', '/v1/me/passkeys', json)).json<{ id: string }>().id}`;
  });

  /** Printable ASCII is what HTTP takes (RFC 6749 appendix A.1). */
  const NO_CREDENTIALS = [
    ...[...NO_STRINGS, null, '', 'x'.repeat(501)],
    ...['a\r\nb', 'a\u0001b', '\u0430', 'a\u202eb', 'a\u200bb'],
  ];
  /** By field: how it is sent and read again, what it refuses, and what it keeps to the code unit. */
  const FIELDS: Readonly<
    Record<
      string,
      {
        send: (value: unknown) => Promise<Answer>;
        read?: (answer: Answer) => Promise<unknown>;
        refused: readonly unknown[];
        kept?: readonly string[];
        pointer: string;
      }
    >
  > = {
    'name of an API token': {
      send: (name) => token({ name }),
      read: async (made) => {
        const { id } = made.json<{ id: string }>();
        const { tokens } = (await people.ask(ada, 'GET', at('/tokens'))).json<{
          tokens: { id: string; name: string }[];
        }>();
        await people.ask(ada, 'DELETE', at(`/tokens/${id}`));
        return tokens.find((each) => each.id === id)!.name;
      },
      refused: [...NO_STRINGS, null, ...REFUSED_NAMES],
      kept: KEPT_NAMES,
      pointer: '/name',
    },
    'label of a passkey': {
      send: (label) => people.change(ada, 'PATCH', passkey, { label }),
      read: async () => (await people.ask(ada, 'GET', passkey)).json()['label'],
      refused: [...NO_STRINGS, ...REFUSED_NAMES],
      kept: KEPT_NAMES,
      pointer: '/label',
    },
    'name on the bill': {
      send: (legalName) => bill({ legalName }),
      read: async () => (await people.ask(ada, 'GET', at('/billing'))).json()['legalName'],
      refused: [...NO_STRINGS, null, ...REFUSED_NAMES],
      kept: KEPT_NAMES,
      pointer: '/legalName',
    },
    'address on the bill': {
      send: (line) => bill({ addressLines: ['first', line] }),
      read: async () =>
        (await people.ask(ada, 'GET', at('/billing'))).json<{ addressLines: string[] }>().addressLines[1],
      refused: [...NO_STRINGS.slice(1), null, ...REFUSED_NAMES],
      kept: KEPT_NAMES,
      pointer: '/addressLines',
    },
    'country on the bill': {
      send: (country) => bill({ country }),
      refused: [...NO_STRINGS, null, '', 'D', 'XX', 'ZZ', 'DEU', 'EU', 'DE\n', '\u0414\u0415', '__proto__'],
      pointer: '/country',
    },
    'tax id on the bill': {
      send: (taxId) => bill({ taxId }),
      refused: [
        ...NO_STRINGS,
        '',
        ' ',
        'x'.repeat(31),
        'A\u0001B',
        'A\u202eB',
        "1'; drop table account;--",
        '\u0661\u0662\u0663',
      ],
      pointer: '/taxId',
    },
    'address of an invitation': {
      send: (email) => people.ask(ada, 'POST', at('/invitations'), { email, role: 'member' }),
      refused: REFUSED['email']!,
      pointer: '/email',
    },
    'role of an invitation': {
      send: (role) => people.ask(ada, 'POST', at('/invitations'), { email: freshEmail(), role }),
      refused: [...NO_STRINGS, null, '', 'Owner', 'member ', 'admin,owner', '__proto__', 'constructor', 'm\u0435mber'],
      pointer: '/role',
    },
    'issuer of a provider': {
      send: (issuer) => provider({ issuer }),
      refused: [
        ...NO_STRINGS,
        null,
        '',
        'localhost',
        'https://',
        'http://localhost/naughty',
        'HTTPS://localhost/naughty',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'https://a:b@localhost/naughty',
        'https://localhost/naughty?tenant=x',
        'https://localhost/naughty#x',
        'https://localhost/naughty\r\nHost: example.org',
        ' https://localhost/naughty',
        `https://localhost/${'x'.repeat(500)}`,
      ],
      pointer: '/issuer',
    },
    'client at a provider': {
      send: (clientId) => provider({ clientId }),
      refused: NO_CREDENTIALS,
      pointer: '/clientId',
    },
    'secret of a provider': {
      send: (clientSecret) => provider({ clientSecret }),
      refused: NO_CREDENTIALS,
      pointer: '/clientSecret',
    },
    'client at a provider, and its secret,': {
      send: (value) => provider({ clientId: value, clientSecret: value }),
      read: async () => {
        const { clientId } = (await people.ask(ada, 'GET', at('/provider'))).json<{ clientId: string }>();
        return clientId === (await secretOf()) ? clientId : undefined;
      },
      refused: [],
      kept: KEPT_NAMES.filter((text) => /^[ -~]+$/.test(text)),
      pointer: '',
    },
  };

  /** It is shown to nobody: what is sealed of it. */
  const secretOf = (): Promise<unknown> =>
    installation.opening('eu', async (opener) => {
      const [row] = await people.sql('select id, account_id, sealed from own_provider');
      const subject = opener.id(row!['account_id'], ID_PREFIXES.account);
      const fields = await opener.open(
        PROVIDER_SETTINGS,
        subject,
        opener.id(row!['id'], ID_PREFIXES.provider),
        row!['sealed'],
      );
      return fields.providerClientSecret;
    });

  it.each(Object.entries(FIELDS).filter(([, { refused }]) => refused.length > 0))(
    'is refused where it must be, without a word of it: the %s',
    async (_what, field) => {
      for (const value of field.refused) {
        const answer = await field.send(value);
        expect([value, answer.status, answer.code]).toEqual([value, 422, 'request.invalid']);
        const errors = answer.json<{ errors: object[] }>().errors;
        expect(errors).toEqual([{ pointer: field.pointer, code: expect.any(String), message: expect.any(String) }]);
        if (typeof value === 'string' && value.trim().length > 12) expect(answer.text).not.toContain(value);
      }
    },
  );

  it.each(Object.entries(FIELDS).filter(([, { kept }]) => kept !== undefined))(
    'is kept exactly, and stands in no row and no line: the %s',
    async (_what, { send, read, kept }) => {
      for (const value of kept!) {
        const answer = await send(value);
        expect([value, answer.status]).toEqual([value, answer.status === 201 ? 201 : 200]);
        expect(await read!(answer)).toBe(value);
      }
      const written = (await installation.dump('eu')) + installation.written;
      expect(kept!.filter((value) => value.length > 12 && written.includes(value))).toEqual([]);
    },
  );
});
