import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdCodec } from '@domicile/residency';
import pg from 'pg';
import { type TestDatabase, createDatabase, regions, serverOf } from '../support/databases.js';
import { KEY_SCHEMA, SCHEMA } from '../support/installation.js';

const ids = new IdCodec(regions);

/** How a value stands in a statement, and what is bound to it. */
type Spelling = (text: string) => readonly [sql: string, values: unknown[]];

const SITES = regions.all.flatMap((region) => (['rows', 'keys'] as const).map((purpose) => ({ region, purpose })));

/** PostgreSQL's own log (leaks 18 and 19): its DETAIL repeats rows, its STATEMENT repeats literals. The settings of our servers keep both out. */
describe.each(SITES)('the log of the server of $region.code, $purpose', ({ region, purpose }) => {
  const log = join(serverOf(region, purpose).home, 'postgres.log');
  let database: TestDatabase;
  let app: pg.Client;
  let canary: string;
  let begin: number;

  beforeAll(async () => {
    database = await createDatabase(region, purpose === 'rows' ? SCHEMA : KEY_SCHEMA, { purpose });
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await database.drop();
  });
  beforeEach(() => {
    canary = `canary-${randomBytes(8).toString('hex')}`;
    begin = statSync(log).size;
  });

  const own = (prefix: string): string => ids.encode(ids.mint(prefix, region), prefix, region);
  const other = regions.all.find(({ code }) => code !== region.code)!;
  const foreign = (prefix: string): string => ids.encode(ids.mint(prefix, other), prefix, other);
  const refused = async (client: pg.Client, code: string, text: string, values: unknown[] = []): Promise<void> => {
    await expect(client.query(text, values)).rejects.toMatchObject({ code });
  };
  const literal = (text: string): string => pg.escapeLiteral(text);

  /** What was logged since the test began. A line of our own is waited for, so that nothing is still on its way. */
  async function logged(): Promise<string> {
    const sentinel = `sentinel-${randomBytes(8).toString('hex')}`;
    await database.sql('superuser', `do $$ begin raise log '${sentinel}'; end $$`);
    for (const end = performance.now() + 5_000; performance.now() < end; await sleep(20)) {
      const text = readFileSync(log).subarray(begin).toString('latin1');
      if (text.includes(sentinel)) return text;
    }
    throw new Error('The sentinel never came to the log.');
  }

  /** The value as it is, and as PostgreSQL would print it of a bytea. */
  const traces = (text: string, value: string): string[] =>
    [value, Buffer.from(value).toString('hex'), Buffer.from(value).toString('base64')].filter((form) =>
      text.toLowerCase().includes(form.toLowerCase()),
    );

  /** Refusals by every kind of constraint, each with the canary in the row or the key that DETAIL would quote. */
  async function provoke(client: pg.Client, value: Spelling): Promise<void> {
    const [text, values] = value(canary);
    const [bytes] = value(Buffer.from(canary).toString('hex'));
    const hex = values.length > 0 ? [Buffer.from(canary).toString('hex')] : [];
    if (purpose === 'rows') await fiveOfRows(client, { text, values, bytes: `decode(${bytes}, 'hex')`, hex });
    else await threeOfKeys(client, { bytes: `decode(${bytes}, 'hex')`, hex });
  }

  async function fiveOfRows(
    client: pg.Client,
    { text, values, bytes, hex }: { text: string; values: unknown[]; bytes: string; hex: unknown[] },
  ): Promise<void> {
    const person = own('pers');
    await client.query(`insert into person (id, sealed) values ('${person}', '')`);
    await client.query(`insert into person_address (key, person_id) values (${bytes}, '${person}')`, hex);
    await refused(
      client,
      '23502',
      `insert into person (id, sealed, status) values ('${own('pers')}', null, ${text})`,
      values,
    );
    await refused(client, '23514', `insert into person (id, sealed) values ('${foreign('pers')}', ${bytes})`, hex);
    await refused(client, '23505', `insert into person_address (key, person_id) values (${bytes}, '${person}')`, hex);
    await refused(
      client,
      '23503',
      `insert into person_address (key, person_id) values (${bytes} || '\\x00', '${own('pers')}')`,
      hex,
    );
    await refused(
      client,
      '23503',
      `insert into credential (id, person_id, kind, sealed) values ('${own('cred')}', '${own('pers')}', ${text}, '')`,
      values,
    );
    await client.query('delete from person_address');
    await client.query('delete from person');
  }

  async function threeOfKeys(client: pg.Client, { bytes, hex }: { bytes: string; hex: unknown[] }): Promise<void> {
    const key = own('key');
    const insert = (id: string, version: string): string =>
      `insert into data_key (id, wrapped, wrapping_version) values ('${id}', ${bytes}, ${version})`;
    await client.query(insert(key, '1'), hex);
    await refused(client, '23502', insert(own('key'), 'null'), hex);
    await refused(client, '23514', insert(foreign('key'), '1'), hex);
    await refused(client, '23505', insert(key, '1'), hex);
    await client.query('delete from data_key');
  }

  const HOW: readonly (readonly [how: string, spelt: Spelling])[] = [
    ['bound', (text) => ['$1', [text]]],
    ['written into the statement', (text) => [literal(text), []]],
  ];

  it.each(HOW)('holds no value of a row that a constraint refused, %s', async (_how, value) => {
    await provoke(app, value);
    expect(traces(await logged(), canary)).toEqual([]);
  });

  it('holds none even where the session asks for its parameters', async () => {
    await app.query('set log_parameter_max_length_on_error = -1');
    await provoke(app, () => ['$1', [canary]]);
    await app.query('reset log_parameter_max_length_on_error');
    expect(traces(await logged(), canary)).toEqual([]);
  });

  it('holds no statement, whether it succeeds, fails, or ends its transaction', async () => {
    await app.query(`select ${literal(canary)} as word`);
    await refused(app, '42703', `select nothing, ${literal(canary)}`);
    await refused(app, '42601', `selekt ${literal(canary)}`);
    await app.query('begin');
    await refused(app, '22012', `select 1 / 0, ${literal(canary)}`);
    await refused(app, '25P02', `select ${literal(canary)}`);
    await app.query('rollback');
    expect(traces(await logged(), canary)).toEqual([]);
  });

  it('holds no malformed value, which PostgreSQL quotes in the message itself', async () => {
    await refused(app, '22P02', 'select $1::uuid', [canary]);
    expect(traces(await logged(), canary)).toEqual([]);
  });

  describe('would show, were it not for our settings,', () => {
    /** As it stands in a statement: among the keys there are bytes only. */
    const written = (): string => (purpose === 'rows' ? canary : Buffer.from(canary).toString('hex'));
    const shown = async (settings: string, how: 'bound' | 'literal'): Promise<string[]> => {
      const superuser = new pg.Client({ connectionString: database.superuserUrl });
      await superuser.connect();
      await superuser.query(`set log_min_messages = 'error'; ${settings}`);
      await provoke(superuser, (text) => (how === 'bound' ? ['$1', [text]] : [literal(text), []]));
      await superuser.end();
      return traces(await logged(), canary);
    };

    it('a literal in the statement (log_min_error_statement)', async () => {
      expect(await shown("set log_min_error_statement = 'error'", 'literal')).toContain(written());
    });

    it('the refused row and key (log_error_verbosity)', async () => {
      const forms = await shown("set log_error_verbosity = 'default'", 'bound');
      const hex = Buffer.from(canary).toString('hex');
      expect(forms).toEqual(expect.arrayContaining(purpose === 'rows' ? [canary, hex] : [hex]));
    });

    it('every statement with its parameters (log_statement, log_parameter_max_length)', async () => {
      expect(
        await shown(
          "set log_statement = 'all'; set log_parameter_max_length = -1; set log_error_verbosity = 'default'",
          'bound',
        ),
      ).toContain(written());
    });
  });
});
