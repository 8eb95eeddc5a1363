import { describe, expect, it } from '@jest/globals';
import type { RegionContext } from '@domicile/residency';
import { verify } from '@node-rs/argon2';
import { normalisePassword, PasswordHasher } from './password.js';

describe('normalisePassword', () => {
  it('counts code points after NFKC, 15 to 1024', () => {
    expect(normalisePassword('x'.repeat(14))).toBeNull();
    expect(normalisePassword('x'.repeat(15))).toBe('x'.repeat(15));
    expect(normalisePassword('😀'.repeat(15))).toBe('😀'.repeat(15));
    expect(normalisePassword('x'.repeat(1024))).toHaveLength(1024);
    expect(normalisePassword('x'.repeat(1025))).toBeNull();
    expect(normalisePassword('ﬁ'.repeat(8))).toBe('fi'.repeat(8));
    expect(normalisePassword('e\u0301'.repeat(14))).toBeNull();
  });

  it('makes one form of what two keyboards type', () => {
    expect(normalisePassword('Ångström Ångström')).toBe(normalisePassword('A\u030angstro\u0308m \u212bngström'));
  });

  it('refuses what is not well-formed or holds NUL, and keeps everything else', () => {
    expect(normalisePassword(`${'x'.repeat(20)}\ud800`)).toBeNull();
    expect(normalisePassword(`${'x'.repeat(20)}\0`)).toBeNull();
    expect(normalisePassword('  spaces are mine  ')).toBe('  spaces are mine  ');
  });
});

describe('PasswordHasher', () => {
  const within = (remainingMilliseconds: number) => ({ remainingMilliseconds }) as RegionContext;
  const wanted = () => Promise.resolve();

  it('makes a PHC string of argon2id with at least 19 MiB', async () => {
    const phc = await new PasswordHasher().phc(within(1000), 'correct horse battery', wanted);
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(phc, 'correct horse battery')).toBe(true);
  });

  /** A hasher whose hashes end when told to. */
  function held() {
    const ends: (() => void)[] = [];
    const hasher = new PasswordHasher((password) => new Promise((resolve) => ends.push(() => resolve(password))));
    const flush = () => new Promise((resolve) => setImmediate(resolve));
    return { ends, hasher, flush };
  }

  it('hashes two at a time, in the order in which they came', async () => {
    const { ends, hasher, flush } = held();
    const all = ['a', 'b', 'c', 'd'].map((password) => hasher.phc(within(10_000), password, wanted));
    for (const [done, begun] of [2, 3, 4].entries()) {
      await flush();
      expect(ends).toHaveLength(begun);
      ends[done]!();
    }
    ends.at(-1)!();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses the 67th at once and who has waited past the deadline', async () => {
    const { ends, hasher, flush } = held();
    const late = [1, 2].map(() => hasher.phc(within(10_000), 'x', wanted));
    const waiting = Array.from({ length: 64 }, () =>
      hasher.phc(within(20), 'x', wanted).catch((error: { code: string }) => error.code),
    );
    await expect(hasher.phc(within(10_000), 'x', wanted)).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(await Promise.all(waiting)).toEqual(Array(64).fill('server.unavailable'));
    ends.forEach((end) => end());
    await Promise.all(late);
    const next = hasher.phc(within(10_000), 'y', wanted);
    await flush();
    ends.at(-1)!();
    expect(await next).toBe('y');
  });

  it('asks again after a wait, and spends no hash on what is no longer wanted', async () => {
    const { ends, hasher, flush } = held();
    const first = [1, 2].map(() =>
      hasher.phc(within(10_000), 'x', () => Promise.reject(new Error('not asked without a wait'))),
    );
    const third = hasher.phc(within(10_000), 'x', () => Promise.reject(new Error('over')));
    await flush();
    ends[0]!();
    await expect(third).rejects.toThrow('over');
    expect(ends).toHaveLength(2);
    ends[1]!();
    await Promise.all(first);
  });
});
