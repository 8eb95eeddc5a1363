import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { FactorChanges } from '../factors/factor-changes.js';
import type { Person } from '../person.entity.js';
import type { ProvenSession } from '../sessions.js';
import { makeRecoveryCode, normaliseRecoveryCode } from './code-text.js';
import { RecoveryCode } from './recovery-code.entity.js';
import type { RecoveryCodesView } from './recovery-codes.dto.js';

const CODES = 10;
/** Purpose of the keyed hash. */
const INDEX = 'recovery_code.of';

const personId = value.id(ID_PREFIXES.person);
const CLEAR_PARAMS = { personId };
const ADD_PARAMS = { personId, keys: value.list(value.bytes) };
const TAKE_PARAMS = { personId, key: value.bytes };

/** Ten codes on paper for the day when app and passkeys are gone, each good for one second step. */
export class RecoveryCodes {
  readonly #clear: Statement<RecoveryCode, typeof CLEAR_PARAMS, Record<never, never>>;
  readonly #add: Statement<RecoveryCode, typeof ADD_PARAMS, Record<never, never>>;
  readonly #take: Statement<RecoveryCode, typeof TAKE_PARAMS, Record<never, never>>;

  constructor(
    door: Door,
    private readonly blindIndex: BlindIndex,
    private readonly changes: FactorChanges,
  ) {
    const tables = [RecoveryCode] as const;
    this.#clear = door.statement({
      name: 'recovery_code.clear',
      tables,
      sql: 'delete from recovery_code where person_id = :personId',
      params: CLEAR_PARAMS,
      row: {},
    });
    this.#add = door.statement({
      name: 'recovery_code.add',
      tables,
      sql: 'insert into recovery_code (key, person_id) select key, :personId::uuid from unnest(:keys::bytea[]) as key',
      params: ADD_PARAMS,
      row: {},
    });
    this.#take = door.statement({
      name: 'recovery_code.take',
      tables,
      sql: 'delete from recovery_code where key = :key and person_id = :personId',
      params: TAKE_PARAMS,
      row: {},
    });
  }

  /**
   * Ten new ones in the place of all that were left; shown this once. Every other session ends.
   * @param proven by {@link Sessions.authenticateFreshly} @throws as {@link FactorChanges.make}
   */
  make(
    ctx: RegionContext,
    proven: ProvenSession,
    keep: Keep<RecoveryCodesView> = keptNowhere,
  ): Promise<RecoveryCodesView> {
    const made = { codes: Array.from({ length: CODES }, makeRecoveryCode) };
    const keys = made.codes.map((code) => this.#key(ctx, proven.personId, code));
    return this.changes.make(ctx, proven, 'recovery_codes.made', async (tx) => {
      await this.#clear.run(tx, { personId: proven.personId });
      await this.#add.run(tx, { personId: proven.personId, keys });
      await keep(tx, made);
      return made;
    });
  }

  /** Uses a code up. @returns false when it is not hers, or was used before: of many at once one is right */
  async use(ctx: RegionContext, person: Person['id'], code: string): Promise<boolean> {
    return (await this.#take.run(ctx, { personId: person, key: this.#key(ctx, person, code) })) === 1;
  }

  #key(ctx: RegionContext, person: Person['id'], code: string): Buffer {
    return this.blindIndex.of(ctx, INDEX, JSON.stringify([person, normaliseRecoveryCode(code)]));
  }
}
