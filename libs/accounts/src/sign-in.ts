import type { IdCodec, RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { ID_PREFIXES, isBranded, Problem } from '@domicile/runtime';
import type { BlindIndex, SealedRow, Vault } from '@domicile/vault';
import type { AccountErrorCode } from './account-errors.js';
import { CREDENTIAL_SECRET, type CredentialSecret } from './credential.entity.js';
import type { CredentialRepository } from './credential.repository.js';
import { ADDRESS_INDEX, normaliseEmail } from './email-address.js';
import type { NewDevice } from './known-devices/known-devices.js';
import type { Admitted, SignInGate } from './known-devices/sign-in-gate.js';
import { mayAct } from './life-cycle.js';
import { normalisePassword, type PasswordHasher } from './password.js';
import type { SecurityLog } from './security-log/security-log.js';
import type { NewSession } from './sessions.js';
import type { ArrivalRepository } from './sign-in/arrival.repository.js';
import type { PasswordCheck } from './sign-in/password-check.js';
import { type SecondStep, secondFactorsOf } from './sign-in/second-step.js';
import type { SessionStart } from './sign-in/session-start.js';
import type { SecondStepNeeded } from './sign-in/sign-in.dto.js';

/** What signing in works with. */
export interface SignInParts {
  readonly ids: IdCodec;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly credentials: CredentialRepository;
  readonly log: SecurityLog;
  readonly hasher: PasswordHasher;
  readonly passwords: PasswordCheck;
  readonly arrivals: ArrivalRepository;
  readonly secondStep: SecondStep;
  readonly start: SessionStart;
  readonly gate: SignInGate;
}

/** Who signed in, and the session that began. */
export interface SignedInSession {
  readonly person: { readonly id: string };
  readonly session: NewSession;
  /** The device that it is known by from now on, where it was not before. */
  readonly device?: NewDevice;
}

/** How somebody tries to sign in. */
export interface SignInTry {
  /** As the gate has let it in; left out by callers that stand behind no gate. */
  readonly admitted?: Admitted;
  readonly keep?: Keep<SignedInSession | SecondStepNeeded>;
}

/** Signing in with an address and a password. */
export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Begins a session, or asks who has another factor for the second step. Known and unknown addresses, right and wrong passwords take
   * the same steps: one look-up, one key asked of the key store, one value opened, one password compared; what is refused is counted by
   * one statement; and the refusal is the same. What else a person has, and where she was last, is looked at when the password was
   * right, by one statement, and only then.
   * @throws Problem session.refused; server.unavailable (too many passwords at once)
   */
  async withPassword(
    ctx: RegionContext,
    { email, password }: { readonly email: string; readonly password: string },
    { admitted, keep = keptNowhere }: SignInTry = {},
  ): Promise<SignedInSession | SecondStepNeeded> {
    const { ids, blindIndex, vault, credentials, log, hasher, passwords, arrivals, secondStep, start, gate } =
      this.parts;
    const address = normaliseEmail(email) ?? '';
    const normalPassword = normalisePassword(password) ?? '';
    const addressKey = blindIndex.of(ctx, ADDRESS_INDEX, address);
    const found = await credentials.byAddress(ctx, addressKey);
    const nobody = ids.mint(ID_PREFIXES.person, ctx.region);
    const place = { subject: found?.personId ?? nobody, row: found?.id ?? nobody, set: CREDENTIAL_SECRET };
    const secret = found
      ? await this.#secretOf(ctx, { ...place, sealed: found.sealed })
      : await vault.openNothing(ctx, place);
    const matches = await hasher.verify(ctx, normalPassword, secret);
    if (!found || secret === null || !matches || !mayAct(found.personStatus)) {
      await log.refuse(ctx, { addressKey, known: found });
      throw refused('session.refused');
    }
    const { personId, sealed } = found;
    const { has, newest } = await arrivals.ahead(ctx, personId);
    const factors = secondFactorsOf(has);
    const arrival = { personId, sealed, factors: ['password'], newest } as const;
    const answer =
      factors.length > 0
        ? await secondStep.ask(ctx, personId, ['password'], factors, keep)
        : await start.begin(ctx, arrival, { keep, welcome: admitted && gate.welcome(ctx, admitted, personId) });
    await passwords.renew(ctx, found, normalPassword, secret);
    return answer;
  }

  /** The PHC string, or null when its key was destroyed: who is erased has no password, and is nobody to a stranger. */
  async #secretOf(ctx: RegionContext, row: SealedRow<CredentialSecret>): Promise<string | null> {
    try {
      return (await this.parts.vault.openAnew(ctx, row)).secret;
    } catch (error) {
      if (isBranded(error) && error.code === 'vault.key_destroyed') return null;
      throw error;
    }
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
