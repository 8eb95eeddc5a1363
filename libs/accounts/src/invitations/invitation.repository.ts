import {
  type AccountContext,
  type Door,
  type RegionContext,
  type Statement,
  type Table,
  value,
} from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Account } from '../account.entity.js';
import { Affiliation, Membership } from '../membership.entity.js';
import { type Person, PersonAddress } from '../person.entity.js';
import { Invitation, InvitationWay } from './invitation.entity.js';

const id = value.id(ID_PREFIXES.invitation);
const personId = value.id(ID_PREFIXES.person);
const ONE_PARAMS = { id, way: value.bytes };
const GONE_ROW = { id };
const LIST_PARAMS = { after: value.nullable(id), limit: value.integer };
const LIST_ROW = {
  id,
  sealed: value.bytes,
  role: value.text,
  inviterId: personId,
  expiresAt: value.time,
  createdAt: value.time,
};
const OFFER_PARAMS = { id, personId };
const OFFER_ROW = {
  expiresAt: value.time,
  attempts: value.integer,
  sealed: value.bytes,
  status: value.text,
  isMine: value.boolean,
};
const WRONG_PARAMS = { id, now: value.time, max: value.integer };
const WRONG_ROW = { attempts: value.integer };
const ACCEPT_PARAMS = {
  ...ONE_PARAMS,
  personId,
  membershipId: value.id(ID_PREFIXES.membership),
  affiliationId: value.id(ID_PREFIXES.affiliation),
  now: value.time,
  attemptsMax: value.integer,
};
const ACCEPT_ROW = { role: value.text, hasJoined: value.boolean };
const OVER_PARAMS = { before: id, limit: value.integer };
const OVER_ROW = { accountId: value.id(ID_PREFIXES.account), invitationId: id, way: value.bytes };

const ERASE_SQL = `with gone as (delete from invitation where account_id = :accountId and id = :id returning id),
  closed as (delete from invitation_way where key = :way and account_id = :accountId)
  select id from gone`;

/**
 * Everything that an accepted invitation becomes, in one statement: the row is taken by whoever has its address, once, while the
 * account takes people; of many at once the others find it gone.
 */
const ACCEPT_SQL = `with taken as (
    delete from invitation i using account a, person_address pa
    where i.account_id = :accountId and i.id = :id and i.expires_at > :now and i.attempts < :attemptsMax
      and a.id = i.account_id and a.status = 'active' and pa.key = i.address_key and pa.person_id = :personId
    returning i.role),
  closed as (delete from invitation_way where key = :way and account_id = :accountId and exists (select from taken)),
  joined as (insert into membership (account_id, id, person_id, role)
    select :accountId::uuid, :membershipId::uuid, :personId::uuid, role from taken
    on conflict (account_id, person_id) do nothing returning role),
  affiliated as (insert into affiliation (id, person_id, account_id)
    select :affiliationId::uuid, :personId::uuid, :accountId::uuid from joined)
  select role, exists (select from joined) as "hasJoined" from taken`;

/** Invitations of the accounts of a region, and the ways to them. Nothing that it returns is proven. */
export class InvitationRepository {
  readonly #invitations: Table<Invitation>;
  readonly #ways: Table<InvitationWay>;
  readonly #list: Statement<Invitation, typeof LIST_PARAMS, typeof LIST_ROW>;
  readonly #offer: Statement<Invitation | Account | PersonAddress, typeof OFFER_PARAMS, typeof OFFER_ROW>;
  readonly #countWrong: Statement<Invitation, typeof WRONG_PARAMS, typeof WRONG_ROW>;
  readonly #accept: Statement<
    Invitation | InvitationWay | Account | PersonAddress | Membership | Affiliation,
    typeof ACCEPT_PARAMS,
    typeof ACCEPT_ROW
  >;
  readonly #erase: Statement<Invitation | InvitationWay, typeof ONE_PARAMS, typeof GONE_ROW>;
  readonly #over: Statement<InvitationWay, typeof OVER_PARAMS, typeof OVER_ROW>;

