import { Contestant } from './contestant.js';
import type { Bench, BenchParts } from './main.js';
import { assertSameRows } from './same-work.js';
import { pendingSignups } from './signups.js';
import { describe, rounds, slice, type Slice } from './slices.js';
import { judge } from './statistics.js';

/** Fixed load: well below what any contestant can do on two cores. */
const PER_SECOND = 60;
const CONNECTIONS = 16;

/** The request that confirms a signup and makes account, person and session, with a password hash that does nothing. */
export const create: Bench = async (parts) => {
  const { load, effort, note } = parts;
  const hashes = false;
  const [ours, r0, r1] = await Promise.all([
    Contestant.ours({ hashes }),
    Contestant.reference('r0', { hashes }),
    Contestant.reference('r1', { hashes }),
  ]);
  const all = [ours, r0, r1];
  try {
    await assertSameRows(all, async (each) => {
      const warmUp = await confirmations(parts, each, WARM_UP);
      return () => slice(load, each, warmUp);
    });
    const count = Math.ceil(PER_SECOND * effort.sliceSeconds);
    const paced = await rounds('create', effort.slices, all, async (each) => {
      // A few more than fall due, so that the stream ends by its time.
      const stream = await confirmations(parts, each, count + CONNECTIONS);
      return slice(load, each, { ...stream, perSecond: PER_SECOND, seconds: effort.sliceSeconds });
    });
    const cpu = (reference: Contestant) =>
      paced.get(ours)!.map((one: Slice, i) => ({ ours: one.cpu, reference: paced.get(reference)![i]!.cpu }));
    for (const each of all) note(describe(each, paced.get(each)!));
    return [judge('create.cpu.r0', 'µs', '<= 1.3', cpu(r0)), judge('create.cpu.r1', 'µs', '<= 0.6', cpu(r1))];
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};

/** The same with argon2id as the product sets it: what is lost against the bare reference that hashes alike. */
export const createWithHash: Bench = async (parts) => {
  const { load, effort } = parts;
  const [ours, r0] = await Promise.all([Contestant.ours(), Contestant.reference('r0')]);
  try {
    const count = Math.ceil(HASHES_PER_SECOND * effort.sliceSeconds);
    const found = await rounds('create with hash', effort.slices, [ours, r0], async (each) => {
      const stream = await confirmations(parts, each, count);
      const { outcome } = await slice(load, each, { ...stream, connections: HASHING_CONNECTIONS });
      return outcome.count / outcome.seconds;
    });
    const pairs = found.get(ours)!.map((speed, i) => ({ ours: speed, reference: found.get(r0)![i]! }));
    return [judge('create-with-hash.throughput.r0', '/s', '>= 0.95', pairs)];
  } finally {
    await Promise.all([ours, r0].map((each) => each.close()));
  }
};

const WARM_UP = 1_000;
/** About what this kind of machine hashes. */
const HASHES_PER_SECOND = 150;
const HASHING_CONNECTIONS = 8;

async function confirmations({ load }: BenchParts, contestant: Contestant, count: number) {
  const requests = await pendingSignups(load, contestant, count);
  return { port: contestant.port, source: { kind: 'list', requests }, expect: 201, connections: CONNECTIONS } as const;
}
