import { homeCheck } from '@domicile/residency';

/** The check that keeps a column's ids at home, as the entities declare it (law L4). */
export function home(table: string, column: string): string {
  const { name, expression } = homeCheck(table, column);
  return `constraint "${name}" check (${expression})`;
}
