import { type AccountContext, type Door, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Acceptance } from './acceptance.entity.js';
import { Account } from './account.entity.js';
import { Credential } from './credential.entity.js';
import { Affiliation, Membership } from './membership.entity.js';
import { Person, PersonAddress } from './person.entity.js';
import { Session } from './session.entity.js';
import { PendingSignup } from './signup.entity.js';

const PARAMS = {
  signupId: value.id(ID_PREFIXES.signup),
  issue: value.integer,
  now: value.time,
  attemptsMax: value.integer,
  personId: value.id(ID_PREFIXES.person),
  personSealed: value.bytes,
  addressKey: value.bytes,
  accountSealed: value.bytes,
  membershipId: value.id(ID_PREFIXES.membership),
  affiliationId: value.id(ID_PREFIXES.affiliation),
  credentialId: value.id(ID_PREFIXES.credential),
  credentialSealed: value.bytes,
  acceptanceId: value.id(ID_PREFIXES.acceptance),
  documentKind: value.text,
  documentVersion: value.text,
  textHash: value.bytes,
  how: value.text,
  acceptedAt: value.time,
  sessionId: value.id(ID_PREFIXES.session),
  secretHash: value.bytes,
  sessionFactors: value.text,
  sessionExpiresAt: value.time,
};
const ROW = { id: value.id(ID_PREFIXES.signup) };
const TABLES = [
  PendingSignup,
  Person,
  PersonAddress,
  Account,
  Membership,
  Affiliation,
  Credential,
  Acceptance,
  Session,
] as const;

/**
 * Everything that a confirmed signup becomes, in one statement and so all or nothing. Each row is made from the row that the first
 * part has just confirmed: of many at once one finds it open, and the others add nothing.
 */
const REGISTER = `with confirmed as (
    update signup set confirmed_at = :now, sealed = null, version = version + 1
    where id = :signupId and confirmed_at is null and expires_at > :now and code_expires_at > :now
      and issue = :issue and attempts < :attemptsMax returning id),
  person_made as (insert into person (id, sealed) select :personId::uuid, :personSealed::bytea from confirmed),
  address_claimed as (insert into person_address (key, person_id) select :addressKey::bytea, :personId::uuid from confirmed),
  account_made as (insert into account (id, sealed) select :accountId::uuid, :accountSealed::bytea from confirmed),
  owner_made as (insert into membership (account_id, id, person_id, role)
    select :accountId::uuid, :membershipId::uuid, :personId::uuid, 'owner' from confirmed),
  affiliated as (insert into affiliation (id, person_id, account_id)
    select :affiliationId::uuid, :personId::uuid, :accountId::uuid from confirmed),
  credential_made as (insert into credential (id, person_id, kind, sealed)
    select :credentialId::uuid, :personId::uuid, 'password', :credentialSealed::bytea from confirmed),
  accepted as (insert into acceptance (id, document_kind, document_version, text_hash, person_id, how, accepted_at)
    select :acceptanceId::uuid, :documentKind, :documentVersion, :textHash::bytea, :personId::uuid, :how,
      :acceptedAt::timestamptz from confirmed),
  signed_in as (insert into session (id, person_id, secret_hash, authenticated_at, factors, expires_at)
    select :sessionId::uuid, :personId::uuid, :secretHash::bytea, :now, :sessionFactors, :sessionExpiresAt::timestamptz from confirmed)
  select id from confirmed`;

/** What {@link RegistrationRepository.register} stores. */
export type Registration = {
  readonly [K in keyof typeof PARAMS]: (typeof PARAMS)[K] extends { decode(...args: never[]): infer T } ? T : never;
};

/** Turns a pending signup into a person with an account. */
export class RegistrationRepository {
  readonly #register: Statement<InstanceType<(typeof TABLES)[number]>, typeof PARAMS, typeof ROW>;

  constructor(door: Door) {
    this.#register = door.statement({
      name: 'registration.register',
      tables: TABLES,
      sql: REGISTER,
      params: PARAMS,
      row: ROW,
    });
  }

  /**
   * @returns false when the signup was not open any more, and nothing was stored
   * @throws ResidencyError residency.conflict with constraint {@link ADDRESS_KEY} when the address is taken
   */
  async register(account: AccountContext, registration: Registration): Promise<boolean> {
    return (await this.#register.one(account, registration)) !== null;
  }
}

/** The constraint that makes an address unique in its region. */
export const ADDRESS_KEY = 'person_address_pkey';
