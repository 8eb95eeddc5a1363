import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declarations, type DatabasePurpose, schemaDrift } from '@domicile/residency';
import pg from 'pg';
import { ENTITIES, KEY_STORE_TABLES } from '../../apps/cli/src/migrations/index.js';
import { catalogueOf, type CatalogueTable, MIGRATION_TABLE, type Read, strangeObjects } from '../support/catalogue.js';
import { problemsOf, RULES } from '../support/catalogue-rules.js';
import { type TestDatabase, createDatabase, regions } from '../support/databases.js';
import { KEY_SCHEMA, SCHEMA } from '../support/installation.js';
import { MISDECLARED, PLANTED_IN_KEYS, PLANTED_IN_ROWS } from '../support/planted-violations.js';

type Drift = readonly [what: string, plant: string, mend: string, word: string];

/** The two kinds of database that a region has. */
const KINDS = {
  rows: {
    schema: SCHEMA,
    planted: PLANTED_IN_ROWS,
    drifts: [
      ['a column', 'alter table person add nickname text', 'alter table person drop nickname', 'nickname'],
      [
        'a default',
        "alter table person alter status set default 'x'",
        "alter table person alter status set default 'active'",
        'status',
      ],
      [
        'an index',
        'drop index session_person_id_idx',
        'create index session_person_id_idx on session (person_id)',
        'session_person_id_idx',
      ],
      [
        'a check',
        'alter table person add constraint odd check (version > 0)',
        'alter table person drop constraint odd',
        'odd',
      ],
    ] satisfies readonly Drift[],
  },
  keys: {
    schema: KEY_SCHEMA,
    planted: PLANTED_IN_KEYS,
    drifts: [
      ['a column', 'alter table data_key add subject text', 'alter table data_key drop subject', 'subject'],
      [
        'a default',
        'alter table data_key alter wrapping_version set default 1',
        'alter table data_key alter wrapping_version drop default',
        'wrapping_version',
      ],
      [
        'an index',
        'drop index data_key_wrapping_version_idx',
        'create index data_key_wrapping_version_idx on data_key (wrapping_version)',
        'data_key_wrapping_version_idx',
      ],
      [
        'a check',
        'alter table tombstone add constraint odd check (account_id is null)',
        'alter table tombstone drop constraint odd',
        'odd',
      ],
    ] satisfies readonly Drift[],
  },
} as const;

const SITES = regions.all.flatMap((region) => (['rows', 'keys'] as const).map((purpose) => ({ region, purpose })));
/** Rules that were seen to notice something. */
const alive: Record<DatabasePurpose, Set<string>> = { rows: new Set(), keys: new Set() };

describe.each(SITES)('the catalogue of $region.code, $purpose', ({ region, purpose }) => {
  const { schema, planted } = KINDS[purpose];
  const { entities } = schema;
  const declared = declarations().filter(({ entity }) => entities.includes(entity));
  let database: TestDatabase;
  let superuser: pg.Client;
  const read: Read = async (text) => (await superuser.query<Record<string, unknown>>(text)).rows;

  beforeAll(async () => {
    database = await createDatabase(region, schema, { purpose });
    superuser = new pg.Client({ connectionString: database.superuserUrl });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser.end();
    await database.drop();
  });

  it('is looked at whole: every table of the application, and TypeORM’s own', async () => {
    expect(declared.length).toBe(entities.length);
    const names = (await catalogueOf(read)).map(({ name }) => name);
    expect(names.sort()).toEqual([...declared.map(({ table }) => table), MIGRATION_TABLE].sort());
  });

  it.each(Object.entries(RULES))('%s', async (_sentence, rule) => {
    expect(rule(await catalogueOf(read), declared)).toEqual([]);
  });

  it('holds nothing but tables, indexes and what init made: no code, no sequence, no way out', async () => {
    expect(await strangeObjects(read)).toEqual([]);
  });

  it('has no extension but plpgsql, and no result cache of TypeORM', async () => {
    expect(await read('select extname from pg_extension')).toEqual([{ extname: 'plpgsql' }]);
    expect(await read(`select to_regclass('"query-result-cache"') is null as absent`)).toEqual([{ absent: true }]);
  });

  it('says its own region in an immutable function with a literal body', async () => {
    const functions =
      await read(`select proname as name, provolatile as volatility, proparallel as parallel, prosecdef as definer,
      proconfig as settings, prosrc as source from pg_proc where pronamespace = 'residency'::regnamespace order by proname`);
    const pure = { volatility: 'i', parallel: 's', definer: false, settings: null };
    expect(functions).toEqual([
      { name: 'region', ...pure, source: `begin return ${region.number}::smallint; end` },
      { name: 'region_of', ...pure, source: expect.stringContaining('uuid_send(id)') },
    ]);
  });

  it('agrees with the entities to the letter: the next migration would be empty', async () => {
    expect(await schemaDrift({ ...database.provision, entities })).toEqual([]);
  });

  it.each(KINDS[purpose].drifts)('notices %s that the entities do not know', async (_what, plant, mend, word) => {
    await database.sql('owner', plant);
    expect((await schemaDrift({ ...database.provision, entities })).join()).toContain(word);
    await database.sql('owner', mend);
    expect(await schemaDrift({ ...database.provision, entities })).toEqual([]);
  });

  it.each(planted)('notices %s', async (change, sentence) => {
    await superuser.query('begin');
    try {
      await superuser.query(change);
      const tables = await catalogueOf(read);
      for (const [name, rule] of Object.entries(RULES)) if (rule(tables, declared).length > 0) alive[purpose].add(name);
      const problems = await problemsOf(read, declared);
      expect(problems).toContainEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
    } finally {
      await superuser.query('rollback');
    }
  });
});

