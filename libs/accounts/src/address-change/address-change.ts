import { type Door, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import type { Outbox } from '@domicile/messaging';
import { type Keep, keptNowhere } from '@domicile/requests';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import { ADDRESS_INDEX, normaliseEmail } from '../email-address.js';
import type { KnownDevices } from '../known-devices/known-devices.js';
import { assertPersonMayChange, mayAct } from '../life-cycle.js';
import { type Person, PERSON_PROFILE } from '../person.entity.js';
import type { CredentialRepository } from '../credential.repository.js';
import type { PersonRepository } from '../person.repository.js';
import type { AskedRecovery, Recovery } from '../recovery/recovery.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SessionRepository } from '../session.repository.js';
import type { ProvenSession } from '../sessions.js';
import { ADDRESS_CHANGE_CODE, ADDRESS_CHANGED, type AddressChangeMail } from './address-change-mail.js';
import { type AddressChangeRow, CHANGED_ADDRESS } from './address-change.entity.js';
import type { AddressChangeId, AddressChangeRepository } from './address-change.repository.js';
import type { HeldAddressRepository } from './held-address.repository.js';

const CONFIRM_MILLISECONDS = 10 * 60 * 1000;
const UNDO_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;
const WRONG_CODES_MAX = 10;

/** What a change of address works with. */
export interface AddressChangeParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly changes: AddressChangeRepository;
  readonly addresses: HeldAddressRepository;
  readonly persons: PersonRepository;
  readonly credentials: CredentialRepository;
  readonly sessionRows: SessionRepository;
  readonly mail: AddressChangeMail;
  readonly recovery: Recovery;
  readonly devices: KnownDevices;
  readonly securityLog: SecurityLog;
}

/** A change asked for, as its asker may know it. */
export interface AskedAddressChange {
  readonly id: AddressChangeId;
  readonly expiresAt: Date;
}

/** A change made. */
export interface AddressChanged {
  readonly email: string;
  readonly undoUntil: Date;
}

/** A change taken back. */
export interface AddressUndone {
  readonly recovery: AskedRecovery;
}

/**
 * Another address for a person, in three steps: asked for by who is freshly signed in, confirmed by a code from the new mailbox, and,
 * for seven days, undone by who reads the old one (decision 032). The old address is kept for her meanwhile.
 */
export class AddressChange {
  constructor(private readonly parts: AddressChangeParts) {}

  /**
   * Stores the change and has its code mailed, both or neither. Free and taken addresses take the same steps: nothing is looked up.
   * @throws Problem person.restricted, person.closing; request.invalid for an address without a normal form
   */
  async start(
    ctx: RegionContext,
    { personId, sessionId }: ProvenSession,
    email: string,
    keep: Keep<AskedAddressChange> = keptNowhere,
  ): Promise<AskedAddressChange> {
    const { door, ids, clock, outbox, vault, changes, persons, securityLog } = this.parts;
    this.#keyOf(ctx, email);
    const person = await persons.get(ctx, personId);
    assertPersonMayChange(person.status);
    const id = ids.mint(ID_PREFIXES.addressChange, ctx.region);
    const expiresAt = new Date(clock.now().getTime() + CONFIRM_MILLISECONDS);
    const key = await vault.keyOf(ctx, person.sealed);
    const sealed = vault.seal(ctx, key, placeOf(personId, id), { email, previousEmail: null });
    const asked = { id, expiresAt };
    const from = await securityLog.whence(ctx, { personId });
    await door.transaction(ctx, async (tx) => {
      await changes.insert(tx, { id, personId, sealed, expiresAt });
      await securityLog.tell(tx, { kind: 'address.change_asked', personId, sessionId, from });
      await outbox.enqueue(tx, ADDRESS_CHANGE_CODE, id);
      await keep(tx, asked);
    });
    return asked;
  }

  /**
   * Makes the change, once: only now, with the mailbox proved, is it said that an address is taken.
   * @throws Problem address.code_wrong, address.code_exhausted, address.expired, address.already_confirmed, address.already_undone,
   *   address.taken, person.restricted, person.closing; ResidencyError residency.not_found (also of another person), residency.conflict
   */
  async confirm(
    ctx: RegionContext,
    { personId, sessionId }: ProvenSession,
    id: AddressChangeId,
    code: string,
    keep: Keep<AddressChanged> = keptNowhere,
  ): Promise<AddressChanged> {
    const { door, clock, outbox, vault, changes, addresses, persons, mail, securityLog } = this.parts;
    const row = await changes.get(ctx, id);
    if (row.personId !== personId) throw new ResidencyError('residency.not_found');
    if (!mail.confirms(ctx, id, code)) await this.#refuseWrongCode(ctx, id);
    this.#assertOpen(row);
    const person = await persons.get(ctx, personId);
    assertPersonMayChange(person.status);
    const { email } = await vault.open(ctx, { ...placeOf(personId, id), sealed: row.sealed });
    const { email: previousEmail } = await vault.open(ctx, profileOf(person));
    const newKey = this.#keyOf(ctx, email);
    const profile = await vault.amend(ctx, profileOf(person), { email });
    const sealed = await vault.amend(ctx, { ...placeOf(personId, id), sealed: row.sealed }, { previousEmail });
    const now = clock.now();
    const undoUntil = new Date(now.getTime() + UNDO_MILLISECONDS);
    const changed: AddressChanged = { email, undoUntil };
    const from = await securityLog.whence(ctx, { personId });
    const isMade = await door.transaction(ctx, async (tx) => {
      await this.#lock(tx, person);
      if (!(await changes.confirm(tx, { id, now, max: WRONG_CODES_MAX, undoUntil, sealed }))) return false;
      if (!(await addresses.claim(tx, newKey, personId))) throw refused('address.taken');
      await addresses.keepOthers(tx, newKey, personId, id);
      await persons.update(tx, personId, person.version, profile);
      await securityLog.tell(tx, { kind: 'address.changed', personId, sessionId, from });
      await outbox.enqueue(tx, ADDRESS_CHANGED, id);
      await keep(tx, changed);
      return true;
    });
    if (isMade) {
      return changed;
    }
    this.#assertOpen(await changes.get(ctx, id));
    throw new ResidencyError('residency.conflict');
  }

