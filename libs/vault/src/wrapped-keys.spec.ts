import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RECORD_BYTES, WRAPPED_BYTES, WrappedKeys } from './wrapped-keys.js';

interface Key {
  readonly id: Buffer;
  readonly version: number;
  readonly bytes: Buffer;
}

function record({ id, version, bytes }: Key): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(version);
  return Buffer.concat([id, head, bytes]);
}

function fresh(id = randomBytes(16)): Key {
  return { id, version: 1, bytes: randomBytes(WRAPPED_BYTES) };
}

const hexOf = ({ id }: Key): string => id.toString('hex');

describe('wrapped keys in memory', () => {
  it('gives back each of many as it was taken in, and none that was not', () => {
    const held = new WrappedKeys(100_000);
    const keys = Array.from({ length: 20_000 }, () => fresh());
    for (let i = 0; i < keys.length; i += 1_000) held.take(Buffer.concat(keys.slice(i, i + 1_000).map(record)));
    expect(keys.filter((key) => held.get(hexOf(key))?.bytes.equals(key.bytes) !== true)).toEqual([]);
    expect(Array.from({ length: 1_000 }, () => held.get(hexOf(fresh()))).filter(Boolean)).toEqual([]);
  });

  it('behaves like a Map under any order of taking in, forgetting and taking in again', () => {
    // Few ids whose hashes collide: they end in the same bytes.
    const ids = Array.from({ length: 12 }, (_, i) => Buffer.concat([Buffer.from([i]), Buffer.alloc(15, 7)]));
    const step = fc.record({ at: fc.nat(11), forget: fc.boolean(), version: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const held = new WrappedKeys(1_000);
        const model = new Map<number, Key | 'forgotten'>();
        for (const { at, forget, version } of steps) {
          const key = { ...fresh(ids[at]), version };
          if (forget) {
            held.forget(hexOf(key));
            if (model.has(at)) model.set(at, 'forgotten');
          } else {
            held.take(record(key));
            if (model.get(at) !== 'forgotten') model.set(at, key);
          }
        }
        ids.forEach((id, at) => {
          const expected = model.get(at);
          const got = held.get(id.toString('hex'));
          if (expected === undefined || expected === 'forgotten') expect(got).toBeUndefined();
          else expect(got).toEqual({ version: expected.version, bytes: expected.bytes });
        });
      }),
    );
  });

  it('takes no more than its bound, and still replaces what it has', () => {
    const held = new WrappedKeys(2);
    const [first, second, third] = [fresh(), fresh(), fresh()];
    held.take(Buffer.concat([first, second, third].map((key) => record(key))));
    expect(held.isFull).toBe(true);
    expect(held.get(hexOf(third))).toBeUndefined();
    const again = { ...first, version: 2, bytes: randomBytes(WRAPPED_BYTES) };
    held.take(record(again));
    expect(held.get(hexOf(first))).toEqual({ version: 2, bytes: again.bytes });
  });

  it('leaves out a record that is cut off', () => {
    const held = new WrappedKeys(10);
    const key = fresh();
    held.take(record(key).subarray(0, RECORD_BYTES - 1));
    expect(held.get(hexOf(key))).toBeUndefined();
  });
});
