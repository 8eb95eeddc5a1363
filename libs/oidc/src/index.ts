import { OidcClient } from './oidc-client.entity.js';
import { OidcConsent } from './oidc-consent.entity.js';
import { OidcRecord } from './oidc-record.entity.js';

/**
 * OpenID Connect (floor 4): one issuer for each region, and the relying parties that its operator registered.
 * {@link OIDC_ENTITIES} are its tables, for migrations and the catalogue test.
 */
export const OIDC_ENTITIES = [OidcClient, OidcConsent, OidcRecord] as const;

export { ApplicationPage, ApplicationView } from './application.dto.js';
export { Applications } from './applications.js';
export { ACR_MULTIPLE, ACR_SINGLE } from './claims.js';
export { OidcContinuation, OidcInteractionClient, OidcInteractionView } from './interaction.dto.js';
export { type Asked, OidcInteractions } from './interactions.js';
export type { Incoming, Issuer } from './issuer.js';
export { ISSUER_PATH, TOKEN_PREFIXES } from './issuer-path.js';
export { Issuers } from './issuers.js';
export { type NewOidcClient, type OidcClientId, OidcClients } from './oidc-clients.js';
export { type OidcConsentId, OidcConsents } from './oidc-consents.js';
export { OIDC_ERRORS, type OidcErrorCode } from './oidc-errors.js';
export { ensureOidcKeys, type OidcKey, oidcKeys, type OidcKeysFolder, rotateOidcKey } from './oidc-key-files.js';
export { OidcModule, type OidcOptions } from './oidc.module.js';
export { OidcRecords } from './oidc-records.js';
export { redirectUriProblem } from './redirect-uri.js';
export { OidcClient, OidcConsent, OidcRecord };
