import { Contestant } from './contestant.js';
import { fill } from './fill.js';
import type { Bench } from './main.js';
import { assertSameAnswers } from './same-work.js';
import { describe, rounds, type Slice, slice } from './slices.js';
import { judge } from './statistics.js';

/** Fixed load: well below what any contestant can do on two cores. */
const PER_SECOND = 800;
const CONNECTIONS = 16;

/** An authenticated `GET /v1/accounts/{id}`: session, membership, guard; accounts drawn at random. */
export const read: Bench = async ({ load, effort, note }) => {
  const [ours, r0, r1] = await Promise.all([Contestant.ours(), Contestant.reference('r0'), Contestant.reference('r1')]);
  const all = [ours, r0, r1];
  try {
    for (const each of all) await fill(each, effort.accounts);
    await assertSameAnswers(all);
    const turn = (contestant: Contestant, seed: number, perSecond?: number): Promise<Slice> =>
      slice(load, contestant, {
        port: contestant.port,
        source: {
          kind: 'reads',
          flavour: contestant.flavour,
          host: contestant.host,
          accounts: effort.accounts,
          draw: 'uniform',
          seed,
        },
        expect: 200,
        connections: CONNECTIONS,
        seconds: effort.sliceSeconds,
        ...(perSecond === undefined ? {} : { perSecond }),
      });
    for (const each of all) await turn(each, 0);
    const paced = await rounds('read', effort.slices, all, (contestant, seed) => turn(contestant, seed, PER_SECOND));
    const flatOut = await rounds('read, flat out', Math.ceil(effort.slices / 3), all, turn);
    const cpu = (slices: Map<Contestant, Slice[]>, reference: Contestant) =>
      slices.get(ours)!.map((each, i) => ({ ours: each.cpu, reference: slices.get(reference)![i]!.cpu }));
    const speed = (reference: Contestant) =>
      flatOut.get(ours)!.map(({ outcome }, i) => {
        const other = flatOut.get(reference)![i]!.outcome;
        return { ours: outcome.count / outcome.seconds, reference: other.count / other.seconds };
      });
    for (const each of all) note(describe(each, paced.get(each)!));
    return [
      judge('read.cpu.r0', 'µs', '<= 1.4', cpu(paced, r0)),
      judge('read.cpu.r1', 'µs', '<= 0.55', cpu(paced, r1)),
      judge('read.cpu.flat-out.r0', 'µs', '-', cpu(flatOut, r0)),
      judge('read.cpu.flat-out.r1', 'µs', '-', cpu(flatOut, r1)),
      judge('read.throughput.r0', '/s', '-', speed(r0)),
      judge('read.throughput.r1', '/s', '-', speed(r1)),
    ];
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};
