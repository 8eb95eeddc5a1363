import type { EntityMetadata } from 'typeorm';
import type { PoolGuard } from './guarded-pool.js';

/** What one call does to a table: which columns it sets and which it compares, by property, in that order of parameters. */
export interface Shape {
  readonly verb: 'select' | 'insert' | 'update' | 'delete';
  readonly set: readonly string[];
  readonly where: readonly string[];
  /** Property that orders a selection; its limit is the last parameter then. */
  readonly orderBy?: string | undefined;
}

/** A text as the pool admits it: by its own name, or by the door's mark. */
export interface AdmittedText {
  readonly name?: string;
  readonly text: string;
}

/**
 * The SQL of one table's verbs, written once for each shape: columns come from the declared entity, values are always parameters.
 * Named, they are prepared once a connection; writing and planning them anew costs more than running them.
 */
export class TableTexts {
  readonly #texts = new Map<string, AdmittedText>();
  readonly #columns: string;

  /** @param metadata of a declared entity, whose properties every shape was checked against */
  constructor(
    private readonly guard: PoolGuard,
    private readonly metadata: EntityMetadata,
  ) {
    this.#columns = metadata.columns.map((column) => quoted(column.databaseName)).join(', ');
  }

  of(shape: Shape): AdmittedText {
    const key = `${shape.verb}|${shape.set.join()}|${shape.where.join()}|${shape.orderBy ?? ''}`;
    let text = this.#texts.get(key);
    if (!text) this.#texts.set(key, (text = this.guard.admit(this.#written(shape))));
    return text;
  }

  #written({ verb, set, where, orderBy }: Shape): string {
    const table = quoted(this.metadata.tableName);
    const equal = (property: string, i: number): string => `${this.#column(property)} = $${i + 1}`;
    const conditions = where.map((property, i) => equal(property, set.length + i)).join(' and ');
    const confined = conditions === '' ? '' : ` where ${conditions}`;
    switch (verb) {
      case 'select':
        return `select ${this.#columns} from ${table}${confined}${orderBy === undefined ? '' : this.#limited(orderBy, where.length)}`;
      case 'insert': {
        const parameters = set.map((_, i) => `$${i + 1}`).join(', ');
        const columns = set.map((property) => this.#column(property)).join(', ');
        return `insert into ${table} (${columns}) values (${parameters}) returning ${this.#columns}`;
      }
      case 'update':
        return `update ${table} set ${set.map(equal).join(', ')}${confined} returning ${this.#columns}`;
      case 'delete':
        return `delete from ${table}${confined}`;
    }
  }

  #limited(orderBy: string, parameters: number): string {
    return ` order by ${this.#column(orderBy)} limit $${parameters + 1}`;
  }

  #column(property: string): string {
    return quoted(this.metadata.findColumnWithPropertyName(property)!.databaseName);
  }
}

/** An identifier of the code's own; a quote in it would be a mistake, not an attack. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
