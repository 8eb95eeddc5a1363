import { type Door, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Credential } from '../credential.entity.js';
import { Passkey } from '../passkeys/passkey.entity.js';
import { Person } from '../person.entity.js';
import { RecoveryCode } from '../recovery-codes/recovery-code.entity.js';
import { Totp } from '../totp/totp.entity.js';

const PERSON_PARAMS = { personId: value.id(ID_PREFIXES.person) };

/** What a person of `:personId` has beside a password, as columns of a statement over {@link SECOND_FACTOR_TABLES}. */
export const SECOND_FACTOR_COLUMNS = `(select count(*)::int from passkey where person_id = :personId) as "passkeyCount",
    exists (select from totp where person_id = :personId and confirmed_at is not null) as "hasTotp",
    (select count(*)::int from recovery_code where person_id = :personId) as "recoveryCodeCount"`;
/** How {@link SECOND_FACTOR_COLUMNS} are read. */
export const SECOND_FACTOR_ROW = {
  passkeyCount: value.integer,
  hasTotp: value.boolean,
  recoveryCodeCount: value.integer,
};
/** Where they stand. */
export const SECOND_FACTOR_TABLES = [Passkey, Totp, RecoveryCode] as const;

const OF_ROW = { hasPassword: value.boolean, ...SECOND_FACTOR_ROW };
const OF_TABLES = [Credential, ...SECOND_FACTOR_TABLES] as const;

/** What the persons of a region can prove themselves with, taken together. */
export class FactorRepository {
  readonly #persons: Table<Person>;
  readonly #of: Statement<InstanceType<(typeof OF_TABLES)[number]>, typeof PERSON_PARAMS, typeof OF_ROW>;

  constructor(door: Door) {
    this.#persons = door.table(Person);
    this.#of = door.statement({
      name: 'factor.of',
      tables: OF_TABLES,
      sql: `select exists (select from credential where person_id = :personId and kind = 'password') as "hasPassword",
    ${SECOND_FACTOR_COLUMNS}`,
      params: PERSON_PARAMS,
      row: OF_ROW,
    });
  }

  /** What a person has. */
  async of(ctx: RegionContext, personId: Person['id']) {
    const row = await this.#of.one(ctx, { personId });
    if (!row) throw new Error('A statement that always has one row had none.');
    return row;
  }

  /** A person by her session. @throws ResidencyError residency.not_found */
  person(ctx: RegionContext, personId: Person['id']): Promise<Person> {
    return this.#persons.get(ctx, personId);
  }
}