describe('the declarations themselves', () => {
  const declared = declarations().filter(({ entity }) => ENTITIES.includes(entity));
  let tables: CatalogueTable[];
  beforeAll(async () => {
    const database = await createDatabase(regions.all[0]!, KINDS.rows.schema);
    tables = await catalogueOf((text) => database.sql('superuser', text));
    await database.drop();
  });

  it('are each of one database: keys are nowhere among the rows, and no row among the keys', () => {
    expect(declarations().length).toBe(new Set([...ENTITIES, ...KEY_STORE_TABLES]).size);
    const shared = ENTITIES.filter((entity) => KEY_STORE_TABLES.includes(entity));
    expect(declared.filter(({ entity }) => shared.includes(entity)).map(({ table }) => table)).toEqual(['tombstone']);
    expect(declared.map(({ table }) => table)).not.toContain('data_key');
  });

  it('seal every personal field that there is, and no table holds another', () => {
    const sealed = declared.flatMap((one) =>
      [...one.sealed.values()].map(({ name, fields }) => [name, [...fields.keys()]]),
    );
    expect(Object.fromEntries(sealed)).toEqual({
      'account.billing': ['legalName', 'postalAddress', 'billingCountry', 'taxId'],
      'account.profile': ['name'],
      'account_domain.name': ['mailDomain'],
      'account_event.origin': ['device', 'country'],
      'address_change.address': ['email', 'previousEmail'],
      'api_token.label': ['name'],
      'credential.secret': ['secret'],
      'invitation.address': ['email'],
      'own_provider.settings': ['issuer', 'providerClientId', 'providerClientSecret'],
      'person.preferences': ['language', 'timeZone'],
      'passkey.secret': ['credentialId', 'publicKey', 'userHandle', 'transports', 'aaguid', 'label'],
      'person.profile': ['email', 'displayName'],
      'person_event.origin': ['device', 'country'],
      'session.origin': ['device', 'country'],
      'signup.request': ['email', 'accountName', 'displayName', 'language'],
      'totp.secret': ['secret'],
    });
  });

  it.each(MISDECLARED)('are held to their word: %s', (_what, change, sentence) => {
    const otherwise = change(declared);
    const found = Object.entries(RULES).flatMap(([name, rule]) => {
      const problems = rule(tables, otherwise);
      if (problems.length > 0) alive.rows.add(name);
      return problems;
    });
    expect(found).toContain(sentence);
  });
});

it('have no rule that never notices anything', () => {
  expect([...alive.rows].sort()).toEqual(Object.keys(RULES).sort());
  // A key store has no way to a row, and nothing in it is sealed: wrapped keys are no field of anybody.
  const elsewhere = [
    'a locator is a keyed hash and the way to a row, nothing more',
    'sealed columns are bytea, there in every row unless they say otherwise, and never part of an index',
    'field sets have a name of their own, and say everything of every field',
  ];
  expect([...alive.keys, ...elsewhere].sort()).toEqual(Object.keys(RULES).sort());
});
