import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import fc from 'fast-check';
import { anyText } from '../support/any-text.js';
import type { Api, Member } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';
import { freshName, KEPT_NAMES, NAME_LENGTH_MAX, REFUSED_NAMES } from '../support/names.js';

let installation: Installation;
let api: Api;
const people: Record<string, { ada: Member; twin: Member }> = {};
/** Everything that was ever accepted as a name, by region. */
const accepted: Record<string, string[]> = { eu: [], us: [] };

beforeAll(async () => {
  installation = await Installation.create();
  api = await installation.start();
  for (const code of ['eu', 'us']) {
    const [ada, twin] = await Promise.all([api.member(code), api.member(code)]);
    people[code] = { ada, twin };
  }
});
afterAll(() => installation.close());

/** What can be changed, and where its text stands in an answer. */
interface Resource {
  readonly field: 'name' | 'displayName';
  readonly path: (of: Member) => string;
  readonly textOf: (answer: Answer) => string | null;
}
const RESOURCES: readonly (readonly [string, Resource])[] = [
  [
    'the name of an account',
    {
      field: 'name',
      path: ({ account }) => `/v1/accounts/${account.id}`,
      textOf: (answer) => answer.json<{ name: string }>().name,
    },
  ],
  [
    'what a person is called',
    {
      field: 'displayName',
      path: () => '/v1/me',
      textOf: (answer) => answer.json<{ person: Member['person'] }>().person.displayName,
    },
  ],
];
const CASES = RESOURCES.flatMap(([what, resource]) =>
  (['eu', 'us'] as const).map((code) => [what, code, resource] as const),
);

