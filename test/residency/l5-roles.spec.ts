import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boot } from '../support/boot.js';
import { type TestDatabase, createDatabase, eu } from '../support/databases.js';
import { TOYS } from '../support/toy-schema.js';

let home: TestDatabase;
let app: string;
let owner: string;
beforeAll(async () => {
  home = await createDatabase(eu, TOYS);
  app = home.provision.appRole;
  owner = app.replace('_app', '_owner');
});
afterAll(() => home?.drop());

/** What is granted, what takes it back, and what the process says that it found. */
const UNSAFE: [string, () => [grant: string, revoke: string], RegExp][] = [
  ['a superuser', () => [`alter role ${app} superuser`, `alter role ${app} nosuperuser`], /the role is superuser/],
  [
    'a role that makes roles',
    () => [`alter role ${app} createrole`, `alter role ${app} nocreaterole`],
    /allowed to create roles/,
  ],
  [
    'a role that makes databases',
    () => [`alter role ${app} createdb`, `alter role ${app} nocreatedb`],
    /allowed to create databases/,
  ],
  [
    'a role that replicates',
    () => [`alter role ${app} replication`, `alter role ${app} noreplication`],
    /allowed to replicate/,
  ],
  [
    'a role past row security',
    () => [`alter role ${app} bypassrls`, `alter role ${app} nobypassrls`],
    /exempt from row security/,
  ],
  [
    'a member of the owner',
    () => [`grant ${owner} to ${app}`, `revoke ${owner} from ${app}`],
    /a member of t_[0-9a-f]+_owner/,
  ],
  [
    'a member of the owner that does not inherit',
    () => [`grant ${owner} to ${app} with inherit false`, `revoke ${owner} from ${app}`],
    /a member of t_[0-9a-f]+_owner/,
  ],
  ...[
    'pg_read_server_files',
    'pg_write_server_files',
    'pg_execute_server_program',
    'pg_read_all_data',
    'pg_write_all_data',
    'pg_signal_backend',
    'pg_create_subscription',
  ].map((role): (typeof UNSAFE)[number] => [
    `a member of ${role}`,
    () => [`grant ${role} to ${app}`, `revoke ${role} from ${app}`],
    new RegExp(`a member of ${role}`),
  ]),
  [
    'a member by way of another role',
    () => [`grant pg_monitor to ${app}`, `revoke pg_monitor from ${app}`],
    /a member of pg_read_all_stats/,
  ],
  [
    'a role that makes tables',
    () => [`grant create on schema public to ${app}`, `revoke create on schema public from ${app}`],
    /create objects in schema public/,
  ],
  [
    'a role that makes tables because everyone may',
    () => ['grant create on schema public to public', 'revoke create on schema public from public'],
    /create objects in schema public/,
  ],
  [
    'a role that makes tables beside the marker',
    () => [`grant create on schema residency to ${app}`, `revoke create on schema residency from ${app}`],
    /create objects in schema residency/,
  ],
  [
    'a role that makes temporary tables',
    () => [`grant temp on database ${home.name} to ${app}`, `revoke temp on database ${home.name} from ${app}`],
    /create temporary tables in the database/,
  ],
  [
    'a role that makes schemas',
    () => [`grant create on database ${home.name} to ${app}`, `revoke create on database ${home.name} from ${app}`],
    /create schemas in the database/,
  ],
  ...['dblink', 'postgres_fdw', 'file_fdw', 'hstore'].map((name): (typeof UNSAFE)[number] => [
    `the extension ${name}`,
    () => [`create extension ${name}`, `drop extension ${name}`],
    new RegExp(`the database has the extension ${name}`),
  ]),
  [
    'a foreign server',
    () => [
      'create extension postgres_fdw; create server abroad foreign data wrapper postgres_fdw',
      'drop extension postgres_fdw cascade',
    ],
    /the foreign server abroad/,
  ],
  [
    'a foreign data wrapper of its own',
    () => [
      'create foreign data wrapper tunnel; create server abroad foreign data wrapper tunnel',
      'drop foreign data wrapper tunnel cascade',
    ],
    /the foreign server abroad/,
  ],
  ['a publication', () => ['create publication leak for all tables', 'drop publication leak'], /the publication leak/],
];

describe('L5 a process refuses a role or database that could lead out of the region', () => {
  it.each(UNSAFE)('%s', async (_, sql, found) => {
    const [grant, revoke] = sql();
    await home.sql('superuser', grant);
    try {
      const refused = await boot(home.options);
      expect(refused).toMatch(/^residency.role_unsafe: Database .* is refused for region eu: /);
      expect(refused).toMatch(found);
    } finally {
      await home.sql('superuser', revoke);
    }
    expect(await boot(home.options)).toBe('booted');
  });

  it('and names all of it at once', async () => {
    await home.sql(
      'superuser',
      `alter role ${app} createdb; grant pg_read_all_data to ${app}; create publication leak`,
    );
    const refused = await boot(home.options);
    for (const found of ['allowed to create databases', 'member of pg_read_all_data', 'publication leak'])
      expect(refused).toContain(found);
    await home.sql(
      'superuser',
      `alter role ${app} nocreatedb; revoke pg_read_all_data from ${app}; drop publication leak`,
    );
  });

  it('and the owner, who may change tables', async () => {
    expect(await boot({ ...home.options, url: home.ownerUrl })).toMatch(/^residency.role_unsafe: .* member of /);
    expect(await boot({ ...home.options, url: home.superuserUrl })).toMatch(/^residency.role_unsafe: .* superuser/);
  });

  it('and is content with what init and migration grant, which is this and nothing more', async () => {
    const grants = await home.sql(
      'superuser',
      `select c.relname as table, string_agg(a.privilege_type, ' ' order by a.privilege_type) as may from pg_class c, aclexplode(c.relacl) a where a.grantee = '${app}'::regrole group by 1 order by 1`,
    );
    const all = 'DELETE INSERT SELECT UPDATE';
    expect(grants).toEqual([
      { table: 'account', may: 'DELETE INSERT SELECT' },
      { table: 'entry', may: 'INSERT SELECT' },
      { table: 'marker', may: 'SELECT' },
      { table: 'note', may: all },
      { table: 'thing', may: all },
      { table: 'way', may: 'DELETE INSERT SELECT' },
    ]);
    const open = await home.sql(
      'superuser',
      'select datname from pg_database d, aclexplode(d.datacl) a where a.grantee = 0 and datname = current_database()',
    );
    expect(open).toEqual([]);
  });
});
