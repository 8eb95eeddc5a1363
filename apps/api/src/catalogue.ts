import { ACCOUNT_ERRORS } from '@domicile/accounts';
import { FEDERATION_ERRORS } from '@domicile/federation';
import { OIDC_ERRORS } from '@domicile/oidc';
import { RESIDENCY_ERRORS } from '@domicile/residency';
import { mergeCatalogues, REQUEST_ERRORS } from '@domicile/runtime';
import { VAULT_ERRORS } from '@domicile/vault';

/** Every error that the API can answer with: the closed list that answers, documentation and tests share. */
export const CATALOGUE = mergeCatalogues(
  REQUEST_ERRORS,
  RESIDENCY_ERRORS,
  VAULT_ERRORS,
  ACCOUNT_ERRORS,
  OIDC_ERRORS,
  FEDERATION_ERRORS,
);

/** A code of {@link CATALOGUE}. */
export type ErrorCode =
  | keyof typeof REQUEST_ERRORS
  | keyof typeof RESIDENCY_ERRORS
  | keyof typeof VAULT_ERRORS
  | keyof typeof ACCOUNT_ERRORS
  | keyof typeof OIDC_ERRORS
  | keyof typeof FEDERATION_ERRORS;
