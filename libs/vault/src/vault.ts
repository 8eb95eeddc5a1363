import type { Contexts, FieldSet, Id, IdCodec, Region, RegionContext } from '@domicile/residency';
import { ResidencyError } from '@domicile/residency';
import { type EventLog, isBranded } from '@domicile/runtime';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { KeyProvider } from './key-provider.js';
import { KeyRing } from './key-ring.js';
import type { KeyId, KeyStore } from './key-store.js';
import { masked } from './mask.js';
import type { Erased } from './tombstones.js';
import { type DataKey, keyIdOf, openValue, sealValue } from './sealed-value.js';

/** One sealed value and where it stands. */
export interface SealedRow<F extends object> {
  /** Whose data it is. */
  readonly subject: Id;
  /** The row that it stands in; often the subject's own. */
  readonly row: Id;
  readonly set: FieldSet<F>;
  readonly sealed: Buffer;
}

/** Clear values of a set: text, or null for an optional field that was left out. */
export type Fields<F> = { readonly [K in keyof F]: F[K] };

/** As long as what is opened in its place: a PHC string. */
const NOTHING = JSON.stringify({ secret: '-'.repeat(97) });

const MINT_MILLISECONDS_MAX = 10_000;
/** How long after a failure the next try to make keys ahead waits; a request that needs one tries by itself. */
const RETRY_MILLISECONDS = 1_000;

/**
 * Seals what is personal under its subject's own key, and is the one way back to clear text (laws, Keys). The region is the
 * context's and nothing else's; a value opens only for the subject, the row and the set that it was sealed for.
 */
