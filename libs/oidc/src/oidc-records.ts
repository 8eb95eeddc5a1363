import { type Door, type Id, type IdCodec, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import type { OidcConsentId } from './oidc-consents.js';
import { OidcRecord } from './oidc-record.entity.js';
import { RecordKey } from './record-key.js';

/** Id of a record. */
export type OidcRecordId = Id<typeof ID_PREFIXES.oidcRecord>;

/** A record that was found. */
export interface Found<T> {
  readonly payload: T;
  readonly consumedAt: Date | null;
}

/** What is stored under a name. */
export interface Stored {
  readonly payload: object;
  readonly grantId?: string | undefined;
  readonly consentId?: OidcConsentId | undefined;
  readonly expiresAt: Date;
}

/** Purposes of the keyed hashes. */
const NAME_INDEX = 'oidc.record';
const GRANT_INDEX = 'oidc.grant';

const id = value.id(ID_PREFIXES.oidcRecord);
const FIND_ROW = { payload: value.bytes, consumedAt: value.nullable(value.time) };
const PUT_PARAMS = {
  id,
  model: value.text,
  grantKey: value.nullable(value.bytes),
  consentId: value.nullable(value.id(ID_PREFIXES.oidcConsent)),
  payload: value.bytes,
  expiresAt: value.time,
};
const CONSUME_PARAMS = { id, now: value.time };
const GRANT_PARAMS = { grantKey: value.bytes };
const CONSENT_PARAMS = { consentId: value.id(ID_PREFIXES.oidcConsent) };
const OVER_PARAMS = { before: value.time, limit: value.integer };
type Nothing = Record<never, never>;

/** The memory of a region's issuer, by secret name. What is handed in and out is clear, what is stored is sealed: see {@link OidcRecord}. */
export class OidcRecords {
  readonly #find: Statement<OidcRecord, { id: typeof id }, typeof FIND_ROW>;
  readonly #put: Statement<OidcRecord, typeof PUT_PARAMS, Nothing>;
  readonly #consume: Statement<OidcRecord, typeof CONSUME_PARAMS, Nothing>;
  readonly #erase: Statement<OidcRecord, { id: typeof id }, Nothing>;
  readonly #eraseOfGrant: Statement<OidcRecord, typeof GRANT_PARAMS, Nothing>;
  readonly #eraseOfConsent: Statement<OidcRecord, typeof CONSENT_PARAMS, Nothing>;
  readonly #eraseOver: Statement<OidcRecord, typeof OVER_PARAMS, Nothing>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
  ) {
    const tables = [OidcRecord] as const;
    this.#find = door.statement({
      name: 'oidc_record.find',
      tables,
      sql: 'select payload, consumed_at as "consumedAt" from oidc_record where id = :id',
      params: { id },
      row: FIND_ROW,
    });
    this.#put = door.statement({
      name: 'oidc_record.put',
      tables,
      sql: `insert into oidc_record (id, model, grant_key, consent_id, payload, expires_at)
        values (:id, :model, :grantKey, :consentId, :payload, :expiresAt) on conflict (id) do update set grant_key = excluded.grant_key, consent_id = excluded.consent_id,
          payload = excluded.payload, expires_at = excluded.expires_at, version = oidc_record.version + 1`,
      params: PUT_PARAMS,
      row: {},
    });
    this.#consume = door.statement({
      name: 'oidc_record.consume',
      tables,
      sql: `update oidc_record set consumed_at = :now, version = version + 1 where id = :id and consumed_at is null`,
      params: CONSUME_PARAMS,
      row: {},
    });
    this.#erase = door.statement({
      name: 'oidc_record.erase',
      tables,
      sql: 'delete from oidc_record where id = :id',
      params: { id },
      row: {},
    });
    this.#eraseOfGrant = door.statement({
      name: 'oidc_record.erase_of_grant',
      tables,
      sql: 'delete from oidc_record where grant_key = :grantKey',
      params: GRANT_PARAMS,
      row: {},
    });
    this.#eraseOfConsent = door.statement({
      name: 'oidc_record.erase_of_consent',
      tables,
      sql: 'delete from oidc_record where consent_id = :consentId',
      params: CONSENT_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'oidc_record.erase_over',
      tables,
      sql: `delete from oidc_record where id in
        (select id from oidc_record where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** The id of the record of that name: the same each time, and nothing that leads back to the name. */
  idOf(ctx: RegionContext, model: string, name: string): OidcRecordId {
    return this.#slot(ctx, model, name).id;
  }

  /** What is stored under a name, over or not, or null. @throws Error when the row was altered */
  async find<T extends object>(ctx: RegionContext, model: string, name: string): Promise<Found<T> | null> {
    const slot = this.#slot(ctx, model, name);
    const row = await this.#find.one(ctx, { id: slot.id });
    return row && { payload: slot.key.open<T>(row.payload, slot.id), consumedAt: row.consumedAt };
  }

  /** Stores under a name, in the place of what was there. */
  async put(ctx: RegionContext, model: string, name: string, stored: Stored): Promise<void> {
    const { payload, grantId, consentId = null, expiresAt } = stored;
    const slot = this.#slot(ctx, model, name);
    const grantKey = grantId === undefined ? null : this.index.of(ctx, GRANT_INDEX, grantId);
    await this.#put.run(ctx, {
      id: slot.id,
      model,
      grantKey,
      consentId,
      payload: slot.key.seal(payload, slot.id),
      expiresAt,
    });
  }

  /** Uses it up. @returns false when it had been used up, or is not there: of many at once one alone has true */
  async consume(ctx: RegionContext, model: string, name: string): Promise<boolean> {
    return (await this.#consume.run(ctx, { id: this.idOf(ctx, model, name), now: this.clock.now() })) === 1;
  }

  async erase(ctx: RegionContext, model: string, name: string): Promise<void> {
    await this.#erase.run(ctx, { id: this.idOf(ctx, model, name) });
  }

  /** Erases a grant and everything that was given on its strength. */
  async eraseOfGrant(ctx: RegionContext, grantId: string): Promise<void> {
    await this.#eraseOfGrant.run(ctx, { grantKey: this.index.of(ctx, GRANT_INDEX, grantId) });
  }

  /** Erases everything that was given on the strength of a consent. */
  async eraseOfConsent(ctx: RegionContext, consentId: OidcConsentId): Promise<void> {
    await this.#eraseOfConsent.run(ctx, { consentId });
  }

  /** Removes what was over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  #slot(ctx: RegionContext, model: string, name: string): { id: OidcRecordId; key: RecordKey } {
    const hash = this.index.of(ctx, NAME_INDEX, JSON.stringify([model, name]));
    return {
      id: this.ids.derive(ID_PREFIXES.oidcRecord, ctx.region, hash),
      key: new RecordKey(name, hash),
    };
  }
}
