import {
  type Door,
  type IdCodec,
  isResidencyError,
  type RegionContext,
  ResidencyError,
  sameHash,
} from '@domicile/residency';
import type { Outbox } from '@domicile/messaging';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { type AccountErrorCode } from './account-errors.js';
import { CREDENTIAL_SECRET } from './credential.entity.js';
import { ADDRESS_INDEX, normaliseEmail } from './email-address.js';
import { normalisePassword, type PasswordHasher } from './password.js';
import type { PasskeyMaking } from './passkeys/passkey-making.js';
import type { NewPasskey } from './passkeys/passkey.dto.js';
import type { PasskeyCreationOptions } from './passkeys/passkey-options.dto.js';
import { CREDENTIAL_KEY } from './passkeys/passkey.repository.js';
import type { PersonRepository } from './person.repository.js';
import { type Policies, PRIVACY_NOTICE } from './policies.js';
import { ADDRESS_KEY, type RegistrationRepository } from './registration.repository.js';
import { type Confirmed, type OpenSignup, Registrations, type Seal, WRONG_CODES_MAX } from './registration.js';
import type { Sessions } from './sessions.js';
import type { AskForSignup, ConfirmSignup } from './signup.dto.js';
import { type PendingSignup, SIGNUP_REQUEST } from './signup.entity.js';
import { SIGNUP_CODE, type SignupMail } from './signup-mail.js';
import type { SignupId, SignupRepository } from './signup.repository.js';

const SIGNUP_TTL_MILLISECONDS = 24 * 60 * 60 * 1000;
const CODE_TTL_MILLISECONDS = 10 * 60 * 1000;

/** What a signup works with. */
export interface SignupParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly signups: SignupRepository;
  readonly persons: PersonRepository;
  readonly registrations: RegistrationRepository;
  readonly sessions: Sessions;
  readonly mail: SignupMail;
  readonly policies: Policies;
  readonly hasher: PasswordHasher;
  readonly passkeys: PasskeyMaking;
}

/** What was asked for, as its asker may know it. */
export interface Started {
  readonly id: SignupId;
  readonly hostingRegion: string;
  readonly expiresAt: Date;
  readonly codeExpiresAt: Date;
}

/** What somebody is told who asked for the mail again. */
export type Remailed = Omit<Started, 'expiresAt'>;

/** Signing up, in two steps: asking needs no proof and does no costly work, confirming proves the mailbox and makes the account. */
export class Signup {
  readonly #registrations: Registrations;

  constructor(private readonly parts: SignupParts) {
    this.#registrations = new Registrations(parts);
  }

  /**
   * Stores what was asked for and has the code mailed, both or neither. Known and unknown addresses take the same path and the
   * same time: nothing is looked up.
   * @throws Problem signup.policy_outdated; request.invalid for an address without a normal form
   */
  async start(ctx: RegionContext, asked: AskForSignup, keep: Keep<Started> = keptNowhere): Promise<Started> {
    const { door, ids, clock, outbox, signups, policies, vault } = this.parts;
    if (normaliseEmail(asked.email) === null) throw invalid('/email', 'is_email_address');
    if (asked.acceptedPolicyVersion !== policies.current(PRIVACY_NOTICE).version)
      throw refused('signup.policy_outdated');
    const id = ids.mint(ID_PREFIXES.signup, ctx.region);
    const expiresAt = new Date(clock.now().getTime() + SIGNUP_TTL_MILLISECONDS);
    const codeExpiresAt = this.#codeEnd();
    const { email, accountName, displayName = null, language = null, acceptedPolicyVersion: policyVersion } = asked;
    const place = { subject: id, row: id, set: SIGNUP_REQUEST };
    const sealed = vault.seal(ctx, await vault.newKey(ctx), place, { email, accountName, displayName, language });
    const started = { id, hostingRegion: ctx.region.code, expiresAt, codeExpiresAt };
    const store = async (within: RegionContext): Promise<void> => {
      const mail = { id: outbox.mint(within), kind: SIGNUP_CODE };
      await signups.start(within, { id, sealed, policyVersion, expiresAt, codeExpiresAt }, mail);
      await keep(within, started);
    };
    // One statement is whole by itself; an answer to be kept needs a transaction around both.
    await (keep === keptNowhere ? store(ctx) : door.transaction(ctx, store));
    return started;
  }

  /** What the browser needs to make the passkey that {@link confirm} takes, for who knows the code. @throws as {@link confirm} */
  async passkeyOptions(ctx: RegionContext, id: SignupId, code: string): Promise<PasskeyCreationOptions> {
    const { sealed } = await this.#open(ctx, await this.#withCode(ctx, id, code));
    return this.parts.passkeys.options(ctx, { kind: 'sign_up', by: id }, sealed, []);
  }

  /**
   * Has another code mailed, and voids the one before. The answer is the same for a signup that takes no more codes; it is sent none.
   * @throws ResidencyError residency.not_found
   */
  async remail(ctx: RegionContext, id: SignupId, keep: Keep<Remailed> = keptNowhere): Promise<Remailed> {
    const { door, clock, outbox, signups } = this.parts;
    await signups.get(ctx, id);
    const codeExpiresAt = this.#codeEnd();
    const remailed = { id, hostingRegion: ctx.region.code, codeExpiresAt };
    await door.transaction(ctx, async (tx) => {
      if (await signups.reissue(tx, { id, now: clock.now(), codeExpiresAt, max: WRONG_CODES_MAX }))
        await outbox.enqueue(tx, SIGNUP_CODE, id);
      await keep(tx, remailed);
    });
    return remailed;
  }

