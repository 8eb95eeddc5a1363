import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { Problem } from './problem.js';
import { BAD_BODIES } from '../test/bad-bodies.js';
import { JSON_DEPTH_MAX, parseStrictJson } from './strict-json.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const refusal = (bytes: Uint8Array): unknown => {
  try {
    return { parsed: parseStrictJson(bytes) };
  } catch (error) {
    return error;
  }
};

describe('parseStrictJson', () => {
  it('is shown as many bad bodies as it takes (leak row 25)', () => {
    expect(Object.keys(BAD_BODIES).length).toBeGreaterThanOrEqual(190);
  });

  it.each(Object.entries(BAD_BODIES))('refuses %s', (_, bytes) => {
    const error = refusal(bytes);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'request.malformed', message: 'request.malformed', errors: [], members: {} });
    expect((error as Problem).cause).toBeUndefined();
  });

  it.each([
    '{}',
    ' {"a" : "b:c"}\n',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":["a","a",":"]}',
    '{"a":{"b":1},"b":{"a":1},"c":[{"a":1},{"a":2}]}',
    '{"":0,"\\\\":1,"\\"":2,"\\\\\\"":"\\\\"}',
    '{"\\ud83d\\ude00":"\\ud83d\\ude00","\u{1f601}":"\u{1f601}"}',
    '{"A":1,"a":2,"toString":"__proto__","x":"constructor"}',
    '{"n":[-0,1e3,1.5E-2,null,true,false]}',
    `${'{"a":'.repeat(JSON_DEPTH_MAX)}1${'}'.repeat(JSON_DEPTH_MAX)}`,
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseStrictJson(utf8(text))).toEqual(JSON.parse(text));
  });

  it('agrees with JSON.parse on every object it may accept', () => {
    const key = anyText().filter(
      (text) => !text.includes('\0') && !['__proto__', 'constructor', 'prototype'].includes(text),
    );
    const text = anyText().filter((value) => !value.includes('\0'));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.oneof(
          text,
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const object = fc.dictionary(key, value, { maxKeys: 6 });
    fc.assert(
      fc.property(object, fc.constantFrom('', ' ', '\t', '\n  '), fc.boolean(), (body, indent, isEscaped) => {
        const plain = JSON.stringify(body, null, indent);
        const written = isEscaped
          ? plain.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
          : plain;
        expect(parseStrictJson(utf8(written))).toEqual(JSON.parse(written));
      }),
    );
  });

  it('refuses every duplicate, however it is escaped and wherever it stands', () => {
    const key = anyText({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'));
    const escape = (text: string): string =>
      `"${Array.from(text, (c) => Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
    fc.assert(
      fc.property(key, fc.json({ maxDepth: 3 }), fc.nat(5), (name, between, depth) => {
        const inner = `{${JSON.stringify(name)}:1,"${name.length}#":${between},${escape(name)}:2}`;
        const body = `${'{"x":['.repeat(depth)}${inner}${']}'.repeat(depth)}`;
        expect(refusal(utf8(body))).toMatchObject({ code: 'request.malformed' });
      }),
    );
  });

  it('never accepts what JSON.parse refuses and never throws anything else', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.string({ unit: 'grapheme' }).map((text) => utf8(`{"a":${text}}`)),
    );
    const pieces = fc
      .array(fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '"a"', '\\', '1', 'null', ' ', '\\u0000', '\\ud800'), {
        maxLength: 12,
      })
      .map((list) => utf8(list.join('')));
    fc.assert(
      fc.property(fc.oneof(noise, pieces), (bytes) => {
        const result = refusal(bytes);
        if (result instanceof Problem) expect(result.code).toBe('request.malformed');
        else expect(result).toEqual({ parsed: JSON.parse(new TextDecoder().decode(bytes)) as unknown });
      }),
      { numRuns: 500 },
    );
  });

  it('stays linear: 64 kB of keys, of spaces and of escapes each take milliseconds', () => {
    const keys = Array.from({ length: 6000 }, (_, i) => `"k${i}":1`).join(',');
    const bodies = [
      `{${keys}}`,
      `{"a"${' '.repeat(65_000)}:1}`,
      `{"a":"${'\\u0061'.repeat(10_000)}"}`,
      `{"a":[${'"",'.repeat(20_000)}1]}`,
    ];
    for (const body of bodies) {
      const start = performance.now();
      parseStrictJson(utf8(body));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});
