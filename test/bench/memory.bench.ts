import { Contestant } from './contestant.js';
import { fill } from './fill.js';
import type { Bench } from './main.js';
import { pendingSignups } from './signups.js';
import { rounds } from './slices.js';
import { judge } from './statistics.js';

const CONNECTIONS = 16;
const CONFIRMED = 100;
/** A start costs seconds, and memory varies little. */
const STARTS_MAX = 5;

/** Resident memory of the API with all its processes, after the same load of reads and confirmations. PostgreSQL is the same for both. */
export const memory: Bench = async ({ load, effort }) => {
  const [ours, r1] = await Promise.all([Contestant.ours(), Contestant.reference('r1')]);
  const all = [ours, r1];
  try {
    for (const each of all) await fill(each, effort.accounts);
    const found = await rounds('memory', Math.min(effort.slices, STARTS_MAX), all, async (each, seed) => {
      await each.restart();
      const { port, flavour, host } = each;
      const source = { kind: 'reads', flavour, host, accounts: effort.accounts, draw: 'uniform', seed } as const;
      await load.run({
        port,
        source,
        expect: 200,
        connections: CONNECTIONS,
        perSecond: 500,
        seconds: 2 * effort.sliceSeconds,
      });
      const requests = await pendingSignups(load, each, CONFIRMED);
      await load.run({ port, source: { kind: 'list', requests }, expect: 201, connections: CONNECTIONS });
      return each.residentBytes() / 1e6;
    });
    const pairs = found.get(ours)!.map((megabytes, i) => ({ ours: megabytes, reference: found.get(r1)![i]! }));
    return [judge('memory.r1', 'MB', '<= 1.25', pairs)];
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};
