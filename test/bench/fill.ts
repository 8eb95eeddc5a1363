import pg from 'pg';
import { type Flavour, type Inhabitant, inhabitant, uuidText } from './population.js';

type Column = readonly [name: string, type: string, value: (one: Inhabitant) => unknown];

const uuid = (name: string, of: (one: Inhabitant) => Uint8Array): Column => [name, 'uuid', (one) => uuidText(of(one))];
const EXPIRY = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000).toISOString();

/**
 * The one place that knows how an account stands in the tables, of ours and of the references: what a request reads is here, credentials
 * and acceptances are not. It changes with the product's schema.
 */
const ROWS: Readonly<Record<Flavour['kind'], Readonly<Record<string, readonly Column[]>>>> = {
  ours: clearRows(),
  reference: clearRows(),
};

function clearRows(): Readonly<Record<string, readonly Column[]>> {
  return {
    account: [uuid('id', (one) => one.accountId), ['name', 'text', (one) => one.name]],
    person: [
      uuid('id', (one) => one.personId),
      ['email', 'text', (one) => one.email],
      ['display_name', 'text', (one) => one.displayName],
    ],
    person_address: [
      ['key', 'bytea', (one) => `\\x${one.secretHash.toString('hex')}`],
      uuid('person_id', (one) => one.personId),
    ],
    membership: [
      uuid('account_id', (one) => one.accountId),
      uuid('id', (one) => one.membershipId),
      uuid('person_id', (one) => one.personId),
      ['role', 'text', () => 'owner'],
    ],
    affiliation: [
      uuid('id', (one) => one.affiliationId),
      uuid('person_id', (one) => one.personId),
      uuid('account_id', (one) => one.accountId),
    ],
    session: [
      uuid('id', (one) => one.sessionId),
      uuid('person_id', (one) => one.personId),
      ['secret_hash', 'bytea', (one) => `\\x${one.secretHash.toString('hex')}`],
      ['authenticated_at', 'timestamptz', () => EXPIRY],
      ['expires_at', 'timestamptz', () => EXPIRY],
    ],
  };
}

const BATCH = 5_000;

/**
 * Puts accounts 0 to `accounts` - 1 into a database that holds none of them; every check of the tables holds, foreign keys are right by
 * construction and not looked at again. Leaves it vacuumed, analysed and written out.
 */
export async function fill(
  superuserUrl: string,
  flavour: Flavour,
  accounts: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query('set synchronous_commit = off');
    for (let from = 0; from < accounts; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, accounts - from) }, (_, i) => inhabitant(flavour, from + i));
      for (const [table, columns] of Object.entries(ROWS[flavour.kind])) {
        const names = columns.map(([name]) => name).join(', ');
        const arrays = columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ');
        const values = columns.map(([, , value]) => batch.map(value));
        await client.query(`insert into ${table} (${names}) select * from unnest(${arrays})`, values);
      }
      onProgress(from + batch.length);
    }
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