  #codeEnd(): Date {
    return new Date(this.parts.clock.now().getTime() + CODE_TTL_MILLISECONDS);
  }

  /**
   * Makes the account, once, with a password or a passkey. A password is hashed only for who knows the code; ten wrong codes end the signup.
   * @throws Problem passkey.invalid, passkey.known, signup.code_wrong, signup.code_exhausted, signup.code_expired, signup.expired,
   *   signup.already_confirmed, signup.address_taken,
   *   server.unavailable (too many hashes at once), request.invalid; ResidencyError residency.not_found
   */
  async confirm(
    ctx: RegionContext,
    id: SignupId,
    { code, password, passkey }: ConfirmSignup,
    keep: Keep<Confirmed> = keptNowhere,
  ): Promise<Confirmed> {
    const { door, registrations, signups } = this.parts;
    if (password !== undefined && passkey !== undefined) throw invalid('', 'not_one');
    const normalPassword = normalisePassword(password ?? '');
    if (!passkey && normalPassword === null) throw invalid('/password', 'is_password');
    const signup = await this.#open(ctx, await this.#withCode(ctx, id, code));
    const seal = passkey
      ? await this.#passkey(ctx, signup, passkey)
      : await this.#password(ctx, signup, normalPassword ?? '');
    const { registration, chosen, accountId, confirmed } = await this.#registrations.prepare(ctx, signup, seal);
    try {
      // Looked at again by the statement itself: of many right answers one makes the account, and wrong ones that came meanwhile count.
      const register = async (within: RegionContext): Promise<boolean> => {
        const made = await registrations.register(within.account(accountId), registration, chosen);
        if (made) await keep(within, confirmed);
        return made;
      };
      // One statement is whole by itself; an answer to be kept needs a transaction around both.
      if (await (keep === keptNowhere ? register(ctx) : door.transaction(ctx, register))) return confirmed;
    } catch (error) {
      if (isResidencyError(error, 'residency.conflict') && error.constraint === ADDRESS_KEY)
        throw refused('signup.address_taken');
      if (isResidencyError(error, 'residency.conflict') && error.constraint === CREDENTIAL_KEY)
        throw refused('passkey.known');
      throw error;
    }
    this.#assertOpen(await signups.get(ctx, id));
    throw new ResidencyError('residency.conflict');
  }

  async #password(ctx: RegionContext, signup: OpenSignup, password: string): Promise<Seal> {
    const { ids, vault, hasher } = this.parts;
    const { email, accountName, displayName } = signup.asked;
    await hasher.assertMayBeChosen(ctx, password, [email, accountName, displayName]);
    // Of many at once for one address or one signup, those that waited in line find the winner here and cost no hash.
    const secret = await hasher.phc(ctx, password, () => this.#assertWinnable(ctx, signup));
    return ({ personId, key }) => {
      const credentialId = ids.mint(ID_PREFIXES.credential, ctx.region);
      const credential = { subject: personId, row: credentialId, set: CREDENTIAL_SECRET };
      const row = { credentialId, credentialSealed: vault.seal(ctx, key, credential, { secret }) };
      return { factor: 'password', row };
    };
  }

  async #passkey(ctx: RegionContext, { row: { id } }: OpenSignup, passkey: NewPasskey): Promise<Seal> {
    const { passkeys } = this.parts;
    const made = await passkeys.made(ctx, { kind: 'sign_up', by: id }, passkey);
    return (person) => ({ factor: 'passkey', row: passkeys.row(ctx, person, made, null) });
  }

  /** The signup, for who knows its code. */
  async #withCode(ctx: RegionContext, id: SignupId, code: string): Promise<PendingSignup> {
    const row = await this.parts.signups.get(ctx, id);
    if (!sameHash(Buffer.from(code), Buffer.from(this.parts.mail.code(ctx, row)))) await this.#refuseWrongCode(ctx, id);
    return row;
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
    if (signup.codeExpiresAt <= this.parts.clock.now()) throw refused('signup.code_expired');
  }

  /** A signup that can be confirmed, with what was asked for. @throws as {@link confirm} */
  async #open(ctx: RegionContext, row: PendingSignup): Promise<OpenSignup> {
    this.#assertOpen(row);
    const { id } = row;
    if (row.sealed === null) throw new Error('A pending signup has lost what was asked for; it cannot be confirmed.');
    const { sealed } = row;
    const asked = await this.parts.vault.open(ctx, { subject: id, row: id, set: SIGNUP_REQUEST, sealed });
    const normal = normaliseEmail(asked.email);
    if (normal === null) throw new Error('A pending signup has lost its address; it cannot be confirmed.');
    return { row, sealed, asked, addressKey: this.parts.blindIndex.of(ctx, ADDRESS_INDEX, normal) };
  }

  async #assertWinnable(ctx: RegionContext, { row, addressKey }: OpenSignup): Promise<void> {
    const { signups, persons } = this.parts;
    this.#assertOpen(await signups.get(ctx, row.id));
    if (!(await persons.hasAddress(ctx, addressKey))) return;
    // The winner may have been this very signup, a moment ago.
    this.#assertOpen(await signups.get(ctx, row.id));
    throw refused('signup.address_taken');
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}

function invalid(pointer: string, code: string): Problem {
  return new Problem('request.invalid', { errors: [{ pointer, code, message: 'The value is not acceptable.' }] });
}
