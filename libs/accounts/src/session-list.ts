import { type Door, type IdCodec, type Origin, type RegionContext, ResidencyError } from '@domicile/residency';
import { type Clock, ID_PREFIXES } from '@domicile/runtime';
import type { Vault } from '@domicile/vault';
import { type Factor, readFactors } from './factor.js';
import { NOWHERE, SESSION_ORIGIN } from './origin/origin.js';
import { cursorOf, type Page, type Paged, pagedOf } from './page.js';
import type { SecurityLog } from './security-log/security-log.js';
import type { SessionId, SessionRepository } from './session.repository.js';
import type { Sessions } from './sessions.js';

/** A session as its person sees it. */
export interface SessionEntry extends Origin {
  readonly id: SessionId;
  /** True for the one that asks. */
  readonly current: boolean;
  readonly createdAt: Date;
  /** Within five minutes. */
  readonly lastSeenAt: Date;
  readonly authenticatedAt: Date;
  readonly expiresAt: Date;
  readonly factors: readonly Factor[];
}

/** What the list works with. */
export interface SessionListParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly rows: SessionRepository;
  readonly sessions: Sessions;
  readonly log: SecurityLog;
}

/** A person's own sessions: where she is signed in, and how she ends that. */
export class SessionList {
  constructor(private readonly parts: SessionListParts) {}

  /** Those that are not over, newest first. @throws as {@link Sessions.authenticate} and {@link cursorOf}; those of {@link Vault.open} */
  async list(ctx: RegionContext, { after, limit }: Page): Promise<Paged<SessionEntry>> {
    const { ids, clock, rows, sessions } = this.parts;
    const { personId, sessionId } = await sessions.authenticate(ctx);
    const now = clock.now();
    const cursor = cursorOf(ctx, ids, ID_PREFIXES.session, after);
    const asked = { personId, after: cursor, now, idleSince: sessions.idleSince(now), limit: limit + 1 };
    const found = await rows.list(ctx, asked);
    const entries = await Promise.all(
      found.map(async ({ sealed, factors, ...row }) => {
        const place = { subject: personId, row: row.id, set: SESSION_ORIGIN };
        const { device, country } = sealed === null ? NOWHERE : await this.parts.vault.open(ctx, { ...place, sealed });
        return { ...row, current: row.id === sessionId, factors: readFactors(factors), device, country };
      }),
    );
    return pagedOf(found, limit, entries);
  }

  /**
   * Ends one of them at once. @returns true when it was the one that asked
   * @throws ResidencyError residency.not_found when the caller has none of that id, whoever else has; as {@link Sessions.authenticate}
   */
  async end(ctx: RegionContext, id: SessionId): Promise<boolean> {
    const { door, rows, sessions, log } = this.parts;
    const { personId, sessionId } = await sessions.authenticate(ctx);
    const from = await log.whence(ctx, { personId });
    await door.transaction(ctx, async (tx) => {
      if (!(await rows.endOwn(tx, personId, id))) throw new ResidencyError('residency.not_found');
      await log.tell(tx, { kind: 'session.revoked', personId, sessionId: id, from });
    });
    return id === sessionId;
  }

  /** Ends all of them but the one that asks. @throws as {@link Sessions.authenticate} */
  async endOthers(ctx: RegionContext): Promise<void> {
    const { door, sessions, log } = this.parts;
    const { personId, sessionId } = await sessions.authenticate(ctx);
    const from = await log.whence(ctx, { personId });
    await door.transaction(ctx, (tx) => sessions.endOthers(tx, personId, sessionId, from));
  }
}
