import { Membership } from '@domicile/accounts';
import {
  type AccountId,
  type Door,
  type EntityClass,
  type RegionalRow,
  type RegionContext,
  type ResidentRow,
  type TableDeclaration,
  declarations,
  homeChecks,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';

/** How a row is tied to an account: it is the account's own, or that of a person who belongs to it. */
export type Tie = 'account' | 'people';

/** One table's rows of one account. */
export interface CountedRows {
  readonly table: string;
  readonly tie: Tie;
  readonly rows: number;
  /** How many of them have nothing but ids of this region. Less than `rows`: a row of elsewhere is among them. */
  readonly home: number;
}

type Count = (ctx: RegionContext, account: AccountId) => Promise<{ rows: number; home: number } | null>;

const ROW = { rows: value.integer, home: value.integer };

/**
 * Counts what an account has in its region, table by table, from the declarations alone: a table that is declared is counted, without a
 * word here. Resident tables by their account; regional ones by an id column of the account (`@IdColumn('acct')`) or of its people
 * (`pers`, over the membership). Such a column needs an index, as everything that is looked up does.
 */
export class AccountRows {
  readonly #counts: readonly { readonly table: string; readonly tie: Tie; readonly count: Count }[];
  /** Declared tables that hold no row of an account or its people by id: ways by keyed hash, and what belongs to nobody yet. */
  readonly notCounted: readonly string[];

  constructor(door: Door) {
    const all = declarations('rows');
    this.#counts = all.flatMap((table) => {
      const counted = counting(door, table);
      return counted ? [{ table: table.table, ...counted }] : [];
    });
    const counted = new Set(this.#counts.map(({ table }) => table));
    this.notCounted = all.map(({ table }) => table).filter((table) => !counted.has(table));
  }

  /** Every counted table, one statement after the other. @throws ResidencyError as every statement of the door */
  async of(ctx: RegionContext, account: AccountId): Promise<CountedRows[]> {
    const counted: CountedRows[] = [];
    for (const { table, tie, count } of this.#counts) {
      const { rows = 0, home = 0 } = (await count(ctx, account)) ?? {};
      counted.push({ table, tie, rows, home });
    }
    return counted;
  }
}

function counting(door: Door, declaration: TableDeclaration): { tie: Tie; count: Count } | null {
  const { kind, root, table, entity } = declaration;
  const checks = homeChecks(declaration);
  const atHome = checks.map(({ expression }) => `coalesce(${expression}, true)`).join(' and ');
  const common = (where: string) => ({
    name: `receipt.rows_of_${table}`,
    sql: `select count(*)::int as "rows", count(*) filter (where ${atHome})::int as "home" from ${table} t where ${where}`,
    row: ROW,
  });
  if (kind === 'resident') {
    const own = common(`t.${root ? 'id' : 'account_id'} = :accountId`);
    const statement = door.statement({ ...own, tables: [entity as EntityClass<ResidentRow>], params: {} });
    return { tie: 'account', count: (ctx, account) => statement.one(ctx.account(account), {}) };
  }
  if (kind !== 'regional') return null;
  const regional = entity as EntityClass<RegionalRow>;
  const columnOf = (prefix: string) => checks.find((check) => check.kind === prefix)?.column;
  const [byAccount, byPerson] = [columnOf(ID_PREFIXES.account), columnOf(ID_PREFIXES.person)];
  if (byAccount) {
    const params = { account: value.id(ID_PREFIXES.account) };
    const statement = door.statement({ ...common(`t.${byAccount} = :account`), tables: [regional], params });
    return { tie: 'account', count: (ctx, account) => statement.one(ctx, { account }) };
  }
  if (byPerson) {
    const people = common(`t.${byPerson} in (select m.person_id from membership m where m.account_id = :accountId)`);
    const statement = door.statement({ ...people, tables: [regional, Membership], params: {} });
    return { tie: 'people', count: (ctx, account) => statement.one(ctx.account(account), {}) };
  }
  return null;
}
