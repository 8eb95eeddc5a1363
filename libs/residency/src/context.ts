import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { ResidencyError, unavailable } from './errors.js';
import { ACCOUNT_PREFIX, type AccountId, type IdCodec } from './ids.js';
import type { Lease } from './lease.js';
import type { Region, Regions } from './regions.js';
import type { PresentedSecret } from './secrets.js';

/** Who asks. A presented secret is a claim; the use case that reads its row proves it. */
export type Actor =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'bearer'; readonly secret: PresentedSecret }
  | { readonly kind: 'job'; readonly name: string };

/** Where a unit of work was asked for from, in words: never an address, never a User-Agent. */
export interface Origin {
  /** Browser and system in short words; null when they are not known. */
  readonly device: string | null;
  /** ISO 3166-1 code; null when it is not known. */
  readonly country: string | null;
}

const NOWHERE: Origin = { device: null, country: null };

/** What it takes to begin a unit of work. */
export interface UnitOptions {
  readonly region: Region;
  readonly actor: Actor;
  /** Says where it was asked for from, to who keeps that; left out where nobody asked. */
  readonly origin?: (() => Promise<Origin>) | undefined;
  readonly requestId?: string;
  /** From now; every wait inside the unit derives from it. */
  readonly deadlineMilliseconds?: number;
}

/** The state that all contexts of one unit of work share. Internal to this library. */
export interface UnitOfWork {
  readonly region: Region;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  open: boolean;
  /** True while a transaction is open: its own context is then the only one that may touch data. */
  inTransaction: boolean;
}

const ambient = new AsyncLocalStorage<UnitOfWork>();

/** Never leaves this file: without it no context can be made. */
const MINT = Symbol('mint');

/** What this file alone can do with a context; assigned inside the class, which is the only place that sees its private fields. */
let read: (context: object) => { unit: UnitOfWork; lease: Lease | null } | null;
let bind: (context: RegionContext, lease: Lease) => RegionContext;

/**
 * The capability to touch one region's data for one unit of work (law L2). It cannot be made or altered by hand:
 * {@link Contexts} is the only mint, and every use checks the brand, the deadline and that the caller still runs inside
 * the unit.
 */
export class RegionContext {
  readonly #state: { readonly unit: UnitOfWork; readonly lease: Lease | null };
  readonly #ids: IdCodec;
  readonly #origin: UnitOptions['origin'];

  static {
    read = (context) => (#state in context ? context.#state : null);
    bind = (context, lease) =>
      new RegionContext(
        MINT,
        context.#state.unit,
        lease,
        context.#ids,
        context.actor,
        context.requestId,
        context.#origin,
      );
  }

  /** @internal */
  constructor(
    mint: typeof MINT,
    unit: UnitOfWork,
    lease: Lease | null,
    ids: IdCodec,
    readonly actor: Actor,
    readonly requestId: string,
    origin: UnitOptions['origin'],
  ) {
    if (mint !== MINT)
      throw new ResidencyError('residency.context_missing', 'A RegionContext is only made by Contexts.');
    this.#state = { unit, lease };
    this.#ids = ids;
    this.#origin = origin;
    Object.freeze(this);
  }

  /** Where it was asked for from, made out at each call: few units of work keep it. Nothing is known where nobody asked. */
  origin(): Promise<Origin> {
    return this.#origin?.() ?? Promise.resolve(NOWHERE);
  }

  get region(): Region {
    return unitOf(this).unit.region;
  }

  /** Milliseconds until the deadline; not below 0. */
  get remainingMilliseconds(): number {
    return Math.max(0, unitOf(this).unit.deadline - performance.now());
  }

  /**
   * Narrows this context to one account; resident data is reached through the result alone (law L11).
   * @throws ResidencyError residency.crossing when the id is not an account's of this region
   */
  account(id: AccountId): AccountContext {
    this.#ids.encode(id, ACCOUNT_PREFIX, this.region);
    return new AccountContext(this, id);
  }
}

/** A {@link RegionContext} narrowed to one account: every statement made with it carries that account. */
export class AccountContext {
  /** @internal Use `ctx.account(id)`. */
  constructor(
    readonly context: RegionContext,
    readonly accountId: AccountId,
  ) {
    unitOf(context);
    Object.freeze(this);
  }

