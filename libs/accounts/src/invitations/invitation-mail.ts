import type { AccountId, RegionContext } from '@domicile/residency';
import type { ClaimedItem, Language, Letter } from '@domicile/messaging';
import type { Clock } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { normaliseEmail } from '../email-address.js';
import type { Preferences } from '../settings/preferences.js';
import { type Invitation, INVITATION_ADDRESS } from './invitation.entity.js';
import { utc } from '../letters.js';
import type { InvitationRepository } from './invitation.repository.js';

/** Kind of the outbox item that mails an invitation, and purpose of its code. */
export const INVITATION_CODE = 'invitation.code';
/** Purpose of the keyed hash that leads from an invitation's id to its account. */
const WAY_INDEX = 'invitation.way';

/** Makes the mail of an invitation. As with a signup, its code is derived from the id by the region's key and stands in no table. */
export class InvitationMail {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly blindIndex: BlindIndex,
    private readonly vault: Vault,
    private readonly preferences: Preferences,
    private readonly clock: Clock,
  ) {}

  /** The eight digits that answer an invitation. */
  code(ctx: RegionContext, invitation: Invitation['id']): string {
    return this.blindIndex.code(ctx, INVITATION_CODE, invitation);
  }

  /** Key of the way to an invitation. */
  way(ctx: RegionContext, invitation: Invitation['id']): Buffer {
    return this.blindIndex.of(ctx, WAY_INDEX, invitation);
  }

  /**
   * The mail of a claimed item, in the language of who invites; null when the invitation is gone or over. It quotes no name: whoever
   * invites has typed all of them, and could say anything in our name.
   */
  async compose(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const id = item.subjectId as Invitation['id'];
    const way = await this.invitations.way(ctx, this.way(ctx, id));
    const invitation = way && (await this.invitations.find(ctx.account(way.accountId), id));
    if (!invitation || invitation.expiresAt <= this.clock.now()) return null;
    const to = normaliseEmail((await this.vault.open(ctx, addressOf(way.accountId, invitation))).email);
    if (to === null) return null;
    const language = await this.preferences.languageOf(ctx, invitation.inviterId);
    return { to, language, ...this.#words(ctx, language, invitation) };
  }

  #words(ctx: RegionContext, language: Language, { id, expiresAt }: Invitation): Pick<Letter, 'subject' | 'parts'> {
    const { name, origins } = ctx.region;
    const code = this.code(ctx, id);
    // The fragment stays in the browser: no server, proxy or log on the way sees the code.
    const href = `${origins.customer}/invitations#id=${id}&code=${code}`;
    const until = utc(expiresAt);
    const words = WORDS[language];
    return {
      subject: words.subject(name),
      parts: [
        { kind: 'text', text: words.about(name) },
        { kind: 'link', href, text: words.link },
        { kind: 'text', text: words.code },
        { kind: 'code', code },
        { kind: 'text', text: words.until(id, origins.customer, until) },
        { kind: 'text', text: words.otherwise },
      ],
    };
  }
}

/** Where an invitation's address stands sealed. */
export function addressOf(accountId: AccountId, { id, sealed }: Pick<Invitation, 'id' | 'sealed'>) {
  return { subject: accountId, row: id, set: INVITATION_ADDRESS, sealed };
}

const WORDS = {
  en: {
    subject: (region: string) => `You are invited to an account of Domicile (${region})`,
    about: (region: string) =>
      `Somebody invites you to an account of Domicile, hosted in the region ${region}. Sign in with this address, or sign up with it first; then open this link:`,
    link: 'Answer the invitation',
    code: 'or enter this code:',
    until: (id: string, origin: string, until: string) =>
      `It belongs to the invitation ${id}\nat ${origin}\nand can be used until ${until}.`,
    otherwise:
      'If you do not know what this is about, do nothing: you belong to no account that you have not accepted.',
  },
  de: {
    subject: (region: string) => `Sie sind in ein Konto von Domicile eingeladen (${region})`,
    about: (region: string) =>
      `Jemand lädt Sie in ein Konto von Domicile ein, das in der Region ${region} liegt. Melden Sie sich mit dieser Adresse an, oder registrieren Sie sich zuerst mit ihr; öffnen Sie dann diesen Link:`,
    link: 'Die Einladung beantworten',
    code: 'oder geben Sie diesen Code ein:',
    until: (id: string, origin: string, until: string) =>
      `Er gehört zur Einladung ${id}\nauf ${origin}\nund gilt bis ${until}.`,
    otherwise:
      'Wenn Sie nicht wissen, worum es geht, tun Sie nichts: Sie gehören zu keinem Konto, dem Sie nicht zugestimmt haben.',
  },
} as const satisfies Record<Language, unknown>;
