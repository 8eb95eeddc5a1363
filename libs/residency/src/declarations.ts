import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { HOME_SUFFIX } from './database-errors.js';
import { ResidencyError } from './errors.js';
import { ACCOUNT_PREFIX, type AccountId, type Id } from './ids.js';
import type { DatabasePurpose } from './marker.js';

/**
 * The three kinds of table (see this library's README): `resident` belongs to an account and leads its key with it,
 * `locator` holds nothing but the way to a row, `regional` is the region's own.
 */
export type TableKind = 'resident' | 'locator' | 'regional';

/** What a personal field says of itself: the source of sealing, redaction, export, erasure, retention and the data map. */
export interface PersonalDeclaration {
  /** Whose data it is, and so whose key will seal it. */
  readonly subject: 'account' | 'person' | 'staff' | 'signup';
  readonly category: 'identity' | 'contact' | 'credential' | 'billing' | 'preference' | 'content' | 'network';
  /** Why it is held, in words a customer reads. */
  readonly purpose: string;
  /** GDPR article 6(1), letter. */
  readonly legalBasis: 'consent' | 'contract' | 'legal obligation' | 'legitimate interest';
  /** How long it is kept, in words; the retention job reads the table's own rule. */
  readonly retention: string;
  /** True when the customer may leave it out. */
  readonly optional: boolean;
  /** Part of an Article 15 export. */
  readonly export: boolean;
  /** What erasing the subject does to it. */
  readonly erase: 'key' | 'delete';
  /** How a masked view shows it. */
  readonly mask: 'hidden' | 'initial' | 'email';
}

/** What one table declared, gathered at load. */
export interface TableDeclaration {
  readonly entity: EntityClass;
  readonly table: string;
  readonly kind: TableKind;
  /** Prefix of the row's own id; none for locators. */
  readonly prefix: string | undefined;
  /** True for the account itself: its id is the account. */
  readonly root: boolean;
  /** True when the application role may only add and read: history that no bug can rewrite. */
  readonly appendOnly: boolean;
  /** In which of a region's databases it stands. */
  readonly keptIn: readonly DatabasePurpose[];
  /** Properties that hold ids, with the kind each must be of. */
  readonly ids: ReadonlyMap<string, IdKind>;
  /** Personal fields by name, whether they have a column of their own or stand in a {@link Sealed} one. */
  readonly personal: ReadonlyMap<string, PersonalDeclaration>;
  /** Columns of sealed values, with what each holds. */
  readonly sealed: ReadonlyMap<string, FieldSet>;
  /** Free-form columns that hold nothing personal, each with the reason. */
  readonly notPersonal: ReadonlyMap<string, string>;
}

export type EntityClass<E extends object = object> = new () => E;

/** A logical set of personal fields of one subject, which are sealed together. */
export interface FieldSet<F extends object = object> {
  /** `table.what`, bound into what is sealed: never the name of a column, and never changed. */
  readonly name: string;
  readonly subject: PersonalDeclaration['subject'];
  readonly fields: ReadonlyMap<string, PersonalDeclaration>;
  /** Carries the type of the fields; never there. */
  readonly of?: F;
}

declare const KIND: unique symbol;

/** Row of an account: primary key `(account_id, id)`. */
export abstract class ResidentRow<P extends string = string> {
  declare readonly [KIND]: 'resident';
  @PrimaryColumn('uuid') readonly accountId!: AccountId;
  @PrimaryColumn('uuid') readonly id!: Id<P>;
}

/** The account itself, root of its resident rows: primary key `id`. */
export abstract class AccountRow {
  declare readonly [KIND]: 'resident';
  @PrimaryColumn('uuid') readonly id!: AccountId;
}

/** Row of the region's own: primary key `id`. */
export abstract class RegionalRow<P extends string = string> {
  declare readonly [KIND]: 'regional';
  @PrimaryColumn('uuid') readonly id!: Id<P>;
}

/** Way to a row: primary key a keyed hash of 32 bytes. */
export abstract class LocatorRow {
  declare readonly [KIND]: 'locator';
  @PrimaryColumn('bytea') readonly key!: Buffer;
}

/** What the ids of a column name: always the prefix given, or the one that stands in another column of the same row. */
export type IdKind = string | { readonly prefixIn: string };

interface Draft {
  readonly ids: Map<string, IdKind>;
  readonly sealed: Map<string, FieldSet>;
  readonly personal: Map<string, PersonalDeclaration>;
  readonly notPersonal: Map<string, string>;
}

const drafts = new Map<object, Draft>();
const declared = new Map<EntityClass, TableDeclaration>();

function draftOf(prototype: object): Draft {
  let draft = drafts.get(prototype);
  if (!draft)
    drafts.set(prototype, (draft = { ids: new Map(), sealed: new Map(), personal: new Map(), notPersonal: new Map() }));
  return draft;
}

/** A column that holds an id of that kind; the database checks its region, the door its prefix and region. */
export function IdColumn(kind: IdKind, options: { nullable?: boolean } = {}) {
  return (prototype: object, property: string): void => {
    Column('uuid', { nullable: options.nullable ?? false })(prototype, property);
    draftOf(prototype).ids.set(property, kind);
  };
}

/** Declares a field as personal: a column, beside its own decorator, or a field of a class that is sealed whole, see {@link fieldSet}. */
export function Personal(declaration: PersonalDeclaration) {
  return (prototype: object, property: string): void => void draftOf(prototype).personal.set(property, declaration);
}

