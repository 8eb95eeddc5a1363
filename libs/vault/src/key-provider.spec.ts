import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addWrappingKey, ensureWrappingKey, FileKeyProvider, wrappingVersions } from './key-provider.js';

const KEY = Buffer.alloc(32, 7);
const code = (name: string) => expect.objectContaining({ code: name });

describe('wrapping keys in files', () => {
  let home: string;
  const provider = (region = 'aa'): FileKeyProvider => new FileKeyProvider([{ region, keysDir: home }]);

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'wrapping-'));
    ensureWrappingKey(home);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('wrap a key so that its own id, region and version open it and nothing else does', async () => {
    const keys = provider();
    const bytes = await keys.wrap('aa', 1, 'key_aa_1', KEY);
    expect(bytes.includes(KEY.subarray(0, 8))).toBe(false);
    expect(await keys.unwrap('aa', { version: 1, bytes }, 'key_aa_1')).toEqual(KEY);
    await expect(keys.unwrap('aa', { version: 1, bytes }, 'key_aa_2')).rejects.toEqual(code('vault.value_refused'));
    await expect(provider('bb').unwrap('bb', { version: 1, bytes }, 'key_aa_1')).rejects.toEqual(
      code('vault.value_refused'),
    );
    await expect(keys.wrap('bb', 1, 'key_bb_1', KEY)).rejects.toEqual(code('residency.crossing'));
    addWrappingKey(home);
    await expect(keys.unwrap('aa', { version: 2, bytes }, 'key_aa_1')).rejects.toEqual(code('vault.value_refused'));
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      await expect(keys.unwrap('aa', { version: 1, bytes: altered }, 'key_aa_1')).rejects.toEqual(
        code('vault.value_refused'),
      );
    }
  });

  it('are made once, for their owner alone, and counted up', async () => {
    ensureWrappingKey(home);
    expect(wrappingVersions(home)).toEqual([1]);
    expect(statSync(join(home, 'wrapping.1.key')).mode & 0o777).toBe(0o600);
    const running = provider();
    expect(await running.newest('aa')).toBe(1);
    expect(addWrappingKey(home)).toBe(2);
    // Noticed without a restart.
    expect(await running.newest('aa')).toBe(2);
    expect(wrappingVersions(join(home, 'nowhere'))).toEqual([]);
  });

  it('are refused at boot when missing, malformed or readable by others, each of them', () => {
    addWrappingKey(home);
    chmodSync(join(home, 'wrapping.1.key'), 0o644);
    expect(() => provider()).toThrow(/wrapping\.1\.key of region aa can be read by others; give it to its owner/);
    writeFileSync(join(home, 'wrapping.1.key'), 'ab', { mode: 0o600 });
    chmodSync(join(home, 'wrapping.1.key'), 0o600);
    expect(() => provider()).toThrow(/does not hold 32 bytes/);
    rmSync(join(home, 'wrapping.1.key'));
    rmSync(join(home, 'wrapping.2.key'));
    expect(() => provider()).toThrow(/has no wrapping key .*restore it from its backup/);
  });

  it('that are not here are said to be missing', async () => {
    const keys = provider();
    await expect(keys.unwrap('aa', { version: 9, bytes: Buffer.alloc(60) }, 'x')).rejects.toEqual(
      code('vault.key_missing'),
    );
  });
});
