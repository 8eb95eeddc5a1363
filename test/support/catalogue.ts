import { homeCheck, type TableDeclaration } from '@domicile/residency';
import { getMetadataArgsStorage } from 'typeorm';

/** What PostgreSQL's catalogue says of one table of schema public. */
export interface CatalogueTable {
  readonly name: string;
  /** pg_class.relkind: 'r' is a plain table. */
  readonly kind: string;
  /** pg_class.relpersistence: 'p' is permanent. */
  readonly persistence: string;
  readonly partition: boolean;
  readonly rowSecurity: boolean;
  readonly columns: readonly CatalogueColumn[];
  readonly constraints: readonly CatalogueConstraint[];
  readonly indexes: readonly CatalogueIndex[];
}

export interface CatalogueColumn {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string | null;
  readonly generated: boolean;
}

export interface CatalogueConstraint {
  readonly name: string;
  /** pg_constraint.contype: p, u, f, c, n, x, t */
  readonly type: string;
  readonly columns: readonly string[];
  readonly definition: string;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly deferrable: boolean;
  /** Of a foreign key. */
  readonly target: string | null;
  readonly targetColumns: readonly string[] | null;
}

export interface CatalogueIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly columns: readonly string[];
}

/** Runs one read in whatever connection, so that a test can look inside its own transaction. */
export type Read = (text: string) => Promise<Record<string, unknown>[]>;

/** TypeORM's own: which migrations have run. The application role sees nothing of it. */
export const MIGRATION_TABLE = 'migration';

const names = (array: string, relation: string): string =>
  `(select coalesce(json_agg(a.attname order by o.place), '[]') from unnest(${array}) with ordinality as o(number, place)
    left join pg_attribute a on a.attrelid = ${relation} and a.attnum = o.number)`;

const TABLES = `select c.relname as name, c.relkind as kind, c.relpersistence as persistence, c.relispartition as partition,
  c.relrowsecurity as "rowSecurity",
  (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
      'fallback', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated <> '' or a.attidentity <> '') order by a.attnum), '[]')
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(json_agg(json_build_object('name', k.conname, 'type', k.contype, 'definition', pg_get_constraintdef(k.oid),
      'columns', ${names('k.conkey', 'k.conrelid')}, 'validated', k.convalidated, 'enforced', k.conenforced, 'deferrable', k.condeferrable,
      'target', (select t.relname from pg_class t where t.oid = k.confrelid), 'targetColumns', ${names('k.confkey', 'k.confrelid')})
      order by k.conname), '[]') from pg_constraint k where k.conrelid = c.oid) as constraints,
  (select coalesce(json_agg(json_build_object('name', i.indexrelid::regclass::text, 'unique', i.indisunique or i.indisexclusion,
      'primary', i.indisprimary, 'columns', ${names('i.indkey::int2[]', 'c.oid')}) order by i.indexrelid::regclass::text), '[]')
    from pg_index i where i.indrelid = c.oid) as indexes
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f', 'v', 'm') order by c.relname`;

/** Every relation of schema public that can be read from. */
export async function catalogueOf(read: Read): Promise<CatalogueTable[]> {
  return (await read(TABLES)) as unknown as CatalogueTable[];
}

