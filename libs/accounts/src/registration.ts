import type { AccountId, IdCodec, RegionContext } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { DataKey, Fields, Vault } from '@domicile/vault';
import { ACCOUNT_PROFILE } from './account.entity.js';
import type { Factor } from './factor.js';
import { PERSON_EVENT_ORIGIN } from './origin/origin.js';
import { type Person, PERSON_PROFILE } from './person.entity.js';
import { type Policies, PRIVACY_NOTICE } from './policies.js';
import type { PasskeyChosen, PasswordChosen } from './registration.repository.js';
import type { NewSession, Sessions } from './sessions.js';
import { preferencesPlace, STANDARD_PREFERENCES } from './settings/person-preferences.js';
import type { PendingSignup, SignupRequest } from './signup.entity.js';

/** After so many wrong codes a signup takes no more. */
export const WRONG_CODES_MAX = 10;

/** What a confirmation brought into being. */
export interface Confirmed {
  readonly account: { readonly id: AccountId; readonly hostingRegion: string; readonly name: string };
  readonly person: { readonly id: string; readonly email: string; readonly displayName: string | null };
  readonly session: NewSession;
}

/** A signup that can be confirmed. */
export interface OpenSignup {
  readonly row: PendingSignup;
  readonly sealed: Buffer;
  readonly asked: Fields<SignupRequest>;
  /** Blind index of the address in normal form. */
  readonly addressKey: Buffer;
}

/** What the person signs in with, sealed once it is known who she is. */
export type Seal = (person: { readonly personId: Person['id']; readonly key: DataKey; readonly sealed: Buffer }) => {
  readonly factor: Factor;
  readonly row: PasswordChosen | PasskeyChosen;
};

/** What a registration works with. */
export interface RegistrationParts {
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly policies: Policies;
}

/** Makes of an open signup all that it becomes; {@link RegistrationRepository} stores it. */
export class Registrations {
  constructor(private readonly parts: RegistrationParts) {}

  /** All ids, keys and sealed values of the account to be, and the answer that speaks of it. Nothing is stored yet. */
  async prepare(ctx: RegionContext, { row, sealed, asked, addressKey }: OpenSignup, seal: Seal) {
    const { ids, clock, sessions, vault } = this.parts;
    const { region } = ctx;
    const origin = await ctx.origin();
    const { email, accountName, displayName, language = null } = asked;
    const now = clock.now();
    const personId = ids.mint(ID_PREFIXES.person, region);
    const accountId = ids.mint(ID_PREFIXES.account, region);
    const eventId = ids.mint(ID_PREFIXES.personEvent, region);
    // The person goes on under the key that the signup had; its own values are emptied with the confirmation.
    const [personKey, accountKey] = [await vault.keyOf(ctx, sealed), await vault.newKey(ctx)];
    const { factor, row: chosen } = seal({ personId, key: personKey, sealed });
    const { session, row: sessionRow } = sessions.prepare(ctx, personId, [factor], { key: personKey, origin });
    const person = { subject: personId, row: personId, set: PERSON_PROFILE };
    const event = { subject: personId, row: eventId, set: PERSON_EVENT_ORIGIN };
    const account = { subject: accountId, row: accountId, set: ACCOUNT_PROFILE };
    const registration = {
      signupId: row.id,
      issue: row.issue,
      now,
      attemptsMax: WRONG_CODES_MAX,
      personId,
      personSealed: vault.seal(ctx, personKey, person, { email, displayName }),
      personPreferences:
        language === null
          ? null
          : vault.seal(ctx, personKey, preferencesPlace(personId), { ...STANDARD_PREFERENCES, language }),
      addressKey,
      accountSealed: vault.seal(ctx, accountKey, account, { name: accountName }),
      membershipId: ids.mint(ID_PREFIXES.membership, region),
      affiliationId: ids.mint(ID_PREFIXES.affiliation, region),
      acceptanceId: ids.mint(ID_PREFIXES.acceptance, region),
      ...this.#acceptance(row, now),
      sessionId: sessionRow.id,
      secretHash: sessionRow.secretHash,
      sessionFactors: sessionRow.factors,
      sessionExpiresAt: sessionRow.expiresAt,
      sessionSealed: sessionRow.sealed,
      eventId,
      eventSealed: vault.seal(ctx, personKey, event, origin),
    };
    const confirmed: Confirmed = {
      account: { id: accountId, hostingRegion: region.code, name: accountName },
      person: { id: personId, email, displayName },
      session,
    };
    return { registration, chosen, accountId, confirmed };
  }

  #acceptance({ policyVersion, createdAt }: PendingSignup, now: Date) {
    const policy = this.parts.policies.find(PRIVACY_NOTICE, policyVersion);
    if (!policy)
      throw new Error(
        'The privacy notice that a signup accepted is no longer among the published ones; put its file back.',
      );
    const textHash = Buffer.from(policy.sha256, 'hex');
    // The box was ticked when the signup was asked for; only a row from the future would be later than now.
    const acceptedAt = createdAt < now ? createdAt : now;
    return { documentKind: policy.kind, documentVersion: policy.version, textHash, how: 'signup', acceptedAt } as const;
  }
}
