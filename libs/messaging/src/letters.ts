import type { RegionContext } from '@domicile/residency';
import type { Letter } from './letter.js';
import type { ClaimedItem } from './outbox.js';

/** Writes the letter of one item; null when there is nothing to send any more, which finishes the item as well. */
export type OutboxHandler = (ctx: RegionContext, item: ClaimedItem) => Promise<Letter | null>;

/** Who writes the letters of each kind. Every process knows it; only the worker asks for them. */
export class Letters {
  readonly #handlers = new Map<string, OutboxHandler>();

  /** Registers who makes the mails of a kind. @throws Error for a second handler of one kind */
  handle(kind: string, handler: OutboxHandler): void {
    if (this.#handlers.has(kind)) throw new Error(`Outbox items of kind ${kind} have two handlers; register one.`);
    this.#handlers.set(kind, handler);
  }

  /** @throws Error for a kind that this version does not know: it is left for a later one */
  async write(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const handler = this.#handlers.get(item.kind);
    if (!handler) throw new Error('An outbox item of a kind that this version does not know was left for a later one.');
    return handler(ctx, item);
  }
}
