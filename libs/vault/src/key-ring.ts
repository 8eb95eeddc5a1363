import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { IdCodec, Region, RegionContext } from '@domicile/residency';
import { ID_PREFIXES, Problem } from '@domicile/runtime';
import type { KeyProvider } from './key-provider.js';
import type { KeyId, KeyStore } from './key-store.js';
import type { DataKey } from './sealed-value.js';

const KEY_BYTES = 32;
/** Keys made at once; a crash leaves at most so many unused ones in the store. */
const BATCH = 64;
/** Below so many, more are made ahead of use. */
const LOW_WATER = 24;
/** Opened keys kept at most; about 1 kB each. */
const CACHED_MAX = 20_000;
/** A key destroyed by another process is forgotten here after this at the latest; its subject's state refuses before. */
const CACHED_MILLISECONDS = 5 * 60_000;

interface Cached extends DataKey {
  readonly until: number;
}

/** The data keys of one region in this process: unused ones made ahead, used ones opened and kept, both bounded. */
export class KeyRing {
  /** In the order of their last use, as a Map keeps the order of insertion. */
  readonly #cached = new Map<string, Cached>();
  #unused: { id: KeyId; key: DataKey }[] = [];

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

  /** A key that nobody has. @throws residency.unavailable when none is left and the store is away */
  async take(ctx: RegionContext): Promise<DataKey> {
    if (this.isLow) this.wake();
    if (this.#unused.length === 0) await this.mint(ctx);
    const taken = this.#unused.shift();
    if (!taken) return this.take(ctx);
    return this.#keep(taken.key);
  }

  /**
   * Makes a batch of keys and stores them wrapped, before any of them seals anything: what is sealed can always be opened.
   * @throws residency.unavailable, vault.key_missing
   */
  async mint(ctx: RegionContext): Promise<void> {
    const { code } = this.region;
    const fresh = Array.from({ length: BATCH }, () => {
      const id = this.ids.mint(ID_PREFIXES.dataKey, this.region);
      return { id, bytes: randomBytes(KEY_BYTES) };
    });
    let stored = false;
    while (!stored) {
      const version = await this.provider.newest(code);
      const wrapped = await Promise.all(fresh.map(({ id, bytes }) => this.provider.wrap(code, version, id, bytes)));
      stored = await this.store.add(
        ctx,
        version,
        fresh.map(({ id }) => id),
        wrapped,
      );
    }
    this.#unused.push(...fresh.map(({ id, bytes }) => ({ id, key: this.#opened(this.idHex(id), bytes) })));
  }

  /** A key that is open already; undefined when it has to be fetched. */
  peek(idHex: string): DataKey | undefined {
    const cached = this.#cached.get(idHex);
    if (!cached) return undefined;
    this.#cached.delete(idHex);
    if (cached.until < performance.now()) return undefined;
    this.#cached.set(idHex, cached);
    return cached;
  }

  /**
   * The key of that id.
   * @throws Problem vault.key_destroyed, vault.key_missing; ResidencyError residency.unavailable when the store is away
   */
  async find(ctx: RegionContext, idHex: string): Promise<DataKey> {
    return this.peek(idHex) ?? (await this.findAnew(ctx, idHex));
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
    const id = this.ids.mint(ID_PREFIXES.dataKey, this.region);
    await this.store.find(ctx, id);
    return this.#opened(this.idHex(id), randomBytes(KEY_BYTES));
  }

  /** Drops a key from memory. */
  forget(idHex: string): void {
    this.#cached.delete(idHex);
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
    if (this.#cached.size >= CACHED_MAX) this.#cached.delete(this.#cached.keys().next().value!);
    this.#cached.set(key.idHex, { ...key, until: performance.now() + CACHED_MILLISECONDS });
    return key;
  }
}
