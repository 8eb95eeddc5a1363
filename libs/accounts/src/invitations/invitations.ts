import type { Outbox } from '@domicile/messaging';
import { type Keep, keptNowhere } from '@domicile/requests';
import {
  type AccountId,
  type Door,
  type IdCodec,
  type RegionContext,
  ResidencyError,
  sameHash,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, Problem } from '@domicile/runtime';
import type { BlindIndex, Vault } from '@domicile/vault';
import type { AccountAccess, Entry } from '../account-access.js';
import type { AccountErrorCode } from '../account-errors.js';
import { ADDRESS_INDEX, normaliseEmail } from '../email-address.js';
import { assertAccount } from '../life-cycle.js';
import { paged, type PageQuery, wanted } from '../page.js';
import { assertMay } from '../permissions.js';
import type { Person } from '../person.entity.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { InvitationAccepted, InvitationMade, InvitationsPage, Invite } from './invitation.dto.js';
import { type Invitation, INVITATION_ADDRESS } from './invitation.entity.js';
import { addressOf, INVITATION_CODE, type InvitationMail } from './invitation-mail.js';
import type { InvitationRepository } from './invitation.repository.js';

const DAY = 24 * 60 * 60 * 1000;
const TTL_MILLISECONDS = 7 * DAY;
const WRONG_CODES_MAX = 10;
/** How long after it was made an invitation that nobody answered is erased. */
export const INVITATION_KEPT_MILLISECONDS = TTL_MILLISECONDS + DAY;

/** What invitations work with. */
export interface InvitationsParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly access: AccountAccess;
  readonly invitations: InvitationRepository;
  readonly mail: InvitationMail;
  readonly log: SecurityLog;
}

/** An answer to an invitation: who gives it, proven by her session, and the code from her mail. */
export interface InvitationAnswer {
  readonly id: Invitation['id'];
  readonly personId: Person['id'];
  readonly code: string;
}

/** Asking people into an account, by mail. */
export class Invitations {
  constructor(private readonly parts: InvitationsParts) {}

  /** Who may invite. @throws as {@link AccountAccess.enter} */
  enter(ctx: RegionContext, id: AccountId): Promise<Entry> {
    return this.parts.access.enter(ctx, id, { act: 'change', permission: 'people.invite' });
  }

  /**
   * Stores an invitation and has it mailed, both or neither. Addresses of persons, of members and of nobody take the same path: none
   * is looked up.
   * @param entry of {@link enter}
   * @throws Problem account.right_missing for an owner's part by who is none; those of {@link AccountAccess.hold}
   */
  async make(
    ctx: RegionContext,
    entry: Entry,
    asked: Invite,
    keep: Keep<InvitationMade> = keptNowhere,
  ): Promise<InvitationMade> {
    const { door, ids, clock, outbox, blindIndex, vault, access, invitations, mail, log } = this.parts;
    const { accountId, personId } = entry;
    const permission = asked.role === 'owner' ? 'people.change_owners' : 'people.invite';
    assertMay(entry.role, permission);
    const id = ids.mint(ID_PREFIXES.invitation, ctx.region);
    const key = await vault.keyOf(ctx, entry.sealed);
    const sealed = vault.seal(
      ctx,
      key,
      { subject: accountId, row: id, set: INVITATION_ADDRESS },
      { email: asked.email },
    );
    const addressKey = blindIndex.of(ctx, ADDRESS_INDEX, normaliseEmail(asked.email) ?? '');
    const { role } = asked;
    const made = { id, role, expiresAt: new Date(clock.now().getTime() + TTL_MILLISECONDS) };
    const from = await log.whence(ctx, { account: entry.sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      await access.hold(account, personId, permission);
      await invitations.insert(account, { ...made, sealed, addressKey, inviterId: personId }, mail.way(tx, id));
      await outbox.enqueue(tx, INVITATION_CODE, id);
      await log.tellAccount(account, { kind: 'invitation.made', actorId: personId, subjectId: id, from });
      await keep(tx, made);
    });
    return made;
  }

  /** Some of those that nobody has answered. @throws as {@link enter}; those of {@link Vault.open} */
  async list(ctx: RegionContext, id: AccountId, query: PageQuery): Promise<InvitationsPage> {
    const { ids, vault, access, invitations } = this.parts;
    await access.enter(ctx, id, { act: 'read', permission: 'people.invite' });
    const { limit, after } = wanted(ids, ctx, ID_PREFIXES.invitation, query);
    const { rows, next } = paged(await invitations.list(ctx.account(id), after, limit + 1), limit);
    const shown = rows.map(async ({ sealed, inviterId, ...row }) => {
      const { email } = await vault.open(ctx, addressOf(id, { id: row.id, sealed }));
      return { ...row, email, invitedBy: inviterId };
    });
    return { invitations: await Promise.all(shown), next };
  }

