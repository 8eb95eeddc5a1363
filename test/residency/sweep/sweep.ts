import type { Mark, SweepNeedle } from './canaries.js';
import { mayStand, type Sink } from './rules.js';
import { Scanner } from './scanner.js';
import { search } from './search.js';

/** Something that stands where it must not: said without saying it. */
export interface Leak {
  readonly sink: Sink;
  readonly mark: Mark;
  /** Of the first place, within what was unpacked on the way to it. */
  readonly offset: number;
  readonly inside: readonly string[];
}

/** What a sweep saw. */
export interface Swept {
  readonly leaks: readonly Leak[];
  readonly sinks: number;
  /** Kinds and encodings of what was found where it may be: a sweep that finds nothing at home looks for the wrong things. */
  readonly allowed: ReadonlySet<string>;
}

/** Looks for every needle in every sink. One leak is told for each sink, kind, field and encoding. */
export async function sweep(needles: readonly SweepNeedle[], sinks: readonly Sink[]): Promise<Swept> {
  const scanner = new Scanner(needles);
  const leaks: Leak[] = [];
  const allowed = new Set<string>();
  for (const sink of sinks) {
    const seen = new Set<string>();
    const addressees = new Map<string, Leak>();
    await search(scanner, sink, ({ needle: { mark }, offset, inside }) => {
      const leak = { sink, mark, offset, inside };
      if (mayStand(mark, sink)) {
        allowed.add(`${sink.kind}: ${mark.kind}, ${mark.encoding}`);
        if (sink.kind === 'mail' && mark.owner !== undefined) addressees.set(mark.owner, leak);
        return;
      }
      const key = `${mark.kind} ${mark.region} ${mark.what} ${mark.encoding}`;
      if (!seen.has(key)) leaks.push(leak);
      seen.add(key);
    });
    // A mail is to one person: the address of a second one in it is a leak, though each by itself may be mailed.
    if (addressees.size > 1) leaks.push(...addressees.values());
  }
  return { leaks, sinks: sinks.length, allowed };
}

/** One line for people: what kind of thing, of which region and field, in which sink, at which offset. Never the value. */
export function told({ sink, mark, offset, inside }: Leak): string {
  const way = inside.length > 0 ? ` in ${inside.join(' ')}` : '';
  return `${mark.kind} of ${mark.region} (${mark.what}, ${mark.encoding}) in ${sink.name} at ${offset}${way}`;
}
