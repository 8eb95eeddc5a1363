import type { EntityMetadata } from 'typeorm';
import { AccountContext, type RegionContext, regionContextOf } from './context.js';
import {
  type AccountRow,
  type EntityClass,
  type IdKind,
  type LocatorRow,
  type RegionalRow,
  type ResidentRow,
  type TableDeclaration,
  declarationOf,
} from './declarations.js';
import { ResidencyError } from './errors.js';
import type { IdCodec } from './ids.js';
import { assertHome, markHome } from './provenance.js';
import type { RegionDatabase } from './region-database.js';
import type { Region } from './regions.js';
import { type Shape, TableTexts } from './table-texts.js';

/** Any declared row. */
export type AnyRow = ResidentRow | AccountRow | RegionalRow | LocatorRow;
/** Resident rows are reached through the account alone (law L11); the region's own through the region. */
export type ContextOf<E extends AnyRow> = E extends ResidentRow | AccountRow ? AccountContext : RegionContext;
/** What names one row within its context. */
export type KeyOf<E extends AnyRow> = E extends { readonly id: infer I } ? I : Buffer;
/** Columns that may be written; the account of a resident row comes from the context. */
export type Values<E extends AnyRow> = Omit<Partial<E>, E extends ResidentRow ? 'accountId' | 'version' : 'version'>;

type Fields = Record<string, unknown>;
/** A verb; a select with an order has a limit too. */
type Wish = Pick<Shape, 'verb' | 'orderBy'> & { readonly limit?: number };
type ColumnMetadata = EntityMetadata['columns'][number];

/** Rows that a `list` returns at most. */
export const LIST_LIMIT_MAX = 100;

/** How a table reaches its region's database; the door implements it. */
export interface Doorway {
  readonly ids: IdCodec;
  database(context: RegionContext): RegionDatabase;
}

/**
 * One table behind the door: six verbs, context first, each confined to the context's region and, for resident rows, to
 * its account. There is deliberately no raw query, no builder and no generic save.
 * Every verb throws the context's errors, residency.crossing for a foreign id or row, residency.unavailable past the deadline.
 */
export class Table<E extends AnyRow> {
  readonly #declaration: TableDeclaration;
  readonly #entity: EntityClass<E>;
  readonly #doorway: Doorway;
  readonly #texts = new WeakMap<RegionDatabase, TableTexts>();

  constructor(doorway: Doorway, entity: EntityClass<E>) {
    this.#doorway = doorway;
    this.#entity = entity;
    this.#declaration = declarationOf(entity);
  }

  /** The row, or null when this region (and account) has none of that key. */
  async find(context: ContextOf<E>, key: KeyOf<E>): Promise<E | null> {
    const { region, where } = this.#scope(context, this.#keyed(key));
    const [found] = await this.#rows(context, { verb: 'select' }, {}, where);
    return found ? this.#arrive(found, region, where) : null;
  }

  /** The row. @throws ResidencyError residency.not_found */
  async get(context: ContextOf<E>, key: KeyOf<E>): Promise<E> {
    const found = await this.find(context, key);
    if (!found) throw new ResidencyError('residency.not_found');
    return found;
  }

  /**
   * Rows whose columns equal `equal`, by key order, at most `limit` (1 to 100).
   * @throws ResidencyError residency.statement_refused for an undeclared column, null or undefined: an empty condition never widens
   */
  async list(context: ContextOf<E>, equal: Values<E>, limit = LIST_LIMIT_MAX): Promise<E[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT_MAX)
      throw refused(`a list of ${limit} rows; 1 to ${LIST_LIMIT_MAX} are allowed`);
    const { region, where } = this.#scope(context, equal);
    const key = this.#declaration.kind === 'locator' ? 'key' : 'id';
    const rows = await this.#rows(context, { verb: 'select', orderBy: key, limit }, {}, where);
    return rows.map((row) => this.#arrive(row, region, where));
  }

  /** Adds a row and returns it as stored. @throws ResidencyError residency.conflict when its key is taken */
  async insert(context: ContextOf<E>, values: Values<E>): Promise<E> {
    const { region, where } = this.#scope(context, values);
    const [row] = await this.#rows(context, { verb: 'insert' }, where, {});
    return this.#arrive(row!, region, where);
  }

  /**
   * Changes a row that is still at `version`, and returns it with the next one.
   * @throws ResidencyError residency.stale when it is not (or gone), residency.conflict
   */
  async update(context: ContextOf<E>, key: KeyOf<E>, version: number, patch: Values<E>): Promise<E> {
    const { region, where } = this.#scope(context, this.#keyed(key));
    const { where: set } = this.#scope(context, patch, false);
    if ('id' in patch || 'key' in patch) throw refused("a change of a row's key");
    if (!Number.isSafeInteger(version)) throw refused('a version that is no whole number');
    const next = { ...set, version: version + 1 };
    const [row] = await this.#rows(context, { verb: 'update' }, next, { ...where, version });
    if (!row) throw new ResidencyError('residency.stale');
    return this.#arrive(row, region, where);
  }

