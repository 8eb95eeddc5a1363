import { type Door, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import type { Outbox } from '@domicile/messaging';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import { CREDENTIAL_SECRET } from '../credential.entity.js';
import type { CredentialRepository } from '../credential.repository.js';
import { ADDRESS_INDEX, normaliseEmail } from '../email-address.js';
import type { KnownDevices, NewDevice } from '../known-devices/known-devices.js';
import type { SignInGate } from '../known-devices/sign-in-gate.js';
import { mayAct } from '../life-cycle.js';
import { normalisePassword, type PasswordHasher } from '../password.js';
import { type Person, PERSON_PROFILE } from '../person.entity.js';
import type { PersonRepository } from '../person.repository.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SessionRepository } from '../session.repository.js';
import type { CompleteRecovery } from './recovery.dto.js';
import type { RecoveryRow } from './recovery.entity.js';
import { RECOVERY_CODE, RECOVERY_DONE, type RecoveryMail } from './recovery-mail.js';
import type { RecoveryId, RecoveryRepository } from './recovery.repository.js';
import type { PresentedFactor, SecondFactorCheck } from './second-factor-check.js';

const RECOVERY_TTL_MILLISECONDS = 10 * 60 * 1000;
const WRONG_CODES_MAX = 10;

/** What a recovery works with. */
export interface RecoveryParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly recoveries: RecoveryRepository;
  readonly persons: PersonRepository;
  readonly credentials: CredentialRepository;
  readonly sessionRows: SessionRepository;
  readonly mail: RecoveryMail;
  readonly hasher: PasswordHasher;
  readonly devices: KnownDevices;
  readonly gate: SignInGate;
  readonly secondFactors: SecondFactorCheck;
  readonly securityLog: SecurityLog;
}

/** A recovery asked for, as its asker may know it. */
export interface AskedRecovery {
  readonly id: RecoveryId;
  readonly expiresAt: Date;
}

/** A recovery completed. */
export interface Recovered {
  readonly person: { readonly id: Person['id'] };
  /** For the sign-in that comes next: strangers' tries do not stand in its way. */
  readonly device: NewDevice;
}

/** A second factor that was not right; counted once the transaction is rolled back. */
class FactorRefused extends Error {}

/** A new password for who has lost hers and still has her mailbox: it brings back what the password gave, and nothing of a second factor. */
export class Recovery {
  constructor(private readonly parts: RecoveryParts) {}

  /**
   * Stores a recovery and has its code mailed, both or neither. Known, unknown and stopped addresses, and those of another region,
   * take the same steps: one statement finds who it is for, and what comes of it is decided after the answer.
   * @throws Problem request.invalid for an address without a normal form
   */
  async start(ctx: RegionContext, email: string, keep: Keep<AskedRecovery> = keptNowhere): Promise<AskedRecovery> {
    const { door, outbox, blindIndex, recoveries } = this.parts;
    const address = normaliseEmail(email);
    if (address === null) throw invalid('/email', 'is_email_address');
    const asked = this.#mint(ctx);
    const addressKey = blindIndex.of(ctx, ADDRESS_INDEX, address);
    await door.transaction(ctx, async (tx) => {
      await recoveries.start(tx, { ...asked, addressKey });
      await outbox.enqueue(tx, RECOVERY_CODE, asked.id);
      await keep(tx, asked);
    });
    return asked;
  }

  /** The same for a person who is known. @param tx the transaction of what caused it */
  async startFor(tx: RegionContext, personId: Person['id']): Promise<AskedRecovery> {
    const asked = this.#mint(tx);
    await this.parts.recoveries.startFor(tx, { ...asked, personId });
    await this.parts.outbox.enqueue(tx, RECOVERY_CODE, asked.id);
    return asked;
  }

  /**
   * Sets a new password, once, and ends all sessions and known devices. A typed code has ten wrong tries; the link's is too long to
   * guess, and so cannot be used up by others.
   * @throws Problem recovery.code_wrong, recovery.code_exhausted, recovery.expired, recovery.already_completed,
   *   recovery.factor_needed (member `factors`), recovery.factor_wrong, request.invalid, server.unavailable;
   *   ResidencyError residency.not_found
   */
  async complete(
    ctx: RegionContext,
    id: RecoveryId,
    { code, password, secondFactor }: CompleteRecovery,
    keep: Keep<Recovered> = keptNowhere,
  ): Promise<Recovered> {
    const { recoveries, persons, vault, hasher, mail } = this.parts;
    const normalPassword = normalisePassword(password);
    if (normalPassword === null) throw invalid('/password', 'is_password');
    const row = await recoveries.get(ctx, id);
    const kind = mail.kindOf(ctx, id, code);
    const person = kind && row.personId ? await persons.find(ctx, row.personId) : null;
    // A guess that hits the code of nobody's recovery is a wrong one.
    if (kind === null || !person || !mayAct(person.status)) return this.#refuseWrong(ctx, id, 'recovery.code_wrong');
    const byLink = kind === 'link';
    this.#assertOpen(row, byLink);
    const profile = { subject: person.id, row: person.id, set: PERSON_PROFILE, sealed: person.sealed };
    const { email, displayName } = await vault.open(ctx, profile);
    await hasher.assertMayBeChosen(ctx, normalPassword, [email, displayName]);
    const isCounted = await this.#needsFactor(ctx, person.id, secondFactor);
    if (isCounted) await this.#countFactor(ctx, id);
    // What was counted may be the last of the tries, and right.
    const mayBeLast = byLink || isCounted;
    const secret = await hasher.phc(ctx, normalPassword, async () =>
      this.#assertOpen(await recoveries.get(ctx, id), mayBeLast),
    );
    const recovered = await this.#carryOut(ctx, { id, mayBeLast, person, email, secret, secondFactor, keep });
    if (recovered) return recovered;
    this.#assertOpen(await recoveries.get(ctx, id), mayBeLast);
    throw new ResidencyError('residency.conflict');
  }

