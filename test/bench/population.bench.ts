import { Contestant } from './contestant.js';
import { fill } from './fill.js';
import type { Bench } from './main.js';
import { describe, progress, rounds, type Slice, slice } from './slices.js';
import { judge } from './statistics.js';

const PER_SECOND = 800;
const CONNECTIONS = 16;
/** Accounts read again and again to warm up code without touching many rows. */
const WARM_UP_ACCOUNTS = 50;
const WARM_UP_SECONDS = 2;
/** As fast as answers come, which is a hundred thousand reads: most pages of a million accounts have been read by then. */
const HOT_UP_SECONDS = 75;

/** One slice of reads. */
interface Reading {
  readonly seed: number;
  readonly draw: 'uniform' | 'once';
  readonly accounts: number;
  readonly seconds: number;
  readonly pace?: { readonly perSecond?: number };
}

/**
 * A large population against a small one, read uniformly: hot, in a process and a database that have been reading for a while, and cold, in a process whose caches
 * are empty (started anew, its code warmed on few accounts, then each account at most once). Speed is the inverse of CPU.
 */
export const population: Bench = async ({ load, effort, note }) => {
  const [many, few] = await Promise.all([Contestant.ours(), Contestant.ours()]);
  const sizes = new Map([
    [many, effort.manyAccounts],
    [few, effort.accounts],
  ]);
  try {
    for (const [each, accounts] of sizes)
      await fill(each, accounts, (done) => progress(`population: ${done} of ${accounts} accounts`));
    const read = (
      each: Contestant,
      { seed, draw, accounts, seconds, pace = { perSecond: PER_SECOND } }: Reading,
    ): Promise<Slice> => {
      const { port, flavour, host } = each;
      const source = { kind: 'reads', flavour, host, accounts, draw, seed } as const;
      return slice(load, each, { port, source, expect: 200, connections: CONNECTIONS, seconds, ...pace });
    };
    for (const [each, accounts] of sizes) {
      await each.restart();
      progress('population: keys are read ahead');
      await each.said('vault.keys_ahead');
      progress('population: hundred thousand reads');
      await read(each, { seed: 0, draw: 'uniform', accounts, seconds: HOT_UP_SECONDS, pace: {} });
    }
    const hot = await rounds('population, hot', effort.slices, [many, few], (each, seed) =>
      read(each, { seed, draw: 'uniform', accounts: sizes.get(each)!, seconds: effort.sliceSeconds }),
    );
    const cold = await rounds('population, cold', effort.slices, [many, few], async (each, seed) => {
      await each.restart();
      await read(each, { seed, draw: 'uniform', accounts: WARM_UP_ACCOUNTS, seconds: WARM_UP_SECONDS });
      return read(each, { seed, draw: 'once', accounts: sizes.get(each)!, seconds: effort.sliceSeconds });
    });
    for (const [name, found] of [
      ['hot', hot],
      ['cold', cold],
    ] as const)
      for (const [each, accounts] of sizes) note(`${name}, ${accounts} accounts: ${describe(each, found.get(each)!)}`);
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
