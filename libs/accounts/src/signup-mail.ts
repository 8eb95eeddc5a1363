import type { RegionContext } from '@domicile/residency';
import type { ClaimedItem, Letter, LetterPart } from '@domicile/messaging';
import type { Clock } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import { normaliseEmail } from './email-address.js';
import { SIGNUP_REQUEST } from './signup.entity.js';
import type { SignupId, SignupRepository } from './signup.repository.js';

/** Kind of the outbox item that mails the code of a signup. */
export const SIGNUP_CODE = 'signup.code';

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

  /** The eight digits that confirm a signup. */
  code(ctx: RegionContext, signup: SignupId): string {
    return this.blindIndex.code(ctx, SIGNUP_CODE, signup);
  }

  /** The mail of a claimed item; null when the signup is gone, confirmed or over. It quotes nothing but the address: a stranger typed the rest. */
  async compose(ctx: RegionContext, item: ClaimedItem): Promise<Letter | null> {
    const subjectId = item.subjectId as SignupId;
    const signup = await this.signups.find(ctx, subjectId);
    if (!signup?.sealed || signup.expiresAt <= this.clock.now()) return null;
    const subject = { subject: signup.id, row: signup.id, set: SIGNUP_REQUEST };
    const to = normaliseEmail((await this.vault.open(ctx, { ...subject, sealed: signup.sealed })).email);
    if (to === null) return null;
    const { region } = ctx;
    return {
      to,
      language: 'en',
      subject: `Your code for Domicile (${region.name})`,
      parts: [
        text(`Somebody, hopefully you, asked for an account of Domicile, hosted in the region ${region.name}.`),
        text('To confirm it, enter this code where you asked for it:'),
        { kind: 'code', code: this.code(ctx, subjectId) },
        text(
          [
            `It belongs to the signup ${subjectId}`,
            `at ${region.origins.customer}`,
            `and can be used until ${signup.expiresAt.toISOString()}.`,
          ].join('\n'),
        ),
        text(
          [
            'If it was not you, do nothing: without the code no account comes into being.',
            'Nobody of Domicile will ever ask you for this code.',
          ].join('\n'),
        ),
      ],
    };
  }
}

function text(words: string): LetterPart {
  return { kind: 'text', text: words };
}
