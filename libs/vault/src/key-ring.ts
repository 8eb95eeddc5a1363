import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { IdCodec, Region, RegionContext } from '@domicile/residency';
import { ID_PREFIXES, Problem } from '@domicile/runtime';
import { BoundedCache } from './bounded-cache.js';
import type { KeyProvider, Wrapped } from './key-provider.js';
import type { KeyId, KeyStore } from './key-store.js';
import type { DataKey } from './sealed-value.js';
import { WrappedKeys } from './wrapped-keys.js';

const KEY_BYTES = 32;
/** Keys made at once; a crash leaves at most so many unused ones in the store. */
const BATCH = 64;
/** Below so many, more are made ahead of use. */
const LOW_WATER = 24;
/** Opened keys kept at most; about 1 kB each. */
const CACHED_MAX = 20_000;
/** Wrapped keys held at most: 350 MB where a region has so many. */
const HELD_MAX = 4_000_000;
/** A key destroyed by another process is forgotten here after this at the latest; its subject's state refuses before. */
const CACHED_MILLISECONDS = 5 * 60_000;
/** Held keys are used for so long after the store has last said which were destroyed. */
const CURRENT_MILLISECONDS = 30_000;

interface Cached extends DataKey {
  readonly until: number;
}

/** The data keys of one region in this process: unused ones made ahead, used ones opened and kept, both bounded. */
export class KeyRing {
  readonly #cached = new BoundedCache<Cached>(CACHED_MAX);
  readonly #unused: DataKey[] = [];
  readonly #held = new WrappedKeys(HELD_MAX);
  /** Until when, by the monotonic clock, it is known of no held key that it was destroyed elsewhere. */
  #currentUntil = 0;
  #isFilling = false;

  /** @param wake called when keys run low, so that the loop of the region makes more ahead of use */
  constructor(
    private readonly region: Region,
    private readonly store: KeyStore,
    private readonly provider: KeyProvider,
    private readonly ids: IdCodec,
    private readonly wake: () => void,
  ) {}

  get isLow(): boolean {
    return this.#unused.length < LOW_WATER;
  }

