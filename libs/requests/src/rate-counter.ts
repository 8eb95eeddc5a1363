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
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import { FailureStreak } from './failure-streak.entity.js';
import { type FailureStreakId, STREAK_AGAIN, STREAK_PARAMS, streakTerms } from './failure-streaks.js';
import { RateCount } from './rate-count.entity.js';

/** A rule's window at one moment: at most `max` of what is counted under that id. */
export interface Window {
  readonly id: Id<typeof ID_PREFIXES.rateCount>;
  readonly ends: Date;
  readonly max: number;
}

/** Where a request is counted: in the window of its network, while that one holds in the rest, and while all hold in a streak. */
export interface Counted {
  readonly gate: Window;
  readonly rest: readonly Window[];
  /** Of what is tried with it; none where nothing can fail. */
  readonly streak?: FailureStreakId | undefined;
}

/** What a request is told. */
export interface Told {
  /** The windows that are over their limit by it: none when it may go on. */
  readonly over: readonly Window[];
  /** Whether its streak may be as long as it is with this try; null where the try is not counted in it yet, see {@link RateCounter}. */
  readonly mayFail: boolean | null;
}

/** One request to be counted. */
interface Asking extends Counted {
  readonly deadline: number;
  readonly resolve: (told: Told) => void;
  readonly reject: (error: unknown) => void;
}

/** An asking among others of one statement. */
interface Placed extends Asking {
  /** It came within the limit of its network if that one is at no more than this when all are counted: those after it do not count. */
  readonly gateMax: number;
}

/** Askings that one statement counts at the most. */
const TOGETHER_MAX = 200;

const id = value.id(ID_PREFIXES.rateCount);
const streakId = value.id(ID_PREFIXES.failureStreak);
const COUNT_PARAMS = {
  gates: value.list(id),
  gateEnds: value.list(value.time),
  askings: value.list(value.integer),
  rests: value.list(id),
  restEnds: value.list(value.time),
  restGates: value.list(id),
  restGateMaxes: value.list(value.integer),
  tries: value.list(streakId),
  triedIn: value.list(id),
  triedMaxes: value.list(value.integer),
  ...STREAK_PARAMS,
};
const COUNT_ROW = { id: value.nullable(id), streak: value.nullable(streakId), count: value.integer };

const AGAIN = `on conflict (id) do update set count = rate_count.count + excluded.count, version = rate_count.version + 1
    returning id, count`;

/**
 * Counts the networks first, and the rest only for those that came while their network was within its limit: else one flood from one
 * place could use up what belongs to every address and to the whole region. Then the streaks, of tries whose windows are all within
 * their limits. In the order of ids, networks before the rest before streaks, so that two at once never wait for each other.
 */
const COUNT_SQL = `with gate as (
    insert into rate_count (id, count, expires_at)
    select id, askings, ends from unnest(:gates::uuid[], :askings::integer[], :gateEnds::timestamptz[]) as g (id, askings, ends)
      order by id ${AGAIN}
  ), rest as (
    insert into rate_count (id, count, expires_at)
    select r.id, count(*), min(r.ends)
      from unnest(:rests::uuid[], :restEnds::timestamptz[], :restGates::uuid[], :restGateMaxes::integer[]) as r (id, ends, gate, gate_max)
        join gate on gate.id = r.gate and gate.count <= r.gate_max
      group by r.id order by r.id ${AGAIN}
  ), streak as (
    insert into failure_streak (id, count, expires_at)
    select t.id, 1, :expiresAt::timestamptz
      from unnest(:tries::uuid[], :triedIn::uuid[], :triedMaxes::integer[]) as t (id, tried_in, max)
        join (select * from gate union all select * from rest) as c on c.id = t.tried_in
      group by t.id having bool_and(c.count <= t.max) order by t.id ${STREAK_AGAIN}
  ) select id, null::uuid as streak, count from gate union all select id, null, count from rest
    union all select null, id, count from streak`;

/**
 * Counts requests in the one table of a region. All requests of a region meet in a few rows, and whoever counts in one holds it until
 * the disk has it: so those that come while a statement is under way are counted together by the next one, which costs the same for one
 * as for many.
 *
 * A try is counted in its streak by the same statement where that is sure to be right: a row is changed once by a statement, and what a
 * second try makes of it depends on what the first one made of it. So of several tries of one streak it is the first, and only while no
 * window of it is over by those that come after. The others, which are few as long as nobody is attacked, are left to be counted alone.
 */
