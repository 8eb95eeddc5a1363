import { type AccountId, type IdCodec, type Origin, type RegionContext, ResidencyError } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { Accounts } from '../accounts.js';
import { ACCOUNT_EVENT_ORIGIN, NOWHERE, PERSON_EVENT_ORIGIN } from '../origin/origin.js';
import { cursorOf, type Page, type Paged, pagedOf } from '../page.js';
import type { Sessions } from '../sessions.js';
import type { EventRepository } from './event.repository.js';

/**
 * How old a line is before it is pulled, in seconds: longer than any transaction may last (a request has 30 seconds at most), so that
 * none that is still being written can come to stand before one that was given out.
 */
export const PULL_LAG_SECONDS = 60;

/** One line of a person's log, as she sees it. */
export interface PersonLine extends Origin {
  readonly id: string;
  readonly kind: string;
  readonly sessionId: string | null;
  readonly createdAt: Date;
}

/** One line of an account's log, as who may read it sees it. */
export interface AccountLine extends Origin {
  readonly id: string;
  readonly kind: string;
  readonly actorId: string | null;
  readonly subjectId: string | null;
  readonly createdAt: Date;
}

/** What the list works with. */
export interface EventListParts {
  readonly ids: IdCodec;
  readonly vault: Vault;
  readonly events: EventRepository;
  readonly sessions: Sessions;
  readonly accounts: Accounts;
}

type AccountRow = Awaited<ReturnType<EventRepository['ofAccount']>>[number];

/** Shows the security log to those whom it is about. */
export class EventList {
  constructor(private readonly parts: EventListParts) {}

  /** The caller's own, newest first. @throws as {@link Sessions.authenticate} and {@link cursorOf}; those of {@link Vault.open} */
  async mine(ctx: RegionContext, { after, limit }: Page): Promise<Paged<PersonLine>> {
    const { ids, vault, events, sessions } = this.parts;
    const { personId } = await sessions.authenticate(ctx);
    const rows = await events.own(ctx, personId, cursorOf(ctx, ids, ID_PREFIXES.personEvent, after), limit + 1);
    const lines = await Promise.all(
      rows.map(async ({ sealed, ...row }) => {
        const place = { subject: personId, row: row.id, set: PERSON_EVENT_ORIGIN };
        const { device, country } = sealed === null ? NOWHERE : await vault.open(ctx, { ...place, sealed });
        return { ...row, device, country };
      }),
    );
    return pagedOf(rows, limit, lines);
  }

  /**
   * An account's, newest first: to look at. @throws as {@link Accounts.get} and {@link cursorOf}; Problem account.right_missing
   */
  async ofAccount(ctx: RegionContext, id: AccountId, { after, limit }: Page): Promise<Paged<AccountLine>> {
    const { ids, events, accounts } = this.parts;
    await accounts.authorise(ctx, id, 'log.read', 'log.read');
    const cursor = cursorOf(ctx, ids, ID_PREFIXES.accountEvent, after);
    const rows = await events.ofAccount(ctx.account(id), cursor, limit + 1);
    return pagedOf(rows, limit, await Promise.all(rows.map((row) => this.#line(ctx, id, row))));
  }

  /**
   * An account's, oldest first and {@link PULL_LAG_SECONDS} behind: for a system that goes on after the last line it has, and is to
   * miss none. @throws as {@link ofAccount}; ResidencyError residency.not_found when `after` is no line of the account: nothing follows it
   */
  async pull(ctx: RegionContext, id: AccountId, { after, limit }: Page): Promise<readonly AccountLine[]> {
    const { ids, events, accounts } = this.parts;
    await accounts.authorise(ctx, id, 'log.read', 'log.read');
    const cursor = cursorOf(ctx, ids, ID_PREFIXES.accountEvent, after);
    const account = ctx.account(id);
    const rows = await events.pulled(account, cursor, limit, PULL_LAG_SECONDS);
    if (rows.length === 0 && cursor !== null && !(await events.has(account, cursor)))
      throw new ResidencyError('residency.not_found');
    return Promise.all(rows.map((row) => this.#line(ctx, id, row)));
  }

  async #line(ctx: RegionContext, account: AccountId, row: AccountRow): Promise<AccountLine> {
    const { ids, vault } = this.parts;
    const { id, kind, actorId, subjectKind, subjectUuid, sealed, createdAt } = row;
    const place = { subject: account, row: id, set: ACCOUNT_EVENT_ORIGIN };
    const { device, country } = sealed === null ? NOWHERE : await vault.open(ctx, { ...place, sealed });
    const subjectId =
      subjectKind === null || subjectUuid === null ? null : ids.decode(subjectUuid, subjectKind, ctx.region);
    return { id, kind, actorId, subjectId, createdAt, device, country };
  }
}
