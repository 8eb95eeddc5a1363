import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

/** What the child found; see libs/runtime/test/egress-child.mjs. */
interface Found {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly refused: number;
  readonly arrived: Readonly<Record<string, number>>;
  readonly allowed: Readonly<Record<string, unknown>>;
  readonly stillRefused: number;
  readonly again: readonly string[];
}

const CHILD = join(import.meta.dirname, '../test/egress-child.mjs');

function attempt(mode: 'guarded' | 'open'): Found {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-egress-'));
  try {
    const { stdout, stderr } = spawnSync(process.execPath, [CHILD, folder, mode], {
      encoding: 'utf8',
      env: { NODE_NO_WARNINGS: '1' },
      timeout: 25_000,
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the egress guard', () => {
  let guarded: Found;
  let open: Found;

  beforeAll(() => {
    guarded = attempt('guarded');
    open = attempt('open');
  });

  it('refuses every way to what is not declared, and tells each once', () => {
    expect(new Set(Object.values(guarded.outcomes))).toEqual(new Set(['EGRESS_REFUSED']));
    expect(guarded.refused).toBe(Object.keys(guarded.outcomes).length);
  });

  it('lets nothing arrive: no connection, no datagram, no question to a name server', () => {
    expect(guarded.arrived).toEqual({ tcp: 0, unix: 0, udp: 0, declared: 0 });
  });

  it('is what keeps them from arriving: without it the same attempts do', () => {
    expect(Object.values(open.outcomes)).not.toContain('EGRESS_REFUSED');
    expect(open.arrived['tcp']).toBeGreaterThanOrEqual(12);
    expect(open.arrived['unix']).toBe(3);
    expect(open.arrived['udp']).toBeGreaterThanOrEqual(7);
  });

  it('leaves the declared endpoints alone, with and without TLS, and what is no egress', () => {
    expect(guarded.allowed).toEqual({
      'a declared endpoint': 'hello',
      'a declared endpoint by options': 'hello',
      'tls to a declared endpoint': 'hello',
      'tls over an open socket': 'hello',
      'a look-up of an address': 'answered',
      'another server': true,
      'a child over its pipe': 'over the pipe',
    });
    expect(guarded.stillRefused).toBe(guarded.refused);
  });

  it('cannot be installed again, written over, defined anew or deleted', () => {
    expect(guarded.again).toEqual([
      'The egress guard is installed already; give it every endpoint at once.',
      expect.stringMatching(/read only/),
      expect.stringMatching(/Cannot redefine/),
      expect.stringMatching(/Cannot delete/),
    ]);
  });
});
