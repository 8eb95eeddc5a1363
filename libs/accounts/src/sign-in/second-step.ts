import {
  credentialRefused,
  type Door,
  type IdCodec,
  type RegionContext,
  sameHash,
  type SecretCodec,
} from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem, SECRET_PREFIXES } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import { type Factor, factorsText, readFactors } from '../factor.js';
import { normaliseEmail } from '../email-address.js';
import type { SignInGate } from '../known-devices/sign-in-gate.js';
import { mayAct } from '../life-cycle.js';
import type { PasskeyAnswer } from '../passkeys/passkey.dto.js';
import type { PasskeyRequestOptions } from '../passkeys/passkey-options.dto.js';
import type { PasskeyProofs } from '../passkeys/passkey-proofs.js';
import { type Person, PERSON_PROFILE } from '../person.entity.js';
import type { PersonRepository } from '../person.repository.js';
import type { RecoveryCodes } from '../recovery-codes/recovery-codes.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SignedInSession } from '../sign-in.js';
import type { AuthenticatorApp } from '../totp/authenticator-app.js';
import type { PendingSignInRepository, SignInId } from './pending-sign-in.repository.js';
import type { SessionStart } from './session-start.js';
import type { PendingSignInView } from './sign-in.dto.js';

/** How long somebody has for the second step. */
const TTL_MILLISECONDS = 10 * 60 * 1000;
/** Right or wrong: each is counted before it is looked at. */
const TRIES_MAX = 5;

/** What a second step works with. */
export interface SecondStepParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly clock: Clock;
  readonly rows: PendingSignInRepository;
  readonly app: AuthenticatorApp;
  readonly recoveryCodes: RecoveryCodes;
  readonly passkeys: PasskeyProofs;
  readonly start: SessionStart;
  readonly log: SecurityLog;
  readonly gate: SignInGate;
  readonly persons: PersonRepository;
  readonly vault: Vault;
}

/** A sign-in that was proven by its secret. */
interface ProvenSignIn {
  readonly id: SignInId;
  readonly personId: Person['id'];
  readonly factors: readonly Factor[];
}

/** The second step of signing in, for who has given the right password and has another factor too. */
export class SecondStep {
  constructor(private readonly parts: SecondStepParts) {}

  /** A sign-in that waits for its second step, for ten minutes and five tries. @param proved what was given */
  async ask(
    ctx: RegionContext,
    personId: Person['id'],
    proved: readonly Factor[],
    factors: Factor[],
    keep: Keep<{ readonly signIn: PendingSignInView }> = keptNowhere,
  ): Promise<{ readonly signIn: PendingSignInView }> {
    const { door, ids, secrets, clock, rows } = this.parts;
    const id = ids.mint(ID_PREFIXES.signIn, ctx.region);
    const { text: token, hash: secretHash } = secrets.mint(SECRET_PREFIXES.signIn, ctx.region, id);
    const expiresAt = new Date(clock.now().getTime() + TTL_MILLISECONDS);
    const answer = { signIn: { id, token, factors, expiresAt } };
    await door.transaction(ctx, async (tx) => {
      await rows.insert(tx, { id, personId, secretHash, factors: factorsText(proved), expiresAt });
      await keep(tx, answer);
    });
    return answer;
  }

  /** What the browser needs for {@link withPasskey}. @throws ResidencyError residency.secret_invalid; those of Vault.open */
  async passkeyOptions(ctx: RegionContext, id: SignInId): Promise<PasskeyRequestOptions> {
    const { personId } = await this.#proven(ctx, id);
    return this.parts.passkeys.options(ctx, { kind: 'second_step', by: id }, personId);
  }

  /**
   * Finishes with a code of the authenticator app.
   * @throws ResidencyError residency.secret_invalid (no such sign-in, or finished); Problem signin.step_refused, signin.over
   */
  withTotp(ctx: RegionContext, id: SignInId, code: string, keep?: Keep<SignedInSession>): Promise<SignedInSession> {
    return this.#finish(ctx, id, 'totp', ({ personId }) => this.parts.app.use(ctx, personId, code), keep);
  }

