import { createSecretKey, randomBytes } from 'node:crypto';
import { ACCOUNT_PROFILE, PERSON_PROFILE } from '@domicile/accounts';
import { FileKeyProvider } from '@domicile/vault';
import pg from 'pg';
import { sealValue } from '../../libs/vault/src/sealed-value.js';
import type { Contestant, Sealing } from './contestant.js';
import { type Flavour, idText, type Inhabitant, inhabitant, uuidText } from './population.js';

/** Somebody as the tables hold her: with what is sealed, where it is sealed. */
interface Resident extends Inhabitant {
  readonly sealedAccount: Buffer;
  readonly sealedPerson: Buffer;
}

type Column = readonly [name: string, type: string, value: (one: Resident) => unknown];

const uuid = (name: string, of: (one: Resident) => Uint8Array): Column => [name, 'uuid', (one) => uuidText(of(one))];
const EXPIRY = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000).toISOString();

/**
 * The one place that knows how an account stands in the tables, of ours and of the references: what a request reads is here, credentials
 * and acceptances are not. It changes with the product's schema.
 */
const ROWS: Readonly<Record<Flavour['kind'], Readonly<Record<string, readonly Column[]>>>> = {
  ours: rows(
    [['sealed', 'bytea', (one) => hex(one.sealedAccount)]],
    [['sealed', 'bytea', (one) => hex(one.sealedPerson)]],
  ),
  reference: rows(
    [['name', 'text', (one) => one.name]],
    [
      ['email', 'text', (one) => one.email],
      ['display_name', 'text', (one) => one.displayName],
    ],
  ),
};

function hex(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`;
}

function rows(account: readonly Column[], person: readonly Column[]): Readonly<Record<string, readonly Column[]>> {
  return {
    account: [uuid('id', (one) => one.accountId), ...account],
    person: [uuid('id', (one) => one.personId), ...person],
    person_address: [['key', 'bytea', (one) => hex(one.secretHash)], uuid('person_id', (one) => one.personId)],
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
      ['secret_hash', 'bytea', (one) => hex(one.secretHash)],
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
  { superuserUrl, flavour, sealing }: Contestant,
  accounts: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const client = await connected(superuserUrl);
  const sealer = sealing && flavour.kind === 'ours' ? await Sealer.open(sealing, flavour.code) : undefined;
  try {
    for (let from = 0; from < accounts; from += BATCH) {
      const plain = Array.from({ length: Math.min(BATCH, accounts - from) }, (_, i) => inhabitant(flavour, from + i));
      const batch = sealer ? await sealer.seal(flavour, plain) : plain.map((one) => ({ ...one, ...NOTHING_SEALED }));
      for (const [table, columns] of Object.entries(ROWS[flavour.kind])) await put(client, table, columns, batch);
      onProgress(from + batch.length);
    }
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    await sealer?.close();
    await client.end();
  }
}

const NOTHING_SEALED = { sealedAccount: Buffer.alloc(0), sealedPerson: Buffer.alloc(0) };

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set session_replication_role = replica');
  await client.query('set synchronous_commit = off');
  return client;
}

async function put<T>(
  client: pg.Client,
  table: string,
  columns: readonly (readonly [name: string, type: string, value: (one: T) => unknown])[],
  batch: readonly T[],
): Promise<void> {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ');
  const values = columns.map(([, , value]) => batch.map(value));
  await client.query(`insert into ${table} (${names}) select * from unnest(${arrays})`, values);
}

/** Seals a population as the vault does: a key for each subject, wrapped in the key store. */
class Sealer {
  private constructor(
    private readonly code: string,
    private readonly client: pg.Client,
    private readonly provider: FileKeyProvider,
  ) {}

  static async open({ superuserUrl, keysDir }: Sealing, code: string): Promise<Sealer> {
    return new Sealer(code, await connected(superuserUrl), new FileKeyProvider([{ region: code, keysDir }]));
  }

  async seal(flavour: Flavour, batch: readonly Inhabitant[]): Promise<Resident[]> {
    const keys: { id: Uint8Array; wrapped: Buffer }[] = [];
    const under = async (keyBytes: Uint8Array, subject: string, set: string, fields: object): Promise<Buffer> => {
      const key = randomBytes(32);
      const wrapped = await this.provider.wrap(this.code, 1, idText(flavour, 'key', keyBytes), key);
      keys.push({ id: keyBytes, wrapped });
      const dataKey = { idHex: Buffer.from(keyBytes).toString('hex'), key: createSecretKey(key) };
      return sealValue(dataKey, { region: this.code, subject, row: subject, set }, JSON.stringify(fields));
    };
    const sealed: Resident[] = [];
    for (const one of batch) {
      const [account, person] = [idText(flavour, 'acct', one.accountId), idText(flavour, 'pers', one.personId)];
      const { name, email, displayName } = one;
      sealed.push({
        ...one,
        sealedAccount: await under(one.accountKeyId, account, ACCOUNT_PROFILE.name, { name }),
        sealedPerson: await under(one.personKeyId, person, PERSON_PROFILE.name, { email, displayName }),
      });
    }
    await put(
      this.client,
      'data_key',
      [
        ['id', 'uuid', ({ id }) => uuidText(id)],
        ['wrapped', 'bytea', ({ wrapped }) => hex(wrapped)],
        ['wrapping_version', 'integer', () => 1],
      ],
      keys,
    );
    return sealed;
  }

  async close(): Promise<void> {
    await this.client.query('vacuum analyze');
    await this.client.query('checkpoint');
    await this.client.end();
  }
}
