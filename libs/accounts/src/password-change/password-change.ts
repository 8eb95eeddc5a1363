import { type Door, type IdCodec, type RegionContext, credentialRefused } from '@domicile/residency';
import type { ClaimedItem, Letter, Outbox } from '@domicile/messaging';
import { ID_PREFIXES, Problem } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import { CREDENTIAL_SECRET } from '../credential.entity.js';
import type { CredentialRepository } from '../credential.repository.js';
import { text, type Wording } from '../letters.js';
import { assertPersonMayChange } from '../life-cycle.js';
import { normalisePassword, type PasswordHasher } from '../password.js';
import { type Person, PERSON_PROFILE } from '../person.entity.js';
import type { PersonMailboxes } from '../person-mailbox.js';
import type { PersonRepository } from '../person.repository.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { SessionRepository } from '../session.repository.js';
import type { ProvenSession } from '../sessions.js';

/** Kind of the outbox item that tells a person of her new password. */
export const PASSWORD_CHANGED = 'password.changed';

const WORDS: Wording<(region: string) => Record<'subject' | 'done' | 'not', string>> = {
  en: (region) => ({
    subject: `Your password for Domicile was changed (${region})`,
    done: 'Your password was changed, and all your other sessions were ended.',
    not: 'If it was not you, recover your password at once: that ends every session.',
  }),
  de: (region) => ({
    subject: `Ihr Passwort für Domicile wurde geändert (${region})`,
    done: 'Ihr Passwort wurde geändert, und alle Ihre anderen Sitzungen wurden beendet.',
    not: 'Waren Sie es nicht, stellen Sie Ihr Passwort sofort wieder her: Das beendet jede Sitzung.',
  }),
};

/** What a change of password works with. */
export interface PasswordChangeParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly outbox: Outbox;
  readonly vault: Vault;
  readonly persons: PersonRepository;
  readonly credentials: CredentialRepository;
  readonly sessionRows: SessionRepository;
  readonly hasher: PasswordHasher;
  readonly mailboxes: PersonMailboxes;
  readonly securityLog: SecurityLog;
}

/** Another password for who is signed in. */
export class PasswordChange {
  constructor(private readonly parts: PasswordChangeParts) {}

  /**
   * Replaces the password and ends every session but the one in use.
   * @param proven a fresh one: who she is was proved a short while ago, so the old password is not asked for again
   * @throws Problem request.invalid, person.restricted, person.closing, server.unavailable; ResidencyError residency.secret_invalid
   */
  async change(ctx: RegionContext, { personId, sessionId }: ProvenSession, password: string): Promise<void> {
    const { door, ids, outbox, vault, persons, credentials, sessionRows, hasher, securityLog } = this.parts;
    const normalPassword = normalisePassword(password);
    if (normalPassword === null) throw invalidPassword();
    const person = await persons.get(ctx, personId);
    assertPersonMayChange(person.status);
    const profile = { subject: personId, row: personId, set: PERSON_PROFILE, sealed: person.sealed };
    const { email, displayName } = await vault.open(ctx, profile);
    await hasher.assertMayBeChosen(ctx, normalPassword, [email, displayName]);
    const secret = await hasher.phc(ctx, normalPassword, () => Promise.resolve());
    const id = ids.mint(ID_PREFIXES.credential, ctx.region);
    const place = { subject: personId, row: id, set: CREDENTIAL_SECRET };
    const sealed = vault.seal(ctx, await vault.keyOf(ctx, person.sealed), place, { secret });
    const from = await securityLog.whence(ctx, { personId });
    await door.transaction(ctx, async (tx) => {
      const locked = await persons.lock(tx, personId);
      assertPersonMayChange(locked?.status ?? 'erased');
      // A recovery or an undo that came first has ended this session: what it set is not to be replaced by whom it shut out.
      if (!(await sessionRows.isThere(tx, sessionId))) throw credentialRefused();
      await credentials.replacePassword(tx, { personId, id, sealed });
      await sessionRows.endAll(tx, personId, sessionId);
      await securityLog.tell(tx, { kind: 'password.changed', personId, sessionId, from });
      await outbox.enqueue(tx, PASSWORD_CHANGED, personId);
    });
  }

  /** The notice to the person. */
  async compose(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const mailbox = await this.parts.mailboxes.of(ctx, item.subjectId as Person['id']);
    if (!mailbox) return null;
    const { subject, done, not } = WORDS[mailbox.language](ctx.region.name);
    return { ...mailbox, subject, parts: [text(done), text(not)] };
  }
}

function invalidPassword(): Problem {
  const message = 'The value is not acceptable.';
  return new Problem('request.invalid', { errors: [{ pointer: '/password', code: 'is_password', message }] });
}
