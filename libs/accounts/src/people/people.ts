import {
  type AccountContext,
  type AccountId,
  type Door,
  type IdCodec,
  type RegionContext,
  ResidencyError,
} from '@domicile/residency';
import { ID_PREFIXES, Problem, type Versioned } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountAccess, Entry } from '../account-access.js';
import { may, type Role } from '../permissions.js';
import type { Whence } from '../origin/origin.js';
import { type Person, PERSON_PROFILE } from '../person.entity.js';
import type { AccountEventKind } from '../security-log/events.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { Sessions } from '../sessions.js';
import type { ApiTokenRepository } from '../tokens/api-token.repository.js';
import { paged, type PageQuery, wanted } from '../page.js';
import type { MemberView, PeoplePage } from './people.dto.js';
import type { PeopleRepository } from './people.repository.js';
import { assertMayMove, concernsOwners, type Standing } from './standing.js';

/** What the people in an account are worked on with. */
export interface PeopleParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly vault: Vault;
  readonly access: AccountAccess;
  readonly sessions: Sessions;
  readonly people: PeopleRepository;
  readonly tokens: ApiTokenRepository;
  readonly log: SecurityLog;
}

type MemberRow = NonNullable<Awaited<ReturnType<PeopleRepository['one']>>>;
type Moved = Awaited<ReturnType<PeopleRepository['standing']>>;

/** Who belongs to an account, and as what. */
export class People {
  constructor(private readonly parts: PeopleParts) {}

