import type { ClaimedItem, Letter } from '@domicile/messaging';
import { type Region, type RegionContext, sameHash } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { normaliseEmail } from '../email-address.js';
import { code, link, text, type Wording, utc } from '../letters.js';
import type { PersonMailboxes } from '../person-mailbox.js';
import { type AddressChangeRow, CHANGED_ADDRESS } from './address-change.entity.js';
import type { AddressChangeId, AddressChangeRepository } from './address-change.repository.js';

/** Kinds of the outbox items: the code to the new address, and the announcement to the one from before. */
export const ADDRESS_CHANGE_CODE = 'address_change.code';
export const ADDRESS_CHANGED = 'address_change.done';
/** Purpose of the code that undoes. */
const ADDRESS_UNDO = 'address_change.undo';

const CODE_WORDS: Wording<
  (region: Region, until: string) => Record<'subject' | 'why' | 'type' | 'link' | 'not', string>
> = {
  en: (region, until) => ({
    subject: `Confirm this address for Domicile (${region.name})`,
    why: `Somebody, hopefully you, wants to use this address for Domicile in the region ${region.name}.`,
    type: `To confirm it, enter this code where you asked for it. It can be used until ${until}:`,
    link: 'Or open this link where you are signed in:',
    not: 'If it was not you, do nothing: without the code nothing changes. Nobody of Domicile will ever ask you for this code.',
  }),
  de: (region, until) => ({
    subject: `Bestätigen Sie diese Adresse für Domicile (${region.name})`,
    why: `Jemand, hoffentlich Sie, möchte diese Adresse für Domicile in der Region ${region.name} verwenden.`,
    type: `Geben Sie zur Bestätigung diesen Code dort ein, wo Sie danach gefragt haben. Er gilt bis ${until}:`,
    link: 'Oder öffnen Sie diesen Link dort, wo Sie angemeldet sind:',
    not: 'Waren Sie es nicht, tun Sie nichts: Ohne den Code ändert sich nichts. Niemand von Domicile wird Sie je nach diesem Code fragen.',
  }),
};

const CHANGED_WORDS: Wording<(region: Region, until: string) => Record<'subject' | 'done' | 'link' | 'not', string>> = {
  en: (region, until) => ({
    subject: `Your address for Domicile was changed (${region.name})`,
    done: 'Another address was confirmed for your account. This one no longer signs you in, and is kept for you meanwhile.',
    link: `If it was not you, open this link before ${until}. It brings this address back, ends every session, and sends you a code for a new password:`,
    not: 'If it was you, there is nothing to do.',
  }),
  de: (region, until) => ({
    subject: `Ihre Adresse für Domicile wurde geändert (${region.name})`,
    done: 'Für Ihr Konto wurde eine andere Adresse bestätigt. Mit dieser melden Sie sich nicht mehr an; sie bleibt vorerst für Sie reserviert.',
    link: `Waren Sie es nicht, öffnen Sie vor dem ${until} diesen Link. Er bringt diese Adresse zurück, beendet jede Sitzung und schickt Ihnen einen Code für ein neues Passwort:`,
    not: 'Waren Sie es, ist nichts zu tun.',
  }),
};

/** Makes the mails of changes of address. Codes are derived from the id by the region's key: no table holds them (decision 005). */
export class AddressChangeMail {
  constructor(
    private readonly changes: AddressChangeRepository,
    private readonly mailboxes: PersonMailboxes,
    private readonly blindIndex: BlindIndex,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** Whether a code is the one that confirms the change. */
  confirms(ctx: RegionContext, id: AddressChangeId, presented: string): boolean {
    return sameHash(Buffer.from(presented), Buffer.from(this.#confirmCode(ctx, id)));
  }

  /** Whether a code is the one that undoes the change. */
  undoes(ctx: RegionContext, id: AddressChangeId, presented: string): boolean {
    return sameHash(Buffer.from(presented), Buffer.from(this.#undoCode(ctx, id)));
  }

  /** The code to the new address; null when the change is no longer open. It is sent to a taken address as well. */
  async composeCode(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const id = item.subjectId as AddressChangeId;
    const row = await this.changes.find(ctx, id);
    if (!row || row.confirmedAt !== null) return null;
    const told = await this.#told(ctx, row);
    if (!told) return null;
    const to = normaliseEmail(told.email);
    if (to === null) return null;
    const words = CODE_WORDS[told.language](ctx.region, utc(row.expiresAt));
    const digits = this.#confirmCode(ctx, id);
    return {
      to,
      language: told.language,
      subject: words.subject,
      parts: [
        text(words.why),
        text(words.type),
        code(digits),
        link(ctx, '/address', { change: id, code: digits }, words.link),
        text(words.not),
      ],
    };
  }

  /** The announcement to the address from before; null when it was undone already. */
  async composeChanged(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const id = item.subjectId as AddressChangeId;
    const row = await this.changes.find(ctx, id);
    if (!row?.confirmedAt) return null;
    const told = await this.#told(ctx, row);
    const to = told?.previousEmail ? normaliseEmail(told.previousEmail) : null;
    if (!told || to === null) return null;
    const words = CHANGED_WORDS[told.language](ctx.region, utc(row.expiresAt));
    const carried = { change: id, code: this.#undoCode(ctx, id) };
    const parts = [text(words.done), link(ctx, '/undo', carried, words.link), text(words.not)];
    return { to, language: told.language, subject: words.subject, parts };
  }

  /** What the change is about, for a mail that has still something to say. */
  async #told(ctx: RegionContext, { id, personId, sealed, undoneAt, expiresAt }: AddressChangeRow) {
    if (undoneAt !== null || expiresAt <= this.clock.now()) return null;
    const mailbox = await this.mailboxes.of(ctx, personId);
    if (!mailbox) return null;
    const addresses = await this.vault.open(ctx, { subject: personId, row: id, set: CHANGED_ADDRESS, sealed });
    return { ...addresses, language: mailbox.language };
  }

  #confirmCode(ctx: RegionContext, id: AddressChangeId): string {
    return this.blindIndex.code(ctx, ADDRESS_CHANGE_CODE, id);
  }

  #undoCode(ctx: RegionContext, id: AddressChangeId): string {
    return this.blindIndex.linkCode(ctx, ADDRESS_UNDO, id);
  }
}
