import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contestant } from './contestant.js';
import type { Bench } from './main.js';
import { assertSameRows } from './same-work.js';
import { PEOPLE, signIns } from './signups.js';
import { describe, rounds, slice, type Slice } from './slices.js';
import { finding, judge } from './statistics.js';

/** Fixed load: well below what either can do on two cores. */
const PER_SECOND = 200;
const CONNECTIONS = 16;
const HASHING_CONNECTIONS = 8;
const HASHES_PER_SECOND = 150;
const LOOP_MILLISECONDS_MAX = 10;

/** `POST /v1/sessions` with an address and its right password: CPU with a hash that does nothing, then throughput with argon2id. */
export const signIn: Bench = async ({ load, effort, note }) => {
  const [ours, r0] = await Promise.all([
    Contestant.ours({ hashes: false }),
    Contestant.reference('r0', { hashes: false }),
  ]);
  const all = [ours, r0];
  try {
    const requests = new Map<Contestant, string[]>();
    for (const each of all)
      requests.set(each, await signIns(load, each, PER_SECOND * effort.sliceSeconds + CONNECTIONS));
    await assertSameRows(all, (each) => {
      const once = { kind: 'list', requests: requests.get(each)!.slice(0, PEOPLE) } as const;
      const stream = { port: each.port, source: once, expect: 201, connections: CONNECTIONS };
      return Promise.resolve(() => load.run(stream));
    });
    const paced = await rounds('sign-in', effort.slices, all, (each) =>
      slice(load, each, {
        port: each.port,
        source: { kind: 'list', requests: requests.get(each)! },
        expect: 201,
        connections: CONNECTIONS,
        perSecond: PER_SECOND,
        seconds: effort.sliceSeconds,
      }),
    );
    for (const each of all) note(describe(each, paced.get(each)!));
    const pairs = paced.get(ours)!.map((one: Slice, i) => ({ ours: one.cpu, reference: paced.get(r0)![i]!.cpu }));
    return [judge('sign-in.cpu.r0', 'µs', '<= 2', pairs)];
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};

/** The same with argon2id as the product sets it, and how long its event loop lets others wait meanwhile. */
export const signInWithHash: Bench = async ({ load, effort }) => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-bench-loop-'));
  const file = join(folder, 'p99');
  const preload = `${join(import.meta.dirname, 'event-loop.mjs')}?to=${file}`;
  const [ours, r0] = await Promise.all([
    Contestant.ours({ nodeWords: ['--import', `file://${preload}`] }),
    Contestant.reference('r0'),
  ]);
  const all = [ours, r0];
  try {
    const count = Math.ceil(HASHES_PER_SECOND * effort.sliceSeconds);
    const requests = new Map<Contestant, string[]>();
    for (const each of all) requests.set(each, await signIns(load, each, count));
    const found = await rounds('sign-in with hash', effort.slices, all, async (each) => {
      const source = { kind: 'list', requests: requests.get(each)! } as const;
      const { outcome } = await slice(load, each, {
        port: each.port,
        source,
        expect: 201,
        connections: HASHING_CONNECTIONS,
      });
      return outcome.count / outcome.seconds;
    });
    await ours.stop();
    const delay = Number(readFileSync(file, 'utf8'));
    const pairs = found.get(ours)!.map((speed, i) => ({ ours: speed, reference: found.get(r0)![i]! }));
    const figures = {
      ratio: delay / LOOP_MILLISECONDS_MAX,
      low: delay / LOOP_MILLISECONDS_MAX,
      high: delay / LOOP_MILLISECONDS_MAX,
    };
    const loop = {
      name: 'sign-in-with-hash.event-loop.p99',
      unit: 'ms',
      target: '<= 1',
      ours: delay,
      reference: LOOP_MILLISECONDS_MAX,
    };
    return [judge('sign-in-with-hash.throughput.r0', '/s', '>= 0.95', pairs), finding(loop, figures)];
  } finally {
    await Promise.all(all.map((each) => each.close()));
    rmSync(folder, { recursive: true, force: true });
  }
};
