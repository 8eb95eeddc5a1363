import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerKeys } from './sealed-answer.js';

const KEY = 'a-key-of-thirty-two-characters-1';
const SALT = Buffer.alloc(32, 7);
const BOUND = Buffer.from('region id');
const keys = new AnswerKeys(KEY, SALT);

describe('a sealed answer', () => {
  it('opens to the same text under the same key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(new AnswerKeys(KEY, SALT).open(keys.seal(text, BOUND), BOUND)).toBe(text);
      }),
    );
  });

  it('is another one each time, and shows nothing of the text', () => {
    const [first, second] = [keys.seal('a canary', BOUND), keys.seal('a canary', BOUND)];
    expect(first.equals(second)).toBe(false);
    for (const encoding of ['latin1', 'hex', 'base64'] as const)
      expect(first.toString(encoding)).not.toContain(Buffer.from('canary').toString(encoding).slice(0, 6));
  });

  it.each([
    ['another Idempotency-Key', new AnswerKeys(`${KEY.slice(0, -1)}2`, SALT), BOUND],
    ['no Idempotency-Key, though region and database are known', new AnswerKeys('', SALT), BOUND],
    ["another region's salt", new AnswerKeys(KEY, Buffer.alloc(32, 8)), BOUND],
    ['another row', keys, Buffer.from('region ie')],
    ['no row', keys, Buffer.alloc(0)],
  ])('does not open with %s', (_what, other, bound) => {
    const sealed = keys.seal('{"token":"secret"}', BOUND);
    expect(() => other.open(sealed, bound)).toThrow('does not open');
    expect(keys.open(sealed, BOUND)).toBe('{"token":"secret"}');
  });

  it('does not open when any bit of it is flipped, or it is cut or continued', () => {
    const sealed = keys.seal('{"a":1}', BOUND);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >>> 3]! ^= 1 << (bit & 7);
      expect(() => keys.open(changed, BOUND)).toThrow('does not open');
    }
    for (const length of [0, 1, 12, 28, 29, sealed.length - 1])
      expect(() => keys.open(sealed.subarray(0, length), BOUND)).toThrow('does not open');
    expect(() => keys.open(Buffer.concat([sealed, Buffer.of(0)]), BOUND)).toThrow('does not open');
  });

  it('says nothing of what it held when it does not open', () => {
    const message = (() => {
      try {
        return keys.open(randomBytes(60), BOUND);
      } catch (error) {
        return `${(error as Error).message} ${String((error as Error).cause)}`;
      }
    })();
    expect(message).toBe('A kept answer does not open; the row was altered, so it was not used. undefined');
  });
});

describe('a fingerprint', () => {
  const of = (body: object, secret: readonly string[] = []): string => keys.fingerprint(body, secret).toString('hex');

  it('is the same whatever the order of fields, at every depth', () => {
    expect(of({ a: 1, b: { c: [1, 2], d: null } })).toBe(of({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(of(Object.assign(new (class Dto {})(), { a: 1 }))).toBe(of({ a: 1 }));
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: '1' }],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: { b: 1 } }, { a: { c: 1 } }],
    [{ a: '\u00e9' }, { a: 'e\u0301' }],
    [{ a: '' }, {}],
  ])('tells %j from %j', (one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  it('leaves secret fields out, and nothing else', () => {
    expect(of({ a: 1, password: 'x' }, ['password'])).toBe(of({ a: 1, password: 'y' }, ['password']));
    expect(of({ a: 1, password: 'x' }, ['password'])).not.toBe(of({ a: 2, password: 'x' }, ['password']));
    expect(of({ a: { password: 'x' } }, ['password'])).not.toBe(of({ a: { password: 'y' } }, ['password']));
  });

  it('cannot be tested by who lacks the Idempotency-Key', () => {
    const body = { email: 'ada@example.org' };
    expect(new AnswerKeys('another-key-of-the-same-length-1', SALT).fingerprint(body, []).toString('hex')).not.toBe(
      of(body),
    );
  });
});