  constructor(door: Door) {
    this.#invitations = door.table(Invitation);
    this.#ways = door.table(InvitationWay);
    this.#list = door.statement({
      name: 'invitation.list',
      tables: [Invitation],
      sql: `select id, sealed, role, inviter_id as "inviterId", expires_at as "expiresAt", created_at as "createdAt" from invitation
        where account_id = :accountId and (:after::uuid is null or id > :after::uuid) order by id limit :limit`,
      params: LIST_PARAMS,
      row: LIST_ROW,
    });
    this.#offer = door.statement({
      name: 'invitation.offer',
      tables: [Invitation, Account, PersonAddress],
      sql: `select i.expires_at as "expiresAt", i.attempts, i.sealed, a.status, pa.key is not null as "isMine"
        from invitation i join account a on a.id = i.account_id
          left join person_address pa on pa.key = i.address_key and pa.person_id = :personId
        where i.account_id = :accountId and i.id = :id`,
      params: OFFER_PARAMS,
      row: OFFER_ROW,
    });
    this.#countWrong = door.statement({
      name: 'invitation.count_wrong',
      tables: [Invitation],
      sql: `update invitation set attempts = attempts + 1, version = version + 1
        where account_id = :accountId and id = :id and expires_at > :now and attempts < :max returning attempts`,
      params: WRONG_PARAMS,
      row: WRONG_ROW,
    });
    this.#accept = door.statement({
      name: 'invitation.accept',
      tables: [Invitation, InvitationWay, Account, PersonAddress, Membership, Affiliation],
      sql: ACCEPT_SQL,
      params: ACCEPT_PARAMS,
      row: ACCEPT_ROW,
    });
    this.#erase = door.statement({
      name: 'invitation.erase',
      tables: [Invitation, InvitationWay],
      sql: ERASE_SQL,
      params: ONE_PARAMS,
      row: GONE_ROW,
    });
    this.#over = door.statement({
      name: 'invitation_way.over',
      tables: [InvitationWay],
      sql: `select account_id as "accountId", invitation_id as "invitationId", key as way from invitation_way
        where invitation_id < :before order by invitation_id limit :limit`,
      params: OVER_PARAMS,
      row: OVER_ROW,
    });
  }

  /** Adds an invitation and the way to it. @param account narrowed from a transaction's context */
  async insert(
    account: AccountContext,
    invitation: Pick<Invitation, 'id' | 'sealed' | 'addressKey' | 'role' | 'inviterId' | 'expiresAt'>,
    way: Buffer,
  ): Promise<void> {
    const { accountId } = account;
    await this.#invitations.insert(account, invitation);
    await this.#ways.insert(account.context, { key: way, accountId, invitationId: invitation.id });
  }

  /** Where an invitation leads; null when there is none. */
  way(ctx: RegionContext, way: Buffer): Promise<InvitationWay | null> {
    return this.#ways.find(ctx, way);
  }

  find(account: AccountContext, invitation: Invitation['id']): Promise<Invitation | null> {
    return this.#invitations.find(account, invitation);
  }

  /** Open invitations of the account after that one, in the order in which they were made. */
  list(account: AccountContext, after: Invitation['id'] | null, limit: number) {
    return this.#list.all(account, { after, limit });
  }

  /** What a person may know of an invitation: whether it is hers, and whether it can be answered. */
  offer(account: AccountContext, invitation: Invitation['id'], person: Person['id']) {
    return this.#offer.one(account, { id: invitation, personId: person });
  }

  /** Counts a wrong code, all at once. @returns false when nothing was counted, as the invitation takes no more codes */
  async countWrong(account: AccountContext, invitation: Invitation['id'], now: Date, max: number): Promise<boolean> {
    return (await this.#countWrong.one(account, { id: invitation, now, max })) !== null;
  }

  /** Makes the person a member. @returns null when the invitation could not be taken; `hasJoined` is false for who was one before */
  accept(
    account: AccountContext,
    accepted: {
      id: Invitation['id'];
      way: Buffer;
      personId: Person['id'];
      membershipId: Membership['id'];
      affiliationId: Affiliation['id'];
      now: Date;
      attemptsMax: number;
    },
  ) {
    return this.#accept.one(account, accepted);
  }

  /** Removes an invitation with the way to it. @returns false when the account has none of that id */
  async erase(account: AccountContext, invitation: Invitation['id'], way: Buffer): Promise<boolean> {
    return (await this.#erase.one(account, { id: invitation, way })) !== null;
  }

  /** Ways to invitations with a smaller id, and so older, at most `limit`, the oldest first. */
  over(ctx: RegionContext, before: Invitation['id'], limit: number) {
    return this.#over.all(ctx, { before, limit });
  }
}
