import { type AccountContext, type Door, type Statement, value } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { Acceptance } from './acceptance.entity.js';
import { Account } from './account.entity.js';
import { Credential } from './credential.entity.js';
import { Affiliation, Membership } from './membership.entity.js';
import { Passkey, PasskeyLocator } from './passkeys/passkey.entity.js';
import { Person, PersonAddress } from './person.entity.js';
import { PersonEvent } from './security-log/person-event.entity.js';
import { Session } from './session.entity.js';
import { PendingSignup } from './signup.entity.js';

const PARAMS = {
  signupId: value.id(ID_PREFIXES.signup),
  issue: value.integer,
  now: value.time,
  attemptsMax: value.integer,
  personId: value.id(ID_PREFIXES.person),
  personSealed: value.bytes,
  personPreferences: value.nullable(value.bytes),
  addressKey: value.bytes,
  accountSealed: value.bytes,
  membershipId: value.id(ID_PREFIXES.membership),
  affiliationId: value.id(ID_PREFIXES.affiliation),
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
  sessionSealed: value.nullable(value.bytes),
  eventId: value.id(ID_PREFIXES.personEvent),
  eventSealed: value.nullable(value.bytes),
};
const PASSWORD_PARAMS = { ...PARAMS, credentialId: value.id(ID_PREFIXES.credential), credentialSealed: value.bytes };
const PASSKEY_PARAMS = {
  ...PARAMS,
  passkeyId: value.id(ID_PREFIXES.passkey),
  passkeySealed: value.bytes,
  passkeyKey: value.bytes,
  signCount: value.integer,
};
const ROW = { id: value.id(ID_PREFIXES.signup) };
const TABLES = [
  PendingSignup,
  Person,
  PersonAddress,
  Account,
  Membership,
  Affiliation,
  Acceptance,
  Session,
  PersonEvent,
] as const;
const PASSWORD_TABLES = [...TABLES, Credential] as const;
const PASSKEY_TABLES = [...TABLES, Passkey, PasskeyLocator] as const;

const PASSWORD_MADE = `credential_made as (insert into credential (id, person_id, kind, sealed)
    select :credentialId::uuid, :personId::uuid, 'password', :credentialSealed::bytea from confirmed)`;
const PASSKEY_MADE = `passkey_made as (insert into passkey (id, person_id, sealed, sign_count)
    select :passkeyId::uuid, :personId::uuid, :passkeySealed::bytea, :signCount::bigint from confirmed),
  passkey_located as (insert into passkey_locator (key, passkey_id)
    select :passkeyKey::bytea, :passkeyId::uuid from confirmed)`;

/**
 * Everything that a confirmed signup becomes, in one statement and so all or nothing. Each row is made from the row that the first
 * part has just confirmed: of many at once one finds it open, and the others add nothing.
 * @param factorMade the part that stores what was chosen to sign in with
 */
const register = (factorMade: string): string => `with confirmed as (
    update signup set confirmed_at = :now, sealed = null, version = version + 1
    where id = :signupId and confirmed_at is null and expires_at > :now and code_expires_at > :now
      and issue = :issue and attempts < :attemptsMax returning id),
  person_made as (insert into person (id, sealed, preferences)
    select :personId::uuid, :personSealed::bytea, :personPreferences::bytea from confirmed),
  address_claimed as (insert into person_address (key, person_id) select :addressKey::bytea, :personId::uuid from confirmed),
  account_made as (insert into account (id, sealed) select :accountId::uuid, :accountSealed::bytea from confirmed),
  owner_made as (insert into membership (account_id, id, person_id, role)
    select :accountId::uuid, :membershipId::uuid, :personId::uuid, 'owner' from confirmed),
  affiliated as (insert into affiliation (id, person_id, account_id)
    select :affiliationId::uuid, :personId::uuid, :accountId::uuid from confirmed),
  ${factorMade},
  accepted as (insert into acceptance (id, document_kind, document_version, text_hash, person_id, how, accepted_at)
    select :acceptanceId::uuid, :documentKind, :documentVersion, :textHash::bytea, :personId::uuid, :how,
      :acceptedAt::timestamptz from confirmed),
  signed_in as (insert into session (id, person_id, secret_hash, authenticated_at, factors, expires_at, last_seen_at, sealed)
    select :sessionId::uuid, :personId::uuid, :secretHash::bytea, :now, :sessionFactors, :sessionExpiresAt::timestamptz, :now,
      :sessionSealed::bytea from confirmed),
  told as (insert into person_event (id, person_id, kind, session_id, sealed)
    select :eventId::uuid, :personId::uuid, 'session.began', :sessionId::uuid, :eventSealed::bytea from confirmed)
  select id from confirmed`;

type Values<P> = { readonly [K in keyof P]: P[K] extends { decode(...args: never[]): infer T } ? T : never };

/** What {@link RegistrationRepository.register} stores, but for what was chosen to sign in with. */
export type Registration = Values<typeof PARAMS>;
/** The password that was chosen. */
export type PasswordChosen = Omit<Values<typeof PASSWORD_PARAMS>, keyof Registration>;
/** The passkey that was made. */
export type PasskeyChosen = Omit<Values<typeof PASSKEY_PARAMS>, keyof Registration>;

/** Turns a pending signup into a person with an account. */
export class RegistrationRepository {
  readonly #withPassword: Statement<InstanceType<(typeof PASSWORD_TABLES)[number]>, typeof PASSWORD_PARAMS, typeof ROW>;
  readonly #withPasskey: Statement<InstanceType<(typeof PASSKEY_TABLES)[number]>, typeof PASSKEY_PARAMS, typeof ROW>;

  constructor(door: Door) {
    this.#withPassword = door.statement({
      name: 'registration.with_password',
      tables: PASSWORD_TABLES,
      sql: register(PASSWORD_MADE),
      params: PASSWORD_PARAMS,
      row: ROW,
    });
    this.#withPasskey = door.statement({
      name: 'registration.with_passkey',
      tables: PASSKEY_TABLES,
      sql: register(PASSKEY_MADE),
      params: PASSKEY_PARAMS,
      row: ROW,
    });
  }

  /**
   * @returns false when the signup was not open any more, and nothing was stored
   * @throws ResidencyError residency.conflict with constraint {@link ADDRESS_KEY} when the address is taken, and with that of the
   *   credential ids when the passkey is
   */
  async register(
    account: AccountContext,
    registration: Registration,
    chosen: PasswordChosen | PasskeyChosen,
  ): Promise<boolean> {
    const made =
      'passkeyId' in chosen
        ? await this.#withPasskey.one(account, { ...registration, ...chosen })
        : await this.#withPassword.one(account, { ...registration, ...chosen });
    return made !== null;
  }
}

/** The constraint that makes an address unique in its region. */
export const ADDRESS_KEY = 'person_address_pkey';
