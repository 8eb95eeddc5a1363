import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Door, value } from '@domicile/residency';
import { RegionDatabase } from '../../libs/residency/src/region-database.js';
import { type Core, complaint, createCore } from '../support/core.js';
import { Note, Thing } from '../support/toy-schema.js';

let core: Core<undefined>;
beforeAll(async () => {
  core = await createCore();
});
afterAll(() => core?.close());

describe('L3 a statement', () => {
  const label = { label: value.nullable(value.text) };
  const good = {
    name: 'toy.x',
    tables: [Thing],
    sql: 'select label from thing where id = :id',
    params: { id: value.id('thing') },
    row: label,
  };
  const of = async (change: object): Promise<string> => {
    const door = new Door([new RegionDatabase(core.databases['eu']!.options)], core.ids);
    const complained = await complaint(() => door.statement({ ...good, ...change }));
    await door.close();
    return complained;
  };

  it.each([
    ['two statements', { sql: 'select label from thing where id = :id; select 1' }],
    ...[
      'set x = 1',
      'copy thing to stdout',
      'listen x',
      'truncate thing',
      'call f()',
      'do $$ begin end $$',
      'explain select 1',
      'lock table thing',
      'vacuum',
      '',
      '-- select',
      '/**/ select 1',
      'selectx',
      'merge into thing',
    ].map((sql): [string, object] => [`"${sql}"`, { sql, params: {} }]),
    ['an undeclared parameter', { sql: 'select label from thing where id = :id and label = :label' }],
    ['an unused parameter', { sql: 'select label from thing where version = 1 and label is null' }],
    ["a parameter of Object's", { sql: 'select label from thing where id = :id or label = :constructor' }],
    ['accountId as a parameter', { params: { accountId: value.id('acct') } }],
    ['accountId on a table of the region', { sql: 'select label from thing where id = :id and note_id = :accountId' }],
    ['a resident table without accountId', { tables: [Note], sql: 'select text from note where id = :id' }],
    ['a class that declares no kind', { tables: [class {}] }],
  ])('is refused with %s', async (_, change) => {
    expect(await of(change)).toMatch(/^residency.configuration_invalid: /);
  });

  it('is taken when all of that is right, once a name, and not after the door opened', async () => {
    expect(await of({})).toBe('not refused');
    expect(await complaint(() => core.door.statement(good))).toMatch(/before the door opens/);
    expect(await complaint(() => core.door.table(Thing))).toMatch(/before the door opens/);
    const door = new Door([new RegionDatabase(core.databases['eu']!.options)], core.ids);
    door.statement(good);
    expect(await complaint(() => door.statement({ ...good, sql: 'select id from thing where id = :id' }))).toMatch(
      /names are unique/,
    );
  });

  it.each([
    ['a join', 'select t.label from thing t join note n on n.id = t.note_id where t.id = :id'],
    ['a subquery', 'select label from thing where id = :id and exists (select 1 from note)'],
    ['a WITH that writes', 'with gone as (delete from note returning id) select label from thing where id = :id'],
    ["the marker's table", 'select statement as label from residency.marker, thing where id = :id'],
    ['a table of the catalogue', 'select rolname as label from pg_roles, thing where id = :id'],
  ])('does not boot when it touches what it did not declare: %s', async (_, sql) => {
    const door = new Door([new RegionDatabase(core.databases['eu']!.options)], core.ids);
    door.statement({ ...good, sql });
    expect(await complaint(() => door.open())).toMatch(
      /configuration_invalid: Statement toy.x touches .* without declaring it/,
    );
  });
});
