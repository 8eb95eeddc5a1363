import { declarations } from '@domicile/residency';
import { ENTITIES } from '../../apps/cli/src/migrations/index.js';
import { MIGRATION_TABLE } from './catalogue.js';

/** How many rows there are by table, as {@link Installation.counts} tells it. */
export type Counts = Readonly<Record<string, number>>;

/** Rows that a confirmed signup becomes, beside itself. */
export const ONE_PERSON: Counts = {
  acceptance: 1,
  account: 1,
  affiliation: 1,
  credential: 1,
  membership: 1,
  person: 1,
  person_address: 1,
  person_event: 1,
  session: 1,
};

/** Without the counts of requests and failures, as {@link Installation.counts} leaves them out. */
const COUNTS = ['rate_count', 'failure_streak'];
const TABLES = declarations('rows').filter(({ entity, table }) => ENTITIES.includes(entity) && !COUNTS.includes(table));

/** No row more in any table of a region's database, whatever tables there come to be. */
export const NOTHING: Counts = Object.fromEntries(
  [...TABLES.map(({ table }) => table), MIGRATION_TABLE, 'residency.marker'].sort().map((name) => [name, 0]),
);

/** What one person leaves who has signed up, confirmed, and had her mail. */
export const ONE_ACCOUNT: Counts = { ...NOTHING, ...ONE_PERSON, signup: 1 };

/** How many rows more each table holds. */
export function difference(after: Counts, before: Counts): Counts {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
}
