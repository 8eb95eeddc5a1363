/** What one bench found. `ratio` is judged: `low` and `high` are the ends of its bootstrap 90 % interval. */
export interface Finding {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** As a person reads it: `<= 1.4`, `>= 0.95`, `0.45..0.55`, or `-` where nothing was promised. */
  readonly target: string;
  /** True when the bad end of the interval meets the target. */
  readonly holds: boolean;
  /** Of `ours` and `reference`. */
  readonly unit: string;
}

/** One slice of ours and one of the reference, taken one after the other. */
export interface Pair {
  readonly ours: number;
  readonly reference: number;
}

const RESAMPLES = 2_000;

/** Judges the ratio of the means of pairs. */
export function judge(name: string, unit: string, target: string, pairs: readonly Pair[]): Finding {
  const ratio = (sample: readonly Pair[]): number =>
    mean(sample.map((p) => p.ours)) / mean(sample.map((p) => p.reference));
  const [low, high] = interval(pairs, ratio);
  return finding(
    { name, unit, target, ours: mean(pairs.map((p) => p.ours)), reference: mean(pairs.map((p) => p.reference)) },
    { ratio: ratio(pairs), low, high },
  );
}

/** A finding with its verdict. */
export function finding(
  what: Pick<Finding, 'name' | 'unit' | 'target' | 'ours' | 'reference'>,
  figures: Pick<Finding, 'ratio' | 'low' | 'high'>,
): Finding {
  return { ...what, ...figures, holds: meets(what.target, figures.low, figures.high) };
}

/** Ends of the 90 % bootstrap interval of a statistic over resampled items. */
export function interval<T>(items: readonly T[], statistic: (sample: readonly T[]) => number): [number, number] {
  const random = generator(items.length);
  const found = Float64Array.from({ length: RESAMPLES }, () =>
    statistic(items.map(() => items[Math.floor(random() * items.length)]!)),
  ).sort();
  return [found[Math.floor(RESAMPLES * 0.05)]!, found[Math.ceil(RESAMPLES * 0.95) - 1]!];
}

/** Chance that a random one of `a` is larger than a random one of `b`, ties by half: the area under the ROC curve. */
export function areaUnderCurve(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, own: 1 })), ...b.map((value) => ({ value, own: 0 }))];
  all.sort((x, y) => x.value - y.value);
  let rankSum = 0;
  for (let at = 0; at < all.length;) {
    let end = at;
    while (end < all.length && all[end]!.value === all[at]!.value) end++;
    for (let i = at; i < end; i++) rankSum += all[i]!.own * ((at + 1 + end) / 2);
    at = end;
  }
  return (rankSum - (a.length * (a.length + 1)) / 2) / (a.length * b.length);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param share 0..1 of the sorted values */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A small repeatable generator (mulberry32): the same pairs give the same interval. */
export function generator(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function meets(target: string, low: number, high: number): boolean {
  const [, at, bound] = /^(<=|>=) ([\d.]+)/.exec(target) ?? [];
  if (at === '<=') return high <= Number(bound);
  if (at === '>=') return low >= Number(bound);
  const [, from, to] = /^([\d.]+)\.\.([\d.]+)$/.exec(target) ?? [];
  return from === undefined || (low >= Number(from) && high <= Number(to));
}
