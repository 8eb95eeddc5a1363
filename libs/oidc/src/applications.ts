import { paged, type PageQuery, type SecurityLog, type Sessions, wanted } from '@domicile/accounts';
import { type Door, type IdCodec, type RegionContext, ResidencyError } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import type { ApplicationPage } from './application.dto.js';
import { hostOf } from './oidc-clients.js';
import type { OidcConsentId, OidcConsents } from './oidc-consents.js';
import type { OidcRecords } from './oidc-records.js';

/** What a person's applications work with. */
export interface ApplicationsParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly sessions: Sessions;
  readonly consents: OidcConsents;
  readonly records: OidcRecords;
  readonly log: SecurityLog;
}

/** The applications that a person signs in to with her account: which they are, and how she ends that. */
export class Applications {
  constructor(private readonly parts: ApplicationsParts) {}

  /** Those that hold something of hers. @throws as {@link Sessions.authenticate} and {@link wanted} */
  async list(ctx: RegionContext, query: PageQuery): Promise<ApplicationPage> {
    const { ids, sessions, consents } = this.parts;
    const { personId } = await sessions.authenticate(ctx);
    const { limit, after } = wanted(ids, ctx, ID_PREFIXES.oidcConsent, query);
    const { rows, next } = paged(await consents.list(ctx, personId, after, limit + 1), limit);
    const applications = rows.map(({ clientId, title, redirectUris, scopes, ...row }) => ({
      ...row,
      client: { id: clientId, name: title, host: hostOf(redirectUris) },
      scopes: scopes.split(' '),
    }));
    return { applications, next };
  }

  /**
   * Ends what she agreed to with one of them: every code, token and grant of it is worth nothing from the commit on, wherever she is
   * signed in. No fresh proof is asked for: nothing is lost that she could not agree to again.
   * @throws ResidencyError residency.not_found when she has none of that id, whoever else has; as {@link Sessions.authenticate}
   */
  async revoke(ctx: RegionContext, id: OidcConsentId): Promise<void> {
    const { door, sessions, consents, records, log } = this.parts;
    const { personId, sessionId } = await sessions.authenticate(ctx);
    const from = await log.whence(ctx, { personId });
    await door.transaction(ctx, async (tx) => {
      // Waits for a consent that is being given at the moment; so the statement after it sees that one's grant.
      if (!(await consents.eraseOwn(tx, personId, id))) throw new ResidencyError('residency.not_found');
      await records.eraseOfConsent(tx, id);
      await log.tell(tx, { kind: 'client.revoked', personId, sessionId, from });
    });
  }
}
