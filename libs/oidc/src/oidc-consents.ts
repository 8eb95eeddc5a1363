import type { Person } from '@domicile/accounts';
import { type Door, type Id, type IdCodec, type RegionContext, type Statement, value } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { OidcClient } from './oidc-client.entity.js';
import { OidcConsent } from './oidc-consent.entity.js';
import { OidcRecord } from './oidc-record.entity.js';

/** Id of a consent. */
export type OidcConsentId = Id<typeof ID_PREFIXES.oidcConsent>;

/** How long a grant is good for, in seconds: a day more than a refresh token, so that none of them outlives what it stands on. */
export const GRANT_TTL_SECONDS = 15 * 24 * 60 * 60;
/** How old the note of a last use may be. */
const USED_MILLISECONDS = 5 * 60 * 1000;

/** Purpose of the keyed hash that ids are derived from. */
const CONSENT_INDEX = 'oidc.consent';

const id = value.id(ID_PREFIXES.oidcConsent);
const personId = value.id(ID_PREFIXES.person);
const clientId = value.id(ID_PREFIXES.oidcClient);
const AGREE_PARAMS = { id, personId, clientId, scopes: value.text, now: value.time, expiresAt: value.time };
const LIST_PARAMS = { personId, after: value.nullable(id), now: value.time, limit: value.integer };
const LIST_ROW = {
  id,
  clientId,
  title: value.text,
  redirectUris: value.text,
  scopes: value.text,
  agreedAt: value.time,
  lastUsedAt: value.nullable(value.time),
};
const USED_PARAMS = { id, now: value.time, before: value.time };
const OWN_PARAMS = { id, personId };
const OVER_PARAMS = { before: value.time, limit: value.integer };
type Nothing = Record<never, never>;

/** What persons of a region have agreed to. Whose a consent is stands in here alone; what the issuer remembers names its id. */
export class OidcConsents {
  readonly #agree: Statement<OidcConsent, typeof AGREE_PARAMS, Nothing>;
  readonly #list: Statement<OidcConsent | OidcClient | OidcRecord, typeof LIST_PARAMS, typeof LIST_ROW>;
  readonly #used: Statement<OidcConsent, typeof USED_PARAMS, Nothing>;
  readonly #eraseOwn: Statement<OidcConsent, typeof OWN_PARAMS, Nothing>;
  readonly #eraseOver: Statement<OidcConsent, typeof OVER_PARAMS, Nothing>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
  ) {
    const tables = [OidcConsent] as const;
    this.#agree = door.statement({
      name: 'oidc_consent.agree',
      tables,
      sql: `insert into oidc_consent as c (id, person_id, client_id, scopes, agreed_at, expires_at)
        values (:id, :personId, :clientId, :scopes, :now, :expiresAt)
        on conflict (id) do update set agreed_at = excluded.agreed_at, expires_at = excluded.expires_at, version = c.version + 1,
          scopes = case when c.expires_at <= excluded.agreed_at then excluded.scopes else (select string_agg(distinct word, ' ')
            from unnest(string_to_array(c.scopes || ' ' || excluded.scopes, ' ')) as word) end`,
      params: AGREE_PARAMS,
      row: {},
    });
    this.#list = door.statement({
      name: 'oidc_consent.list',
      tables: [OidcConsent, OidcClient, OidcRecord],
      sql: `select c.id, c.client_id as "clientId", a.title, a.redirect_uris as "redirectUris", c.scopes,
          c.agreed_at as "agreedAt", c.last_used_at as "lastUsedAt"
        from oidc_consent c join oidc_client a on a.id = c.client_id
        where c.person_id = :personId and (:after::uuid is null or c.id > :after::uuid) and exists (
          select 1 from oidc_record r where r.consent_id = c.id and r.model = 'Grant' and r.expires_at > :now)
        order by c.id limit :limit`,
      params: LIST_PARAMS,
      row: LIST_ROW,
    });
    this.#used = door.statement({
      name: 'oidc_consent.used',
      tables,
      sql: `update oidc_consent set last_used_at = :now, version = version + 1
        where id = :id and (last_used_at is null or last_used_at < :before)`,
      params: USED_PARAMS,
      row: {},
    });
    this.#eraseOwn = door.statement({
      name: 'oidc_consent.erase_own',
      tables,
      sql: 'delete from oidc_consent where id = :id and person_id = :personId',
      params: OWN_PARAMS,
      row: {},
    });
    this.#eraseOver = door.statement({
      name: 'oidc_consent.erase_over',
      tables,
      sql: `delete from oidc_consent where id in
        (select id from oidc_consent where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
  }

  /** The id of what that person agrees to with that client: the same each time, and nothing that leads back to either. */
  idOf(ctx: RegionContext, person: string, client: string): OidcConsentId {
    const hash = this.index.of(ctx, CONSENT_INDEX, JSON.stringify([person, client]));
    return this.ids.derive(ID_PREFIXES.oidcConsent, ctx.region, hash);
  }

  /** Notes a consent, beside what was agreed to before and may still be good. @param tx the transaction of the grant, which comes after it */
  async agree(tx: RegionContext, person: Person['id'], client: OidcClient['id'], scopes: string): Promise<void> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + GRANT_TTL_SECONDS * 1000);
    const at = this.idOf(tx, person, client);
    await this.#agree.run(tx, { id: at, personId: person, clientId: client, scopes, now, expiresAt });
  }

  /** Consents of a person that a live grant stands on, by id. An application that gave up its tokens, or is registered no more, is none. */
  list(ctx: RegionContext, person: Person['id'], after: OidcConsentId | null, limit: number) {
    return this.#list.all(ctx, { personId: person, after, now: this.clock.now(), limit });
  }

  /** Notes that tokens were taken on its strength; one write in five minutes. */
  async used(ctx: RegionContext, consent: OidcConsentId): Promise<void> {
    const now = this.clock.now();
    await this.#used.run(ctx, { id: consent, now, before: new Date(now.getTime() - USED_MILLISECONDS) });
  }

  /** Erases a consent of that person, and not what was given on its strength. @returns false when she has none of that id */
  async eraseOwn(tx: RegionContext, person: Person['id'], consent: OidcConsentId): Promise<boolean> {
    return (await this.#eraseOwn.run(tx, { id: consent, personId: person })) === 1;
  }

  /** Removes what was over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }
}
