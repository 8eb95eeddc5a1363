import {
  type AccountId,
  type Door,
  type IdCodec,
  isResidencyError,
  type RegionContext,
  sameHash,
} from '@domicile/residency';
import type { Outbox } from '@domicile/messaging';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { type AccountErrorCode } from './account-errors.js';
import type { AccountRepository } from './account.repository.js';
import { normaliseEmail } from './email-address.js';
import { normalisePassword, type PasswordHasher } from './password.js';
import { ADDRESS_KEY, type PersonRepository } from './person.repository.js';
import { type Policies, PRIVACY_NOTICE } from './policies.js';
import type { NewSession, Sessions } from './sessions.js';
import type { AskForSignup, ConfirmSignup } from './signup.dto.js';
import type { PendingSignup } from './signup.entity.js';
import { SIGNUP_CODE, type SignupMail } from './signup-mail.js';
import type { SignupId, SignupRepository } from './signup.repository.js';

const SIGNUP_TTL_MILLISECONDS = 30 * 60 * 1000;
const WRONG_CODES_MAX = 10;

/** Purpose of the blind index under which a person's address is found. Frozen: another one would find nobody. */
export const ADDRESS_INDEX = 'person.address';

/** What a signup works with. */
export interface SignupParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly signups: SignupRepository;
  readonly persons: PersonRepository;
  readonly accounts: AccountRepository;
  readonly sessions: Sessions;
  readonly mail: SignupMail;
  readonly policies: Policies;
  readonly hasher: PasswordHasher;
}

/** What was asked for, as its asker may know it. */
export interface Started {
  readonly id: SignupId;
  readonly hostingRegion: string;
  readonly expiresAt: Date;
}

/** What a confirmation brought into being. */
export interface Confirmed {
  readonly account: { readonly id: AccountId; readonly hostingRegion: string; readonly name: string };
  readonly person: { readonly id: string; readonly email: string; readonly displayName: string | null };
  readonly session: NewSession;
}

/** Signing up, in two steps: asking needs no proof and does no costly work, confirming proves the mailbox and makes the account. */
export class Signup {
  constructor(private readonly parts: SignupParts) {}

  /**
   * Stores what was asked for and has the code mailed, both or neither. Known and unknown addresses take the same path and the
   * same time: nothing is looked up.
   * @throws Problem signup.policy_outdated; request.invalid for an address without a normal form
   */
  async start(ctx: RegionContext, asked: AskForSignup, keep: Keep<Started> = keptNowhere): Promise<Started> {
    const { door, ids, clock, outbox, signups, policies } = this.parts;
    if (normaliseEmail(asked.email) === null) throw invalid('/email', 'is_email_address');
    if (asked.acceptedPolicyVersion !== policies.current(PRIVACY_NOTICE).version)
      throw refused('signup.policy_outdated');
    const id = ids.mint(ID_PREFIXES.signup, ctx.region);
    const expiresAt = new Date(clock.now().getTime() + SIGNUP_TTL_MILLISECONDS);
    const { email, accountName, displayName = null, acceptedPolicyVersion: policyVersion } = asked;
    const started = { id, hostingRegion: ctx.region.code, expiresAt };
    await door.transaction(ctx, async (tx) => {
      await signups.insert(tx, { id, email, accountName, displayName, policyVersion, expiresAt });
      await outbox.enqueue(tx, SIGNUP_CODE, id);
      await keep(tx, started);
    });
    outbox.nudge(ctx.region);
    return started;
  }

