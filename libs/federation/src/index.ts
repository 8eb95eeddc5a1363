import { AccountDomain, DOMAIN_NAME, DomainWay } from './account-domain.entity.js';
import { OwnProvider, PROVIDER_SETTINGS } from './own-provider.entity.js';
import { PendingProviderSignIn } from './provider-sign-in.entity.js';

/**
 * Federation (floor 4): signing in to an account with the OpenID provider that the account brings along, for its verified domains.
 * {@link FEDERATION_ENTITIES} are its tables, for migrations and the catalogue test.
 */
export const FEDERATION_ENTITIES = [AccountDomain, DomainWay, OwnProvider, PendingProviderSignIn] as const;

export type { DomainId } from './domain.repository.js';
export { Domains } from './domains.js';
export {
  BeginProviderSignIn,
  ClaimDomain,
  CompleteProviderSignIn,
  DomainList,
  DomainView,
  ProviderSignInBegun,
  ProviderView,
  SetProvider,
} from './federation.dto.js';
export { FEDERATION_ERRORS, type FederationErrorCode } from './federation-errors.js';
export { FederationModule, type FederationOptions } from './federation.module.js';
export { OwnProviders } from './own-providers.js';
export { ProviderSignIn } from './provider-sign-in.js';
export type { ProviderSignInId } from './provider-sign-in.repository.js';
export { AccountDomain, DOMAIN_NAME, DomainWay, OwnProvider, PendingProviderSignIn, PROVIDER_SETTINGS };
