import { type Door, type Id, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { OutboxItem } from './outbox-item.entity.js';

const DEAD_LISTED_MAX = 100;

const COUNTS_ROW = {
  waiting: value.integer,
  failing: value.integer,
  dead: value.integer,
  oldestSeconds: value.nullable(value.integer),
};
const COUNTS_SQL = `select count(*) filter (where dead_at is null)::int as waiting,
  count(*) filter (where dead_at is null and last_code is not null)::int as failing,
  count(*) filter (where dead_at is not null)::int as dead,
  extract(epoch from now() - min(created_at) filter (where dead_at is null))::int as "oldestSeconds" from outbox`;

const DEAD_ROW = { id: value.id(ID_PREFIXES.outbox), kind: value.text, code: value.nullable(value.text) };
const DEAD_SQL = `select id, kind, last_code as code from outbox where dead_at is not null order by id limit :limit`;

const REVIVE_PARAMS = { ids: value.list(value.id(ID_PREFIXES.outbox)), all: value.boolean };
const REVIVE_SQL = `update outbox set dead_at = null, last_code = null, attempts = 0, due_at = now(), version = version + 1
  where dead_at is not null and (:all or id = any(:ids))`;

/** How a region's outbox stands, in numbers, ids and words of the code. */
export interface OutboxState {
  /** Everything that is to be carried out, those that failed before included. */
  readonly waiting: number;
  /** Those of them that have failed before. */
  readonly failing: number;
  readonly dead: number;
  /** Age of the oldest that waits; null when none does. */
  readonly oldestSeconds: number | null;
  /** The oldest dead ones, at most 100. */
  readonly deadItems: readonly { readonly id: Id; readonly kind: string; readonly code: string | null }[];
}

/** For operators: looks at a region's outbox, and revives what was given up. */
export class OutboxInspection {
  readonly #counts: Statement<OutboxItem, Record<never, never>, typeof COUNTS_ROW>;
  readonly #dead: Statement<OutboxItem, { limit: typeof value.integer }, typeof DEAD_ROW>;
  readonly #revive: Statement<OutboxItem, typeof REVIVE_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    const tables = [OutboxItem] as const;
    this.#counts = door.statement({ name: 'outbox.counts', tables, sql: COUNTS_SQL, params: {}, row: COUNTS_ROW });
    this.#dead = door.statement({
      name: 'outbox.dead',
      tables,
      sql: DEAD_SQL,
      params: { limit: value.integer },
      row: DEAD_ROW,
    });
    this.#revive = door.statement({
      name: 'outbox.revive',
      tables,
      sql: REVIVE_SQL,
      params: REVIVE_PARAMS,
      row: {},
    });
  }

  async state(ctx: RegionContext): Promise<OutboxState> {
    const counts = await this.#counts.one(ctx, {});
    if (!counts) throw new Error('A count of the outbox has no row.');
    const deadItems = counts.dead > 0 ? await this.#dead.all(ctx, { limit: DEAD_LISTED_MAX }) : [];
    return { ...counts, deadItems };
  }

  /** Dead items are due again, with all their attempts before them. @param ids all dead ones when there are none @returns how many */
  async revive(ctx: RegionContext, ids: readonly Id<typeof ID_PREFIXES.outbox>[]): Promise<number> {
    return this.#revive.run(ctx, { ids, all: ids.length === 0 });
  }
}
