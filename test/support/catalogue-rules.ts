import { declarations, homeCheck, type PersonalDeclaration, type TableDeclaration } from '@domicile/residency';
import { getMetadataArgsStorage } from 'typeorm';
import {
  type CatalogueConstraint,
  catalogueOf,
  type CatalogueTable,
  MIGRATION_TABLE,
  type Read,
  strangeObjects,
} from './catalogue.js';
import { unexplainedColumns } from './plain-columns.js';

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
/** A property's column. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
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

  'free-form columns are sealed, or say why nothing in them is personal': eachTable(
    (table, { kind, sealed, notPersonal }) => {
      const [yes, no] = [sealed, notPersonal].map((map) => [...map.keys()].map(snakeCase)) as [string[], string[]];
      const there = table.columns.map(({ name }) => name);
      return [
        ...table.columns
          .filter(({ name, type }) => freeForm(type) && !(kind === 'locator' && name === 'key'))
          .filter(({ name }) => !yes.includes(name) && !no.includes(name))
          .map(({ name }) => `neither seals ${name} nor says why it is not personal`),
        ...yes.filter((name) => no.includes(name)).map((name) => `says both of ${name}`),
        ...[...yes, ...no]
          .filter((name) => !there.includes(name))
          .map((name) => `declares ${name}, which is not there`),
        ...[...notPersonal].filter(([, why]) => why.trim() === '').map(([name]) => `gives no reason for ${name}`),
      ];
    },
  ),

  'numbers, moments and yes-or-no are on a closed list that says what each tells': eachTable(
    (table, { sealed, notPersonal }) =>
      unexplainedColumns(
        table,
        ({ name, type }) =>
          type === 'uuid' || freeForm(type) || [...sealed.keys(), ...notPersonal.keys()].map(snakeCase).includes(name),
      ),
  ),

  'nothing personal stands in clear': (tables, declared) => {
    // Of every table of the application, whichever database it is in.
    const fields = new Set(declarations().flatMap(({ personal }) => [...personal.keys()].map(snakeCase)));
    return [
      ...tables.flatMap(({ name, columns }) =>
        name === MIGRATION_TABLE
          ? []
          : columns
              .filter((column) => fields.has(column.name))
              .map((column) => `${name} holds ${column.name} in clear`),
      ),
      ...declared.flatMap(({ table, personal, sealed }) => {
        const kept = new Set([...sealed.values()].flatMap((set) => [...set.fields.keys()]));
        return [...personal.keys()]
          .filter((field) => !kept.has(field))
          .map((field) => `${table} seals ${field} nowhere`);
      }),
    ];
  },

  'sealed columns are bytea, there in every row unless they say otherwise, and never part of an index': eachTable(
    (table, { entity, sealed }) =>
      [...sealed.keys()].flatMap((property) => {
        const name = snakeCase(property);
        const column = table.columns.find((one) => one.name === name);
        const nullable = getMetadataArgsStorage().columns.some(
          (one) => one.target === entity && one.propertyName === property && one.options.nullable === true,
        );
        return [
          ...(column?.type === 'bytea' ? [] : [`holds ${name} in another type than bytea`]),
          ...(column?.required === false && !nullable ? [`may hold a row without ${name}`] : []),
          ...(column?.required === true && nullable ? [`can never be emptied of ${name}`] : []),
          ...(column?.fallback ? [`has a default for ${name}`] : []),
          ...table.indexes
            .filter(({ columns }) => columns.includes(name))
            .map((index) => `spreads ${name} into ${index.name}`),
        ];
      }),
  ),

  'field sets have a name of their own, and say everything of every field': (_tables, declared) => {
    const sets = declared.flatMap(({ table, sealed }) => [...sealed.values()].map((set) => ({ table, set })));
    const names = sets.map(({ set }) => set.name);
    return [
      ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `two columns seal the set ${name}`),
      ...sets
        .filter(({ table, set }) => !new RegExp(`^${table}\\.[a-z]+(_[a-z]+)*$`).test(set.name))
        .map(({ table, set }) => `${table} seals the set ${set.name}, which is not named after it`),
      ...sets.flatMap(({ set }) =>
        [...set.fields].flatMap(([field, declaration]) => [
          ...unsaid(declaration).map((what) => `${set.name} does not say the ${what} of ${field}`),
          ...(declaration.subject === set.subject ? [] : [`${set.name} seals ${field} of another subject`]),
        ]),
      ),
    ];
  },

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

const words = (text: unknown): boolean => typeof text === 'string' && text.trim().length > 0;
const oneOf =
  (...known: readonly unknown[]) =>
  (value: unknown): boolean =>
    known.includes(value);

/** What each part of a declaration must be: all of them, so that data map, export, erasure and masks have nothing to guess. */
const SAID: { readonly [K in keyof PersonalDeclaration]-?: (value: unknown) => boolean } = {
  subject: oneOf('account', 'person', 'staff', 'signup'),
  category: oneOf('identity', 'contact', 'credential', 'billing', 'preference', 'content', 'network'),
  purpose: words,
  legalBasis: oneOf('consent', 'contract', 'legal obligation', 'legitimate interest'),
  retention: words,
  optional: oneOf(true, false),
  export: oneOf(true, false),
  erase: oneOf('key', 'delete'),
  mask: oneOf('hidden', 'initial', 'email'),
};

/** Parts of a declaration that are missing or mean nothing. */
function unsaid(declaration: PersonalDeclaration): string[] {
  return Object.entries(SAID)
    .filter(([part, holds]) => !holds(declaration[part as keyof PersonalDeclaration]))
    .map(([part]) => part);
}

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
