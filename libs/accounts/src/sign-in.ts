import { type Door, type IdCodec, type RegionContext } from '@domicile/residency';
import { type Keep, keptNowhere } from '@domicile/requests';
import { ID_PREFIXES, isBranded, Problem } from '@domicile/runtime';
import type { BlindIndex, SealedRow, Vault } from '@domicile/vault';
import type { AccountErrorCode } from './account-errors.js';
import { CREDENTIAL_SECRET, type CredentialSecret } from './credential.entity.js';
import type { CredentialRepository } from './credential.repository.js';
import { ADDRESS_INDEX, normaliseEmail } from './email-address.js';
import { mayAct } from './life-cycle.js';
import { normalisePassword, type PasswordHasher } from './password.js';
import type { SessionRepository } from './session.repository.js';
import type { SignedIn } from './session.dto.js';
import type { Sessions } from './sessions.js';

/** What signing in works with. */
export interface SignInParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly credentials: CredentialRepository;
  readonly sessionRows: SessionRepository;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
}

/** Signing in with an address and a password. */
export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Begins a session. Known and unknown addresses, right and wrong passwords take the same steps: one look-up, one key asked of the key
   * store, one value opened, one password compared; and the refusal is the same.
   * @throws Problem session.refused; server.unavailable (too many passwords at once)
   */
  async withPassword(
    ctx: RegionContext,
    { email, password }: { readonly email: string; readonly password: string },
    keep: Keep<SignedIn> = keptNowhere,
  ): Promise<SignedIn> {
    const { door, ids, blindIndex, vault, credentials, sessionRows, sessions, hasher } = this.parts;
    const address = normaliseEmail(email) ?? '';
    const normalPassword = normalisePassword(password) ?? '';
    const found = await credentials.byAddress(ctx, blindIndex.of(ctx, ADDRESS_INDEX, address));
    const nobody = ids.mint(ID_PREFIXES.person, ctx.region);
    const place = { subject: found?.personId ?? nobody, row: found?.id ?? nobody, set: CREDENTIAL_SECRET };
    const secret = found
      ? await this.#secretOf(ctx, { ...place, sealed: found.sealed })
      : await vault.openNothing(ctx, place);
    const matches = await hasher.verify(ctx, normalPassword, secret);
    if (!found || !matches || !mayAct(found.personStatus)) throw refused('session.refused');
    const { session, row } = sessions.prepare(ctx, found.personId, ['password']);
    const signedIn: SignedIn = { person: { id: found.personId }, session };
    const begin = async (within: RegionContext): Promise<void> => {
      await sessionRows.insert(within, row);
      await keep(within, signedIn);
    };
    // One row is whole by itself; an answer to be kept needs a transaction around both.
    await (keep === keptNowhere ? begin(ctx) : door.transaction(ctx, begin));
    return signedIn;
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
