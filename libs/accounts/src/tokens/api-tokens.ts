import { type Keep, keptNowhere } from '@domicile/requests';
import {
  type AccountId,
  type Door,
  type IdCodec,
  type RegionContext,
  ResidencyError,
  type SecretCodec,
} from '@domicile/residency';
import { type Clock, ID_PREFIXES, Problem, SECRET_PREFIXES } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import type { AccountErrorCode } from '../account-errors.js';
import type { AccountAccess, Entry } from '../account-access.js';
import { paged, type PageQuery, wanted } from '../page.js';
import type { SecurityLog } from '../security-log/security-log.js';
import type { MakeToken, TokenMade, TokensPage } from './api-token.dto.js';
import { type ApiToken, API_TOKEN_LABEL } from './api-token.entity.js';
import type { ApiTokenRepository } from './api-token.repository.js';
import { readScopes, scopesText } from './scopes.js';

/** Tokens of one account that are not over. */
const TOKENS_MAX = 100;
const DAY = 24 * 60 * 60 * 1000;

/** What tokens work with. */
export interface ApiTokensParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly access: AccountAccess;
  readonly tokens: ApiTokenRepository;
  readonly log: SecurityLog;
}

/** Secrets that read one account, for programs. What one may do is decided where it is used: see {@link AccountAccess}. */
export class ApiTokens {
  constructor(private readonly parts: ApiTokensParts) {}

  /** Who may make one, just proved. @throws as {@link AccountAccess.enter} */
  enter(ctx: RegionContext, id: AccountId): Promise<Entry> {
    return this.parts.access.enter(ctx, id, { act: 'change', permission: 'tokens.manage', fresh: true });
  }

  /** Makes a token; its secret is shown this once. @param entry of {@link enter} @throws those of {@link AccountAccess.hold}; Problem token.too_many */
  async make(
    ctx: RegionContext,
    entry: Entry,
    asked: MakeToken,
    keep: Keep<TokenMade> = keptNowhere,
  ): Promise<TokenMade> {
    const { door, ids, secrets, clock, vault, access, tokens, log } = this.parts;
    const { accountId, personId } = entry;
    const id = ids.mint(ID_PREFIXES.apiToken, ctx.region);
    const { text: token, hash: secretHash } = secrets.mint(SECRET_PREFIXES.apiToken, ctx.region, id);
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + asked.expiresInDays * DAY);
    const key = await vault.keyOf(ctx, entry.sealed);
    const sealed = vault.seal(ctx, key, { subject: accountId, row: id, set: API_TOKEN_LABEL }, { name: asked.name });
    const scopes = scopesText(asked.scopes);
    const made = { id, token, expiresAt };
    const from = await log.whence(ctx, { personId, account: entry.sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      await access.hold(account, personId, 'tokens.manage');
      // The account is held: nobody makes another one before this one is counted.
      if ((await tokens.live(account, now)) >= TOKENS_MAX)
        throw new Problem('token.too_many' satisfies AccountErrorCode);
      await tokens.insert(account, { id, makerId: personId, secretHash, sealed, scopes, expiresAt });
      await log.tellAccount(account, { kind: 'token.made', actorId: personId, subjectId: id, from });
      await keep(tx, made);
    });
    return made;
  }

  /** Some of them, without their secrets. @throws as {@link AccountAccess.enter}; those of {@link Vault.open} */
  async list(ctx: RegionContext, id: AccountId, query: PageQuery): Promise<TokensPage> {
    const { ids, vault, access, tokens } = this.parts;
    await access.enter(ctx, id, { act: 'read', permission: 'tokens.manage' });
    const { limit, after } = wanted(ids, ctx, ID_PREFIXES.apiToken, query);
    const { rows, next } = paged(await tokens.list(ctx.account(id), after, limit + 1), limit);
    const shown = rows.map(async ({ sealed, makerId, scopes, ...row }) => {
      const { name } = await vault.open(ctx, { subject: id, row: row.id, set: API_TOKEN_LABEL, sealed });
      return { ...row, name, scopes: readScopes(scopes), madeBy: makerId };
    });
    return { tokens: await Promise.all(shown), next };
  }

  /** Ends a token: its secret is worth nothing from the commit on. @throws as {@link AccountAccess.enter}; residency.not_found */
  async revoke(ctx: RegionContext, accountId: AccountId, id: ApiToken['id']): Promise<void> {
    const { door, access, tokens, log } = this.parts;
    // Also while the account may only be read: a secret that got lost must not outlive that.
    const entry = await access.enter(ctx, accountId, { act: 'read', permission: 'tokens.manage' });
    const from = await log.whence(ctx, { account: entry.sealed });
    await door.transaction(ctx, async (tx) => {
      const account = tx.account(accountId);
      if (!(await tokens.erase(account, id))) throw new ResidencyError('residency.not_found');
      await log.tellAccount(account, { kind: 'token.revoked', actorId: entry.personId, subjectId: id, from });
    });
  }
}
