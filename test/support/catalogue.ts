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
