import type { ClaimedItem, Letter } from '@domicile/messaging';
import { type Door, type Region, type RegionContext, sameHash } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import type { BlindIndex } from '@domicile/vault';
import { code, link, text, type Wording, utc } from '../letters.js';
import type { Person } from '../person.entity.js';
import type { PersonMailboxes } from '../person-mailbox.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { RecoveryId, RecoveryRepository } from './recovery.repository.js';

/** Kinds of the outbox items that a recovery mails: the code, and that it was done. */
export const RECOVERY_CODE = 'recovery.code';
export const RECOVERY_DONE = 'recovery.done';
/** Purpose of the code in the link, which is another and longer one. */
const RECOVERY_LINK = 'recovery.link';

const CODE_WORDS: Wording<
  (region: Region, until: string) => Record<'subject' | 'why' | 'type' | 'link' | 'not', string>
> = {
  en: (region, until) => ({
    subject: `Your new password for Domicile (${region.name})`,
    why: `Somebody, hopefully you, asked to set a new password for Domicile in the region ${region.name}.`,
    type: `To set it, enter this code where you asked for it. It can be used until ${until}:`,
    link: 'Or open this link, on whatever device you like:',
    not: 'If it was not you, do nothing: your password stays as it is. Nobody of Domicile will ever ask you for this code.',
  }),
  de: (region, until) => ({
    subject: `Ihr neues Passwort für Domicile (${region.name})`,
    why: `Jemand, hoffentlich Sie, möchte ein neues Passwort für Domicile in der Region ${region.name} setzen.`,
    type: `Geben Sie dazu diesen Code dort ein, wo Sie danach gefragt haben. Er gilt bis ${until}:`,
    link: 'Oder öffnen Sie diesen Link, auf welchem Gerät Sie mögen:',
    not: 'Waren Sie es nicht, tun Sie nichts: Ihr Passwort bleibt, wie es ist. Niemand von Domicile wird Sie je nach diesem Code fragen.',
  }),
};

const DONE_WORDS: Wording<(region: Region) => Record<'subject' | 'done' | 'not', string>> = {
  en: (region) => ({
    subject: `Your password for Domicile was changed (${region.name})`,
    done: 'A new password was set by a recovery, and you were signed out everywhere.',
    not: 'If it was not you, somebody reads your mail: secure your mailbox first, then recover your password again.',
  }),
  de: (region) => ({
    subject: `Ihr Passwort für Domicile wurde geändert (${region.name})`,
    done: 'Durch eine Wiederherstellung wurde ein neues Passwort gesetzt, und Sie wurden überall abgemeldet.',
    not: 'Waren Sie es nicht, liest jemand Ihre Post: Sichern Sie zuerst Ihr Postfach und stellen Sie dann Ihr Passwort erneut wieder her.',
  }),
};

/** Makes the mails of recoveries. Codes are derived from the id by the region's key: no table holds them (decision 005). */
export class RecoveryMail {
  constructor(
    private readonly door: Door,
    private readonly recoveries: RecoveryRepository,
    private readonly mailboxes: PersonMailboxes,
    private readonly blindIndex: BlindIndex,
    private readonly securityLog: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /** What a presented code is: the one of the link, the typed one, or none. */
  kindOf(ctx: RegionContext, id: RecoveryId, presented: string): 'link' | 'typed' | null {
    const bytes = Buffer.from(presented);
    if (sameHash(bytes, Buffer.from(this.blindIndex.linkCode(ctx, RECOVERY_LINK, id)))) return 'link';
    return sameHash(bytes, Buffer.from(this.blindIndex.code(ctx, RECOVERY_CODE, id))) ? 'typed' : null;
  }

  /**
   * The mail with the code, for who has the address; null for nobody, and when it is over. The security log is told here and not where
   * it was asked for, as that would be a step more for known addresses; so it does not say from where.
   */
  async composeCode(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const id = item.subjectId as RecoveryId;
    const row = await this.recoveries.find(ctx, id);
    if (!row?.personId || row.completedAt !== null || row.expiresAt <= this.clock.now()) return null;
    const { personId } = row;
    const mailbox = await this.mailboxes.of(ctx, personId);
    if (!mailbox) return null;
    await this.door.transaction(ctx, async (tx) => {
      if (await this.recoveries.markMailed(tx, id, this.clock.now()))
        await this.securityLog.tell(tx, { kind: 'recovery.asked', personId, from: null });
    });
    const words = CODE_WORDS[mailbox.language](ctx.region, utc(row.expiresAt));
    const carried = { recovery: id, code: this.blindIndex.linkCode(ctx, RECOVERY_LINK, id) };
    return {
      ...mailbox,
      subject: words.subject,
      parts: [
        text(words.why),
        text(words.type),
        code(this.blindIndex.code(ctx, RECOVERY_CODE, id)),
        link(ctx, '/recover', carried, words.link),
        text(words.not),
      ],
    };
  }

  /** The notice that a recovery was completed, to its person. */
  async composeDone(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const mailbox = await this.mailboxes.of(ctx, item.subjectId as Person['id']);
    if (!mailbox) return null;
    const words = DONE_WORDS[mailbox.language](ctx.region);
    return { ...mailbox, subject: words.subject, parts: [text(words.done), text(words.not)] };
  }
}
