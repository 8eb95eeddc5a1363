import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import { hashArgon2id, verifyArgon2id } from './password/argon2id.js';
import type { PasswordWork } from './password/work.js';
import { normalisePassword, PASSWORD_REFUSALS, PasswordHasher } from './password.js';

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
  const noWork: PasswordWork = {
    hash: () => Promise.reject(new Error('not asked to hash')),
    verify: () => Promise.reject(new Error('not asked to verify')),
    isKnown: () => Promise.resolve(false),
  };

  it('makes a PHC string of argon2id with at least 19 MiB', async () => {
    const hasher = new PasswordHasher({ ...noWork, hash: hashArgon2id });
    const phc = await hasher.phc(within(10_000), 'correct horse battery', wanted);
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyArgon2id('correct horse battery', phc)).toBe(true);
  });

  // RFC 9106's vector has associated data, which the package takes none of, and published PHC strings have shorter salts than ours may.
  it('is the argon2id of RFC 9106: what another library makes of the same salt, whose own answer is that of section 5.3', async () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      ...{ memory: 32, passes: 3, parallelism: 4, tagLength: 32 },
    });
    expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
    const password = 'correct horse ä \u{1f600}';
    const [, , , , salt, hash] = (await hashArgon2id(password)).split('$');
    const nonce = Buffer.from(salt!, 'base64');
    const same = { message: password, nonce, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
    expect([nonce.length, Buffer.from(hash!, 'base64')]).toEqual([16, argon2Sync('argon2id', same)]);
    // And what that one makes at another cost is verified by ours.
    const dear = argon2Sync('argon2id', { ...same, memory: 64, passes: 3, parallelism: 2 }).toString('base64');
    const phc = `$argon2id$v=19$m=64,t=3,p=2$${salt}$${dear.replace(/=+$/, '')}`;
    expect([await verifyArgon2id(password, phc), await verifyArgon2id(`${password}!`, phc)]).toEqual([true, false]);
  });

  /** A hasher whose hashes end when told to. */
  function held() {
    const ends: (() => void)[] = [];
    const hash = (password: string): Promise<string> => new Promise((resolve) => ends.push(() => resolve(password)));
    const hasher = new PasswordHasher({ ...noWork, hash });
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

  it('answers at the deadline, and gives the place away only when the hash has ended', async () => {
    const { ends, hasher, flush } = held();
    const late = [1, 2].map(() => hasher.phc(within(20), 'x', wanted).catch((error: { code: string }) => error.code));
    expect(await Promise.all(late)).toEqual(['server.unavailable', 'server.unavailable']);
    const next = hasher.phc(within(10_000), 'next', wanted);
    await flush();
    expect(ends).toHaveLength(2);
    ends[0]!();
    await flush();
    ends[2]!();
    expect(await next).toBe('next');
  });

  it('keeps the line moving when waiters leave it, whatever fails', async () => {
    let asked = 0;
    const hash = (): Promise<string> => {
      if (++asked % 3 === 0) throw new Error('thrown, not rejected');
      return Promise.reject(new Problem('server.unavailable'));
    };
    const hasher = new PasswordHasher({ ...noWork, hash });
    const all = Array.from({ length: 60 }, (_, i) => hasher.phc(within(i % 2 ? 10_000 : 0), 'x', wanted));
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(60).fill('rejected'));
    const sound = Array.from({ length: 3 }, () => hasher.phc(within(10_000), 'x', wanted));
    expect((await Promise.allSettled(sound)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(asked).toBeGreaterThan(30);
  });

  describe('verifying', () => {
    const asked: string[][] = [];
    const verify = (...words: [string, string]): Promise<boolean> => {
      asked.push(words);
      return verifyArgon2id(...words);
    };
    const hasher = new PasswordHasher({ ...noWork, verify });

    it('knows the password from every other one', async () => {
      const phc = await hashArgon2id('correct horse battery');
      expect(await hasher.verify(within(10_000), 'correct horse battery', phc)).toBe(true);
      expect(await hasher.verify(within(10_000), 'correct horse batterY', phc)).toBe(false);
      expect(await hasher.verify(within(10_000), '', phc)).toBe(false);
    });

    it('does the same work for nobody, and says no even to the password of the dummy', async () => {
      asked.length = 0;
      expect(await hasher.verify(within(10_000), 'correct horse battery', null)).toBe(false);
      const [[password, dummy] = []] = asked;
      expect(password).toBe('correct horse battery');
      const cost = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/;
      const phc = await hashArgon2id('x');
      expect(cost.exec(dummy!)![0]).toBe(cost.exec(phc)![0]);
      // Salt and hash as long as real ones, or the time would differ.
      expect(dummy!.split('$').map((part) => part.length)).toEqual(phc.split('$').map((part) => part.length));
      const always = new PasswordHasher({ ...noWork, verify: () => Promise.resolve(true) });
      expect(await always.verify(within(10_000), 'x'.repeat(20), null)).toBe(false);
    });

    it.each([
      ['nothing', ''],
      ['a password in clear', 'correct horse battery'],
      ['another algorithm', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
      ['argon2i', '$argon2i$v=19$m=19456,t=2,p=1$bm9ib2R5cy1zYWx0LTE2Yg$bm8tcGFzc3dvcmQtaGFzaGVzLXRvLXRoZXNlLTMyLWI'],
      ['a hash cut short', '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cy1zYWx0LTE2Yg$bm8tcGFz'],
      [
        'a line feed after it',
        '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cy1zYWx0LTE2Yg$bm8tcGFzc3dvcmQtaGFzaGVzLXRvLXRoZXNlLTMyLWI\n',
      ],
      [
        'a cost to hang us',
        '$argon2id$v=19$m=99999999,t=2,p=1$bm9ib2R5cy1zYWx0LTE2Yg$bm8tcGFzc3dvcmQtaGFzaGVzLXRvLXRoZXNlLTMyLWI',
      ],
    ])('calls a stored hash that is none a fault of ours, and repeats nothing of it: %s', async (_what, phc) => {
      asked.length = 0;
      const fault = await hasher.verify(within(10_000), 'correct horse battery', phc).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect(fault).not.toHaveProperty('code');
      expect((fault as Error).message).toMatch(/^A stored password hash is not a PHC string of argon2id; restore/);
      expect(() => hasher.isOutdated(phc)).toThrow('PHC string');
      expect(asked).toEqual([]);
    });

    it('wants a hash made anew that is weaker than those of today in any respect', async () => {
      const today = await hashArgon2id('x');
      expect(hasher.isOutdated(today)).toBe(false);
      expect(hasher.isOutdated(today.replace('m=19456', 'm=65536').replace('t=2', 't=3'))).toBe(false);
      for (const weaker of ['m=19455,t=2,p=1', 'm=4096,t=3,p=1', 'm=65536,t=1,p=4', 'm=19456,t=2,p=0'])
        expect(hasher.isOutdated(today.replace('m=19456,t=2,p=1', weaker))).toBe(true);
    });
  });

  describe('choosing', () => {
    const region = { code: 'eu', name: 'European Union' };
    const ctx = { remainingMilliseconds: 10_000, region } as RegionContext;
    const refusal = (code: keyof typeof PASSWORD_REFUSALS) => ({
      code: 'request.invalid',
      errors: [{ pointer: '/password', code, message: PASSWORD_REFUSALS[code] }],
    });

    it('refuses what is known, by that name', async () => {
      const asked: string[] = [];
      const hasher = new PasswordHasher({ ...noWork, isKnown: async (password) => asked.push(password) > 0 });
      await expect(hasher.assertMayBeChosen(ctx, 'correct horse battery', [])).rejects.toMatchObject(
        refusal('password_breached'),
      );
      expect(asked).toEqual(['correct horse battery']);
    });

    it('refuses what stands around it, without asking further', async () => {
      const hasher = new PasswordHasher({ ...noWork, isKnown: () => Promise.reject(new Error('asked')) });
      for (const password of ['ada.lovelace@example.org', 'Domicile-European-Union', 'domicile-eu-1234'])
        await expect(hasher.assertMayBeChosen(ctx, password, ['ada.lovelace@example.org', null])).rejects.toMatchObject(
          refusal('password_contextual'),
        );
    });

    it('lets every other pass, and fails when it cannot be known', async () => {
      await new PasswordHasher(noWork).assertMayBeChosen(ctx, 'correct horse battery', [
        'ada@example.org',
        'Ada',
        null,
      ]);
      const mute = new PasswordHasher({ ...noWork, isKnown: () => new Promise(() => undefined) });
      const soon = { region, remainingMilliseconds: 20 } as RegionContext;
      await expect(mute.assertMayBeChosen(soon, 'correct horse battery', [])).rejects.toMatchObject({
        code: 'server.unavailable',
      });
    });
  });
});
