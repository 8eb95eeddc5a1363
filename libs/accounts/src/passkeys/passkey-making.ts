import type { IdCodec, RegionContext } from '@domicile/residency';
import { ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, DataKey, Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import type { Person } from '../person.entity.js';
import { claimedChallenge, creationOptions, type MadePasskey, madePasskey } from './ceremony.js';
import type { Ceremony, Challenges } from './challenges.js';
import type { NewPasskey } from './passkey.dto.js';
import { PASSKEY_SECRET } from './passkey.entity.js';
import type { PasskeyCreationOptions, PasskeyDescriptor } from './passkey-options.dto.js';
import type { PasskeyRow } from './passkey.repository.js';

/** Purpose of the blind index of credential ids. */
const CREDENTIAL_INDEX = 'passkey.credential_id';
/** Purpose of the keyed hash that authenticators know a person by. */
const HANDLE_INDEX = 'passkey.user_handle';

/** How a new passkey comes to be, for somebody who is signed in and for somebody who is signing up. */
export class PasskeyMaking {
  constructor(
    private readonly ids: IdCodec,
    private readonly blindIndex: BlindIndex,
    private readonly vault: Vault,
    private readonly challenges: Challenges,
  ) {}

  /**
   * What the browser is to ask an authenticator for, within five minutes.
   * @param sealed any value sealed under the key of the person, or of the signup that she will come from
   * @param known passkeys that she has already
   */
  async options(
    ctx: RegionContext,
    ceremony: Ceremony,
    sealed: Buffer,
    known: PasskeyDescriptor[],
  ): Promise<PasskeyCreationOptions> {
    const challenge = await this.challenges.make(ctx, ceremony);
    return creationOptions(ctx.region, challenge, this.#handle(ctx, sealed), known);
  }

  /** What an authenticator has made in answer to these options. The challenge is used up whatever comes of it. @throws Problem passkey.invalid */
  async made(ctx: RegionContext, ceremony: Ceremony, answer: NewPasskey): Promise<MadePasskey> {
    const challenge = claimedChallenge(answer);
    const isOurs = challenge !== null && (await this.challenges.take(ctx, ceremony, challenge));
    const made = isOurs ? await madePasskey(ctx.region, challenge, answer) : null;
    if (!made) throw new Problem('passkey.invalid' satisfies AccountErrorCode);
    return made;
  }

  /** The same as it is stored. @param sealed as for {@link options} */
  row(
    ctx: RegionContext,
    of: { readonly personId: Person['id']; readonly key: DataKey; readonly sealed: Buffer },
    { signCount, ...made }: MadePasskey,
    label: string | null,
  ): PasskeyRow {
    const passkeyId = this.ids.mint(ID_PREFIXES.passkey, ctx.region);
    const place = { subject: of.personId, row: passkeyId, set: PASSKEY_SECRET };
    const secret = { ...made, userHandle: this.#handle(ctx, of.sealed), label };
    return {
      passkeyId,
      passkeySealed: this.vault.seal(ctx, of.key, place, secret),
      passkeyKey: this.credentialKey(ctx, made.credentialId),
      signCount,
    };
  }

  /** Blind index of a credential id. */
  credentialKey(ctx: RegionContext, credentialId: string): Buffer {
    return this.blindIndex.of(ctx, CREDENTIAL_INDEX, credentialId);
  }

  /**
   * What authenticators call a person: 32 bytes that say nothing, and the same for all her passkeys, so that one authenticator shows
   * her once. From the name of her data key, which a signup hands on to the person that it becomes.
   */
  #handle(ctx: RegionContext, sealed: Buffer): string {
    return this.blindIndex.of(ctx, HANDLE_INDEX, this.vault.keyIdOf(ctx, sealed)).toString('base64url');
  }
}
