import { Membership, Person, PersonAddress, type ProviderId } from '@domicile/accounts';
import {
  type AccountContext,
  type Door,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { PendingProviderSignIn } from './provider-sign-in.entity.js';

/** Id of a sign-in that waits for a provider's answer. */
export type ProviderSignInId = PendingProviderSignIn['id'];

const id = value.id(ID_PREFIXES.providerSignIn);
const providerId = value.id(ID_PREFIXES.provider);
const personId = value.id(ID_PREFIXES.person);
const TAKE_PARAMS = { id, secretHash: value.bytes, now: value.time };
const TAKE_ROW = { accountId: value.id(ID_PREFIXES.account), providerId };
const OVER_PARAMS = { before: value.time, limit: value.integer };
const PERSON_ROW = {
  personId,
  personStatus: value.text,
  sealed: value.bytes,
  providerId: value.nullable(providerId),
};
const SUBJECT_PARAMS = { providerId, subject: value.bytes };
const ADDRESS_PARAMS = { addressKey: value.bytes };
const LINK_PARAMS = { ...SUBJECT_PARAMS, personId };
const LINK_ROW = { personId };

const PERSON_COLUMNS = `m.person_id as "personId", p.status as "personStatus", p.sealed, m.provider_id as "providerId"`;

/** Sign-ins that wait for a provider, and who is whom there. Nothing that it returns is proven: see provider-sign-in.ts. */
export class ProviderSignInRepository {
  readonly #rows: Table<PendingProviderSignIn>;
  readonly #take: Statement<PendingProviderSignIn, typeof TAKE_PARAMS, typeof TAKE_ROW>;
  readonly #eraseOver: Statement<PendingProviderSignIn, typeof OVER_PARAMS, Record<never, never>>;
  readonly #bySubject: Statement<Membership | Person, typeof SUBJECT_PARAMS, typeof PERSON_ROW>;
  readonly #byAddress: Statement<Membership | Person | PersonAddress, typeof ADDRESS_PARAMS, typeof PERSON_ROW>;
  readonly #link: Statement<Membership, typeof LINK_PARAMS, typeof LINK_ROW>;

  constructor(door: Door) {
    this.#rows = door.table(PendingProviderSignIn);
    this.#take = door.statement({
      name: 'provider_sign_in.take',
      tables: [PendingProviderSignIn],
      sql: `delete from provider_sign_in where id = :id and secret_hash = :secretHash and expires_at > :now
        returning account_id as "accountId", provider_id as "providerId"`,
      params: TAKE_PARAMS,
      row: TAKE_ROW,
    });
    this.#eraseOver = door.statement({
      name: 'provider_sign_in.erase_over',
      tables: [PendingProviderSignIn],
      sql: `delete from provider_sign_in where id in
        (select id from provider_sign_in where expires_at < :before order by expires_at limit :limit for update skip locked)`,
      params: OVER_PARAMS,
      row: {},
    });
    this.#bySubject = door.statement({
      name: 'membership.by_provider_subject',
      tables: [Membership, Person],
      sql: `select ${PERSON_COLUMNS} from membership m join person p on p.id = m.person_id
        where m.account_id = :accountId and m.provider_id = :providerId and m.provider_subject = :subject`,
      params: SUBJECT_PARAMS,
      row: PERSON_ROW,
    });
    this.#byAddress = door.statement({
      name: 'membership.by_address',
      tables: [Membership, Person, PersonAddress],
      sql: `select ${PERSON_COLUMNS} from person_address a join person p on p.id = a.person_id
          join membership m on m.account_id = :accountId and m.person_id = p.id
        where a.key = :addressKey and a.kept_by is null`,
      params: ADDRESS_PARAMS,
      row: PERSON_ROW,
    });
    this.#link = door.statement({
      name: 'membership.link_provider',
      tables: [Membership],
      sql: `update membership set provider_id = :providerId, provider_subject = :subject, version = version + 1
        where account_id = :accountId and person_id = :personId and provider_id is distinct from :providerId
        returning person_id as "personId"`,
      params: LINK_PARAMS,
      row: LINK_ROW,
    });
  }

  async insert(
    tx: RegionContext,
    row: Pick<PendingProviderSignIn, 'id' | 'accountId' | 'providerId' | 'secretHash' | 'expiresAt'>,
  ): Promise<void> {
    await this.#rows.insert(tx, row);
  }

  /** Takes it away, for who has its secret: of many at once one does. @returns null when it was gone, over, or somebody else's */
  take(ctx: RegionContext, of: ProviderSignInId, secretHash: Buffer, now: Date) {
    return this.#take.one(ctx, { id: of, secretHash, now });
  }

  /** Removes those that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.#eraseOver.run(ctx, { before, limit });
  }

  /** Who in the account is known by that subject at that provider; null for nobody. */
  bySubject(account: AccountContext, provider: ProviderId, subject: Buffer) {
    return this.#bySubject.one(account, { providerId: provider, subject });
  }

  /** Who in the account has that address, with the provider that she is known at; null for nobody. */
  byAddress(account: AccountContext, addressKey: Buffer) {
    return this.#byAddress.one(account, { addressKey });
  }

  /**
   * Notes who a person is at the account's provider: once, and then for as long as that provider is set.
   * @returns false when she has become somebody there meanwhile @throws ResidencyError residency.conflict when another one is that
   */
  async link(account: AccountContext, person: Person['id'], provider: ProviderId, subject: Buffer): Promise<boolean> {
    return (await this.#link.one(account, { personId: person, providerId: provider, subject })) !== null;
  }
}
