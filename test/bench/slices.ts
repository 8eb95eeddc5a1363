import type { Contestant } from './contestant.js';
import type { LoadGenerator, Outcome, Stream } from './load.js';
import { mean, percentile } from './statistics.js';

/** How much is measured. */
export interface Effort {
  readonly slices: number;
  readonly sliceSeconds: number;
  readonly accounts: number;
  /** Accounts of the large population, see the population bench. */
  readonly manyAccounts: number;
}

/** What one contestant did in one slice. */
export interface Slice {
  readonly outcome: Outcome;
  /** Microseconds per request. */
  readonly api: number;
  readonly postgres: number;
  readonly cpu: number;
}

/** Runs one slice against a contestant and counts the CPU of its processes, nobody else's. */
export async function slice(load: LoadGenerator, contestant: Contestant, stream: Stream): Promise<Slice> {
  const before = contestant.cpu();
  const [outcome] = await load.run(stream);
  const after = contestant.cpu();
  const api = (after.api - before.api) / outcome!.count;
  const postgres = (after.postgres - before.postgres) / outcome!.count;
  return { outcome: outcome!, api, postgres, cpu: api + postgres };
}

/**
 * Rounds in which every contestant has its turn, in an order that rotates, so that what the machine does meanwhile falls on all alike.
 * The first round warms up and is thrown away.
 */
export async function rounds<T>(
  title: string,
  count: number,
  contestants: readonly Contestant[],
  turn: (contestant: Contestant, round: number) => Promise<T>,
): Promise<Map<Contestant, T[]>> {
  const found = new Map<Contestant, T[]>(contestants.map((each) => [each, []]));
  for (let round = 0; round <= count; round++) {
    progress(round === 0 ? `${title}: warming up` : `${title}: round ${round} of ${count}`);
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(i + round) % contestants.length]!;
      const result = await turn(contestant, round);
      if (round > 0) found.get(contestant)!.push(result);
    }
  }
  progress('');
  return found;
}

/** One line that is written over on a terminal, and a line each elsewhere, where only the first and last of a title matter. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '' && !/round (?!1 )/.test(text)) process.stderr.write(`${text}\n`);
}

/** Where the CPU of a contestant went, and its p99 over all slices. */
export function describe({ name }: Contestant, slices: readonly Slice[]): string {
  const sorted = slices.flatMap(({ outcome }) => outcome.milliseconds).sort((a, b) => a - b);
  const at = (share: number): string => percentile(sorted, share).toFixed(2);
  const part = (of: (one: Slice) => number): string => mean(slices.map(of)).toFixed(1);
  return `${name}: API ${part((s) => s.api)} + PostgreSQL ${part((s) => s.postgres)} µs; p50 ${at(0.5)}, p99 ${at(0.99)} ms`;
}
