/** Where an issuer is, below the customer origin of its region. */
export const ISSUER_PATH = '/oidc';

/** What tokens begin with, so that a scanner and a reader know them and their region at sight: `oat_eu_…`. */
export const TOKEN_PREFIXES = { AccessToken: 'oat', RefreshToken: 'ort', AuthorizationCode: 'oac' } as const;
