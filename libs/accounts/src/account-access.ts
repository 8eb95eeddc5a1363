import {
  type AccountContext,
  type AccountId,
  credentialRefused,
  type RegionContext,
  ResidencyError,
} from '@domicile/residency';
import { type Clock, SECRET_PREFIXES } from '@domicile/runtime';
import type { AccountRepository } from './account.repository.js';
import { type Act, assertAccount } from './life-cycle.js';
import { assertMay, may, type Permission, type Role } from './permissions.js';
import type { Person } from './person.entity.js';
import { presentedSession, type Sessions } from './sessions.js';
import { assertPolicy, type SessionState } from './settings/session-policy.js';
import type { ApiToken } from './tokens/api-token.entity.js';
import type { ApiTokenRepository } from './tokens/api-token.repository.js';
import { assertScope, type Scope } from './tokens/scopes.js';

/** A token's last use is written when what stands there is older than this. */
const USED_MILLISECONDS = 5 * 60 * 1000;

/** What somebody wants in an account. */
export interface Wish {
  readonly act: Act;
  /** Left out where everyone in the account may. */
  readonly permission?: Permission;
  /** Left out where no API token may, whatever it was made for. */
  readonly scope?: Scope;
  /** For what cannot be undone: see {@link Sessions.assertFresh}. */
  readonly fresh?: true;
}

/** Who has entered an account, and its row at that moment. */
export interface Entry {
  readonly accountId: AccountId;
  /** The person, or the maker of the token. */
  readonly personId: Person['id'];
  readonly role: Role;
  /** When she last proved who she is; null for a token, which proves nobody's presence. */
  readonly authenticatedAt: Date | null;
  /** What of the session was held against the account's policy; null for a token. */
  readonly session: SessionState | null;
  readonly status: string;
  readonly sealed: Buffer;
  readonly createdAt: Date;
  readonly closingAt: Date | null;
  readonly version: number;
}

/** Of the row that was read: null when the person has no part in the account. */
type Part = { [K in 'role' | 'sealed' | 'status' | 'createdAt' | 'version']: unknown };

/** The one way into an account: whoever presents a secret is proven, and held to its role, its scopes and the account's policy. */
export class AccountAccess {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: Sessions,
    private readonly tokens: ApiTokenRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets the caller in, by one read.
   * @throws ResidencyError residency.secret_invalid without a valid session, or token where the wish has a scope; residency.not_found
   *   when there is no such account or the caller has no part in it, which look alike; Problem account.suspended, account.restricted,
   *   account.closing, account.own_provider_required, account.second_factor_required, account.session_over, account.right_missing,
   *   token.scope_missing, session.own_factor_required, session.not_fresh
   */
  async enter(ctx: RegionContext, id: AccountId, wish: Wish): Promise<Entry> {
    const { actor } = ctx;
    const isToken = actor.kind === 'bearer' && actor.secret.prefix === SECRET_PREFIXES.apiToken;
    if (isToken && wish.scope === undefined) throw credentialRefused();
    const entry = isToken ? await this.#byToken(ctx, id, wish.scope!) : await this.#bySession(ctx, id);
    assertAccount(entry.status, wish.act);
    if (wish.permission !== undefined) assertMay(entry.role, wish.permission);
    if (wish.fresh && entry.authenticatedAt !== null) this.sessions.assertFresh(entry.authenticatedAt);
    return entry;
  }

  async #bySession(ctx: RegionContext, id: AccountId): Promise<Entry> {
    const presented = presentedSession(ctx);
    const seen = await this.accounts.seenBySession(ctx.account(id), presented.id);
    const row = this.sessions.prove(presented, seen);
    assertPart(row);
    assertPolicy(row, row, this.clock.now());
    this.sessions.noteUse(ctx, presented.id, row.lastSeenAt);
    return { ...row, accountId: id, session: row };
  }

  async #byToken(ctx: RegionContext, id: AccountId, scope: Scope): Promise<Entry> {
    const presented = presentedToken(ctx);
    const seen = await this.accounts.seenByToken(ctx.account(id), presented.id);
    const now = this.clock.now();
    // A token is not idle: it has an end, and nothing else.
    const row = this.sessions.prove(presented, seen && { ...seen, lastSeenAt: now });
    if (!row.isOwn) throw new ResidencyError('residency.not_found');
    // A token lives as long as its maker has a part in the account that lets her make tokens.
    if (row.role === null || !may(row.role as Role, 'tokens.manage')) throw credentialRefused();
    assertPart(row);
    assertScope(row.scopes, scope);
    const { lastUsedAt } = row;
    if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() > USED_MILLISECONDS)
      await this.tokens.used(ctx, presented.id, now);
    return { ...row, accountId: id, authenticatedAt: null, session: null };
  }

  /**
   * Decides once more, holding the account until the transaction ends: what was allowed at the door may have been taken away since.
   * @param account narrowed from the transaction's context @throws as {@link enter}
   */
  async hold(account: AccountContext, personId: Person['id'], permission?: Permission): Promise<void> {
    const status = await this.accounts.hold(account);
    // Read by a statement of its own: what the one before has left is not seen by the statement that waited.
    const role = await this.accounts.roleOf(account, personId);
    if (status === null || role === null) throw new ResidencyError('residency.not_found');
    assertAccount(status, 'change');
    if (permission !== undefined) assertMay(role, permission);
  }
}

function assertPart<R extends Part>(row: R): asserts row is R & Pick<Entry, keyof Part> {
  const { role, sealed, status, createdAt, version } = row;
  if (role === null || sealed === null || status === null || createdAt === null || version === null)
    throw new ResidencyError('residency.not_found');
}

function presentedToken({ actor }: RegionContext) {
  if (actor.kind !== 'bearer') throw credentialRefused();
  return actor.secret as typeof actor.secret & { readonly id: ApiToken['id'] };
}
