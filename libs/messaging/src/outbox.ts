import {
  type Door,
  type Id,
  type IdCodec,
  isResidencyError,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { OutboxItem } from './outbox-item.entity.js';

/** Id of an effect. */
export type OutboxId = Id<typeof ID_PREFIXES.outbox>;

/** A claimed item. */
export interface ClaimedItem {
  readonly id: OutboxId;
  readonly kind: string;
  /** What it is about, of the kind that was enqueued. */
  readonly subjectId: Id;
  /** 1 at the first claim. */
  readonly attempts: number;
}

/** What a claim brings. */
export interface Claim {
  /** Oldest first. */
  readonly items: readonly ClaimedItem[];
  /** Items about something of another region, which nobody of this one carries out; whoever planted them. */
  readonly foreign: readonly OutboxId[];
}

/** How long a claimed item is its claimer's alone: it is written and has a lane within 10 s, takes 15 s to hand over and twice 5 s to note. */
export const LEASE_SECONDS = 35;
/** With waits of 1 s, 2 s, 4 s … 10 min between them these are 24 hours of trying. */
export const ATTEMPTS_MAX = 153;

const CLAIM_PARAMS = { limit: value.integer, leaseSeconds: value.integer };
const CLAIM_ROW = {
  id: value.id(ID_PREFIXES.outbox),
  kind: value.text,
  subjectKind: value.text,
  subjectUuid: value.text,
  attempts: value.integer,
};

/**
 * A claim is a lease: the item falls due again by itself unless it is done or put off, so a process that dies while sending loses
 * nothing. `skip locked` lets several processes claim side by side; dead items are due at infinity, so the index passes them by.
 */
const CLAIM_SQL = `update outbox set attempts = attempts + 1, version = version + 1,
  due_at = now() + interval '1 second' * :leaseSeconds
  where id in (select id from outbox where due_at <= now() order by id limit :limit for update skip locked)
  returning id, kind, subject_kind as "subjectKind", subject_id::text as "subjectUuid", attempts`;

const IDS_PARAMS = { ids: value.list(value.id(ID_PREFIXES.outbox)) };
const PUT_OFF_PARAMS = {
  id: value.id(ID_PREFIXES.outbox),
  code: value.text,
  isPermanent: value.boolean,
  attemptsMax: value.integer,
};

/** Looked at by the statement itself, so that two who fail at once agree on it. */
const PUT_OFF_SQL = `update outbox set version = version + 1, last_code = :code,
  dead_at = case when :isPermanent or attempts >= :attemptsMax then now() end,
  due_at = case when :isPermanent or attempts >= :attemptsMax then 'infinity'
    else now() + least(interval '10 minutes', interval '1 second' * power(2, least(attempts - 1, 20))) end
  where id = :id and dead_at is null
  returning dead_at is not null as "isDead"`;

/** The region's outbox: effects are stored with their cause in one transaction and carried out afterwards, at least once. */
export class Outbox {
  readonly #items: Table<OutboxItem>;
  readonly #claim: Statement<OutboxItem, typeof CLAIM_PARAMS, typeof CLAIM_ROW>;
  readonly #giveBack: Statement<OutboxItem, typeof IDS_PARAMS, Record<never, never>>;
  readonly #done: Statement<OutboxItem, typeof IDS_PARAMS, Record<never, never>>;
  readonly #putOff: Statement<OutboxItem, typeof PUT_OFF_PARAMS, { isDead: typeof value.boolean }>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
  ) {
    const tables = [OutboxItem] as const;
    this.#items = door.table(OutboxItem);
    this.#claim = door.statement({
      name: 'outbox.claim',
      tables,
      sql: CLAIM_SQL,
      params: CLAIM_PARAMS,
      row: CLAIM_ROW,
    });
    this.#giveBack = door.statement({
      name: 'outbox.give_back',
      tables,
      sql: `update outbox set due_at = now(), attempts = attempts - 1, version = version + 1
        where id = any(:ids::uuid[]) and dead_at is null`,
      params: IDS_PARAMS,
      row: {},
    });
    this.#done = door.statement({
      name: 'outbox.done',
      tables,
      sql: 'delete from outbox where id = any(:ids::uuid[])',
      params: IDS_PARAMS,
      row: {},
    });
    this.#putOff = door.statement({
      name: 'outbox.put_off',
      tables,
      sql: PUT_OFF_SQL,
      params: PUT_OFF_PARAMS,
      row: { isDead: value.boolean },
    });
  }

  /** Adds an effect; inside a transaction's context it becomes real when that commits. */
  async enqueue(ctx: RegionContext, kind: string, subjectId: ClaimedItem['subjectId']): Promise<void> {
    const subjectKind = subjectId.slice(0, subjectId.indexOf('_'));
    await this.#items.insert(ctx, { id: this.mint(ctx), kind, subjectKind, subjectId });
  }

  /** The id of an effect that somebody else's statement adds, together with what it is about. */
  mint(ctx: RegionContext): OutboxId {
    return this.ids.mint(ID_PREFIXES.outbox, ctx.region);
  }

  /** Takes up to `limit` due items. Each must be {@link done}, {@link putOff} or {@link giveBack given back} before its lease ends, or it comes again. */
  async claim(ctx: RegionContext, limit: number): Promise<Claim> {
    const claimed = await this.#claim.all(ctx, { limit, leaseSeconds: LEASE_SECONDS });
    // RETURNING follows no order; ids are ordered by time.
    claimed.sort((a, b) => (a.id < b.id ? -1 : 1));
    const items: ClaimedItem[] = [];
    const foreign: OutboxId[] = [];
    for (const { subjectKind, subjectUuid, ...item } of claimed) {
      try {
        items.push({ ...item, subjectId: this.ids.decode(subjectUuid, subjectKind, ctx.region) });
      } catch (error) {
        if (!isResidencyError(error, 'residency.crossing')) throw error;
        foreign.push(item.id);
      }
    }
    return { items, foreign };
  }

  /** Removes finished items. */
  async done(ctx: RegionContext, ids: readonly OutboxId[]): Promise<void> {
    await this.#done.run(ctx, { ids });
  }

  /** Returns items that nobody has tried to carry out: they are due at once, and the claim counts for nothing. */
  async giveBack(ctx: RegionContext, ids: readonly OutboxId[]): Promise<void> {
    await this.#giveBack.run(ctx, { ids });
  }

  /**
   * Notes that an attempt failed: the item comes again after 1 s, 2 s, 4 s … 10 min, or is dead, at once when trying again cannot help
   * and otherwise after {@link ATTEMPTS_MAX} attempts.
   * @param code a word of the code, never what somebody else said
   * @returns true when it is dead now
   */
  async putOff(ctx: RegionContext, id: OutboxId, code: string, isPermanent: boolean): Promise<boolean> {
    const put = await this.#putOff.one(ctx, { id, code, isPermanent, attemptsMax: ATTEMPTS_MAX });
    return put?.isDead ?? false;
  }
}
