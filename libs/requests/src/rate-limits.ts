import {
  type AccountId,
  type Contexts,
  type Door,
  type IdCodec,
  type RegionContext,
  type Statement,
  value,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, type LimitSettings, Problem } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { RateCount } from './rate-count.entity.js';
import type { FailureStreakId } from './failure-streaks.js';
import { RateCounter, type Told, type Window } from './rate-counter.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const TEN_MINUTES = 10 * 60 * 1000;

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

const OVER_PARAMS = { before: value.time, limit: value.integer };

/**
 * Bounds what nobody has to be signed in for, in fixed windows over one table of the region, before any costly work. What is counted
 * is the same for known and unknown addresses: nothing is looked up. It fails closed: who cannot be counted is not let through.
 */
export class RateLimits {
  readonly #counter: RateCounter;
  readonly #eraseOver: Statement<RateCount, typeof OVER_PARAMS, Record<never, never>>;
  /** Until when, by id of the network's window. */
  readonly #shut = new Map<string, Date>();

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
    private readonly limits: LimitSettings,
    contexts: Contexts,
  ) {
    this.#counter = new RateCounter(door, contexts, clock, limits.signInFailuresInARow);
    this.#eraseOver = door.statement({
      name: 'rate_count.erase_over',
      tables: [RateCount],
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

  /** Counts one wish for another mail of a signup. @throws as {@link signup} */
  async signupMail(ctx: RegionContext, network: string, signupId: string): Promise<void> {
    const { signupMailsPerNetworkHour, signupMailsPerSignupHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'signup_mail.network', subject: network, milliseconds: HOUR, max: signupMailsPerNetworkHour },
      { scope: 'signup_mail.signup', subject: signupId, milliseconds: HOUR, max: signupMailsPerSignupHour },
    );
  }

  /**
   * Counts one sign-in, right or wrong. An address is counted for each network and for all together. What strangers do with it does
   * not touch a device that its person has signed in on: that one is counted by itself. A try within all limits is counted as failed in
   * its streak as well, by the same statement: before its outcome is known, and with no commit of its own.
   * @param on the known device that the person presents, if any, and the streak
   * @returns false when more failed in a row than may; null when the try is still to be counted there ({@link FailureStreaks.count}), as
   *   others came in the same moment
   * @throws as {@link signup}
   */
  async signIn(
    ctx: RegionContext,
    network: string,
    address: string,
    { device, streak }: { readonly device: string | null; readonly streak: FailureStreakId },
  ): Promise<boolean | null> {
    const { signInsPerNetworkHour, signInsPerAddressAndNetworkHour, signInsPerAddressHour, signInsPerRegionHour } =
      this.limits;
    const own = { milliseconds: HOUR, max: signInsPerAddressAndNetworkHour };
    const here = { ...own, scope: 'sign_in.address', subject: `${network} ${address}` };
    const everywhere = {
      scope: 'sign_in.everywhere',
      subject: address,
      milliseconds: HOUR,
      max: signInsPerAddressHour,
    };
    const rest = [
      { scope: 'sign_in.region', subject: '', milliseconds: HOUR, max: signInsPerRegionHour },
      ...(device === null ? [here, everywhere] : [{ ...own, scope: 'sign_in.device', subject: device }]),
    ];
    const gate = { scope: 'sign_in.network', subject: network, milliseconds: HOUR, max: signInsPerNetworkHour };
    return (await this.#count(ctx, gate, rest, streak)).mayFail;
  }

  /**
   * Counts one recovery. For an address the window is as long as a code lives, so that whoever uses it up has just put links that work
   * into the mailbox of its owner.
   * @throws as {@link signup}
   */
  async recovery(ctx: RegionContext, network: string, address: string): Promise<void> {
    const { recoveriesPerNetworkHour, recoveriesPerAddressTenMinutes, recoveriesPerRegionHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'recovery.network', subject: network, milliseconds: HOUR, max: recoveriesPerNetworkHour },
      { scope: 'recovery.address', subject: address, milliseconds: TEN_MINUTES, max: recoveriesPerAddressTenMinutes },
      { scope: 'recovery.region', subject: '', milliseconds: HOUR, max: recoveriesPerRegionHour },
    );
  }

  /** Counts one change of address that a person asks for. @param address the new one, in normal form @throws as {@link signup} */
  async addressChange(ctx: RegionContext, network: string, personId: string, address: string): Promise<void> {
    const { addressChangesPerNetworkHour, addressChangesPerPersonHour, addressChangesPerAddressHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'address_change.network', subject: network, milliseconds: HOUR, max: addressChangesPerNetworkHour },
      { scope: 'address_change.person', subject: personId, milliseconds: HOUR, max: addressChangesPerPersonHour },
      { scope: 'address_change.address', subject: address, milliseconds: HOUR, max: addressChangesPerAddressHour },
    );
  }

  /** Counts one step of a sign-in that names no address, in the same windows: with a passkey, or the second one. @throws as {@link signup} */
  async signInStep(ctx: RegionContext, network: string): Promise<void> {
    const { signInsPerNetworkHour, signInsPerRegionHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'sign_in.network', subject: network, milliseconds: HOUR, max: signInsPerNetworkHour },
      { scope: 'sign_in.region', subject: '', milliseconds: HOUR, max: signInsPerRegionHour },
    );
  }

  /**
   * Counts one proof in a session, right or wrong, wherever it comes from: as many as sign-ins for one address. A session goes by the
   * hash of the presented secret, as its id is public. @throws as {@link signup}
   */
  async proof(ctx: RegionContext, network: string): Promise<void> {
    const { signInsPerNetworkHour, signInsPerAddressAndNetworkHour } = this.limits;
    const subject = ctx.actor.kind === 'bearer' ? ctx.actor.secret.hash.toString('hex') : '';
    await this.#admit(
      ctx,
      { scope: 'proof.network', subject: network, milliseconds: HOUR, max: signInsPerNetworkHour },
      { scope: 'proof.session', subject, milliseconds: HOUR, max: signInsPerAddressAndNetworkHour },
    );
  }

  /**
   * Counts one invitation, whoever is invited.
   * @param account whose member was let in to invite @throws as {@link signup}
   */
  async invitation(ctx: RegionContext, network: string, account: AccountId): Promise<void> {
    const { invitationsPerNetworkHour, invitationsPerAccountDay } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'invitation.network', subject: network, milliseconds: HOUR, max: invitationsPerNetworkHour },
      { scope: 'invitation.account', subject: account, milliseconds: DAY, max: invitationsPerAccountDay },
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

  /**
   * Counts one check of an account's own domain or provider, which calls hosts that the account names.
   * @throws as {@link signup}
   */
  async providerCheck(ctx: RegionContext, network: string, account: AccountId): Promise<void> {
    const { providerChecksPerNetworkHour, providerChecksPerAccountHour } = this.limits;
    await this.#admit(
      ctx,
      { scope: 'provider_check.network', subject: network, milliseconds: HOUR, max: providerChecksPerNetworkHour },
      { scope: 'provider_check.account', subject: account, milliseconds: HOUR, max: providerChecksPerAccountHour },
    );
  }

  /** Removes counts of windows that ended before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  async #admit(ctx: RegionContext, network: Rule, ...rest: readonly Rule[]): Promise<void> {
    await this.#count(ctx, network, rest);
  }

  async #count(ctx: RegionContext, network: Rule, rest: readonly Rule[], streak?: FailureStreakId): Promise<Told> {
    const now = this.clock.now();
    const gate = this.#window(ctx, network, now);
    if ((this.#shut.get(gate.id) ?? now) > now) throw limited(gate.ends, now);
    const windows = rest.map((rule) => this.#window(ctx, rule, now));
    const told = await this.#counter.count(ctx, { gate, rest: windows, streak });
    const { over } = told;
    if (over.includes(gate)) this.#shutUntil(gate);
    if (over.length > 0) throw limited(new Date(Math.max(...over.map(({ ends }) => ends.getTime()))), now);
    return told;
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
