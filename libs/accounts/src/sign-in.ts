import type { IdCodec, RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { ID_PREFIXES, isBranded, Problem } from '@domicile/runtime';
import type { BlindIndex, SealedRow, Vault } from '@domicile/vault';
import type { AccountErrorCode } from './account-errors.js';
import { CREDENTIAL_SECRET, type CredentialSecret } from './credential.entity.js';
import type { CredentialRepository } from './credential.repository.js';
import { ADDRESS_INDEX, normaliseEmail } from './email-address.js';
import { mayAct } from './life-cycle.js';
import { normalisePassword, type PasswordHasher } from './password.js';
import type { SignedIn } from './session.dto.js';
import type { PasswordCheck } from './sign-in/password-check.js';
import type { SecondStep } from './sign-in/second-step.js';
import type { SessionStart } from './sign-in/session-start.js';
import type { SecondStepNeeded } from './sign-in/sign-in.dto.js';

/** What signing in works with. */
export interface SignInParts {
  readonly ids: IdCodec;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly credentials: CredentialRepository;
  readonly hasher: PasswordHasher;
  readonly passwords: PasswordCheck;
  readonly secondStep: SecondStep;
  readonly start: SessionStart;
}

/** Signing in with an address and a password. */
export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Begins a session, or asks who has another factor for the second step. Known and unknown addresses, right and wrong passwords take
   * the same steps: one look-up, one key asked of the key store, one value opened, one password compared; and the refusal is the same.
   * What else a person has is looked at only when the password was right.
   * @throws Problem session.refused; server.unavailable (too many passwords at once)
   */
  async withPassword(
    ctx: RegionContext,
    { email, password }: { readonly email: string; readonly password: string },
    keep: Keep<SignedIn | SecondStepNeeded> = keptNowhere,
  ): Promise<SignedIn | SecondStepNeeded> {
    const { ids, blindIndex, vault, credentials, hasher, passwords, secondStep, start } = this.parts;
    const address = normaliseEmail(email) ?? '';
    const normalPassword = normalisePassword(password) ?? '';
    const found = await credentials.byAddress(ctx, blindIndex.of(ctx, ADDRESS_INDEX, address));
    const nobody = ids.mint(ID_PREFIXES.person, ctx.region);
    const place = { subject: found?.personId ?? nobody, row: found?.id ?? nobody, set: CREDENTIAL_SECRET };
    const secret = found
      ? await this.#secretOf(ctx, { ...place, sealed: found.sealed })
      : await vault.openNothing(ctx, place);
    const matches = await hasher.verify(ctx, normalPassword, secret);
    if (!found || secret === null || !matches || !mayAct(found.personStatus)) throw refused('session.refused');
    const factors = await secondStep.factorsOf(ctx, found.personId);
    const answer =
      factors.length > 0
        ? await secondStep.ask(ctx, found.personId, ['password'], factors, keep)
        : await start.begin(ctx, found.personId, ['password'], keep);
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
