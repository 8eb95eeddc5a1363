import { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Region } from '@domicile/residency';
import { ACR_MULTIPLE, ACR_SINGLE } from './claims.js';
import { GRANT_TTL_SECONDS } from './oidc-consents.js';
import type { OidcKey } from './oidc-key-files.js';
import { confirmSignOut, signedOut, showError } from './pages.js';
import { isLoopback } from './redirect-uri.js';
import type { Subjects } from './subjects.js';
import { currentUnit } from './unit.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where the JSON API of interactions is, and the only place that their cookie is sent to. */
export const INTERACTIONS_PATH = '/v1/oidc-interactions';

/** Where the page is that a person decides on: it needs no cookie itself, what it asks of the API does. */
const APPLICATIONS_PATH = '/applications';

/** What an issuer is made of. */
export interface IssuerParts {
  readonly region: Region;
  /** The one that signs first. */
  readonly keys: readonly OidcKey[];
  /** Signs cookies. */
  readonly cookieKey: string;
  readonly subjects: Subjects;
  readonly adapter: NonNullable<Configuration['adapter']>;
  /** The public id of an interaction, see {@link OidcRecords.idOf}. */
  readonly interactionId: (uid: string) => string;
}

/**
 * OpenID Connect as narrow as relying parties allow: the code flow with PKCE S256 for every client (RFC 9700 section 2.1.1), ES256 alone,
 * pairwise subjects, and nothing registered but by the operator. There is no second session beside Domicile's own: each authorization
 * asks for that one anew.
 */
export function providerConfiguration(parts: IssuerParts): Configuration {
  return {
    adapter: parts.adapter,
    jwks: { keys: [...parts.keys] },
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
      subject_type: 'pairwise',
    },
    clientAuthMethods: ['client_secret_basic', 'none'],
    responseTypes: ['code'],
    subjectTypes: ['pairwise'],
    scopes: ['openid', 'offline_access', 'email', 'profile'],
    claims: {
      openid: ['sub', 'region', 'auth_time', 'acr', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    acrValues: [ACR_SINGLE, ACR_MULTIPLE],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256'],
    },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    features: features(),
    ...people(parts.subjects),
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' && (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    interactions: {
      policy: domicilePolicy(),
      url: (_ctx, interaction) => `${APPLICATIONS_PATH}/${parts.interactionId(interaction.uid)}`,
    },
    renderError: showError,
    cookies: cookies(parts),
    ttl: {
      AccessToken: 15 * MINUTE,
      AuthorizationCode: MINUTE,
      IdToken: HOUR,
      Interaction: 15 * MINUTE,
      RefreshToken: 14 * DAY,
      Grant: GRANT_TTL_SECONDS,
      Session: 12 * HOUR,
    },
    // Each refresh token is good for one use, whoever holds it.
    rotateRefreshToken: () => true,
  };
}

function features(): NonNullable<Configuration['features']> {
  const off = { enabled: false } as const;
  return {
    devInteractions: off,
    dPoP: off,
    pushedAuthorizationRequests: off,
    resourceIndicators: off,
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    introspection: { enabled: true, allowedPolicy: ownLiveToken },
    rpInitiatedLogout: { enabled: true, logoutSource: confirmSignOut, postLogoutSuccessSource: signedOut },
  };
}

/** Who the tokens speak of. The provider calls back within the unit of work of the request that it answers. */
function people(subjects: Subjects): Pick<Configuration, 'pairwiseIdentifier' | 'findAccount'> {
  return {
    pairwiseIdentifier: (_ctx, personId, client) =>
      Promise.resolve(subjects.pairwise(currentUnit(), personId, sectorOf(client.redirectUris, client.clientId))),
    findAccount: async (_ctx, personId) =>
      (await subjects.mayAct(currentUnit(), personId))
        ? {
            accountId: personId,
            claims: (use, scope) =>
              subjects.claims(currentUnit(), personId, use === 'userinfo' ? scope.split(' ') : []),
          }
        : undefined,
  };
}

/** Never asks whether somebody is signed in here: Domicile's own session says so, at the interaction, each time. */
function domicilePolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy
    .get('login')!
    .checks.add(
      new Check('domicile_session', 'the person must be asked', 'login_required', ({ oidc }) => !oidc.result?.login),
    );
  return policy;
}

/** The host of a web application; for one on a person's own device, where all have the same, the client itself. */
function sectorOf(redirectUris: readonly string[] | undefined, clientId: string): string {
  const url = new URL(redirectUris![0]!);
  return isLoopback(url) ? clientId : url.host;
}

/** A client learns of its own tokens alone, and of one whose grant is gone that it is worth nothing. */
async function ownLiveToken(
  { oidc }: KoaContextWithOIDC,
  client: { readonly clientId: string },
  token: { readonly clientId?: string | undefined; readonly grantId?: string | undefined },
): Promise<boolean> {
  if (token.clientId !== client.clientId || token.grantId === undefined) return false;
  return (await oidc.provider.Grant.find(token.grantId)) !== undefined;
}

/** Host-only, signed, and over https under names that another host of the same site cannot write (RFC 6265bis section 4.1.3). */
function cookies({ region, cookieKey }: IssuerParts): NonNullable<Configuration['cookies']> {
  const secure = region.origins.customer.startsWith('https:');
  const common = { httpOnly: true, sameSite: 'lax', signed: true, secure, overwrite: true } as const;
  const named = (name: string, prefix: string): string => `${secure ? prefix : ''}domicile-oidc-${name}`;
  return {
    keys: [cookieKey],
    names: {
      session: named('session', '__Host-'),
      interaction: named('interaction', '__Secure-'),
      resume: named('resume', '__Secure-'),
    },
    long: { ...common, path: '/' },
    short: { ...common, path: INTERACTIONS_PATH },
  };
}
