import {
  type Door,
  type Id,
  type IdCodec,
  type RegionContext,
  sameHash,
  type Statement,
  value,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, isBranded, Problem } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { KeyedRequest } from './idempotency-key.js';
import { KeptAnswer } from './idempotency.entity.js';
import { AnswerKeys } from './sealed-answer.js';

/** How long an answer is kept; a key may be used for something new afterwards. */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Purpose of the keyed hash that ids of kept answers are derived from. */
const INDEX = 'request.idempotency';

/** A request that is to have its effect once. */
export interface OnceRequest extends KeyedRequest {
  /** Who asks, proven before: a person's id; `nobody`; or, where a low secret proves the caller, that secret. Nobody else is answered. */
  readonly principal: string;
  readonly body: object;
  /** Fields of the body that are left out of its fingerprint: no hash of a password is made here. */
  readonly secretFields: readonly string[];
}

/** Keeps the answer in the transaction of the effect: both are stored, or neither. */
export type Keep<A> = (tx: RegionContext, answer: A) => Promise<void>;

/** For callers without an Idempotency-Key. */
export const keptNowhere: Keep<unknown> = () => Promise.resolve();

/** An answer, and whether it is the one that was given before. As it left JSON: a replayed time is text. */
export interface Once<A> {
  readonly answer: A;
  readonly isReplayed: boolean;
}

/** Where a request's answer is kept, and what opens it. */
interface Slot {
  readonly id: Id<typeof ID_PREFIXES.idempotency>;
  readonly keys: AnswerKeys;
  readonly fingerprint: Buffer;
  /** What the sealed answer is bound to. */
  readonly bound: Buffer;
}

const id = value.id(ID_PREFIXES.idempotency);
const FIND_PARAMS = { id, now: value.time };
const FIND_ROW = { fingerprint: value.bytes, answer: value.bytes };
const KEEP_PARAMS = { id, fingerprint: value.bytes, answer: value.bytes, expiresAt: value.time, now: value.time };
const OVER_PARAMS = { before: value.time, limit: value.integer };

/** A row that is over may still lie there: it is written over. One that is not makes this do nothing, after waiting for its transaction. */
const KEEP_SQL = `insert into idempotency (id, fingerprint, answer, expires_at, created_at)
  values (:id, :fingerprint, :answer, :expiresAt, :now)
  on conflict (id) do update set fingerprint = excluded.fingerprint, answer = excluded.answer,
    expires_at = excluded.expires_at, created_at = excluded.created_at, version = idempotency.version + 1
  where idempotency.expires_at <= :now`;

/**
 * Gives a request that was sent twice its one effect and its one answer, across crashes and across processes (product.md, HTTP API
 * conventions). Failures are not kept: a request that had no effect may be sent again under its key.
 */
export class Idempotency {
  readonly #inFlight = new Set<string>();
  readonly #find: Statement<KeptAnswer, typeof FIND_PARAMS, typeof FIND_ROW>;
  readonly #keep: Statement<KeptAnswer, typeof KEEP_PARAMS, Record<never, never>>;
  readonly #eraseOver: Statement<KeptAnswer, typeof OVER_PARAMS, Record<never, never>>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
  ) {
    const tables = [KeptAnswer] as const;
    this.#find = door.statement({
      name: 'idempotency.find',
      tables,
      sql: 'select fingerprint, answer from idempotency where id = :id and expires_at > :now',
      params: FIND_PARAMS,
      row: FIND_ROW,
    });
    this.#keep = door.statement({ name: 'idempotency.keep', tables, sql: KEEP_SQL, params: KEEP_PARAMS, row: {} });
    this.#eraseOver = door.statement({
      name: 'idempotency.erase_over',
      tables,
      sql: `delete from idempotency where id in
        (select id from idempotency where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /**
   * Answers as before when this request was answered before, and runs `work` otherwise; without a key it just runs it. `work` must
   * await `keep` inside of the one transaction of its effect.
   * A second request meanwhile is refused in the same process; in another one it waits for the row and is answered as the first.
   * @throws Problem request.in_progress, request.idempotency_key_reused (another body); what `work` throws
   */
  async once<A>(ctx: RegionContext, request: OnceRequest, work: (keep: Keep<A>) => Promise<A>): Promise<Once<A>> {
    if (request.key === undefined) return { answer: await work(keptNowhere), isReplayed: false };
    const slot = this.#slot(ctx, request, request.key);
    if (this.#inFlight.has(slot.id)) throw new Problem('request.in_progress', { headers: { 'retry-after': '1' } });
    this.#inFlight.add(slot.id);
    try {
      return (await this.#answered<A>(ctx, slot)) ?? (await this.#first(ctx, slot, work));
    } finally {
      this.#inFlight.delete(slot.id);
    }
  }

  /** Removes answers that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  async #first<A>(ctx: RegionContext, slot: Slot, work: (keep: Keep<A>) => Promise<A>): Promise<Once<A>> {
    let isKept = false;
    try {
      const answer = await work(async (tx, made) => {
        await this.#store(tx, slot, made);
        isKept = true;
      });
      if (!isKept)
        throw new Error('An effect was carried out without keeping its answer; await keep in its transaction.');
      return { answer, isReplayed: false };
    } catch (error) {
      // Whatever stood in the way may have been the same request in another process, which has its answer by now.
      const meanwhile = await this.#answered<A>(ctx, slot).catch((failure: unknown) => {
        if (isBranded(failure) && failure.code === 'request.idempotency_key_reused') throw failure;
        return null;
      });
      if (meanwhile) return meanwhile;
      throw error;
    }
  }

  async #answered<A>(ctx: RegionContext, slot: Slot): Promise<Once<A> | null> {
    const row = await this.#find.one(ctx, { id: slot.id, now: this.clock.now() });
    if (!row) return null;
    if (!sameHash(row.fingerprint, slot.fingerprint)) throw new Problem('request.idempotency_key_reused');
    return { answer: JSON.parse(slot.keys.open(row.answer, slot.bound)) as A, isReplayed: true };
  }

  async #store(tx: RegionContext, { id: slot, keys, fingerprint, bound }: Slot, answer: unknown): Promise<void> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + KEPT_MILLISECONDS);
    const sealed = keys.seal(JSON.stringify(answer), bound);
    const stored = await this.#keep.run(tx, { id: slot, fingerprint, answer: sealed, expiresAt, now });
    if (stored !== 1) throw new Problem('request.in_progress', { headers: { 'retry-after': '1' } });
  }

  #slot(ctx: RegionContext, { route, principal, body, secretFields }: OnceRequest, key: string): Slot {
    const hash = this.index.of(ctx, INDEX, JSON.stringify([route, principal, key]));
    const slot = this.ids.derive(ID_PREFIXES.idempotency, ctx.region, hash);
    const keys = new AnswerKeys(key, hash);
    const fingerprint = keys.fingerprint(body, secretFields);
    return {
      id: slot,
      keys,
      fingerprint,
      bound: Buffer.concat([Buffer.from(`${ctx.region.code} ${slot} `), fingerprint]),
    };
  }
}