  /** All of it or nothing; null when the recovery was used up meanwhile. */
  async #carryOut(
    ctx: RegionContext,
    done: {
      readonly id: RecoveryId;
      readonly mayBeLast: boolean;
      readonly person: Person;
      readonly email: string;
      readonly secret: string;
      readonly secondFactor: PresentedFactor | undefined;
      readonly keep: Keep<Recovered>;
    },
  ): Promise<Recovered | null> {
    const {
      door,
      ids,
      clock,
      outbox,
      vault,
      recoveries,
      persons,
      credentials,
      sessionRows,
      devices,
      gate,
      secondFactors,
      securityLog,
    } = this.parts;
    const { id, mayBeLast, person, secret, secondFactor } = done;
    const personId = person.id;
    const credentialId = ids.mint(ID_PREFIXES.credential, ctx.region);
    const place = { subject: personId, row: credentialId, set: CREDENTIAL_SECRET };
    const sealed = vault.seal(ctx, await vault.keyOf(ctx, person.sealed), place, { secret });
    const from = await securityLog.whence(ctx, { personId });
    try {
      const recovered = await door.transaction(ctx, async (tx) => {
        const locked = await persons.lock(tx, personId);
        if (!locked || !mayAct(locked.status)) throw new ResidencyError('residency.conflict');
        const use = { id, now: clock.now(), max: WRONG_CODES_MAX, byLink: mayBeLast };
        if (!(await recoveries.complete(tx, use))) return null;
        const needed = await secondFactors.of(tx, personId);
        if (needed.length > 0 && !(secondFactor && (await secondFactors.prove(tx, personId, secondFactor, from))))
          throw new FactorRefused();
        await credentials.replacePassword(tx, { personId, id: credentialId, sealed });
        await sessionRows.endAll(tx, personId, null);
        await devices.forgetAll(tx, personId);
        await securityLog.tell(tx, { kind: 'recovery.done', personId, from });
        await outbox.enqueue(tx, RECOVERY_DONE, personId);
        const answer: Recovered = { person: { id: personId }, device: await devices.add(tx, personId) };
        // Nearly last: from here to the end, who tries to sign in with this address waits, and whoever is counted together with that try.
        await gate.readmit(tx, normaliseEmail(done.email) ?? '');
        await done.keep(tx, answer);
        return answer;
      });
      return recovered;
    } catch (error) {
      if (error instanceof FactorRefused) throw refused('recovery.factor_wrong');
      throw error;
    }
  }

  /** Whether a second factor is to be proved, which was presented then. @throws Problem recovery.factor_needed when it was not */
  async #needsFactor(
    ctx: RegionContext,
    personId: Person['id'],
    presented: PresentedFactor | undefined,
  ): Promise<boolean> {
    const factors = await this.parts.secondFactors.of(ctx, personId);
    if (factors.length > 0 && !(presented && factors.includes(presented.kind)))
      throw new Problem('recovery.factor_needed' satisfies AccountErrorCode, { members: { factors } });
    return factors.length > 0;
  }

  /**
   * Counts a try of a second factor before it is looked at, by link as well: who reads the mailbox has no more than ten, however many
   * she makes at once.
   */
  async #countFactor(ctx: RegionContext, id: RecoveryId): Promise<void> {
    const { recoveries, clock } = this.parts;
    if (!(await recoveries.countWrong(ctx, id, clock.now(), WRONG_CODES_MAX))) throw refused('recovery.code_exhausted');
  }

  /** Counts first and answers afterwards, in one statement: guesses made at the same time are counted all the same. */
  async #refuseWrong(ctx: RegionContext, id: RecoveryId, code: AccountErrorCode): Promise<never> {
    const { recoveries, clock } = this.parts;
    if (!(await recoveries.countWrong(ctx, id, clock.now(), WRONG_CODES_MAX)))
      this.#assertOpen(await recoveries.get(ctx, id), false);
    throw refused(code);
  }

  #assertOpen(row: RecoveryRow, byLink: boolean): void {
    if (row.completedAt !== null) throw refused('recovery.already_completed');
    if (row.expiresAt <= this.parts.clock.now()) throw refused('recovery.expired');
    if (!byLink && row.attempts >= WRONG_CODES_MAX) throw refused('recovery.code_exhausted');
  }

  #mint(ctx: RegionContext): AskedRecovery {
    const { ids, clock } = this.parts;
    const expiresAt = new Date(clock.now().getTime() + RECOVERY_TTL_MILLISECONDS);
    return { id: ids.mint(ID_PREFIXES.recovery, ctx.region), expiresAt };
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}

function invalid(pointer: string, code: string): Problem {
  return new Problem('request.invalid', { errors: [{ pointer, code, message: 'The value is not acceptable.' }] });
}