export class RateCounter {
  readonly #count: Statement<RateCount | FailureStreak, typeof COUNT_PARAMS, typeof COUNT_ROW>;
  /** By region code; a region with an entry has a statement under way. */
  readonly #waiting = new Map<string, Asking[]>();
  /** Units of work are not opened inside of others: what counts for many requests runs in none of theirs. */
  readonly #outside = new AsyncResource('RateCounter');

  constructor(
    door: Door,
    private readonly contexts: Contexts,
    private readonly clock: Clock,
    /** As many may fail in a row. */
    private readonly failuresMax: number,
  ) {
    this.#count = door.statement({
      name: 'rate_count.count',
      tables: [RateCount, FailureStreak],
      sql: COUNT_SQL,
      params: COUNT_PARAMS,
      row: COUNT_ROW,
    });
  }

  /**
   * Counts one request.
   * @throws ResidencyError residency.unavailable when it could not be counted before the request's deadline
   */
  count(ctx: RegionContext, counted: Counted): Promise<Told> {
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
      const asking = { ...counted, deadline, resolve: ending(resolve), reject: ending(reject) };
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
    const total = new Map<string, number>();
    for (const { gate } of askings) total.set(gate.id, (total.get(gate.id) ?? 0) + 1);
    const after = new Map(total);
    const placed = askings.map((asking) => {
      const { id: gate, max } = asking.gate;
      after.set(gate, after.get(gate)! - 1);
      return { ...asking, gateMax: max + after.get(gate)! };
    });
    const terms = streakTerms(this.clock.now(), this.failuresMax);
    try {
      const counts = await this.contexts.run({ region, actor, deadlineMilliseconds }, (ctx) =>
        this.#count.all(ctx, { ...terms, ...paramsOf(placed, total) }),
      );
      answer(placed, new Map(counts.map((row) => [row.id ?? row.streak!, row.count])), terms.max);
    } catch (error) {
      for (const { reject } of askings) reject(error);
    }
  }
}

/** @param askings how many there are by network */
function paramsOf(placed: readonly Placed[], askings: ReadonlyMap<string, number>) {
  const gates = [...new Map(placed.map(({ gate }) => [gate.id, gate])).values()];
  const rests = placed.flatMap(({ rest, gate, gateMax }) => rest.map((window) => ({ window, gate, gateMax })));
  const tries = [...firstTries(placed)].flatMap(([streak, { gate, gateMax, rest }]) =>
    [{ ...gate, max: gateMax }, ...rest].map((window) => ({ streak, window })),
  );
  return {
    gates: gates.map((gate) => gate.id),
    gateEnds: gates.map(({ ends }) => ends),
    askings: gates.map((gate) => askings.get(gate.id)!),
    rests: rests.map(({ window }) => window.id),
    restEnds: rests.map(({ window }) => window.ends),
    restGates: rests.map(({ gate }) => gate.id),
    restGateMaxes: rests.map(({ gateMax }) => gateMax),
    tries: tries.map(({ streak }) => streak),
    triedIn: tries.map(({ window }) => window.id),
    triedMaxes: tries.map(({ window }) => window.max),
  };
}

/** Of each streak the asking that came first. */
function firstTries(placed: readonly Placed[]): ReadonlyMap<FailureStreakId, Placed> {
  const first = new Map<FailureStreakId, Placed>();
  for (const each of placed) if (each.streak !== undefined && !first.has(each.streak)) first.set(each.streak, each);
  return first;
}

/** Tells each what a statement of its own would have told it, had they come one after another. */
function answer(placed: readonly Placed[], counts: ReadonlyMap<string, number>, failuresMax: number): void {
  /** What a window's count was before this statement and those that were told already. */
  const told = new Map<string, number>();
  const within = placed.filter(({ gate, gateMax }) => counts.get(gate.id)! <= gateMax);
  for (const { id: window } of within.flatMap(({ rest }) => rest))
    told.set(window, (told.get(window) ?? counts.get(window)!) - 1);
  const letIn = new Set(within);
  const first = firstTries(placed);
  for (const each of placed) {
    if (!letIn.has(each)) {
      each.resolve({ over: [each.gate], mayFail: null });
      continue;
    }
    const over = each.rest.filter((window) => {
      const count = told.get(window.id)! + 1;
      told.set(window.id, count);
      // A count that is not known lets nobody through.
      return !(count <= window.max);
    });
    const failures = each.streak && first.get(each.streak) === each ? counts.get(each.streak) : undefined;
    each.resolve({ over, mayFail: failures === undefined ? null : failures <= failuresMax });
  }
}