  /** Takes an invitation back. @throws as {@link enter}; ResidencyError residency.not_found */
  async revoke(ctx: RegionContext, accountId: AccountId, id: Invitation['id']): Promise<void> {
    const { door, access, invitations, mail, log } = this.parts;
    const entry = await access.enter(ctx, accountId, { act: 'read', permission: 'people.invite' });
    const from = await log.whence(ctx, { account: entry.sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      if (!(await invitations.erase(account, id, mail.way(tx, id)))) throw new ResidencyError('residency.not_found');
      await log.tellAccount(account, { kind: 'invitation.revoked', actorId: entry.personId, subjectId: id, from });
    });
  }

  /**
   * Makes the person a member, once.
   * @throws ResidencyError residency.not_found when there is no such invitation or it is for another address, which look alike; Problem
   *   invitation.code_wrong, invitation.code_exhausted, invitation.expired, invitation.already_member, account.suspended,
   *   account.restricted, account.closing
   */
  async accept(
    ctx: RegionContext,
    answer: InvitationAnswer,
    keep: Keep<InvitationAccepted> = keptNowhere,
  ): Promise<InvitationAccepted> {
    const { door, ids, clock, invitations, mail, log } = this.parts;
    const { id, personId } = answer;
    const { accountId, sealed } = await this.#open(ctx, answer);
    const from = await log.whence(ctx, { account: sealed });
    const membershipId = ids.mint(ID_PREFIXES.membership, ctx.region);
    const affiliationId = ids.mint(ID_PREFIXES.affiliation, ctx.region);
    const accepted = { id, personId, membershipId, affiliationId, now: clock.now(), attemptsMax: WRONG_CODES_MAX };
    return door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      const taken = await invitations.accept(account, { ...accepted, way: mail.way(tx, id) });
      if (taken === null) throw new ResidencyError('residency.not_found');
      if (!taken.hasJoined) throw refused('invitation.already_member');
      await log.tellAccount(account, { kind: 'invitation.accepted', actorId: personId, subjectId: id, from });
      const joined = { account: { id: accountId, hostingRegion: ctx.region.code }, role: taken.role };
      await keep(tx, joined);
      return joined;
    });
  }

  /** Ends an invitation on behalf of who was invited. @throws as {@link accept} */
  async decline(ctx: RegionContext, answer: InvitationAnswer): Promise<void> {
    const { door, invitations, mail, log } = this.parts;
    const { id, personId } = answer;
    const { accountId } = await this.#open(ctx, answer);
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      if (!(await invitations.erase(account, id, mail.way(tx, id)))) throw new ResidencyError('residency.not_found');
      // Where she is, is not for people whom she does not join: anybody could invite her to learn it.
      await log.tellAccount(account, { kind: 'invitation.declined', actorId: personId, subjectId: id, from: null });
    });
  }

  /** Removes those that were made before that time, at most `limit`: a job names each one's account as well. @returns how many */
  async eraseOver(ctx: RegionContext, before: Date, limit: number): Promise<number> {
    const { door, invitations } = this.parts;
    const over = await invitations.over(ctx, this.#idAt(ctx, before), limit);
    if (over.length > 0)
      await door.transaction(ctx, async (tx) => {
        for (const { accountId, invitationId, way } of over)
          await invitations.erase(tx.account(accountId), invitationId, way);
      });
    return over.length;
  }

  /** The account of an invitation that this person may answer with this code, and a value under its key. @throws as {@link accept} */
  async #open(
    ctx: RegionContext,
    { id, personId, code }: InvitationAnswer,
  ): Promise<{ readonly accountId: AccountId; readonly sealed: Buffer }> {
    const { clock, invitations, mail } = this.parts;
    const way = await invitations.way(ctx, mail.way(ctx, id));
    if (!way) throw new ResidencyError('residency.not_found');
    const account = ctx.account(way.accountId);
    const offer = await invitations.offer(account, id, personId);
    if (!offer?.isMine) throw new ResidencyError('residency.not_found');
    if (offer.expiresAt <= clock.now()) throw refused('invitation.expired');
    if (!sameHash(Buffer.from(code), Buffer.from(mail.code(ctx, id)))) {
      const counted = await invitations.countWrong(account, id, clock.now(), WRONG_CODES_MAX);
      throw refused(counted ? 'invitation.code_wrong' : 'invitation.code_exhausted');
    }
    if (offer.attempts >= WRONG_CODES_MAX) throw refused('invitation.code_exhausted');
    assertAccount(offer.status, 'change');
    return { accountId: way.accountId, sealed: offer.sealed };
  }

  /** The smallest id of that moment: ids begin with their milliseconds. */
  #idAt(ctx: RegionContext, time: Date): Invitation['id'] {
    const bytes = Buffer.alloc(16);
    bytes.writeUIntBE(time.getTime(), 0, 6);
    return this.parts.ids.derive(ID_PREFIXES.invitation, ctx.region, bytes);
  }
}

function refused(code: AccountErrorCode): Problem {
  return new Problem(code);
}