  /**
   * Makes the account, once. The password is hashed only for who knows the code; ten wrong ones end the signup.
   * @throws Problem signup.code_wrong, signup.code_exhausted, signup.expired, signup.already_confirmed, signup.address_taken,
   *   server.unavailable (too many hashes at once), request.invalid; ResidencyError residency.not_found
   */
  async confirm(
    ctx: RegionContext,
    id: SignupId,
    { code, password }: ConfirmSignup,
    keep: Keep<Confirmed> = keptNowhere,
  ): Promise<Confirmed> {
    const { door, mail, signups, hasher } = this.parts;
    const normalPassword = normalisePassword(password);
    if (normalPassword === null) throw invalid('/password', 'is_password');
    if (!sameHash(Buffer.from(code), Buffer.from(mail.code(ctx, id)))) await this.#refuseWrongCode(ctx, id);
    this.#assertOpen(await signups.get(ctx, id));
    // Of many at once for one address or one signup, those that waited in line find the winner here and cost no hash.
    const passwordPhc = await hasher.phc(ctx, normalPassword, () => this.#assertWinnable(ctx, id));
    try {
      return await door.transaction(ctx, async (tx) => {
        // Looked at again under the lock: of many right answers one makes the account, and wrong ones that came meanwhile count.
        const signup = await signups.lock(tx, id);
        this.#assertOpen(signup);
        const confirmed = await this.#makeAccount(tx, signup, passwordPhc);
        await keep(tx, confirmed);
        return confirmed;
      });
    } catch (error) {
      if (isResidencyError(error, 'residency.conflict') && error.constraint === ADDRESS_KEY)
        throw refused('signup.address_taken');
      throw error;
    }
  }

  /** Counts first and answers afterwards, in one statement: guesses made at the same time are counted all the same. */
  async #refuseWrongCode(ctx: RegionContext, id: SignupId): Promise<never> {
    const { signups, clock } = this.parts;
    if (!(await signups.countWrong(ctx, id, clock.now(), WRONG_CODES_MAX)))
      this.#assertOpen(await signups.get(ctx, id));
    throw refused('signup.code_wrong');
  }

  #assertOpen(signup: PendingSignup): void {
    if (signup.confirmedAt !== null) throw refused('signup.already_confirmed');
    if (signup.expiresAt <= this.parts.clock.now()) throw refused('signup.expired');
    if (signup.attempts >= WRONG_CODES_MAX) throw refused('signup.code_exhausted');
  }

  async #assertWinnable(ctx: RegionContext, id: SignupId): Promise<void> {
    const { signups, persons } = this.parts;
    const signup = await signups.get(ctx, id);
    this.#assertOpen(signup);
    if (!(await persons.hasAddress(ctx, this.#addressKey(ctx, signup)))) return;
    // The winner may have been this very signup, a moment ago.
    this.#assertOpen(await signups.get(ctx, id));
    throw refused('signup.address_taken');
  }

  #addressKey(ctx: RegionContext, { email }: PendingSignup): Buffer {
    const normal = email === null ? null : normaliseEmail(email);
    if (normal === null) throw new Error('A pending signup has lost its address; it cannot be confirmed.');
    return this.parts.blindIndex.of(ctx, ADDRESS_INDEX, normal);
  }

  async #makeAccount(tx: RegionContext, signup: PendingSignup, passwordPhc: string): Promise<Confirmed> {
    const { ids, clock, signups, persons, accounts, sessions } = this.parts;
    const { email, accountName, displayName } = signup;
    if (email === null || accountName === null)
      throw new Error('A pending signup has lost what was asked for; it cannot be confirmed.');
    const addressKey = this.#addressKey(tx, signup);
    const now = clock.now();
    const personId = ids.mint(ID_PREFIXES.person, tx.region);
    const account = tx.account(ids.mint(ID_PREFIXES.account, tx.region));
    await persons.claim(tx, {
      id: personId,
      email,
      displayName,
      addressKey,
      passwordPhc,
      acceptance: this.#acceptance(signup, now),
    });
    await accounts.insert(account, accountName, { id: ids.mint(ID_PREFIXES.membership, tx.region), personId });
    await persons.affiliate(tx, personId, account.accountId);
    const session = await sessions.begin(tx, personId);
    await signups.confirm(tx, signup, now);
    return {
      account: { id: account.accountId, hostingRegion: tx.region.code, name: accountName },
      person: { id: personId, email, displayName },
      session,
    };
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

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}

function invalid(pointer: string, code: string): Problem {
  return new Problem('request.invalid', { errors: [{ pointer, code, message: 'The value is not acceptable.' }] });
}
