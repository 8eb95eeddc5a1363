import { AsyncResource } from 'node:async_hooks';
import {
  type Contexts,
  type Door,
  type Id,
  type RegionContext,
  ResidencyError,
  type Statement,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { RateCount } from './rate-count.entity.js';

/** A rule's window at one moment: at most `max` of what is counted under that id. */
export interface Window {
  readonly id: Id<typeof ID_PREFIXES.rateCount>;
  readonly ends: Date;
  readonly max: number;
}

/** One request to be counted: in the window of its network, and while that one holds in the rest. */
interface Asking {
  readonly gate: Window;
  readonly rest: readonly Window[];
  readonly deadline: number;
  readonly resolve: (over: readonly Window[]) => void;
  readonly reject: (error: unknown) => void;
}

/** An asking with its place among those of the same network in one statement, from 1 on. */
type Placed = Asking & { readonly place: number };

/** Askings that one statement counts at the most. */
const TOGETHER_MAX = 200;

const id = value.id(ID_PREFIXES.rateCount);
const COUNT_PARAMS = {
  gates: value.list(id),
  gateEnds: value.list(value.time),
  gateMaxes: value.list(value.integer),
  askings: value.list(value.integer),
  rests: value.list(id),
  restEnds: value.list(value.time),
  restGates: value.list(id),
  places: value.list(value.integer),
};
const COUNT_ROW = { id, count: value.integer };

const AGAIN = `on conflict (id) do update set count = rate_count.count + excluded.count, version = rate_count.version + 1
    returning id, count`;

/**
 * Counts the networks first, and the rest only for those that came while their network was within its limit: else one flood from one
 * place could use up what belongs to every address and to the whole region. In the order of ids, networks before the rest, so that two
 * at once never wait for each other.
 */
const COUNT_SQL = `with asked as (
    select * from unnest(:gates::uuid[], :gateEnds::timestamptz[], :gateMaxes::integer[], :askings::integer[])
      as a (id, ends, max, askings)
  ), gate as (
    insert into rate_count (id, count, expires_at) select id, askings, ends from asked order by id ${AGAIN}
  ), rest as (
    insert into rate_count (id, count, expires_at)
    select r.id, count(*), min(r.ends)
      from unnest(:rests::uuid[], :restEnds::timestamptz[], :restGates::uuid[], :places::integer[]) as r (id, ends, gate, place)
        join gate on gate.id = r.gate join asked on asked.id = r.gate
      where gate.count - asked.askings + r.place <= asked.max group by r.id order by r.id
    ${AGAIN}
  ) select id, count from gate union all select id, count from rest`;

/**
 * Counts requests in the one table of a region. All requests of a region meet in a few rows, and whoever counts in one holds it until
 * the disk has it: so those that come while a statement is under way are counted together by the next one, which costs the same for one
 * as for many.
 */
export class RateCounter {
  readonly #count: Statement<RateCount, typeof COUNT_PARAMS, typeof COUNT_ROW>;
  /** By region code; a region with an entry has a statement under way. */
  readonly #waiting = new Map<string, Asking[]>();
  /** Units of work are not opened inside of others: what counts for many requests runs in none of theirs. */
  readonly #outside = new AsyncResource('RateCounter');

  constructor(
    door: Door,
    private readonly contexts: Contexts,
  ) {
    this.#count = door.statement({
      name: 'rate_count.count',
      tables: [RateCount],
      sql: COUNT_SQL,
      params: COUNT_PARAMS,
      row: COUNT_ROW,
    });
  }

  /**
   * Counts one request.
   * @returns the windows that are over their limit by it: none when it may go on
   * @throws ResidencyError residency.unavailable when it could not be counted before the request's deadline
   */
  count(ctx: RegionContext, gate: Window, rest: readonly Window[]): Promise<readonly Window[]> {
    const { region, remainingMilliseconds } = ctx;
    return new Promise((resolve, reject) => {
      // Its own: whoever comes with little time left takes nobody along.
      const late = setTimeout(() => {
        reject(new ResidencyError('residency.unavailable', 'A request could not be counted before its deadline.'));
      }, remainingMilliseconds);
      const ending =
        <T>(end: (outcome: T) => void) =>
        (outcome: T): void => {
          clearTimeout(late);
          end(outcome);
        };
      const deadline = performance.now() + remainingMilliseconds;
      const asking = { gate, rest, deadline, resolve: ending(resolve), reject: ending(reject) };
      const waiting = this.#waiting.get(region.code);
      if (waiting) waiting.push(asking);
      else {
        this.#waiting.set(region.code, [asking]);
        this.#outside.runInAsyncScope(() => void this.#work(region));
      }
    });
  }

  async #work(region: RegionContext['region']): Promise<void> {
    const waiting = this.#waiting.get(region.code)!;
    while (waiting.length > 0) await this.#together(region, waiting.splice(0, TOGETHER_MAX));
    this.#waiting.delete(region.code);
  }

  /** Never rejects: each asking is told. It lasts as long as one of them has time. */
  async #together(region: RegionContext['region'], askings: readonly Asking[]): Promise<void> {
    const deadlineMilliseconds = Math.max(...askings.map(({ deadline }) => deadline)) - performance.now();
    const actor = { kind: 'job', name: 'request.count' } as const;
    const places = new Map<string, number>();
    const placed = askings.map((asking) => {
      const place = (places.get(asking.gate.id) ?? 0) + 1;
      places.set(asking.gate.id, place);
      return { ...asking, place };
    });
    try {
      const counts = await this.contexts.run({ region, actor, deadlineMilliseconds }, (ctx) =>
        this.#count.all(ctx, paramsOf(placed, places)),
      );
      answer(placed, places, new Map(counts.map((row) => [row.id, row.count])));
    } catch (error) {
      for (const { reject } of askings) reject(error);
    }
  }
}

/** @param askings how many there are by network, as in all of the below */
function paramsOf(placed: readonly Placed[], askings: ReadonlyMap<string, number>) {
  const gates = [...new Map(placed.map(({ gate }) => [gate.id, gate])).values()];
  const rests = placed.flatMap(({ gate, rest, place }) => rest.map((window) => ({ window, gate, place })));
  return {
    gates: gates.map((gate) => gate.id),
    gateEnds: gates.map(({ ends }) => ends),
    gateMaxes: gates.map(({ max }) => max),
    askings: gates.map((gate) => askings.get(gate.id)!),
    rests: rests.map(({ window }) => window.id),
    restEnds: rests.map(({ window }) => window.ends),
    restGates: rests.map(({ gate }) => gate.id),
    places: rests.map(({ place }) => place),
  };
}

/** Tells each what a statement of its own would have told it, had they come one after another. */
function answer(
  placed: readonly Placed[],
  askings: ReadonlyMap<string, number>,
  counts: ReadonlyMap<string, number>,
): void {
  /** What a window's count was before this statement and those that were told already. */
  const told = new Map<string, number>();
  const within = placed.filter(({ gate, place }) => counts.get(gate.id)! - askings.get(gate.id)! + place <= gate.max);
  for (const { id: window } of within.flatMap(({ rest }) => rest))
    told.set(window, (told.get(window) ?? counts.get(window)!) - 1);
  const letIn = new Set(within);
  for (const each of placed) {
    if (!letIn.has(each)) {
      each.resolve([each.gate]);
      continue;
    }
    each.resolve(
      each.rest.filter((window) => {
        const count = told.get(window.id)! + 1;
        told.set(window.id, count);
        // A count that is not known lets nobody through.
        return !(count <= window.max);
      }),
    );
  }
}