export class Vault implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rings = new Map<string, KeyRing>();
  readonly #wakes = new Map<string, () => void>();
  #loops: Promise<void>[] = [];
  #stopping = false;

  constructor(
    private readonly contexts: Contexts,
    private readonly store: KeyStore,
    provider: KeyProvider,
    ids: IdCodec,
    private readonly log: EventLog,
  ) {
    for (const region of contexts.served)
      this.#rings.set(region.code, new KeyRing(region, store, provider, ids, () => this.#wakes.get(region.code)?.()));
  }

  /** Keys are made ahead of use, in one loop a region; Nest calls it when the databases are open. */
  onApplicationBootstrap(): void {
    this.#loops = this.contexts.served.map((region) => this.#mintAhead(region));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    for (const wake of this.#wakes.values()) wake();
    await Promise.all(this.#loops);
  }

  /** A key for a new subject; stored before it is handed out. @throws residency.unavailable when the key store is away */
  newKey(ctx: RegionContext): Promise<DataKey> {
    return this.#ring(ctx).take(ctx);
  }

  /** The key that sealed a value: for a value of the same subject, or of the one that it becomes. @throws as {@link open} */
  async keyOf(ctx: RegionContext, sealed: Buffer): Promise<DataKey> {
    return this.#ring(ctx).find(ctx, keyIdOf(sealed));
  }

  /**
   * Has the keys of many values at hand with one question to the key store, so that opening these asks nothing more. What is wrong with
   * one of them is told when it is opened. @throws residency.unavailable when the key store is away
   */
  async openKeys(ctx: RegionContext, sealed: readonly Buffer[]): Promise<void> {
    const ids = sealed.flatMap((each) => {
      try {
        return this.keyIdOf(ctx, each);
      } catch {
        return [];
      }
    });
    await this.#ring(ctx).openAll(ctx, ids);
  }

  /** The same if it is open here already, without asking the key store; null otherwise. For what must take no time that tells. */
  keyAtHand(ctx: RegionContext, sealed: Buffer): DataKey | null {
    return this.#ring(ctx).peek(keyIdOf(sealed)) ?? null;
  }

  /** Seals all fields of a set as one value. */
  seal<F extends object>(
    ctx: RegionContext,
    key: DataKey,
    at: Omit<SealedRow<F>, 'sealed'>,
    fields: Fields<F>,
  ): Buffer {
    const text = JSON.stringify(
      Object.fromEntries([...at.set.fields.keys()].map((name) => [name, valueOf(fields, name)])),
    );
    return sealValue(key, placeOf(ctx, at), text);
  }

  /** The same steps for what is kept nowhere, under a key that nobody has: for what must take no time that tells. */
  sealNothing<F extends object>(ctx: RegionContext, at: Omit<SealedRow<F>, 'sealed'>, fields: Fields<F>): void {
    this.seal(ctx, this.#ring(ctx).nobodysKey(), at, fields);
  }

  /**
   * The clear values of a sealed row: the one function that opens.
   * @throws Problem vault.value_refused (altered, or moved from another row, subject, set or region), vault.key_destroyed,
   *   vault.key_missing; ResidencyError residency.unavailable when the key store is away
   */
  async open<F extends object>(ctx: RegionContext, row: SealedRow<F>): Promise<Fields<F>> {
    const ring = this.#ring(ctx);
    const idHex = keyIdOf(row.sealed);
    const key = ring.peek(idHex) ?? (await ring.find(ctx, idHex));
    return JSON.parse(openValue(key, placeOf(ctx, row), row.sealed)) as Fields<F>;
  }

  /**
   * The same with the key fetched anew, however well it is known here: for callers whose time must not tell what is cached.
   * @throws as {@link open}
   */
  async openAnew<F extends object>(ctx: RegionContext, row: SealedRow<F>): Promise<Fields<F>> {
    const key = await this.#ring(ctx).findAnew(ctx, keyIdOf(row.sealed));
    return JSON.parse(openValue(key, placeOf(ctx, row), row.sealed)) as Fields<F>;
  }

  /** The same steps as {@link openAnew} for a row that is not there: a key that nobody has is asked for, and something is opened. */
  async openNothing(ctx: RegionContext, at: Omit<SealedRow<object>, 'sealed'>): Promise<null> {
    const key = await this.#ring(ctx).findNothing(ctx);
    const sealed = sealValue(key, placeOf(ctx, at), NOTHING);
    JSON.parse(openValue(key, placeOf(ctx, at), sealed));
    return null;
  }

  /** The same as masks, by what each field declares; clear text does not leave this function. @throws as {@link open} */
  async mask<F extends object>(ctx: RegionContext, row: SealedRow<F>): Promise<Record<keyof F, string | null>> {
    const clear = (await this.open(ctx, row)) as Readonly<Record<string, string | null>>;
    const shown = [...row.set.fields].map(([name, { mask }]) => {
      const text = clear[name] ?? null;
      return [name, text === null ? null : masked(text, mask)] as const;
    });
    return Object.fromEntries(shown) as Record<keyof F, string | null>;
  }

  /** The row sealed anew with some fields changed, under the same key. @throws as {@link open} */
  async amend<F extends object>(ctx: RegionContext, row: SealedRow<F>, patch: Partial<Fields<F>>): Promise<Buffer> {
    const clear = await this.open(ctx, row);
    return this.seal(ctx, await this.keyOf(ctx, row.sealed), row, { ...clear, ...patch });
  }

  /** Public name of the key that sealed a value. @throws Problem vault.value_refused */
  keyIdOf(ctx: RegionContext, sealed: Buffer): KeyId {
    return this.#ring(ctx).idOf(keyIdOf(sealed));
  }

  /** Destroys keys for good: what they sealed is unreadable from now on, here and in every copy. */
  async destroy(ctx: RegionContext, erased: readonly Erased[]): Promise<void> {
    await this.store.destroy(ctx, erased);
    this.forget(
      ctx,
      erased.map(({ key }) => key),
    );
  }

  /** Removes the keys of subjects that never came to be, without a tombstone. */
  async discard(ctx: RegionContext, ids: readonly KeyId[]): Promise<void> {
    await this.store.discard(ctx, ids);
    this.forget(ctx, ids);
  }

  /** Takes wrapped keys into memory ahead of use, as the store gives them. @returns true when no more of them fit */
  hold(ctx: RegionContext, block: Buffer): boolean {
    return this.#ring(ctx).hold(block);
  }

  /** Says that every key destroyed until now has been {@link forget forgotten}: without that, what is held is used for half a minute only. */
  keysAreCurrent(ctx: RegionContext): void {
    this.#ring(ctx).isCurrent();
  }

  /** Drops keys from memory, wherever they were destroyed. */
  forget(ctx: RegionContext, ids: readonly KeyId[]): void {
    const ring = this.#ring(ctx);
    for (const id of ids) ring.forget(ring.idHex(id));
  }

  #ring({ region }: RegionContext): KeyRing {
    const ring = this.#rings.get(region.code);
    if (!ring) throw new ResidencyError('residency.crossing', `This process holds no key of region ${region.code}.`);
    return ring;
  }

  async #mintAhead(region: Region): Promise<void> {
    const ring = this.#rings.get(region.code)!;
    let away = false;
    while (!this.#stopping) {
      // Armed before the look: a wake that arrives during it is not lost.
      const woken = new Promise<void>((resolve) => this.#wakes.set(region.code, resolve));
      if (!ring.isLow) await woken;
      if (this.#stopping) return;
      try {
        if (ring.isLow)
          await this.contexts.run(
            { region, actor: { kind: 'job', name: 'vault.mint' }, deadlineMilliseconds: MINT_MILLISECONDS_MAX },
            (ctx) => ring.refill(ctx),
          );
        if (away) this.log.event('vault.back', { region: region.code });
        away = false;
      } catch (error) {
        const code = isBranded(error) ? error.code : 'unknown';
        if (!away) this.log.event('vault.away', { region: region.code, code }, 'warn');
        away = true;
        await pause(RETRY_MILLISECONDS, (stop) => this.#wakes.set(region.code, () => this.#stopping && stop()));
      }
    }
  }
}

function placeOf(ctx: RegionContext, { subject, row, set }: Omit<SealedRow<object>, 'sealed'>) {
  return { region: ctx.region.code, subject, row, set: set.name };
}

function valueOf(fields: object, name: string): unknown {
  return Reflect.get(fields, name) ?? null;
}

function pause(milliseconds: number, onStop: (stop: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    onStop(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
