import { describe, expect, it } from '@jest/globals';
import { etagOf, ifStillAtVersion, versionOf } from './etag.js';
import { PROBLEM, Problem } from './problem.js';

const codeOf = (header: string | undefined): unknown => {
  try {
    return versionOf(header);
  } catch (error) {
    return error instanceof Problem ? error.code : error;
  }
};

describe('versionOf', () => {
  it.each([1, 3, 10, 999_999_999])('reads back what etagOf wrote: %s', (version) => {
    expect(versionOf(etagOf(version))).toBe(version);
    expect(versionOf(` ${etagOf(version)}\t`)).toBe(version);
  });

  it('asks for the header where there is none', () => {
    expect(codeOf(undefined)).toBe('request.precondition_required');
  });

  it.each([
    '',
    '*',
    '"*"',
    'v3',
    '3',
    '"3"',
    '"v3',
    'v3"',
    'W/"v3"',
    'w/"v3"',
    '"V3"',
    '"v0"',
    '"v03"',
    '"v-1"',
    '"v3.0"',
    '"v1e3"',
    '"v٣"',
    '"v3", "v4"',
    '"v3","v3"',
    '"v3" "v3"',
    '""v3""',
    '"v1000000000"',
    '"v3 "',
  ])('refuses %j', (header) => {
    expect(codeOf(header)).toBe('request.precondition_malformed');
  });
});

describe('ifStillAtVersion', () => {
  const branded = (code: string): object => ({ [PROBLEM]: true, code });
  it('says that the precondition failed when the row has moved on', async () => {
    const stale = ifStillAtVersion(() => Promise.reject(branded('residency.stale') as Error));
    await expect(stale).rejects.toMatchObject({ code: 'request.precondition_failed' });
  });

  it('leaves every other outcome alone', async () => {
    expect(await ifStillAtVersion(() => Promise.resolve(7))).toBe(7);
    for (const error of [branded('residency.conflict'), new Error('x'), { code: 'residency.stale' }])
      await expect(ifStillAtVersion(() => Promise.reject(error as Error))).rejects.toBe(error);
  });
});
