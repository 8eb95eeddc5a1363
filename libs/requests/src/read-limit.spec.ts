import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RegionContext } from '@domicile/residency';
import { ReadLimit } from './read-limit.js';

const of = (name: string): RegionContext =>
  ({ actor: { kind: 'bearer', secret: { hash: createHash('sha256').update(name).digest() } } }) as never;
const nobody = { actor: { kind: 'nobody' } } as unknown as RegionContext;

/** How many reads are let through one after the other. */
function taken(limit: ReadLimit, ctx: RegionContext, tries: number): number {
  let count = 0;
  for (let i = 0; i < tries; i++)
    try {
      limit.take(ctx);
      count++;
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.rate_limited', headers: { 'retry-after': '1' } });
    }
  return count;
}

describe('the bucket of a session', () => {
  it('holds ten seconds of reads, and fills again with time, never above its rim', () => {
    let now = 0;
    const limit = new ReadLimit(5, () => now);
    expect(taken(limit, of('a'), 60)).toBe(50);
    expect(taken(limit, of('a'), 60)).toBe(0);
    now += 1_000;
    expect(taken(limit, of('a'), 60)).toBe(5);
    now += 199;
    expect(taken(limit, of('a'), 60)).toBe(0);
    now += 1;
    expect(taken(limit, of('a'), 60)).toBe(1);
    now += 3_600_000;
    expect(taken(limit, of('a'), 60)).toBe(50);
  });

  it('is its own: another secret has a full one, and nobody has none', () => {
    const limit = new ReadLimit(1, () => 0);
    expect(taken(limit, of('a'), 20)).toBe(10);
    expect(taken(limit, of('b'), 20)).toBe(10);
    expect(taken(limit, nobody, 20)).toBe(20);
  });

  it('is remembered for ten thousand sessions and no more', () => {
    const limit = new ReadLimit(1, () => 0);
    expect(taken(limit, of('first'), 20)).toBe(10);
    for (let i = 0; i < 9_999; i++) limit.take(of(`other ${i}`));
    expect(taken(limit, of('first'), 20)).toBe(0);
    limit.take(of('one more'));
    expect(taken(limit, of('first'), 20)).toBe(10);
  });
});