  /** The same with a recovery code, which is then used up. */
  withRecoveryCode(
    ctx: RegionContext,
    id: SignInId,
    code: string,
    keep?: Keep<SignedInSession>,
  ): Promise<SignedInSession> {
    const { recoveryCodes, log } = this.parts;
    const use = async ({ personId }: ProvenSignIn): Promise<boolean> => {
      const from = await log.whence(ctx, { personId });
      return this.parts.door.transaction(ctx, async (tx) => {
        const isUsed = await recoveryCodes.use(tx, personId, code);
        if (isUsed) await log.tell(tx, { kind: 'recovery_code.used', personId, from });
        return isUsed;
      });
    };
    return this.#finish(ctx, id, 'recovery_code', use, keep);
  }

  /** The same with a passkey. */
  withPasskey(
    ctx: RegionContext,
    id: SignInId,
    answer: PasskeyAnswer,
    keep?: Keep<SignedInSession>,
  ): Promise<SignedInSession> {
    const use = async ({ personId }: ProvenSignIn): Promise<boolean> =>
      (await this.parts.passkeys.prove(ctx, { kind: 'second_step', by: id }, answer)) === personId;
    return this.#finish(ctx, id, 'passkey', use, keep);
  }

  /** Removes sign-ins that were over before that time, at most `limit`. @returns how many */
  eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    return this.parts.rows.eraseOver(ctx, before, limit);
  }

  /**
   * A try is counted first and looked at afterwards, so that of guesses made at the same time no sixth is looked at. What was right
   * is used up for good, even if the sign-in itself is gone by then.
   */
  async #finish(
    ctx: RegionContext,
    id: SignInId,
    factor: Factor,
    use: (signIn: ProvenSignIn) => Promise<boolean>,
    keep?: Keep<SignedInSession>,
  ): Promise<SignedInSession> {
    const { rows, clock, start, log, gate, persons, vault } = this.parts;
    const signIn = await this.#proven(ctx, id);
    const { personId, factors } = signIn;
    if (!(await rows.countTry(ctx, id, TRIES_MAX, clock.now()))) throw refused('signin.over');
    if (!(await use(signIn))) {
      await log.tell(ctx, { kind: 'sign_in.refused', personId, from: await log.whence(ctx, { personId }) });
      throw refused('signin.step_refused');
    }
    const { sealed } = await persons.get(ctx, personId);
    const profile = { subject: personId, row: personId, set: PERSON_PROFILE, sealed };
    const address = normaliseEmail((await vault.open(ctx, profile)).email) ?? '';
    const arrival = { personId, sealed, factors: [...factors, factor] };
    // The password alone had ended no streak of failures, and made no device known.
    const welcome = gate.welcome(ctx, { address, device: null }, personId);
    const first = async (tx: RegionContext): Promise<void> => {
      if (!(await rows.finish(tx, id, clock.now()))) throw refused('signin.over');
    };
    return start.begin(ctx, arrival, { keep, welcome, first });
  }

  /** The sign-in of that id, if the caller presents its secret and the person may act. @throws ResidencyError residency.secret_invalid */
  async #proven(ctx: RegionContext, id: SignInId): Promise<ProvenSignIn> {
    const { actor } = ctx;
    if (actor.kind !== 'bearer' || actor.secret.prefix !== SECRET_PREFIXES.signIn || actor.secret.id !== id)
      throw credentialRefused();
    const row = await this.parts.rows.find(ctx, id);
    if (!row || !sameHash(row.secretHash, actor.secret.hash) || !mayAct(row.personStatus)) throw credentialRefused();
    return { id, personId: row.personId, factors: readFactors(row.factors) };
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}

/**
 * What can be proved beside a password; empty for who has nothing else, and needs no second step. Recovery codes stand in for others,
 * and are none by themselves.
 */
export function secondFactorsOf(has: {
  readonly hasTotp: boolean;
  readonly passkeyCount: number;
  readonly recoveryCodeCount: number;
}): Factor[] {
  const second: Factor[] = [
    ...(has.hasTotp ? ['totp' as const] : []),
    ...(has.passkeyCount > 0 ? ['passkey' as const] : []),
  ];
  return second.length > 0 && has.recoveryCodeCount > 0 ? [...second, 'recovery_code'] : second;
}
