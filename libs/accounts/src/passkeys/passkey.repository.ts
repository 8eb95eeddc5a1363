import { type Door, type Id, type RegionContext, type Statement, type Table, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Person } from '../person.entity.js';
import { Passkey, PasskeyLocator } from './passkey.entity.js';

/** Id of a passkey. */
export type PasskeyId = Id<typeof ID_PREFIXES.passkey>;

/** A passkey to be stored. */
export interface PasskeyRow {
  readonly passkeyId: PasskeyId;
  readonly passkeySealed: Buffer;
  /** Blind index of its credential id. */
  readonly passkeyKey: Buffer;
  readonly signCount: number;
}

const BY_KEY_PARAMS = { key: value.bytes };
const BY_KEY_ROW = {
  id: value.id(ID_PREFIXES.passkey),
  personId: value.id(ID_PREFIXES.person),
  personStatus: value.text,
  sealed: value.bytes,
};
const COUNT_PARAMS = { id: value.id(ID_PREFIXES.passkey), count: value.integer, now: value.time };
const UNLOCATE_PARAMS = { id: value.id(ID_PREFIXES.passkey) };

/** Passkeys of the persons of a region, and the ways to them. */
export class PasskeyRepository {
  readonly #passkeys: Table<Passkey>;
  readonly #locators: Table<PasskeyLocator>;
  readonly #byKey: Statement<PasskeyLocator | Passkey | Person, typeof BY_KEY_PARAMS, typeof BY_KEY_ROW>;
  readonly #count: Statement<Passkey, typeof COUNT_PARAMS, Record<never, never>>;
  readonly #unlocate: Statement<PasskeyLocator, typeof UNLOCATE_PARAMS, Record<never, never>>;

  constructor(door: Door) {
    this.#passkeys = door.table(Passkey);
    this.#locators = door.table(PasskeyLocator);
    this.#byKey = door.statement({
      name: 'passkey.by_key',
      tables: [PasskeyLocator, Passkey, Person],
      sql: `select k.id, k.person_id as "personId", p.status as "personStatus", k.sealed
        from passkey_locator l join passkey k on k.id = l.passkey_id join person p on p.id = k.person_id where l.key = :key`,
      params: BY_KEY_PARAMS,
      row: BY_KEY_ROW,
    });
    this.#count = door.statement({
      name: 'passkey.count',
      tables: [Passkey],
      // One that has never counted goes on not to; one that has must go up (WebAuthn section 7.2, step 22).
      sql: `update passkey set sign_count = :count::bigint, last_used_at = :now
        where id = :id and (sign_count < :count::bigint or (sign_count = 0 and :count::bigint = 0))`,
      params: COUNT_PARAMS,
      row: {},
    });
    this.#unlocate = door.statement({
      name: 'passkey.unlocate',
      tables: [PasskeyLocator],
      sql: 'delete from passkey_locator where passkey_id = :id',
      params: UNLOCATE_PARAMS,
      row: {},
    });
  }

  /** The passkey of that credential id, with the state of its person; null when the region has none. */
  byKey(ctx: RegionContext, key: Buffer) {
    return this.#byKey.one(ctx, { key });
  }

  find(ctx: RegionContext, id: PasskeyId): Promise<Passkey | null> {
    return this.#passkeys.find(ctx, id);
  }

  /** All passkeys of a person, 100 at most; see the bound in passkeys.ts. */
  of(ctx: RegionContext, personId: Person['id']): Promise<Passkey[]> {
    return this.#passkeys.list(ctx, { personId });
  }

  /** @throws ResidencyError residency.conflict with constraint {@link CREDENTIAL_KEY} when somebody has that passkey */
  async insert(tx: RegionContext, personId: Person['id'], row: PasskeyRow): Promise<void> {
    const { passkeyId: id, passkeySealed: sealed, passkeyKey: key, signCount } = row;
    await this.#passkeys.insert(tx, { id, personId, sealed, signCount: String(signCount) });
    await this.#locators.insert(tx, { key, passkeyId: id });
  }

  /** Stores what a passkey counts at. @returns false when it has counted that far before: two devices know its key */
  async count(ctx: RegionContext, id: PasskeyId, count: number, now: Date): Promise<boolean> {
    return (await this.#count.run(ctx, { id, count, now })) === 1;
  }

  /** Puts another sealed value in the place of the one at that version. @throws ResidencyError residency.stale */
  update(ctx: RegionContext, id: PasskeyId, version: number, sealed: Buffer): Promise<Passkey> {
    return this.#passkeys.update(ctx, id, version, { sealed });
  }

  async erase(tx: RegionContext, id: PasskeyId): Promise<void> {
    await this.#unlocate.run(tx, { id });
    await this.#passkeys.erase(tx, id);
  }
}

/** The constraint that makes a credential id unique in its region. */
export const CREDENTIAL_KEY = 'passkey_locator_pkey';
