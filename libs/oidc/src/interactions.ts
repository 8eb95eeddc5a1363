import type { ServerResponse } from 'node:http';
import { assertOwnFactor, type ProvenSession, type SecurityLog } from '@domicile/accounts';
import type { Keep } from '@domicile/requests';
import type { Door, RegionContext } from '@domicile/residency';
import { Problem } from '@domicile/runtime';
import type { Client, Interaction, InteractionResults, Provider } from 'oidc-provider';
import { methodsOf } from './claims.js';
import type { OidcContinuation, OidcInteractionView } from './interaction.dto.js';
import type { Incoming } from './issuer.js';
import type { Issuers } from './issuers.js';
import type { OidcClientId } from './oidc-clients.js';
import type { OidcConsents } from './oidc-consents.js';
import type { OidcErrorCode } from './oidc-errors.js';
import type { OidcRecords } from './oidc-records.js';
import { withinUnit } from './unit.js';

/** The browser's request: the cookie in it says which interaction it has. */
export interface Asked {
  /** As it stands in the path. */
  readonly id: string;
  readonly incoming: Incoming;
  readonly response: ServerResponse;
}

interface UnderWay {
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly client: Client;
}

/** What a person decides about an application that asks for her. Both are needed, the id in the path and the browser's signed cookie. */
export class OidcInteractions {
  constructor(
    private readonly issuers: Issuers,
    private readonly records: OidcRecords,
    private readonly consents: OidcConsents,
    private readonly door: Door,
    private readonly securityLog: SecurityLog,
  ) {}

  /** Who asks for what. @throws Problem oidc.interaction_over, oidc.client_gone */
  get(ctx: RegionContext, asked: Asked): Promise<OidcInteractionView> {
    return withinUnit(ctx, async () => {
      const { interaction, client } = await this.#underWay(ctx, asked);
      return {
        id: asked.id,
        client: { id: client.clientId, name: client.clientName ?? '', host: new URL(client.redirectUris![0]!).host },
        scopes: scopesOf(interaction),
        loginHint: textOf(interaction.params['login_hint']),
        expiresAt: new Date(interaction.exp * 1000).toISOString(),
      };
    });
  }

  /**
   * The signed-in person agrees: a grant of what was asked for, to this application alone, in one transaction with its line in her
   * security log. With something of her own: an account's own provider does not speak for her elsewhere.
   * @throws as {@link get}; Problem session.own_factor_required
   */
  async consent(
    ctx: RegionContext,
    asked: Asked,
    { personId, sessionId, authenticatedAt, factors }: ProvenSession,
    keep: Keep<OidcContinuation>,
  ): Promise<OidcContinuation> {
    assertOwnFactor(factors);
    const from = await this.securityLog.whence(ctx, { personId });
    return this.door.transaction(ctx, (tx) =>
      withinUnit(tx, async () => {
        const { provider, interaction, client } = await this.#underWay(tx, asked);
        const scopes = scopesOf(interaction).join(' ');
        await this.consents.agree(tx, personId, client.clientId as OidcClientId, scopes);
        const grant = new provider.Grant({ accountId: personId, clientId: client.clientId });
        grant.addOIDCScope(scopes);
        const grantId = await grant.save();
        const ts = Math.floor(authenticatedAt.getTime() / 1000);
        const login = { accountId: personId, ts, remember: false, ...methodsOf(factors) };
        await this.securityLog.tell(tx, { kind: 'client.authorised', personId, sessionId, from });
        return this.#finish(tx, asked, { login, consent: { grantId } }, keep);
      }),
    );
  }

  /** The person declines, signed in or not: the application is told so and nothing more. @throws as {@link get} */
  abort(ctx: RegionContext, asked: Asked, keep: Keep<OidcContinuation>): Promise<OidcContinuation> {
    return this.door.transaction(ctx, (tx) =>
      withinUnit(tx, async () => {
        await this.#underWay(tx, asked);
        return this.#finish(tx, asked, { error: 'access_denied', error_description: 'declined' }, keep);
      }),
    );
  }

  async #finish(
    tx: RegionContext,
    { incoming, response }: Asked,
    result: InteractionResults,
    keep: Keep<OidcContinuation>,
  ): Promise<OidcContinuation> {
    const issuer = await this.issuers.of(tx.region);
    const to = await issuer.provider.interactionResult(issuer.request(incoming), response, result, {
      mergeWithLastSubmission: false,
    });
    const continuation = { continueAt: new URL(to).pathname };
    await keep(tx, continuation);
    return continuation;
  }

  async #underWay(ctx: RegionContext, { id, incoming, response }: Asked): Promise<UnderWay> {
    const { provider, request } = await this.#of(ctx, incoming);
    const interaction = await provider.interactionDetails(request, response).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'SessionNotFound') throw refused('oidc.interaction_over');
      throw error;
    });
    if (this.records.idOf(ctx, 'Interaction', interaction.uid) !== id) throw refused('oidc.interaction_over');
    const client = await provider.Client.find(String(interaction.params['client_id']));
    if (!client) throw refused('oidc.client_gone');
    return { provider, interaction, client };
  }

  async #of(ctx: RegionContext, incoming: Incoming) {
    const issuer = await this.issuers.of(ctx.region);
    return { provider: issuer.provider, request: issuer.request(incoming) };
  }
}

function scopesOf({ params }: Interaction): string[] {
  return (textOf(params['scope']) ?? 'openid').split(' ');
}

function textOf(parameter: unknown): string | null {
  return typeof parameter === 'string' ? parameter : null;
}

function refused(code: OidcErrorCode): Problem {
  return new Problem(code);
}