/** Catalogues whose entries could carry code, a way out or a copy; everything made after initdb has an oid from 16384. */
const OBJECT_CATALOGUES = [
  ...['pg_namespace', 'pg_class', 'pg_proc', 'pg_event_trigger', 'pg_rewrite', 'pg_policy', 'pg_extension'],
  ...['pg_language', 'pg_operator', 'pg_cast', 'pg_collation', 'pg_conversion', 'pg_am', 'pg_opclass', 'pg_opfamily'],
  ...[
    'pg_transform',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_ts_parser',
    'pg_ts_template',
    'pg_statistic_ext',
    'pg_default_acl',
  ],
  ...['pg_foreign_server', 'pg_foreign_data_wrapper', 'pg_user_mapping', 'pg_publication'],
];
const OBJECTS = [
  ...OBJECT_CATALOGUES.map(
    (catalogue) =>
      `select '${catalogue}' as catalogue, o.type || ' ' || o.identity as object from ${catalogue} x,
        pg_identify_object('${catalogue}'::regclass, x.oid, 0) o where x.oid >= 16384`,
  ),
  // PostgreSQL's own triggers of foreign keys may stay, as long as they fire.
  `select 'pg_trigger', 'trigger ' || tgname || ' on ' || tgrelid::regclass || case tgenabled when 'O' then '' else ' (switched off)' end
    from pg_trigger where not tgisinternal or tgenabled <> 'O'`,
  "select 'pg_largeobject', 'large object ' || oid from pg_largeobject_metadata",
  // Row and array types belong to their tables; any other was made by somebody.
  `select 'pg_type', 'type ' || format_type(x.oid, null) from pg_type x where x.oid >= 16384 and x.typrelid = 0
    and not exists (select from pg_type e where e.typarray = x.oid and e.typrelid <> 0)`,
  `select 'pg_subscription', 'subscription ' || subname from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())`,
  "select 'pg_replication_slots', 'replication slot ' || slot_name from pg_replication_slots",
  "select 'pg_prepared_xacts', 'prepared transaction ' || gid from pg_prepared_xacts where database = current_database()",
].join(' union all ');

/** `init` makes these, and TypeORM the sequence of its own table. */
const OBJECTS_EXPECTED = new Set([
  'schema residency',
  'function residency.region()',
  'function residency.region_of(pg_catalog.uuid)',
  'table residency.marker',
  'index residency.marker_pkey',
  `table public.${MIGRATION_TABLE}`,
  `sequence public.${MIGRATION_TABLE}_id_seq`,
]);

/** Everything in the database, by type and name, that is neither a table or index of schema public nor expected. */
export async function strangeObjects(read: Read): Promise<string[]> {
  const rows = (await read(`select object from (${OBJECTS}) as o order by object`)) as { object: string }[];
  return rows
    .map(({ object }) => object)
    .filter(
      (object) =>
        !OBJECTS_EXPECTED.has(object) && !/^(table|index) public\.|^(toast table|index) pg_toast\./.test(object),
    );
}

type Rule = (tables: readonly CatalogueTable[], declared: readonly TableDeclaration[]) => string[];

const eachTable =
  (
    rule: (table: CatalogueTable, declaration: TableDeclaration, declared: readonly TableDeclaration[]) => string[],
  ): Rule =>
  (tables, declared) =>
    tables.flatMap((table) => {
      const declaration = declared.find((one) => one.table === table.name);
      return declaration ? rule(table, declaration, declared).map((problem) => `${table.name} ${problem}`) : [];
    });

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(a) === JSON.stringify(b);
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const idColumns = (declaration: TableDeclaration): string[] => [...declaration.ids.keys()].map(snakeCase);
const freeForm = (type: string): boolean =>
  !['uuid', 'smallint', 'integer', 'bigint', 'boolean', 'timestamp with time zone', 'date'].includes(type);

/** Properties of the entity that are columns, inherited ones included, by the name that they have in the database. */
function columnsOf(declaration: TableDeclaration): string[] {
  const { entity } = declaration;
  return getMetadataArgsStorage()
    .columns.filter(({ target }) => target === entity || entity.prototype instanceof (target as () => object))
    .map(({ propertyName }) => snakeCase(propertyName));
}

