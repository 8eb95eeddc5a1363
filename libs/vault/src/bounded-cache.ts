interface Slot<V> {
  readonly value: V;
  /** Since it was last considered for being dropped. */
  wasUsed: boolean;
}

/**
 * At most so many values by name. One too many drops nearly the one that was used least recently (the clock algorithm): a use costs a note,
 * where moving it to the end of a Map would cost a deletion, and now and then the Map anew.
 */
export class BoundedCache<V> {
  /** The next to be dropped first, as a Map keeps the order of insertion; one that was used meanwhile goes to the end instead. */
  readonly #slots = new Map<string, Slot<V>>();

  /** @param max from 1 on */
  constructor(private readonly max: number) {}

  get size(): number {
    return this.#slots.size;
  }

  get(name: string): V | undefined {
    const slot = this.#slots.get(name);
    if (!slot) return undefined;
    slot.wasUsed = true;
    return slot.value;
  }

  set(name: string, value: V): void {
    if (!this.#slots.delete(name) && this.#slots.size >= this.max) this.#dropOne();
    this.#slots.set(name, { value, wasUsed: false });
  }

  delete(name: string): void {
    this.#slots.delete(name);
  }

  /** Ends after one round at the latest: who was given another chance is not given a second one. */
  #dropOne(): void {
    for (const [name, slot] of this.#slots) {
      this.#slots.delete(name);
      if (!slot.wasUsed) return;
      slot.wasUsed = false;
      this.#slots.set(name, slot);
    }
  }
}