  /** A key that nobody has. @throws residency.unavailable when none is left and the store is away; vault.key_missing as {@link refill} */
  async take(ctx: RegionContext): Promise<DataKey> {
    if (this.isLow) this.wake();
    const ready = this.#unused.shift();
    if (ready) return this.#keep(ready);
    // One batch at a time: of many who find none left, the others make no more than they need.
    if (this.#isFilling) return this.#keep((await this.#make(ctx, 1))[0]!);
    this.#isFilling = true;
    try {
      const [own, ...rest] = await this.#make(ctx, BATCH);
      this.#unused.push(...rest);
      return this.#keep(own!);
    } finally {
      this.#isFilling = false;
    }
  }

  /** Makes a batch ahead of use. @throws residency.unavailable; Problem vault.key_missing when others wrap under a key that is not here */
  async refill(ctx: RegionContext): Promise<void> {
    this.#unused.push(...(await this.#make(ctx, BATCH)));
  }

  /** Keys that are stored wrapped before any of them seals anything: what is sealed can always be opened. @throws as {@link refill} */
  async #make(ctx: RegionContext, count: number): Promise<DataKey[]> {
    const { code } = this.region;
    const fresh = Array.from({ length: count }, () => {
      const id = this.ids.mint(ID_PREFIXES.dataKey, this.region);
      return { id, bytes: randomBytes(KEY_BYTES) };
    });
    for (let refused = 0; ;) {
      const version = await this.provider.newest(code);
      // The store has seen a newer wrapping key, and it has not come here by now.
      if (version === refused) throw new Problem('vault.key_missing');
      const wrapped = await Promise.all(fresh.map(({ id, bytes }) => this.provider.wrap(code, version, id, bytes)));
      const ids = fresh.map(({ id }) => id);
      if (await this.store.add(ctx, version, ids, wrapped))
        return fresh.map(({ id, bytes }) => this.#opened(this.idHex(id), bytes));
      refused = version;
    }
  }

  /** A key that is open already; undefined when it has to be fetched. */
  peek(idHex: string): DataKey | undefined {
    const cached = this.#cached.get(idHex);
    if (!cached) return undefined;
    if (cached.until < performance.now()) {
      this.#cached.delete(idHex);
      return undefined;
    }
    return cached;
  }

  /**
   * The key of that id.
   * @throws Problem vault.key_destroyed, vault.key_missing; ResidencyError residency.unavailable when the store is away
   */
  async find(ctx: RegionContext, idHex: string): Promise<DataKey> {
    return this.peek(idHex) ?? (await this.#openHeld(idHex)) ?? (await this.findAnew(ctx, idHex));
  }

  /** Opens those of the keys that are not open yet, and asks the store for them once. What is wrong with one is for {@link find} to tell. */
  async openAll(ctx: RegionContext, ids: readonly KeyId[]): Promise<void> {
    const shut = ids.filter((id) => !this.peek(this.idHex(id)));
    if (shut.length === 0) return;
    const found = await this.store.findAll(ctx, shut);
    const open = async ([id, wrapped]: readonly [KeyId, Wrapped]): Promise<DataKey> =>
      this.#keep(this.#opened(this.idHex(id), await this.provider.unwrap(this.region.code, wrapped, id)));
    await Promise.allSettled([...found].map(open));
  }

  /** Takes in wrapped keys ahead of use, see {@link WrappedKeys}. @returns true when no more of them fit */
  hold(block: Buffer): boolean {
    this.#held.take(block);
    return this.#held.isFull;
  }

  /** Says that every key destroyed until now has been forgotten here. */
  isCurrent(): void {
    this.#currentUntil = performance.now() + CURRENT_MILLISECONDS;
  }

  /** A held key, opened; null for the store to be asked: it is not here, not known to be current, or wrapped anew meanwhile. */
  async #openHeld(idHex: string): Promise<DataKey | null> {
    if (performance.now() > this.#currentUntil) return null;
    const wrapped = this.#held.get(idHex);
    if (!wrapped) return null;
    try {
      return this.#keep(this.#opened(idHex, await this.provider.unwrap(this.region.code, wrapped, this.idOf(idHex))));
    } catch {
      this.#held.forget(idHex);
      return null;
    }
  }

  /** The same, asked of the store in any case. @throws as {@link find} */
  async findAnew(ctx: RegionContext, idHex: string): Promise<DataKey> {
    const id = this.idOf(idHex);
    const wrapped = await this.store.find(ctx, id);
    if (!wrapped) {
      const [missing] = await this.store.tombstones.missing(ctx, [id]);
      throw new Problem(missing ? 'vault.key_missing' : 'vault.key_destroyed');
    }
    return this.#keep(this.#opened(idHex, await this.provider.unwrap(this.region.code, wrapped, id)));
  }

  /** Asks the store for a key that nobody has, and gives one that seals nothing that is kept. @throws as {@link find} */
  async findNothing(ctx: RegionContext): Promise<DataKey> {
    const nobodys = this.nobodysKey();
    await this.store.find(ctx, this.idOf(nobodys.idHex));
    return nobodys;
  }

  /** A key that nobody has, and that is stored nowhere. */
  nobodysKey(): DataKey {
    return this.#opened(this.idHex(this.ids.mint(ID_PREFIXES.dataKey, this.region)), randomBytes(KEY_BYTES));
  }

  /** Drops a key from memory. */
  forget(idHex: string): void {
    this.#cached.delete(idHex);
    this.#held.forget(idHex);
  }

  /** @throws ResidencyError residency.crossing when the bytes are no id of this region */
  idOf(idHex: string): KeyId {
    const uuid = idHex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return this.ids.decode(uuid, ID_PREFIXES.dataKey, this.region);
  }

  idHex(id: KeyId): string {
    return this.ids.encode(id, ID_PREFIXES.dataKey, this.region).replaceAll('-', '');
  }

  #opened(idHex: string, bytes: Buffer): DataKey {
    const key: KeyObject = createSecretKey(bytes);
    bytes.fill(0);
    return { idHex, key };
  }

  #keep(key: DataKey): DataKey {
    this.#cached.set(key.idHex, { ...key, until: performance.now() + CACHED_MILLISECONDS });
    return key;
  }
}