  /**
   * Some of the people, by the order in which they joined; for tokens with `people.read` as well.
   * @throws as {@link AccountAccess.enter}; request.invalid for a cursor of something else; those of {@link Vault.open}
   */
  async list(ctx: RegionContext, id: AccountId, query: PageQuery): Promise<PeoplePage> {
    const { ids, access, people } = this.parts;
    const entry = await access.enter(ctx, id, { act: 'read', permission: 'people.read', scope: 'people.read' });
    const { limit, after } = wanted(ids, ctx, ID_PREFIXES.membership, query);
    const { rows, next } = paged(await people.list(ctx.account(id), after, limit + 1), limit);
    return { people: await Promise.all(rows.map((row) => this.#view(ctx, entry, row))), next };
  }

  /** One of them, at the version of the membership. @throws as {@link list}; ResidencyError residency.not_found */
  async get(ctx: RegionContext, id: AccountId, personId: Person['id']): Promise<Versioned<MemberView>> {
    const { access, people } = this.parts;
    const entry = await access.enter(ctx, id, { act: 'read', permission: 'people.read', scope: 'people.read' });
    const row = await people.one(ctx.account(id), personId);
    if (row === null) throw new ResidencyError('residency.not_found');
    return { version: row.version, view: await this.#view(ctx, entry, row) };
  }

  /**
   * Gives a person another role, if her membership is still at that version. @returns what {@link get} then shows
   * @throws as {@link get}; Problem account.last_owner; session.not_fresh where an owner is concerned; ResidencyError residency.stale
   */
  async changeRole(
    ctx: RegionContext,
    id: AccountId,
    { personId, version, role }: { personId: Person['id']; version: number; role: Role },
  ): Promise<Versioned<MemberView>> {
    const entry = await this.parts.access.enter(ctx, id, { act: 'change', permission: 'people.change_role' });
    const from = await this.parts.log.whence(ctx, { account: entry.sealed });
    await this.parts.door.transaction(ctx, async (tx) => {
      const standing = await this.#decide(tx.account(id), entry, personId, role);
      if (standing.version !== version) throw new ResidencyError('residency.stale');
      await this.#setRole(tx.account(id), personId, standing, role);
      await this.#tell(tx.account(id), 'membership.role_changed', entry, personId, from);
    });
    return this.get(ctx, id, personId);
  }

  /** Ends another person's part in the account. @throws as {@link changeRole}, without versions */
  async remove(ctx: RegionContext, id: AccountId, personId: Person['id']): Promise<void> {
    const entry = await this.parts.access.enter(ctx, id, { act: 'change', permission: 'people.remove' });
    await this.#end(ctx, entry, personId, personId === entry.personId ? 'membership.left' : 'membership.removed');
  }

  /** Ends the caller's own part in the account. @throws as {@link AccountAccess.enter}; Problem account.last_owner, session.not_fresh */
  async leave(ctx: RegionContext, id: AccountId): Promise<void> {
    const entry = await this.parts.access.enter(ctx, id, { act: 'change' });
    await this.#end(ctx, entry, entry.personId, 'membership.left');
  }

  /**
   * Makes somebody in the account an owner, and the caller an admin: both at once, so that it has an owner at any time.
   * @throws as {@link changeRole}; Problem request.invalid for an id that is no person's of this region
   */
  async transferOwnership(ctx: RegionContext, id: AccountId, to: string): Promise<void> {
    const { ids, door, access, log } = this.parts;
    const entry = await access.enter(ctx, id, { act: 'change', permission: 'people.change_owners', fresh: true });
    const named = ids.parse(to);
    if (named?.prefix !== ID_PREFIXES.person || named.region !== ctx.region) throw noSuchPerson();
    const personId = to as Person['id'];
    // Nothing to hand over to oneself; it would leave the account with one owner less.
    if (personId === entry.personId) throw noSuchPerson();
    const from = await log.whence(ctx, { personId: entry.personId, account: entry.sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(id);
      await this.#setRole(account, personId, await this.#decide(account, entry, personId, 'owner'), 'owner');
      await this.#setRole(
        account,
        entry.personId,
        await this.#decide(account, entry, entry.personId, 'admin'),
        'admin',
      );
      await this.#tell(account, 'ownership.transferred', entry, personId, from);
    });
  }

  async #end(ctx: RegionContext, entry: Entry, personId: Person['id'], kind: AccountEventKind): Promise<void> {
    const from = await this.parts.log.whence(ctx, { account: entry.sealed });
    await this.parts.door.transaction(ctx, async (tx) => {
      const account = tx.account(entry.accountId);
      await this.#decide(account, entry, personId, null);
      await this.#revokeTokens(account, personId);
      await this.parts.people.remove(account, personId);
      await this.#tell(account, kind, entry, personId, from);
    });
  }

  /** Holds the account, so that of several who decide at once each sees what the one before has left. */
  async #decide(account: AccountContext, entry: Entry, personId: Person['id'], to: Role | null): Promise<Moved> {
    const { access, people, sessions } = this.parts;
    await access.hold(account, entry.personId);
    const standing = await people.standing(account, entry.personId, personId);
    assertMayMove(standing satisfies Standing, to);
    if (concernsOwners(standing, to) && entry.authenticatedAt !== null) sessions.assertFresh(entry.authenticatedAt);
    return standing;
  }

  async #setRole(account: AccountContext, personId: Person['id'], { id, version }: Moved, role: Role): Promise<void> {
    await this.parts.people.setRole(account, id!, version!, role);
    if (!may(role, 'tokens.manage')) await this.#revokeTokens(account, personId);
  }

  /** For good: they would come to life again with the next invitation. */
  async #revokeTokens(account: AccountContext, makerId: Person['id']): Promise<void> {
    await this.parts.tokens.eraseOf(account, makerId);
  }

  #tell(
    account: AccountContext,
    kind: AccountEventKind,
    { personId: actorId }: Entry,
    subjectId: Person['id'],
    from: Whence,
  ) {
    return this.parts.log.tellAccount(account, { kind, actorId, subjectId, from });
  }

  async #view(ctx: RegionContext, entry: Entry, row: MemberRow): Promise<MemberView> {
    const { vault } = this.parts;
    const { personId, role, joinedAt } = row;
    const profile = { subject: personId, row: personId, set: PERSON_PROFILE, sealed: row.sealed };
    const isMasked = entry.role === 'member' && personId !== entry.personId;
    const { email, displayName } = await (isMasked ? vault.mask(ctx, profile) : vault.open(ctx, profile));
    return { personId, role, email: email ?? '', displayName, joinedAt };
  }
}

function noSuchPerson(): Problem {
  return new Problem('request.invalid', {
    errors: [{ pointer: '/personId', code: 'is_person', message: 'The value must be the id of another person.' }],
  });
}