  /** Removes the row; true when there was one. */
  async erase(context: ContextOf<E>, key: KeyOf<E>): Promise<boolean> {
    const { where } = this.#scope(context, this.#keyed(key));
    return (await this.#run(context, { verb: 'delete' }, {}, where)).rowCount === 1;
  }

  #keyed(key: KeyOf<E>): Values<E> {
    return { [this.#declaration.kind === 'locator' ? 'key' : 'id']: key } as Values<E>;
  }

  /**
   * The account and the ids of a call as they stand in the database: everything is checked here, before SQL is made.
   * @throws ResidencyError residency.crossing, residency.statement_refused
   */
  #scope(context: ContextOf<E>, values: Values<E>, confine = true): { region: Region; where: Fields } {
    const { kind, root, ids, table } = this.#declaration;
    this.#doorway.database(regionContextOf(context));
    const account = context instanceof AccountContext ? context.accountId : undefined;
    if ((kind === 'resident') !== (account !== undefined))
      throw new ResidencyError(
        'residency.context_missing',
        `Table ${table} is ${kind}; it takes ${kind === 'resident' ? 'ctx.account(id)' : 'the RegionContext'}.`,
      );
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw refused(`something else than columns and values for table ${table}`);
    const region = context.region;
    assertHome(values, region);
    const own = root ? 'id' : 'accountId';
    const scoped: Fields = { ...(account !== undefined && confine ? { [own]: account } : {}), ...values };
    if (account !== undefined && own in scoped && scoped[own] !== account)
      throw new ResidencyError(
        'residency.crossing',
        `A row of another account was about to be touched in table ${table}.`,
      );
    for (const [property, kind] of ids)
      if (scoped[property] !== undefined && scoped[property] !== null)
        scoped[property] = this.#doorway.ids.encode(scoped[property] as string, prefixOf(kind, scoped), region);
    return { region, where: scoped };
  }

  async #rows(context: ContextOf<E>, shape: Wish, set: Fields, where: Fields): Promise<E[]> {
    const { rows, columns, hydrate } = await this.#run(context, shape, set, where);
    return rows.map((raw) => {
      const row = Object.create(this.#entity.prototype as object) as Fields;
      for (const c of columns) row[c.propertyName] = hydrate(raw[c.databaseName], c);
      return row as E;
    });
  }

  /** One statement: what it sets and compares is checked against the declared columns, then sent as parameters. */
  async #run(context: ContextOf<E>, shape: Wish, set: Fields, where: Fields) {
    const unit = regionContextOf(context);
    const database = this.#doorway.database(unit);
    const metadata = database.metadata(this.#entity);
    const values = [...written(metadata, set), ...confined(metadata, where)];
    let texts = this.#texts.get(database);
    if (!texts) this.#texts.set(database, (texts = new TableTexts(database.guard, metadata)));
    const { verb, orderBy, limit } = shape;
    const text = texts.of({ verb, set: Object.keys(set), where: Object.keys(where), orderBy });
    const sent = (): unknown[] => [
      ...values.map(([column, value]) => database.persist(value, column)),
      ...(limit === undefined ? [] : [limit]),
    ];
    const { rows, rowCount } = await database.lease(
      unit,
      ({ client }) =>
        client.query({ ...text, values: sent() }) as Promise<{
          rows: Fields[];
          rowCount: number | null;
        }>,
    );
    const hydrate = (value: unknown, column: ColumnMetadata): unknown => database.hydrate(value, column);
    return { rows, rowCount, columns: metadata.columns, hydrate };
  }

  /** A row as it enters memory: ids as text of this region, its account the one asked for, its home marked. */
  #arrive(row: E, region: Region, where: Fields): E {
    const fields = row as unknown as Record<string, unknown>;
    const own = this.#declaration.root ? 'id' : 'accountId';
    if (this.#declaration.kind === 'resident' && fields[own] !== where[own])
      throw new ResidencyError(
        'residency.crossing',
        `A row of another account was read from table ${this.#declaration.table}.`,
      );
    for (const [property, kind] of this.#declaration.ids)
      if (typeof fields[property] === 'string')
        fields[property] = this.#doorway.ids.decode(fields[property], prefixOf(kind, fields), region);
    return markHome(row, region);
  }
}

/** The prefix that an id must have; a row that does not say it has none that matches. */
function prefixOf(kind: IdKind, row: Fields): string {
  return typeof kind === 'string' ? kind : String(row[kind.prefixIn]);
}

/**
 * The conditions of a statement, each an equality that names a column and carries a value.
 * @throws ResidencyError residency.statement_refused, so that an empty or misspelt condition never widens a statement
 */
function confined(metadata: EntityMetadata, where: Fields): [ColumnMetadata, unknown][] {
  return Object.entries(where).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw refused(`a condition on something that is no column of ${metadata.tableName}`);
    if (value === null || value === undefined) throw refused(`a condition on ${property} without a value`);
    if (typeof value === 'function') throw refused(`an expression as a condition on ${property}`);
    return [column, value];
  });
}

/**
 * Values as they may be written: declared columns only, and nothing that would have to be called for its value.
 * @throws ResidencyError residency.statement_refused
 */
function written(metadata: EntityMetadata, values: Fields): [ColumnMetadata, unknown][] {
  return Object.entries(values).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw refused(`a value for something that is no column of ${metadata.tableName}`);
    if (value === undefined) throw refused(`undefined as the value of ${property}`);
    if (typeof value === 'function') throw refused(`an expression as the value of ${property}`);
    return [column, value];
  });
}

function refused(what: string): ResidencyError {
  return new ResidencyError('residency.statement_refused', `The door refused ${what}.`);
}
