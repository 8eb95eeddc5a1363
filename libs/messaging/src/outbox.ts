import {
  type Door,
  type Id,
  type IdCodec,
  type Region,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { OutboxItem } from './outbox-item.entity.js';

/** A claimed item. */
export interface ClaimedItem {
  readonly id: Id<typeof ID_PREFIXES.outbox>;
  readonly kind: string;
  /** What it is about, of the kind that was enqueued. */
  readonly subjectId: Id;
  /** 1 at the first claim. */
  readonly attempts: number;
}

const CLAIM_PARAMS = { limit: value.integer };
const CLAIM_ROW = {
  id: value.id(ID_PREFIXES.outbox),
  kind: value.text,
  subjectKind: value.text,
  subjectUuid: value.text,
  attempts: value.integer,
};

/**
 * A claim is a lease: the item falls due again by itself unless it is done, after 1 s, 2 s, 4 s … 10 min, so a process that
 * dies while sending loses nothing. `skip locked` lets several processes claim side by side.
 */
const CLAIM_SQL = `update outbox set attempts = attempts + 1, version = version + 1,
  due_at = now() + least(interval '10 minutes', interval '1 second' * power(2, least(attempts, 20)))
  where id in (select id from outbox where due_at <= now() order by id limit :limit for update skip locked)
  returning id, kind, subject_kind as "subjectKind", subject_id::text as "subjectUuid", attempts`;

/** The region's outbox: effects are stored with their cause in one transaction and carried out afterwards, at least once. */
export class Outbox {
  readonly #items: Table<OutboxItem>;
  readonly #claim: Statement<OutboxItem, typeof CLAIM_PARAMS, typeof CLAIM_ROW>;
  readonly #listeners: ((region: Region) => void)[] = [];

  constructor(
    door: Door,
    private readonly ids: IdCodec,
  ) {
    this.#items = door.table(OutboxItem);
    this.#claim = door.statement({
      name: 'outbox.claim',
      tables: [OutboxItem],
      sql: CLAIM_SQL,
      params: CLAIM_PARAMS,
      row: CLAIM_ROW,
    });
  }

  /** Adds an effect; inside a transaction's context it becomes real when that commits. Call {@link nudge} after the commit. */
  async enqueue(ctx: RegionContext, kind: string, subjectId: ClaimedItem['subjectId']): Promise<void> {
    const id = this.ids.mint(ID_PREFIXES.outbox, ctx.region);
    const subjectKind = subjectId.slice(0, subjectId.indexOf('_'));
    await this.#items.insert(ctx, { id, kind, subjectKind, subjectId });
  }

  /** Takes up to `limit` due items, oldest first. Each must be {@link done} before its lease ends, or it comes again. */
  async claim(ctx: RegionContext, limit: number): Promise<ClaimedItem[]> {
    const claimed = await this.#claim.all(ctx, { limit });
    // RETURNING follows no order; ids are ordered by time.
    claimed.sort((a, b) => (a.id < b.id ? -1 : 1));
    return claimed.map(({ subjectKind, subjectUuid, ...item }) => ({
      ...item,
      subjectId: this.ids.decode(subjectUuid, subjectKind, ctx.region),
    }));
  }

  /** Removes a finished item. */
  async done(ctx: RegionContext, id: ClaimedItem['id']): Promise<void> {
    await this.#items.erase(ctx, id);
  }

  /** Says that a region may have a due item: saves the wait for the next look. Losing it loses nothing. */
  nudge(region: Region): void {
    for (const listener of this.#listeners) listener(region);
  }

  /** Called at every {@link nudge}, in the nudger's own async context: the listener must do no work of its own. */
  onNudge(listener: (region: Region) => void): void {
    this.#listeners.push(listener);
  }
}
