import { type Door, type RegionContext, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { Erased, KeyId, SealedRows } from '@domicile/vault';
import { Account } from './account.entity.js';
import type { LifeState } from './life-cycle.js';
import { Person, PersonAddress } from './person.entity.js';

const STATE_PARAMS = { status: value.text };
const PERSON_STATE_PARAMS = { ...STATE_PARAMS, personId: value.id(ID_PREFIXES.person) };
const NEWEST_PARAMS = { limit: value.integer };
const NEWEST_ROW = { sealed: value.bytes };
const REACHED_ROW = { personId: value.id(ID_PREFIXES.person), sealed: value.bytes, addressKey: value.bytes };

/** Accounts and persons as subjects: whose life has a state, and whose values have a key. */
export class SubjectRepository implements SealedRows {
  readonly #accountState: Statement<Account, typeof STATE_PARAMS, Record<never, never>>;
  readonly #personState: Statement<Person, typeof PERSON_STATE_PARAMS, Record<never, never>>;
  readonly #newest: Statement<Person, typeof NEWEST_PARAMS, typeof NEWEST_ROW>;
  readonly #reached: Statement<Person | PersonAddress, typeof NEWEST_PARAMS, typeof REACHED_ROW>;

  /** @param keyIdOf names the key that sealed a value */
  constructor(
    door: Door,
    private readonly keyIdOf: (ctx: RegionContext, sealed: Buffer) => KeyId,
  ) {
    this.#accountState = door.statement({
      name: 'subject.account_state',
      tables: [Account],
      sql: "update account set status = :status, version = version + 1 where id = :accountId and status <> 'erased'",
      params: STATE_PARAMS,
      row: {},
    });
    this.#personState = door.statement({
      name: 'subject.person_state',
      tables: [Person],
      sql: "update person set status = :status, version = version + 1 where id = :personId and status <> 'erased'",
      params: PERSON_STATE_PARAMS,
      row: {},
    });
    this.#newest = door.statement({
      name: 'subject.newest',
      tables: [Person],
      sql: 'select sealed from person order by id desc limit :limit',
      params: NEWEST_PARAMS,
      row: NEWEST_ROW,
    });
    this.#reached = door.statement({
      name: 'subject.reached',
      tables: [Person, PersonAddress],
      sql: `select p.id as "personId", p.sealed, a.key as "addressKey"
        from person p join person_address a on a.person_id = p.id and a.kept_by is null order by p.id desc limit :limit`,
      params: NEWEST_PARAMS,
      row: REACHED_ROW,
    });
  }

  /** Moves a subject to another state of its life; nothing leads back from `erased`. @returns false when it is erased or not there */
  async setState(
    ctx: RegionContext,
    subject: Pick<Erased, 'accountId' | 'personId'>,
    status: LifeState,
  ): Promise<boolean> {
    const { accountId, personId } = subject;
    const changed =
      accountId !== null
        ? await this.#accountState.run(ctx.account(accountId), { status })
        : personId !== null && (await this.#personState.run(ctx, { personId, status }));
    return changed === 1;
  }

  async markErased(tx: RegionContext, erased: readonly Erased[]): Promise<void> {
    for (const subject of erased) await this.setState(tx, subject, 'erased');
  }

  async newestKeys(ctx: RegionContext, limit: number): Promise<KeyId[]> {
    return (await this.#newest.all(ctx, { limit })).map(({ sealed }) => this.keyIdOf(ctx, sealed));
  }

  /** The newest persons, each with the blind index that her address is found by. */
  newestReached(ctx: RegionContext, limit: number) {
    return this.#reached.all(ctx, { limit });
  }
}
