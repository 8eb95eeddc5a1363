import { type Door, type Id, type IdCodec, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Clock, ID_PREFIXES, type LimitSettings, Problem } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { RateCount } from './rate-count.entity.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Purpose of the keyed hash that ids of counts are derived from; the day stands in the value, so each day has other ids. */
const INDEX = 'request.rate';

/** Networks remembered as over their limit, so that a flood costs no statement; beyond this many the oldest is forgotten. */
const SHUT_MAX = 10_000;

/** At most `max` in a window of that length. */
interface Rule {
  /** Constant `area.whose`. */
  readonly scope: string;
  /** Address in normal form, network, or nothing for the whole region. */
  readonly subject: string;
  readonly milliseconds: number;
  readonly max: number;
}

/** A rule's window at this moment. */
interface Window {
  readonly id: Id<typeof ID_PREFIXES.rateCount>;
  readonly ends: Date;
  readonly max: number;
}

const id = value.id(ID_PREFIXES.rateCount);
const SLOT = { id: value.nullable(id), ends: value.nullable(value.time) };
const COUNT_PARAMS = {
  gate: id,
  gateEnds: value.time,
  gateMax: value.integer,
  first: SLOT.id,
  firstEnds: SLOT.ends,
  second: SLOT.id,
  secondEnds: SLOT.ends,
  third: SLOT.id,
  thirdEnds: SLOT.ends,
};
const COUNT_ROW = { id, count: value.integer };
const OVER_PARAMS = { before: value.time, limit: value.integer };

const AGAIN =
  'on conflict (id) do update set count = rate_count.count + 1, version = rate_count.version + 1 returning id, count';

/**
 * Counts the network first, and the rest only while the network is within its limit: else one flood from one place could use up
 * what belongs to every address and to the whole region. In the order of ids, so that two at once never wait for each other.
 */
const COUNT_SQL = `with gate as (
    insert into rate_count (id, count, expires_at) values (:gate, 1, :gateEnds) ${AGAIN}
  ), rest as (
    insert into rate_count (id, count, expires_at)
    select w.id, 1, w.ends
      from (values (:first::uuid, :firstEnds::timestamptz), (:second::uuid, :secondEnds::timestamptz),
        (:third::uuid, :thirdEnds::timestamptz)) as w (id, ends)
      where w.id is not null and exists (select from gate where gate.count <= :gateMax) order by w.id
    ${AGAIN}
  ) select id, count from gate union all select id, count from rest`;

/**
 * Bounds what nobody has to be signed in for, in fixed windows over one table of the region, before any costly work. What is counted
 * is the same for known and unknown addresses: nothing is looked up. It fails closed: who cannot be counted is not let through.
 */