  get region(): Region {
    return this.context.region;
  }
}

/**
 * Opens units of work: one per request, job or command, each in exactly one region.
 * There is no ambient default: code without a context reaches no data.
 */
export class Contexts {
  constructor(
    private readonly ids: IdCodec,
    readonly regions: Regions,
    /** Regions whose databases this process holds. */
    readonly served: readonly Region[],
    private readonly deadlineMilliseconds: number,
  ) {}

  serves(region: Region): boolean {
    return this.served.includes(region);
  }

  /**
   * Runs `work` as one unit of work and closes its context when it ends; what outlives it is refused.
   * @throws ResidencyError residency.context_nested inside another open unit; residency.crossing for a region not served here
   */
  async run<T>(options: UnitOptions, work: (context: RegionContext) => Promise<T>): Promise<T> {
    const unit = this.open(options);
    try {
      return await unit.enter(() => work(unit.context));
    } finally {
      unit.close();
    }
  }

  /** The same in three steps, for a framework that owns the flow of control (see http/region-hooks.ts). */
  open(options: UnitOptions): { context: RegionContext; enter<T>(work: () => T): T; close(): void } {
    if (ambient.getStore()?.open)
      throw new ResidencyError(
        'residency.context_nested',
        `A unit of work in region ${options.region.code} was opened inside another one.`,
      );
    if (!this.serves(options.region))
      throw new ResidencyError('residency.crossing', `This process does not serve region ${options.region.code}.`);
    const unit: UnitOfWork = {
      region: options.region,
      deadline: performance.now() + (options.deadlineMilliseconds ?? this.deadlineMilliseconds),
      open: true,
      inTransaction: false,
    };
    const { actor, requestId = randomUUID(), origin } = options;
    const context = new RegionContext(MINT, unit, null, this.ids, actor, requestId, origin);
    return {
      context,
      enter: (work) => ambient.run(unit, work),
      close: () => {
        unit.open = false;
      },
    };
  }
}

/** The region's context behind either kind. */
export function regionContextOf(context: RegionContext | AccountContext): RegionContext {
  return context instanceof AccountContext ? context.context : context;
}

/** The same unit of work, bound to a transaction. For the door. */
export function withinTransaction(context: RegionContext, lease: Lease): RegionContext {
  return bind(context, lease);
}

/** @throws ResidencyError residency.context_missing for anything that {@link Contexts} did not mint */
function unitOf(context: unknown): { unit: UnitOfWork; lease: Lease | null } {
  const state = typeof context === 'object' && context !== null ? read(context) : null;
  if (!state)
    throw new ResidencyError(
      'residency.context_missing',
      'Data was asked for without a RegionContext; open one with Contexts.run.',
    );
  return state;
}

/**
 * The unit and transaction of a context that may be used right now.
 * @throws ResidencyError residency.context_missing (forged, or used outside its own unit of work), residency.context_closed,
 *   residency.unavailable (past its deadline)
 */
export function usable(context: RegionContext): { unit: UnitOfWork; lease: Lease | null } {
  const { unit, lease } = unitOf(context);
  if (ambient.getStore() !== unit)
    throw new ResidencyError(
      'residency.context_missing',
      'A context was used outside of the unit of work that it was opened for.',
    );
  assertOpen(unit);
  if (unit.inTransaction && lease === null)
    throw new ResidencyError(
      'residency.context_closed',
      'While a transaction is open, use the context that it hands to its work.',
    );
  if (lease && !lease.permit.live && !lease.permit.poison)
    throw new ResidencyError('residency.context_closed', 'The context of a transaction was used after it had ended.');
  return { unit, lease };
}

/** @throws ResidencyError residency.context_closed, or residency.unavailable past the deadline */
export function assertOpen(unit: UnitOfWork): void {
  if (!unit.open)
    throw new ResidencyError('residency.context_closed', 'A context was used after its unit of work had ended.');
  if (performance.now() >= unit.deadline) throw unavailable('The unit of work is past its deadline.');
}
