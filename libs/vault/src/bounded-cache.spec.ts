import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedCache } from './bounded-cache.js';

describe('a bounded cache', () => {
  it('drops what nobody has used since it came, and keeps what was used', () => {
    const cache = new BoundedCache<number>(3);
    for (const [i, name] of ['a', 'b', 'c'].entries()) cache.set(name, i);
    cache.get('a');
    cache.set('d', 3);
    expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name))).toEqual([0, undefined, 2, 3]);
  });

  it('drops the oldest where all were used', () => {
    const cache = new BoundedCache<number>(2);
    for (const name of ['a', 'b']) {
      cache.set(name, 1);
      cache.get(name);
    }
    cache.set('c', 1);
    expect(['a', 'b', 'c'].map((name) => cache.get(name))).toEqual([undefined, 1, 1]);
  });

  it('is never larger than it may be, and gives back what was put there last or nothing', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.oneof(
      fc.record({ what: fc.constant('set' as const), name, value: fc.nat() }),
      fc.record({ what: fc.constantFrom('get' as const, 'delete' as const), name }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
        const cache = new BoundedCache<number>(max);
        const known = new Map<string, number>();
        for (const each of steps) {
          if (each.what === 'set') {
            cache.set(each.name, each.value);
            known.set(each.name, each.value);
            expect(cache.get(each.name)).toBe(each.value);
          } else if (each.what === 'delete') {
            cache.delete(each.name);
            known.delete(each.name);
            expect(cache.get(each.name)).toBeUndefined();
          } else expect([undefined, known.get(each.name)]).toContain(cache.get(each.name));
          expect(cache.size).toBeLessThanOrEqual(max);
        }
        // Nothing is dropped before there is one too many.
        if (known.size <= max && steps.every(({ what }) => what === 'set'))
          for (const [each, value] of known) expect(cache.get(each)).toBe(value);
      }),
    );
  });
});
