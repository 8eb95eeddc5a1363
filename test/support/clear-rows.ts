import { type Id, IdCodec, type Region } from '@domicile/residency';
import { regions, type TestDatabase } from './databases.js';

const ids = new IdCodec(regions);

/** Rows as the version before the vault wrote them: every personal value in a column of its own. */
export interface ClearRows {
  readonly accounts: readonly { id: Id; name: string }[];
  readonly persons: readonly { id: Id; email: string; displayName: string | null }[];
  readonly credentials: readonly { id: Id; personId: Id; secret: string }[];
  /** Emptied ones hold nothing. */
  readonly signups: readonly {
    id: Id;
    email: string | null;
    accountName: string | null;
    displayName: string | null;
  }[];
}

/** What people type, and what breaks carelessly written code. */
const ODD = [
  'Söhne & Töchter',
  "O'Brien; drop table person; --",
  '"quoted" \\ back',
  '{"a":1}',
  '\u202eRTL',
  '👩‍💻',
  ' padded ',
  '\t\n',
];

/** That many accounts, persons and open signups, as many emptied ones; each value holds the canary. */
export function clearRows(region: Region, count: number, canary: string): ClearRows {
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const id = (prefix: string): Id => ids.mint(prefix, region);
  const odd = (i: number): string => ODD[i % ODD.length]!;
  // One value does not fit into a page, and is stored out of line.
  const long = (i: number): string => (i === 7 ? `${canary} ${'x🙂'.repeat(6_000)}` : '');
  const persons = each((i) => ({
    id: id('pers'),
    email: `P${i}.${canary}@example.org`,
    displayName: i % 3 === 0 ? null : `${odd(i)} ${canary}`,
  }));
  return {
    accounts: each((i) => ({ id: id('acct'), name: `${odd(i)} ${canary}${long(i)}` })),
    persons,
    credentials: persons.map((person, i) => ({
      id: id('cred'),
      personId: person.id,
      secret: `$argon2id$v=19$m=19456,t=2,p=1$${canary}$${i}`,
    })),
    signups: [
      ...each((i) => ({
        id: id('sgn'),
        email: `S${i}.${canary}@example.org`,
        accountName: `${odd(i)} ${canary}`,
        displayName: i % 2 === 0 ? null : canary,
      })),
      ...each(() => ({ id: id('sgn'), email: null, accountName: null, displayName: null })),
    ],
  };
}

/** An id as it stands in the database. */
export function uuidOf(region: Region, prefix: string, id: string): string {
  return ids.encode(id, prefix, region);
}

/** Stores them as the owner, who is no less than the application was. */
export async function insertClear(database: Pick<TestDatabase, 'sql'>, region: Region, rows: ClearRows): Promise<void> {
  const uuid = (prefix: string) => (id: Id) => uuidOf(region, prefix, id);
  const insert = (table: string, columns: readonly string[], values: readonly (readonly unknown[])[]) =>
    database.sql(
      'owner',
      `insert into ${table} (${columns.join()}) select * from unnest(${columns
        .map(
          (column, i) =>
            `$${i + 1}::${column === 'id' || column.endsWith('_id') ? 'uuid' : column.endsWith('_at') ? 'timestamptz' : 'text'}[]`,
        )
        .join()})`,
      columns.map((_, i) => values.map((row) => row[i])),
    );
  await insert(
    'account',
    ['id', 'name'],
    rows.accounts.map(({ id, name }) => [uuid('acct')(id), name]),
  );
  await insert(
    'person',
    ['id', 'email', 'display_name'],
    rows.persons.map(({ id, email, displayName }) => [uuid('pers')(id), email, displayName]),
  );
  await insert(
    'credential',
    ['id', 'person_id', 'kind', 'secret'],
    rows.credentials.map(({ id, personId, secret }) => [uuid('cred')(id), uuid('pers')(personId), 'password', secret]),
  );
  const now = new Date().toISOString();
  await insert(
    'signup',
    ['id', 'email', 'account_name', 'display_name', 'policy_version', 'expires_at', 'confirmed_at'],
    rows.signups.map(({ id, email, accountName, displayName }) => [
      uuid('sgn')(id),
      email,
      accountName,
      displayName,
      '2026-01-01',
      now,
      email === null ? now : null,
    ]),
  );
}
