import { AccountContext, type RegionContext, regionContextOf } from './context.js';
import { type EntityClass, type ResidentRow, type AccountRow, declarationOf } from './declarations.js';
import { ResidencyError } from './errors.js';
import { ACCOUNT_PREFIX } from './ids.js';
import type { AnyRow, Doorway } from './table.js';
import { type Codecs, type ValueCodec, type ValueOf, value } from './values.js';

type Values<C> = { readonly [K in keyof C]: ValueOf<C[K]> };

/** A hand-written statement for a hot path, declared at load and prepared against the catalogue at boot. */
export interface StatementDeclaration<C extends readonly EntityClass<AnyRow>[], P extends Codecs, R extends Codecs> {
  /** `area.verb`, unique. */
  readonly name: string;
  /** Every table that it touches; boot compares with the planner's view. A resident one makes it take `ctx.account(id)`. */
  readonly tables: C;
  /** One SELECT, INSERT, UPDATE, DELETE or WITH, values as `:name`; `:accountId` comes from the context and from nowhere else. */
  readonly sql: string;
  readonly params: P;
  /** Columns of the result by their quoted alias; what is not declared here is not returned. */
  readonly row: R;
}

/** Functions with an effect beyond the statement: session state, notifications, locks, large objects, other databases. */
const LASTING = /\b(set_config|pg_notify|pg_(try_)?advisory_lock|lo_\w+|dblink\w*)\s*\(/i;

/** The context that a statement over those tables takes. */
export type StatementContext<T extends AnyRow> = [Extract<T, ResidentRow | AccountRow>] extends [never]
  ? RegionContext
  : AccountContext;

/**
 * A registered statement. It runs by name as a prepared statement; its text never changes, so nothing of a request can
 * become SQL.
 */
export class Statement<T extends AnyRow, P extends Codecs, R extends Codecs> {
  readonly name: string;
  /** The text with `$1…` that the pool admits under this name. */
  readonly text: string;
  readonly tables: ReadonlySet<string>;
  readonly #doorway: Doorway;
  readonly #resident: boolean;
  readonly #params: readonly (readonly [string, ValueCodec<unknown>])[];
  readonly #row: readonly (readonly [string, ValueCodec<unknown>])[];

  constructor(
    doorway: Doorway,
    { name, tables, sql, params, row }: StatementDeclaration<readonly EntityClass<AnyRow>[], P, R>,
  ) {
    const invalid = (why: string): ResidencyError =>
      new ResidencyError('residency.configuration_invalid', `Statement ${name} ${why}.`);
    const kinds = tables.map((entity) => declarationOf(entity));
    this.name = name;
    this.#doorway = doorway;
    this.#resident = kinds.some((table) => table.kind === 'resident');
    this.tables = new Set(kinds.map((table) => table.table));
    this.#row = Object.entries<ValueCodec<unknown>>(row);
    if (!/^\s*(select|insert|update|delete|with)\s/i.test(sql) || sql.includes(';'))
      throw invalid('must be one SELECT, INSERT, UPDATE, DELETE or WITH');
    if (LASTING.test(sql)) throw invalid('must not call what outlives it or leaves the database');
    if ('accountId' in params) throw invalid('must not take accountId as a parameter: the context gives it');
    const order: string[] = [];
    this.text = sql.replace(/(?<!:):([a-zA-Z]+)/g, (_, key: string) => {
      if (!order.includes(key)) order.push(key);
      return `$${order.indexOf(key) + 1}`;
    });
    if (this.#resident !== order.includes('accountId'))
      throw invalid('must confine resident tables by :accountId, and use it for them only');
    this.#params = order.map((key) => {
      const codec =
        key === 'accountId' ? value.id(ACCOUNT_PREFIX) : Object.hasOwn(params, key) ? params[key] : undefined;
      if (!codec) throw invalid(`uses :${key}, which is not declared in params`);
      return [key, codec] as const;
    });
    const unused = Object.keys(params).filter((key) => !order.includes(key));
    if (unused.length > 0) throw invalid(`declares ${unused.join(', ')} but does not use it`);
  }

  /**
   * Every row of the result.
   * @throws ResidencyError of the context's checks, residency.crossing for foreign ids in either direction
   */
  async all(context: StatementContext<T>, params: Values<P>): Promise<Values<R>[]> {
    return (await this.#run(context, params)).rows.map((raw) => this.#decode(raw, context));
  }

  /** The first row, or null. @throws as {@link all} */
  async one(context: StatementContext<T>, params: Values<P>): Promise<Values<R> | null> {
    const [raw] = (await this.#run(context, params)).rows;
    return raw ? this.#decode(raw, context) : null;
  }

  /** How many rows it changed. @throws as {@link all} */
  async run(context: StatementContext<T>, params: Values<P>): Promise<number> {
    return (await this.#run(context, params)).rowCount ?? 0;
  }

  async #run(context: RegionContext | AccountContext, params: Values<P>) {
    const unit = regionContextOf(context);
    const database = this.#doorway.database(unit);
    const account = context instanceof AccountContext ? context.accountId : undefined;
    if (this.#resident !== (account !== undefined))
      throw new ResidencyError(
        'residency.context_missing',
        `Statement ${this.name} takes ${this.#resident ? 'ctx.account(id)' : 'the RegionContext'}.`,
      );
    const { ids } = this.#doorway;
    const given = params as Readonly<Record<string, unknown>>;
    const values = this.#params.map(([key, codec]) =>
      codec.encode(key === 'accountId' ? account : given[key], ids, unit.region),
    );
    return database.lease(unit, async ({ client }) => {
      return (await client.query({ name: this.name, text: this.text, values })) as {
        rows: Record<string, unknown>[];
        rowCount: number | null;
      };
    });
  }

  #decode(raw: Record<string, unknown>, context: RegionContext | AccountContext): Values<R> {
    const row: Record<string, unknown> = {};
    for (const [key, codec] of this.#row) row[key] = codec.decode(raw[key], this.#doorway.ids, context.region);
    if (context instanceof AccountContext && (row['accountId'] ?? context.accountId) !== context.accountId)
      throw new ResidencyError('residency.crossing', `Statement ${this.name} read a row of another account.`);
    return row as Values<R>;
  }
}