/**
 * The set of all fields that a class declares with {@link Personal}.
 * @throws ResidencyError residency.configuration_invalid when there is none, or they belong to different subjects: one key seals them
 */
export function fieldSet<F extends object>(name: string, of: EntityClass<F>): FieldSet<F> {
  const fields = draftOf(of.prototype as object).personal;
  const [subject, ...others] = new Set([...fields.values()].map((field) => field.subject));
  if (subject === undefined || others.length > 0)
    throw new ResidencyError(
      'residency.configuration_invalid',
      `The fields sealed as ${name} must be @Personal fields of one subject.`,
    );
  return Object.freeze({ name, subject, fields });
}

/** A column of one sealed value that holds those fields. Which is sealed by whom: see the vault of the application. */
export function Sealed(set: FieldSet, options: { nullable?: boolean } = {}) {
  return (prototype: object, property: string): void => {
    Column('bytea', { nullable: options.nullable ?? false })(prototype, property);
    draftOf(prototype).sealed.set(property, set);
  };
}

/** Declares that a free-form column (text, bytea, json) holds nothing personal, and why. */
export function NotPersonal(why: string) {
  return (prototype: object, property: string): void => void draftOf(prototype).notPersonal.set(property, why);
}

/** Declares a table of rows that an account owns. */
export function Resident(options: { table: string; prefix: string; appendOnly?: boolean }) {
  return <E extends ResidentRow | AccountRow>(entity: EntityClass<E>): void => {
    const root = !(entity.prototype instanceof ResidentRow);
    if (root !== (options.prefix === ACCOUNT_PREFIX))
      throw new ResidencyError(
        'residency.configuration_invalid',
        `Table ${options.table}: only the account itself extends AccountRow, with prefix ${ACCOUNT_PREFIX}.`,
      );
    const ids: [string, IdKind][] = root
      ? [['id', options.prefix]]
      : [
          ['accountId', ACCOUNT_PREFIX],
          ['id', options.prefix],
        ];
    declare({ entity, kind: 'resident', root, ids, ...options });
  };
}

/** Declares a table of the region's own. */
export function Regional(options: {
  table: string;
  prefix: string;
  appendOnly?: boolean;
  /** Among the rows when left out. */
  keptIn?: readonly DatabasePurpose[];
}) {
  return <E extends RegionalRow>(entity: EntityClass<E>): void =>
    declare({ entity, kind: 'regional', root: false, ids: [['id', options.prefix]], ...options });
}

/** Declares a table of ways to rows. */
export function Locator(options: { table: string }) {
  return <E extends LocatorRow>(entity: EntityClass<E>): void =>
    declare({ entity, kind: 'locator', root: false, ids: [], prefix: undefined, ...options });
}

/** The declaration of an entity. @throws ResidencyError residency.configuration_invalid when it declares no kind */
export function declarationOf(entity: EntityClass): TableDeclaration {
  const declaration = declared.get(entity);
  if (!declaration)
    throw new ResidencyError(
      'residency.configuration_invalid',
      `${entity.name} declares no kind; put @Resident, @Locator or @Regional on it.`,
    );
  return declaration;
}

/**
 * Every table declared so far, by name: the registry that data map, export, erasure and the catalogue test walk.
 * @param purpose of the databases that are asked for; all when left out
 */
export function declarations(purpose?: DatabasePurpose): readonly TableDeclaration[] {
  return [...declared.values()]
    .filter(({ keptIn }) => purpose === undefined || keptIn.includes(purpose))
    .sort((a, b) => a.table.localeCompare(b.table));
}

/** The check that keeps a column's ids at home; the migration writes the same. */
export function homeCheck(table: string, column: string): { name: string; expression: string } {
  return {
    name: `${table}_${column}${HOME_SUFFIX}`,
    expression: `residency.region_of(${column}) = residency.region()`,
  };
}

/** Every id column of a table, with the kind of its ids and the check that keeps them at home. */
export function homeChecks(
  declaration: TableDeclaration,
): { readonly column: string; readonly kind: IdKind; readonly name: string; readonly expression: string }[] {
  return [...declaration.ids].map(([property, kind]) => {
    const column = snakeCase(property);
    return { column, kind, ...homeCheck(declaration.table, column) };
  });
}

/** `accountId` to `account_id`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function declare(options: {
  entity: EntityClass;
  table: string;
  prefix: string | undefined;
  kind: TableKind;
  root: boolean;
  appendOnly?: boolean;
  keptIn?: readonly DatabasePurpose[];
  ids: [string, IdKind][];
}): void {
  const draft = draftOf(options.entity.prototype as object);
  const ids = new Map([...options.ids, ...draft.ids]);
  for (const other of declared.values())
    if (other.table === options.table || (options.prefix !== undefined && other.prefix === options.prefix))
      throw new ResidencyError(
        'residency.configuration_invalid',
        `Tables ${other.table} and ${options.table} share a name or the prefix ${options.prefix}; each needs its own.`,
      );
  Entity(options.table)(options.entity);
  for (const property of ids.keys()) {
    const check = homeCheck(options.table, snakeCase(property));
    Check(check.name, check.expression)(options.entity);
  }
  declared.set(options.entity, {
    entity: options.entity,
    table: options.table,
    kind: options.kind,
    prefix: options.prefix,
    root: options.root,
    appendOnly: options.appendOnly ?? false,
    keptIn: options.keptIn ?? ['rows'],
    ids,
    personal: new Map([...draft.personal, ...[...draft.sealed.values()].flatMap(({ fields }) => [...fields])]),
    sealed: draft.sealed,
    notPersonal: draft.notPersonal,
  });
}
