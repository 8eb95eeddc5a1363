import type { ProblemCatalogue } from '@domicile/runtime';

/** How this library refuses in the JSON API; `/oidc` itself answers in the words of OAuth 2.0. */
export const OIDC_ERRORS = {
  'oidc.interaction_over': {
    status: 404,
    title: 'No such interaction',
    detail:
      'This browser has no such interaction under way, or it took too long; go back to the application and start again.',
  },
  'oidc.client_gone': {
    status: 410,
    title: 'Application gone',
    detail: 'The application that asked is not registered any more; nothing was given to it.',
  },
} as const satisfies ProblemCatalogue;

/** A code of {@link OIDC_ERRORS}. */
export type OidcErrorCode = keyof typeof OIDC_ERRORS;
