import type { RegionContext } from '@domicile/residency';
import { type Clock, isBranded } from '@domicile/runtime';
import type { Fields, Vault } from '@domicile/vault';
import { mayAct } from '../life-cycle.js';
import type { Person } from '../person.entity.js';
import type { SecurityLog } from '../security-log/security-log.js';
import { claimedChallenge, descriptorOf, provenCount, requestOptions } from './ceremony.js';
import type { Ceremony, Challenges } from './challenges.js';
import type { PasskeyAnswer } from './passkey.dto.js';
import { type Passkey, PASSKEY_SECRET, type PasskeySecret } from './passkey.entity.js';
import type { PasskeyMaking } from './passkey-making.js';
import type { PasskeyRequestOptions } from './passkey-options.dto.js';
import type { PasskeyRepository } from './passkey.repository.js';

/** Proving oneself with a passkey. */
export class PasskeyProofs {
  constructor(
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly challenges: Challenges,
    private readonly making: PasskeyMaking,
    private readonly passkeys: PasskeyRepository,
    private readonly log: SecurityLog,
  ) {}

  /**
   * What the browser is to ask an authenticator for, within five minutes.
   * @param personId whose passkeys will do; null for any of the region
   */
  async options(ctx: RegionContext, ceremony: Ceremony, personId: Person['id'] | null): Promise<PasskeyRequestOptions> {
    const allowed = personId === null ? [] : await this.descriptors(ctx, personId);
    return requestOptions(ctx.region, await this.challenges.make(ctx, ceremony), allowed);
  }

  /** How browsers are told of a person's passkeys. @throws as Vault.open */
  async descriptors(ctx: RegionContext, personId: Person['id']) {
    const rows = await this.passkeys.of(ctx, personId);
    return Promise.all(rows.map(async (row) => descriptorOf(await this.vault.open(ctx, secretOf(row)))));
  }

  /**
   * Whose passkey it is that signed; null for every answer that does not hold, whatever is wrong about it. The challenge is used up.
   * A count that went back is told to the log of the person: two devices know the key.
   */
  async prove(ctx: RegionContext, ceremony: Ceremony, answer: PasskeyAnswer): Promise<Person['id'] | null> {
    const challenge = claimedChallenge(answer);
    if (challenge === null || !(await this.challenges.take(ctx, ceremony, challenge))) return null;
    const found = await this.passkeys.byKey(ctx, this.making.credentialKey(ctx, answer.id));
    if (!found || !mayAct(found.personStatus)) return null;
    const { id, personId } = found;
    const secret = await this.#open(ctx, found);
    if (!secret) return null;
    const count = await provenCount(ctx.region, challenge, answer, secret);
    if (count === null) return null;
    if (await this.passkeys.count(ctx, id, count, this.clock.now())) return personId;
    await this.log.tell(ctx, {
      kind: 'passkey.suspect',
      personId,
      from: await this.log.whence(ctx, { personId }),
    });
    return null;
  }

  /** Null when its key was destroyed: who is erased is nobody to a stranger. */
  async #open(
    ctx: RegionContext,
    row: Pick<Passkey, 'id' | 'personId' | 'sealed'>,
  ): Promise<Fields<PasskeySecret> | null> {
    try {
      return await this.vault.open(ctx, secretOf(row));
    } catch (error) {
      if (isBranded(error) && error.code === 'vault.key_destroyed') return null;
      throw error;
    }
  }
}

/** Where the secret of a passkey is sealed. */
export function secretOf({ id, personId, sealed }: Pick<Passkey, 'id' | 'personId' | 'sealed'>) {
  return { subject: personId, row: id, set: PASSKEY_SECRET, sealed };
}