export class RateLimits {
  readonly #count: Statement<RateCount, typeof COUNT_PARAMS, typeof COUNT_ROW>;
  readonly #eraseOver: Statement<RateCount, typeof OVER_PARAMS, Record<never, never>>;
  /** Until when, by id of the network's window. */
  readonly #shut = new Map<string, Date>();

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
    private readonly limits: LimitSettings,
  ) {
    const tables = [RateCount] as const;
    this.#count = door.statement({
      name: 'rate_count.count',
      tables,
      sql: COUNT_SQL,
      params: COUNT_PARAMS,
      row: COUNT_ROW,
    });
    this.#eraseOver = door.statement({
      name: 'rate_count.erase_over',
      tables,
      sql: `delete from rate_count where id in
        (select id from rate_count where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /**
   * Counts one asking for an account.
   * @param address in normal form @throws Problem request.rate_limited; ResidencyError residency.unavailable when it cannot be counted
   */
  async signup(ctx: RegionContext, network: string, address: string): Promise<void> {
    const { signupsPerNetworkHour, signupsPerAddressHour, signupsPerAddressDay, signupsPerRegionHour } = this.limits;
    const own = { scope: 'signup.address', subject: address };
    await this.#admit(
      ctx,
      { scope: 'signup.network', subject: network, milliseconds: HOUR, max: signupsPerNetworkHour },
      { ...own, milliseconds: HOUR, max: signupsPerAddressHour },
      { ...own, milliseconds: DAY, max: signupsPerAddressDay },
      { scope: 'signup.region', subject: '', milliseconds: HOUR, max: signupsPerRegionHour },
    );
  }

  /** Counts one confirmation, right or wrong. @throws as {@link signup} */
  async confirmation(ctx: RegionContext, network: string): Promise<void> {
    const { confirmationsPerNetworkHour, confirmationsPerRegionHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'confirmation.network', subject: network, milliseconds: HOUR, max: confirmationsPerNetworkHour },
      { scope: 'confirmation.region', subject: '', milliseconds: HOUR, max: confirmationsPerRegionHour },
    );
  }

  /**
   * Counts one sign-in, right or wrong. An address is counted for each network by itself: a stranger elsewhere locks nobody out.
   * @throws as {@link signup}
   */
  async signIn(ctx: RegionContext, network: string, address: string): Promise<void> {
    const { signInsPerNetworkHour, signInsPerAddressAndNetworkHour, signInsPerRegionHour } = this.limits;
    const subject = `${network} ${address}`;
    await this.#admit(
      ctx,
      { scope: 'sign_in.network', subject: network, milliseconds: HOUR, max: signInsPerNetworkHour },
      { scope: 'sign_in.address', subject, milliseconds: HOUR, max: signInsPerAddressAndNetworkHour },
      { scope: 'sign_in.region', subject: '', milliseconds: HOUR, max: signInsPerRegionHour },
    );
  }

  /** Counts one beginning of signing in or out with OpenID Connect, which leaves a row whoever asks. @throws as {@link signup} */
  async authorization(ctx: RegionContext, network: string): Promise<void> {
    const { authorizationsPerNetworkHour, authorizationsPerRegionHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'authorization.network', subject: network, milliseconds: HOUR, max: authorizationsPerNetworkHour },
      { scope: 'authorization.region', subject: '', milliseconds: HOUR, max: authorizationsPerRegionHour },
    );
  }

  /** Removes counts of windows that ended before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  async #admit(ctx: RegionContext, network: Rule, ...rest: readonly Rule[]): Promise<void> {
    const now = this.clock.now();
    const gate = this.#window(ctx, network, now);
    if ((this.#shut.get(gate.id) ?? now) > now) throw limited(gate.ends, now);
    const windows = [gate, ...rest.map((rule) => this.#window(ctx, rule, now))];
    const [, first, second, third] = windows;
    const counts = await this.#count.all(ctx, {
      gate: gate.id,
      gateEnds: gate.ends,
      gateMax: gate.max,
      first: first?.id ?? null,
      firstEnds: first?.ends ?? null,
      second: second?.id ?? null,
      secondEnds: second?.ends ?? null,
      third: third?.id ?? null,
      thirdEnds: third?.ends ?? null,
    });
    const over = windows.filter((window) => (counts.find((row) => row.id === window.id)?.count ?? 0) > window.max);
    if (over.includes(gate)) this.#shutUntil(gate);
    if (over.length > 0) throw limited(new Date(Math.max(...over.map(({ ends }) => ends.getTime()))), now);
  }

  #window(ctx: RegionContext, { scope, subject, milliseconds, max }: Rule, now: Date): Window {
    const begins = Math.floor(now.getTime() / milliseconds) * milliseconds;
    const day = now.toISOString().slice(0, 10);
    const hash = this.index.of(ctx, INDEX, JSON.stringify([day, scope, milliseconds, begins, subject]));
    return {
      id: this.ids.derive(ID_PREFIXES.rateCount, ctx.region, hash),
      ends: new Date(begins + milliseconds),
      max,
    };
  }

  #shutUntil({ id: window, ends }: Window): void {
    const [oldest] = this.#shut.keys();
    if (this.#shut.size >= SHUT_MAX && oldest !== undefined) this.#shut.delete(oldest);
    this.#shut.set(window, ends);
  }
}

/** 429 with the seconds to wait (RFC 6585 section 4): the same for everyone who is over the same limit. */
function limited(until: Date, now: Date): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return new Problem('request.rate_limited', { headers: { 'retry-after': String(seconds) } });
}