describe.each(CASES)('%s in %s', (_what, code, { field, path, textOf }) => {
  const ada = (): Member => people[code]!.ada;
  const read = (of: Member = ada()): Promise<Answer> => api.ask(code, path(of), { token: of.session.token });
  const write = async (etag: string, value: unknown, token = ada().session.token): Promise<Answer> => {
    const answer = await api.patch(code, path(ada()), token, etag, { [field]: value });
    if (answer.status === 200 && typeof value === 'string') accepted[code]!.push(value);
    return answer;
  };
  const etagNow = async (): Promise<string> => (await read()).headers.etag!;

  it('changes under the ETag that was read, and gives the next one', async () => {
    const before = await read();
    const value = `Name ${freshName()}`;
    const changed = await write(before.headers.etag!, value);
    expect([changed.status, textOf(changed)]).toEqual([200, value]);
    expect(changed.headers.etag).toMatch(/^"v[1-9]\d*"$/);
    expect(changed.headers.etag).not.toBe(before.headers.etag);
    const after = await read();
    expect([after.text, after.headers.etag]).toEqual([changed.text, changed.headers.etag]);
    // Nothing but what was changed.
    expect(JSON.stringify(after.json()).replace(JSON.stringify(value), '')).toBe(
      JSON.stringify(before.json()).replace(JSON.stringify(textOf(before)), ''),
    );
    const same = await write(after.headers.etag!, value);
    expect([same.status, same.headers.etag === after.headers.etag]).toEqual([200, false]);
  });

  it('stays as it is under every other ETag', async () => {
    const old = await etagNow();
    const current = await write(old, 'current');
    const version = Number(current.headers.etag!.slice(2, -1));
    const headers: [string | undefined, number, string][] = [
      [old, 412, 'request.precondition_failed'],
      [`"v${version + 1}"`, 412, 'request.precondition_failed'],
      ['"v999999999"', 412, 'request.precondition_failed'],
      [undefined, 428, 'request.precondition_required'],
      ['*', 400, 'request.precondition_malformed'],
      ['', 400, 'request.precondition_malformed'],
      [`v${version}`, 400, 'request.precondition_malformed'],
      [`"${version}"`, 400, 'request.precondition_malformed'],
      [`W/"v${version}"`, 400, 'request.precondition_malformed'],
      [`"v0${version}"`, 400, 'request.precondition_malformed'],
      [`"v${version}", "v${version + 1}"`, 400, 'request.precondition_malformed'],
      ['"v9999999999"', 400, 'request.precondition_malformed'],
      ['"v-1"', 400, 'request.precondition_malformed'],
      ['"v1e1"', 400, 'request.precondition_malformed'],
    ];
    for (const [tag, status, problem] of headers) {
      const answer = await api.ask(code, path(ada()), {
        method: 'PATCH',
        token: ada().session.token,
        headers: tag === undefined ? {} : { 'if-match': tag },
        json: { [field]: 'never' },
      });
      expect([tag, answer.status, answer.code]).toEqual([tag, status, problem]);
    }
    const after = await read();
    expect([after.headers.etag, after.text]).toEqual([current.headers.etag, current.text]);
  });

  it('changes once when two change it at once', async () => {
    for (let round = 0; round < 10; round++) {
      const etag = await etagNow();
      const values = [`one ${round}`, `two ${round}`];
      const answers = await Promise.all(values.map((value) => write(etag, value)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const winner = answers.findIndex(({ status }) => status === 200);
      expect(textOf(await read())).toBe(values[winner]);
    }
  });

  it('loses none of fifty changes by five who read and write', async () => {
    await write(await etagNow(), '.');
    const append = async (letter: string): Promise<void> => {
      for (;;) {
        const now = await read();
        const { status } = await write(now.headers.etag!, textOf(now) + letter);
        if (status === 200) return;
        expect(status).toBe(412);
      }
    };
    const letters = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      letters.map(async (letter) => {
        for (let i = 0; i < 10; i++) await append(letter);
      }),
    );
    const text = textOf(await read())!;
    expect([...text].sort().join('')).toBe(`.${letters.map((letter) => letter.repeat(10)).join('')}`);
  });

  it('shows in fifty reads and writes in a row exactly what was written', async () => {
    let etag = await etagNow();
    for (let i = 0; i < 50; i++) {
      const value = `${i} ${freshName()}`;
      const changed = await write(etag, value);
      const seen = await read();
      expect([changed.status, textOf(changed), textOf(seen)]).toEqual([200, value, value]);
      expect(Number(changed.headers.etag!.slice(2, -1))).toBe(Number(etag.slice(2, -1)) + 1);
      etag = seen.headers.etag!;
    }
  });

  it.each(KEPT_NAMES)('is kept exactly: %j', async (value) => {
    expect((await write(await etagNow(), value)).status).toBe(200);
    expect(textOf(await read())).toBe(value);
  });

  it.each([...REFUSED_NAMES, 1, true, [], ['a'], { a: 1 }, undefined])('is refused by name: %j', async (value) => {
    const before = await read();
    const answer = await write(before.headers.etag!, value);
    expect([answer.status, answer.code]).toEqual([422, 'request.invalid']);
    expect(answer.json()['errors']).toEqual([
      { pointer: `/${field}`, code: 'is_plain_text', message: expect.stringMatching(/^The value .*\.$/) },
    ]);
    if (typeof value === 'string' && value.length > 4) expect(answer.text).not.toContain(value);
    expect((await read()).headers.etag).toBe(before.headers.etag);
  });

  it('can be taken back where it may be left out', async () => {
    const before = await read();
    const answer = await write(before.headers.etag!, null);
    expect(answer.status).toBe(field === 'displayName' ? 200 : 422);
    expect(textOf(await read())).toBe(field === 'displayName' ? null : textOf(before));
    await write(await etagNow(), 'something again');
  });

  it.each(['\\ud800', '\\udc00\\ud800', 'a\\udfff', '\\u0000', 'a\\u0000b', '\\ud83d\\u0041'])(
    'is refused with one fixed sentence when it is no text: %s',
    async (escaped) => {
      const etag = await etagNow();
      const answer = await api.ask(code, path(ada()), {
        method: 'PATCH',
        token: ada().session.token,
        headers: { 'if-match': etag, 'content-type': 'application/json' },
        body: Buffer.from(`{"${field}":"${escaped}"}`),
      });
      expect([answer.status, answer.code]).toEqual([400, 'request.malformed']);
      expect(await etagNow()).toBe(etag);
    },
  );

  it('is kept exactly or refused by name, whatever text it is', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 0, maxLength: 60 }),
      anyText({ minLength: 0, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('a', 'א', 'ع', '\u200f', '\u202e', '\u0301', '😀', ' ', '\n'), maxLength: 12 }),
    );
    let etag = await etagNow();
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const answer = await write(etag, value);
        const seen = await read();
        if (answer.status === 200) {
          kept++;
          expect([textOf(answer), textOf(seen)]).toEqual([value, value]);
          expect([...value].length).toBeLessThanOrEqual(NAME_LENGTH_MAX);
        } else if (value.includes('\0')) {
          expect([answer.status, answer.code]).toEqual([400, 'request.malformed']);
        } else {
          expect([answer.status, answer.code]).toEqual([422, 'request.invalid']);
          expect(answer.json<{ errors: { pointer: string }[] }>().errors[0]!.pointer).toBe(`/${field}`);
        }
        expect(answer.status === 200).toBe(seen.headers.etag !== etag);
        etag = seen.headers.etag!;
      }),
      { numRuns: 100 },
    );
    expect(kept).toBeGreaterThan(20);
  });

  it('takes nothing else along', async () => {
    const etag = await etagNow();
    for (const json of [
      {},
      { [field]: 'x', id: ada().account.id },
      { [field]: 'x', status: 'erased' },
      { [field]: 'x', version: 99 },
      { [field]: 'x', email: 'x@example.org' },
      { [field === 'name' ? 'displayName' : 'name']: 'x' },
    ]) {
      const answer = await api.patch(code, path(ada()), ada().session.token, etag, json);
      expect([json, answer.status]).toEqual([json, 422]);
    }
    expect(await etagNow()).toBe(etag);
  });

  it('is not changed by anybody else, with the right ETag in hand', async () => {
    const { twin } = people[code]!;
    const other = code === 'eu' ? 'us' : 'eu';
    const stranger = people[other]!.ada;
    const before = await read();
    const etag = before.headers.etag!;
    if (field === 'name')
      expect(await write(etag, 'stolen', twin.session.token)).toMatchObject({
        status: 404,
        code: 'residency.not_found',
      });
    else expect((await write('"v1"', 'of the twin', twin.session.token)).status).toBe(200);
    expect(await write(etag, 'stolen', stranger.session.token)).toMatchObject({ status: 421 });
    const elsewhere = await api.patch(other, path(ada()), ada().session.token, etag, { [field]: 'stolen' });
    expect(elsewhere.status).toBe(421);
    const { token } = ada().session;
    const altered = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    expect((await write(etag, 'stolen', altered)).status).toBe(401);
    expect((await read()).text).toBe(before.text);
  });
});

