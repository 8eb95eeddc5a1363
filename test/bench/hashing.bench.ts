import { Contestant } from './contestant.js';
import { fill } from './fill.js';
import type { Bench } from './main.js';
import { pendingSignups } from './signups.js';
import { rounds } from './slices.js';
import { judge, percentile } from './statistics.js';

const READS_PER_SECOND = 200;
const READ_CONNECTIONS = 16;
const HASHING_CONNECTIONS = 8;
/** Enough that the hashing outlasts the reads it is to disturb. */
const HASHES_PER_SECOND = 220;

/** How late reads become while passwords are hashed as fast as they can be. */
export const readsWhileHashing: Bench = async ({ load, effort }) => {
  const [ours, r0] = await Promise.all([Contestant.ours(), Contestant.reference('r0')]);
  const all = [ours, r0];
  try {
    for (const each of all) await fill(each, effort.accounts);
    const found = await rounds('reads while hashing', effort.slices, all, async (each, seed) => {
      const { port, flavour, host } = each;
      const requests = await pendingSignups(load, each, Math.ceil(HASHES_PER_SECOND * effort.sliceSeconds));
      const [reads] = await load.run(
        {
          port,
          source: { kind: 'reads', flavour, host, accounts: effort.accounts, draw: 'uniform', seed },
          expect: 200,
          connections: READ_CONNECTIONS,
          perSecond: READS_PER_SECOND,
          seconds: effort.sliceSeconds,
        },
        {
          port,
          source: { kind: 'list', requests },
          expect: 201,
          connections: HASHING_CONNECTIONS,
          untilOthersEnd: true,
        },
      );
      return percentile(Float64Array.from(reads!.milliseconds).sort(), 0.99);
    });
    const pairs = found.get(ours)!.map((p99, i) => ({ ours: p99, reference: found.get(r0)![i]! }));
    return [judge('reads-while-hashing.p99.r0', 'ms', '<= 1.2', pairs)];
  } finally {
    await Promise.all(all.map((each) => each.close()));
  }
};