/** What the declarations ask of the catalogue ("Three kinds of table" in the laws), one rule each; a rule answers with sentences. */
export const RULES = {
  'every table is declared, and every declared table is there': (tables, declared) => [
    ...tables
      .filter(({ name }) => name !== MIGRATION_TABLE && !declared.some(({ table }) => table === name))
      .map(({ name }) => `${name} is not declared`),
    ...declared
      .filter(({ table }) => !tables.some(({ name }) => name === table))
      .map(({ table }) => `${table} is missing`),
  ],

  'tables are plain: permanent, no view, no partition': (tables) =>
    tables
      .filter(({ kind, persistence, partition }) => kind !== 'r' || persistence !== 'p' || partition)
      .map(({ name, kind, persistence }) => `${name} is of kind ${kind}${persistence}`),

  'columns are those of the entity': eachTable((table, declaration) => {
    const [there, wanted] = [table.columns.map(({ name }) => name), columnsOf(declaration)];
    return [
      ...there.filter((name) => !wanted.includes(name)).map((name) => `has the undeclared column ${name}`),
      ...wanted.filter((name) => !there.includes(name)).map((name) => `lacks the column ${name}`),
    ];
  }),

  'uuid columns are declared ids, and ids are uuid columns': eachTable((table, declaration) => [
    ...table.columns
      .filter(({ name, type }) => type === 'uuid' && !idColumns(declaration).includes(name))
      .map(({ name }) => `holds undeclared ids in ${name}`),
    ...idColumns(declaration)
      .filter((name) => table.columns.find((column) => column.name === name)?.type !== 'uuid')
      .map((name) => `declares ids in ${name}, which is no uuid column`),
  ]),

  'every id column is kept at home by its check, at once and always': eachTable((table, declaration) =>
    table.columns
      .filter(({ type }) => type === 'uuid')
      .flatMap(({ name: column }) => {
        const { name, expression } = homeCheck(declaration.table, column);
        const found = table.constraints.find((constraint) => constraint.name === name);
        const holds =
          found?.type === 'c' &&
          found.definition === `CHECK ((${expression}))` &&
          found.validated &&
          found.enforced &&
          !found.deferrable;
        return holds ? [] : [`is not kept at home by ${name} (${found?.definition ?? 'there is none'})`];
      }),
  ),

  'has no other check': eachTable((table) =>
    table.constraints
      .filter(
        ({ type, name, columns }) =>
          type === 'c' && !columns.some((column) => name === homeCheck(table.name, column).name),
      )
      .map(({ name }) => `has the undeclared check ${name}`),
  ),

  'primary keys are those of the kind': eachTable((table, { kind, root }) => {
    const wanted = { resident: root ? ['id'] : ['account_id', 'id'], locator: ['key'], regional: ['id'] }[kind];
    const key = table.constraints.find(({ type }) => type === 'p');
    return same(key?.columns ?? [], wanted) && !key?.deferrable ? [] : [`has the key (${key?.columns.join()})`];
  }),

  'a locator is a keyed hash and the way to a row, nothing more': eachTable((table, { kind }) =>
    kind !== 'locator'
      ? []
      : table.columns
          .filter(({ name, type }) => (name === 'key' ? type !== 'bytea' : type !== 'uuid'))
          .map(({ name, type }) => `holds ${name} (${type})`),
  ),

  'uniqueness never spans accounts': eachTable((table, { kind, root }) =>
    table.indexes
      .filter(
        ({ unique, primary, columns }) =>
          unique && !primary && !(kind === 'resident' && !root && columns[0] === 'account_id'),
      )
      .map(({ name }) => `has the unique index ${name}`),
  ),

  'indexes are over plain columns, under the names of the house': eachTable((table) =>
    table.indexes
      .filter(({ name, primary, columns }) => name !== `${table.name}_${primary ? 'pkey' : `${columns.join('_')}_idx`}`)
      .map(({ name }) => `has the undeclared index ${name}`),
  ),

  'foreign keys are declared, and lead to a whole key within the account': eachTable((table, declaration, declared) => {
    const wanted = getMetadataArgsStorage().foreignKeys.filter(({ target }) => target === declaration.entity);
    const columns = wanted.map((key) => (key.columnNames ?? [key.propertyName ?? '']).map(snakeCase).join('_'));
    const found = table.constraints.filter(({ type }) => type === 'f');
    return [
      ...columns
        .filter((name) => !found.some((key) => key.name === `${table.name}_${name}_fkey`))
        .map((name) => `lacks the foreign key over ${name}`),
      ...found
        .filter(
          (key) =>
            !columns.includes(key.columns.join('_')) || key.name !== `${table.name}_${key.columns.join('_')}_fkey`,
        )
        .map(({ name }) => `has the undeclared foreign key ${name}`),
      ...found
        .filter((key) => !leadsHome(key, declaration, declared) || key.deferrable || !key.validated || !key.enforced)
        .map(({ name, definition }) => `has the loose foreign key ${name}: ${definition}`),
    ];
  }),

  'nothing else constrains': eachTable((table) =>
    table.constraints
      .filter(({ type }) => !'pfcnu'.includes(type))
      .map(({ name, type }) => `has ${name} of kind ${type}`),
  ),

  'free-form columns say whether they are personal, and why not': eachTable(
    (table, { kind, personal, notPersonal }) => {
      const [yes, no] = [personal, notPersonal].map((map) => [...map.keys()].map(snakeCase)) as [string[], string[]];
      const there = table.columns.map(({ name }) => name);
      return [
        ...table.columns
          .filter(({ name, type }) => freeForm(type) && !(kind === 'locator' && name === 'key'))
          .filter(({ name }) => !yes.includes(name) && !no.includes(name))
          .map(({ name }) => `does not say whether ${name} is personal`),
        ...yes.filter((name) => no.includes(name)).map((name) => `says both of ${name}`),
        ...[...yes, ...no]
          .filter((name) => !there.includes(name))
          .map((name) => `declares ${name}, which is not there`),
        ...[...notPersonal].filter(([, why]) => why.trim() === '').map(([name]) => `gives no reason for ${name}`),
        ...[...personal]
          .filter(([, { purpose, retention }]) => !purpose || !retention)
          .map(([name]) => `gives no purpose for ${name}`),
      ];
    },
  ),

  'personal columns are text, and never part of an index': eachTable((table, { personal }) =>
    [...personal.keys()]
      .map(snakeCase)
      .flatMap((name) => [
        ...(table.columns.find((column) => column.name === name)?.type === 'text'
          ? []
          : [`holds ${name} in another type than text`]),
        ...table.indexes
          .filter(({ columns }) => columns.includes(name))
          .map((index) => `spreads ${name} into ${index.name}`),
      ]),
  ),

  'what can change carries its version': eachTable((table, { kind, appendOnly }) => {
    const version = table.columns.find(({ name }) => name === 'version');
    // A row of nothing but ids is a tie: it is made and removed, there is nothing in it to change.
    const fixed = appendOnly || kind === 'locator' || table.columns.every(({ type }) => type === 'uuid');
    if (fixed) return version ? ['has a version though it never changes'] : [];
    return version?.type === 'integer' && version.required && version.fallback === '1' ? [] : ['has no version'];
  }),

  'moments are timestamptz, and nothing counts up by itself': eachTable((table) =>
    table.columns
      .filter(
        ({ type, generated, fallback }) =>
          /without time zone|^(char|money|oid)/.test(type) || generated || /nextval/.test(fallback ?? ''),
      )
      .map(({ name, type }) => `has ${name} of type ${type}`),
  ),

  'names are snake_case': (tables) =>
    tables
      .flatMap(({ name, columns }) => [name, ...columns.map((column) => `${name}.${column.name}`)])
      .filter((name) => !/^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?$/.test(name))
      .map((name) => `${name} is no snake_case name`),

  'tables are named in the singular': (tables) =>
    tables.filter(({ name }) => /(?<!s|u)s$/.test(name)).map(({ name }) => `${name} is no singular name`),
} as const satisfies Record<string, Rule>;

/** A resident row may point within its account or to what is no resident row; nothing points into the middle of an account. */
function leadsHome(key: CatalogueConstraint, from: TableDeclaration, declared: readonly TableDeclaration[]): boolean {
  const to = declared.find(({ table }) => table === key.target);
  const targets = key.targetColumns ?? [];
  if (!to || to.kind === 'locator') return false;
  if (to.kind !== 'resident' || to.root) return same(targets, ['id']) && key.columns.length === 1;
  return from.kind === 'resident' && key.columns[0] === 'account_id' && same(targets, ['account_id', 'id']);
}

/** Everything that is wrong with a migrated database, as sentences. */
export async function problemsOf(read: Read, declared: readonly TableDeclaration[]): Promise<string[]> {
  const tables = await catalogueOf(read);
  return [
    ...Object.values(RULES).flatMap((rule) => rule(tables, declared)),
    ...(await strangeObjects(read)).map((object) => `there is the ${object}`),
  ];
}