  /**
   * Takes a change back, once, with every later one: the address from before is the person's again; password, sessions and known
   * devices are worth nothing any more, as they may be those of whoever made the change; a recovery begins.
   * @throws Problem address.code_wrong, address.expired, address.already_undone; ResidencyError residency.not_found, residency.conflict
   */
  async undo(
    ctx: RegionContext,
    id: AddressChangeId,
    code: string,
    keep: Keep<AddressUndone> = keptNowhere,
  ): Promise<AddressUndone> {
    const {
      door,
      clock,
      vault,
      changes,
      addresses,
      persons,
      credentials,
      sessionRows,
      mail,
      recovery,
      devices,
      securityLog,
    } = this.parts;
    const row = await changes.get(ctx, id);
    if (!mail.undoes(ctx, id, code)) throw refused('address.code_wrong');
    this.#assertUndoable(row);
    const { personId } = row;
    const person = await persons.get(ctx, personId);
    if (!mayAct(person.status)) throw new ResidencyError('residency.not_found');
    const { previousEmail } = await vault.open(ctx, { ...placeOf(personId, id), sealed: row.sealed });
    if (previousEmail === null) throw new Error('A confirmed change of address has lost the address from before.');
    const oldKey = this.#keyOf(ctx, previousEmail);
    const profile = await vault.amend(ctx, profileOf(person), { email: previousEmail });
    const from = await securityLog.whence(ctx, { personId });
    const undone = await door.transaction(ctx, async (tx) => {
      await this.#lock(tx, person);
      if (!(await changes.undo(tx, id, personId, clock.now()))) return null;
      if (!(await addresses.claim(tx, oldKey, personId))) throw new ResidencyError('residency.conflict');
      await addresses.freeOthers(tx, oldKey, personId);
      await persons.update(tx, personId, person.version, profile);
      await credentials.erasePasswords(tx, personId);
      await sessionRows.endAll(tx, personId, null);
      await devices.forgetAll(tx, personId);
      await securityLog.tell(tx, { kind: 'address.change_undone', personId, from });
      const answer: AddressUndone = { recovery: await recovery.startFor(tx, personId) };
      await keep(tx, answer);
      return answer;
    });
    if (undone) {
      return undone;
    }
    this.#assertUndoable(await changes.get(ctx, id));
    throw new ResidencyError('residency.conflict');
  }

  /** The person's row, held; what was sealed for it before is for that version alone. @throws ResidencyError residency.conflict */
  async #lock(tx: RegionContext, { id, version, status }: Person): Promise<void> {
    const locked = await this.parts.persons.lock(tx, id);
    if (locked?.version !== version || locked.status !== status) throw new ResidencyError('residency.conflict');
  }

  /** Counts first and answers afterwards, in one statement: guesses made at the same time are counted all the same. */
  async #refuseWrongCode(ctx: RegionContext, id: AddressChangeId): Promise<never> {
    const { changes, clock } = this.parts;
    if (!(await changes.countWrong(ctx, id, clock.now(), WRONG_CODES_MAX)))
      this.#assertOpen(await changes.get(ctx, id));
    throw refused('address.code_wrong');
  }

  #assertOpen({ confirmedAt, undoneAt, expiresAt, attempts }: AddressChangeRow): void {
    if (undoneAt !== null) throw refused('address.already_undone');
    if (confirmedAt !== null) throw refused('address.already_confirmed');
    if (expiresAt <= this.parts.clock.now()) throw refused('address.expired');
    if (attempts >= WRONG_CODES_MAX) throw refused('address.code_exhausted');
  }

  #assertUndoable({ confirmedAt, undoneAt, expiresAt }: AddressChangeRow): void {
    if (undoneAt !== null) throw refused('address.already_undone');
    // Who holds the code of a change that was never confirmed got it from no mail.
    if (confirmedAt === null || expiresAt <= this.parts.clock.now()) throw refused('address.expired');
  }

  #keyOf(ctx: RegionContext, email: string): Buffer {
    const address = normaliseEmail(email);
    if (address === null) throw invalidEmail();
    return this.parts.blindIndex.of(ctx, ADDRESS_INDEX, address);
  }
}

function placeOf(personId: Person['id'], id: AddressChangeId) {
  return { subject: personId, row: id, set: CHANGED_ADDRESS };
}

function profileOf({ id, sealed }: Person) {
  return { subject: id, row: id, set: PERSON_PROFILE, sealed };
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}

function invalidEmail(): Problem {
  const message = 'The value is not acceptable.';
  return new Problem('request.invalid', { errors: [{ pointer: '/email', code: 'is_email_address', message }] });
}
