import type { Region, RegionContext } from '@domicile/residency';
import type { ClaimedItem, Letter, Written } from '@domicile/messaging';
import type { Clock } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { normaliseEmail } from './email-address.js';
import { code, languageOf, link, text, type Wording, utc } from './letters.js';
import { type PendingSignup, SIGNUP_REQUEST } from './signup.entity.js';
import type { MailedSignup, SignupId, SignupRepository } from './signup.repository.js';

/** Kind of the outbox item that mails the code of a signup. */
export const SIGNUP_CODE = 'signup.code';

interface Words {
  readonly subject: string;
  readonly why: string;
  readonly type: string;
  readonly where: readonly string[];
  readonly link: string;
  readonly not: readonly string[];
}

const WORDS: Wording<(region: Region, signup: MailedSignup) => Words> = {
  en: (region, { id, codeExpiresAt }) => ({
    subject: `Your code for Domicile (${region.name})`,
    why: `Somebody, hopefully you, asked for an account of Domicile, hosted in the region ${region.name}.`,
    type: 'To confirm it, enter this code where you asked for it:',
    where: [
      `It belongs to the signup ${id}`,
      `at ${region.origins.customer}`,
      `and can be used until ${utc(codeExpiresAt)}.`,
    ],
    link: 'Or open this link, and choose your password there:',
    not: [
      'If it was not you, do nothing: without the code no account comes into being.',
      'Nobody of Domicile will ever ask you for this code.',
    ],
  }),
  de: (region, { id, codeExpiresAt }) => ({
    subject: `Ihr Code für Domicile (${region.name})`,
    why: `Jemand, hoffentlich Sie, hat um ein Konto bei Domicile gebeten, das in der Region ${region.name} liegt.`,
    type: 'Geben Sie zur Bestätigung diesen Code dort ein, wo Sie darum gebeten haben:',
    where: [`Er gehört zur Anmeldung ${id}`, `bei ${region.origins.customer}`, `und gilt bis ${utc(codeExpiresAt)}.`],
    link: 'Oder öffnen Sie diesen Link und wählen Sie dort Ihr Passwort:',
    not: [
      'Waren Sie es nicht, tun Sie nichts: Ohne den Code entsteht kein Konto.',
      'Niemand von Domicile wird Sie je nach diesem Code fragen.',
    ],
  }),
};

/**
 * Makes the mail with the code of a signup. The code is derived from the signup's id by the region's key: no table holds it, and a
 * repeated mail carries the same one.
 */
export class SignupMail {
  constructor(
    private readonly signups: SignupRepository,
    private readonly blindIndex: BlindIndex,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** The eight digits that confirm a signup: those of its last mail. */
  code(ctx: RegionContext, { id, issue }: Pick<PendingSignup, 'id' | 'issue'>): string {
    return this.blindIndex.code(ctx, SIGNUP_CODE, id, issue);
  }

  /** The mails of claimed items, which come in thousands where somebody floods a region with signups. */
  async composeAll(ctx: RegionContext, items: readonly ClaimedItem[]): Promise<readonly Written[]> {
    const ids = items.map(({ subjectId }) => subjectId as SignupId);
    const signups = new Map((await this.signups.mailed(ctx, ids)).map((signup) => [signup.id, signup]));
    const sealed = [...signups.values()].flatMap((signup) => signup.sealed ?? []);
    await this.vault.openKeys(ctx, sealed);
    return Promise.allSettled(ids.map((id) => this.#compose(ctx, signups.get(id))));
  }

  /** Null when the signup is gone, confirmed or over. It quotes nothing but the address: a stranger typed the rest. */
  async #compose(ctx: RegionContext, signup: MailedSignup | undefined): Promise<Letter | null> {
    const now = this.clock.now();
    if (!signup?.sealed || signup.expiresAt <= now || signup.codeExpiresAt <= now) return null;
    const subject = { subject: signup.id, row: signup.id, set: SIGNUP_REQUEST };
    const { email, language: chosen } = await this.vault.open(ctx, { ...subject, sealed: signup.sealed });
    const to = normaliseEmail(email);
    if (to === null) return null;
    const language = languageOf(chosen);
    const words = WORDS[language](ctx.region, signup);
    const digits = this.code(ctx, signup);
    return {
      to,
      language,
      subject: words.subject,
      parts: [
        text(words.why),
        text(words.type),
        code(digits),
        text(...words.where),
        link(ctx, '/confirm', { signup: signup.id, code: digits }, words.link),
        text(...words.not),
      ],
    };
  }
}