describe.each(['eu', 'us'])('an account of several people in %s', (code) => {
  it('is renamed by its owners and read by all', async () => {
    const { ada, twin } = people[code]!;
    const ids = new IdCodec(api.regions);
    const region = api.regions.get(code);
    const uuid = (id: string): string => ids.encode(id, id.slice(0, id.indexOf('_')), region);
    await installation
      .site(code)
      .database.sql(
        'superuser',
        "insert into membership (account_id, id, person_id, role) values ($1, $2, $3, 'member')",
        [ada.account.id, ids.mint('mbr', region), twin.person.id].map(uuid),
      );
    const path = `/v1/accounts/${ada.account.id}`;
    const read = await api.ask(code, path, { token: twin.session.token });
    expect([read.status, read.json()['role']]).toEqual([200, 'member']);
    const answer = await api.patch(code, path, twin.session.token, read.headers.etag!, { name: 'of the member' });
    expect([answer.status, answer.code]).toEqual([403, 'account.right_missing']);
    const after = await api.ask(code, path, { token: ada.session.token });
    expect(after.headers.etag).toBe(read.headers.etag);
  });
});

describe('what people are called', () => {
  it('stands nowhere in clear: in no row and no line', async () => {
    const distinct = (code: string): string[] => accepted[code]!.filter((name) => Buffer.byteLength(name) >= 12);
    for (const code of ['eu', 'us']) {
      expect(distinct(code).length).toBeGreaterThan(100);
      const dump = await installation.dump(code);
      // It is a dump of what was changed, and not of nothing.
      expect(dump).toContain(',active,');
      for (const name of [...distinct('eu'), ...distinct('us')]) {
        expect(dump).not.toContain(name);
        expect(dump).not.toContain(Buffer.from(name).toString('hex'));
        expect(installation.written).not.toContain(name);
      }
    }
  });
});
