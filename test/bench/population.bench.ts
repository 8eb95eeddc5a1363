import { Contestant } from './contestant.js';
import { fill } from './fill.js';
import type { Bench } from './main.js';
import { progress, rounds, slice } from './slices.js';
import { judge } from './statistics.js';

const PER_SECOND = 800;
const CONNECTIONS = 16;
/** Accounts read again and again to warm up code without touching many rows. */
const WARM_UP_ACCOUNTS = 50;
const WARM_UP_SECONDS = 2;
const HOT_UP_SECONDS = 10;

/**
 * A large population against a small one, read uniformly: hot, in a process that has been reading for a while, and cold, in one whose caches
 * are empty (started anew, its code warmed on few accounts, then each account at most once). Speed is the inverse of CPU.
 */
export const population: Bench = async ({ load, effort }) => {
  const [many, few] = await Promise.all([Contestant.ours(), Contestant.ours()]);
  const sizes = new Map([
    [many, effort.manyAccounts],
    [few, effort.accounts],
  ]);
  try {
    for (const [each, accounts] of sizes)
      await fill(each, accounts, (done) => progress(`population: ${done} of ${accounts} accounts`));
    const read = (each: Contestant, seed: number, draw: 'uniform' | 'once', accounts: number, seconds: number) => {
      const { port, flavour, host } = each;
      const source = { kind: 'reads', flavour, host, accounts, draw, seed } as const;
      return slice(load, each, { port, source, expect: 200, connections: CONNECTIONS, perSecond: PER_SECOND, seconds });
    };
    for (const [each, accounts] of sizes) {
      await each.restart();
      progress('population: keys are read ahead');
      await each.said('vault.keys_ahead');
      await read(each, 0, 'uniform', accounts, HOT_UP_SECONDS);
    }
    const hot = await rounds('population, hot', effort.slices, [many, few], (each, seed) =>
      read(each, seed, 'uniform', sizes.get(each)!, effort.sliceSeconds),
    );
    const cold = await rounds('population, cold', effort.slices, [many, few], async (each, seed) => {
      await each.restart();
      await read(each, seed, 'uniform', WARM_UP_ACCOUNTS, WARM_UP_SECONDS);
      return read(each, seed, 'once', sizes.get(each)!, effort.sliceSeconds);
    });
    const speeds = (found: typeof hot) =>
      found.get(many)!.map(({ cpu }, i) => ({ ours: 1e6 / cpu, reference: 1e6 / found.get(few)![i]!.cpu }));
    return [
      judge('population.hot', '/CPU s', '>= 0.92', speeds(hot)),
      judge('population.cold', '/CPU s', '>= 0.8', speeds(cold)),
    ];
  } finally {
    await Promise.all([many, few].map((each) => each.close()));
  }
};
