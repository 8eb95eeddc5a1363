import type { RegionContext } from '@domicile/residency';
import type { Letter } from './letter.js';
import type { ClaimedItem } from './outbox.js';

/** Writes the letter of one item; null when there is nothing to send any more, which finishes the item as well. */
export type OutboxHandler = (ctx: RegionContext, item: ClaimedItem) => Promise<Letter | null>;

/** The letter of one item, or why it could not be written. */
export type Written = PromiseSettledResult<Letter | null>;

/** Writes the letters of several items of a kind, in their order: what each of them needs is asked for at once. One fails by itself. */
export type OutboxBatchHandler = (ctx: RegionContext, items: readonly ClaimedItem[]) => Promise<readonly Written[]>;

/** Who writes the letters of each kind. Every process knows it; only the worker asks for them. */
export class Letters {
  readonly #handlers = new Map<string, OutboxBatchHandler>();

  /** Registers who makes the mails of a kind. @throws Error for a second handler of one kind */
  handle(kind: string, handler: OutboxHandler): void {
    this.handleTogether(kind, (ctx, items) => Promise.allSettled(items.map((item) => handler(ctx, item))));
  }

  /** The same for a kind that comes in numbers. */
  handleTogether(kind: string, handler: OutboxBatchHandler): void {
    if (this.#handlers.has(kind)) throw new Error(`Outbox items of kind ${kind} have two handlers; register one.`);
    this.#handlers.set(kind, handler);
  }

  /** What came of each item, in their order. One of a kind that this version does not know is left for a later one. Never rejects. */
  async write(ctx: RegionContext, items: readonly ClaimedItem[]): Promise<readonly Written[]> {
    const written = new Map<ClaimedItem, Written>();
    await Promise.all(
      [...Map.groupBy(items, ({ kind }) => kind)].map(async ([kind, ofKind]) => {
        const each = await this.#writeKind(ctx, kind, ofKind).catch((reason: unknown) =>
          ofKind.map(() => failed(reason)),
        );
        ofKind.forEach((item, index) => written.set(item, each[index]!));
      }),
    );
    return items.map((item) => written.get(item)!);
  }

  async #writeKind(ctx: RegionContext, kind: string, items: readonly ClaimedItem[]): Promise<readonly Written[]> {
    const handler = this.#handlers.get(kind);
    if (!handler) throw new Error('An outbox item of a kind that this version does not know was left for a later one.');
    return handler(ctx, items);
  }
}

function failed(reason: unknown): Written {
  return { status: 'rejected', reason };
}
