import {
  AccountRow,
  IdColumn,
  Locator,
  LocatorRow,
  NotPersonal,
  Regional,
  RegionalRow,
  Resident,
  ResidentRow,
  homeCheck,
  type Id,
} from '@domicile/residency';
import { Column, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { Schema } from './databases.js';

/** One small table of each kind: what the tests of the laws attack. */
@Resident({ table: 'account', prefix: 'acct' })
export class Account extends AccountRow {}

@Resident({ table: 'note', prefix: 'note' })
export class Note extends ResidentRow<'note'> {
  @NotPersonal('toy') @Column('text') text!: string;
  @IdColumn('thing', { nullable: true }) thingId!: Id<'thing'> | null;
  @Column('integer', { default: 1 }) readonly version!: number;
}

@Regional({ table: 'thing', prefix: 'thing', keptIn: ['rows', 'keys'] })
export class Thing extends RegionalRow<'thing'> {
  @NotPersonal('toy') @Column('text', { nullable: true }) label!: string | null;
  @IdColumn('note', { nullable: true }) noteId!: Id<'note'> | null;
  @Column('integer', { default: 1 }) readonly version!: number;
}

@Locator({ table: 'way' })
export class Way extends LocatorRow {
  @IdColumn('thing') thingId!: Id<'thing'>;
}

@Regional({ table: 'entry', prefix: 'entry', appendOnly: true })
export class Entry extends RegionalRow<'entry'> {
  @NotPersonal('toy') @Column('text') text!: string;
}

const check = (table: string, ...columns: string[]): string =>
  columns
    .map((c) => homeCheck(table, c))
    .map(({ name, expression }) => `constraint ${name} check (${expression})`)
    .join(', ');

class Toys1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [
      `account (id uuid primary key, ${check('account', 'id')})`,
      `note (account_id uuid not null references account (id), id uuid not null, text text not null, thing_id uuid,
        version integer not null default 1, primary key (account_id, id), ${check('note', 'account_id', 'id', 'thing_id')})`,
      `thing (id uuid primary key, label text, note_id uuid, version integer not null default 1, ${check('thing', 'id', 'note_id')})`,
      `way (key bytea primary key, thing_id uuid not null, ${check('way', 'thing_id')})`,
      `entry (id uuid primary key, text text not null, ${check('entry', 'id')})`,
    ])
      await runner.query(`create table ${table}`);
  }
  async down(): Promise<void> {}
}

export const TOYS: Schema = { entities: [Account, Note, Thing, Way, Entry], migrations: [Toys1700000000001] };

/** Every column that holds an id, with the prefix of its kind: each must refuse an id of the other region. */
export const ID_COLUMNS = [
  ['account', 'id', 'acct'],
  ['note', 'account_id', 'acct'],
  ['note', 'id', 'note'],
  ['note', 'thing_id', 'thing'],
  ['thing', 'id', 'thing'],
  ['thing', 'note_id', 'note'],
  ['way', 'thing_id', 'thing'],
  ['entry', 'id', 'entry'],
] as const;
