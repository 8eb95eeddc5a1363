import { Problem, type ProblemCatalogue } from '@domicile/runtime';

/** How this library refuses: status and public words of each code. */
export const FEDERATION_ERRORS = {
  'domain.claimed': {
    status: 409,
    title: 'Domain claimed',
    detail: 'This account has claimed that domain already; publish its record and have it verified.',
  },
  'domain.too_many': {
    status: 409,
    title: 'Too many domains',
    detail: 'The account has twenty domains, and more are not kept; remove one that it does not use.',
  },
  'domain.record_missing': {
    status: 422,
    title: 'Record not found',
    detail:
      'The DNS record of this domain is not there, or has another value; publish it as shown, wait until it is known everywhere, and try again.',
  },
  'domain.taken': {
    status: 409,
    title: 'Domain taken',
    detail:
      'Another account of this region has this domain verified; have its record taken away there, or its domain removed.',
  },
  'domain.lookup_failed': {
    status: 503,
    title: 'No answer from DNS',
    detail: 'No name server answered in time for this domain; try again in a while.',
  },
  'provider.none': {
    status: 404,
    title: 'No provider',
    detail: 'No account of this region has a provider of its own for the domain of this address; sign in another way.',
  },
  'provider.unacceptable': {
    status: 422,
    title: 'Provider not acceptable',
    detail:
      'At that issuer there is no OpenID provider of exactly that name that takes the authorization code flow with PKCE (S256) and signs with RS256, ES256, PS256 or EdDSA; check the issuer.',
  },
  'provider.address_refused': {
    status: 422,
    title: 'Address refused',
    detail:
      'The issuer, or an endpoint that it names, is no https address of the public internet; ask the operator of this region to permit its network.',
  },
  'provider.away': {
    status: 503,
    title: 'Provider away',
    detail:
      'The provider did not answer, or not as it must be, in time; try again in a while, or sign in another way where you have one.',
  },
  'provider.required': {
    status: 409,
    title: 'Provider required',
    detail: 'The policy of this account asks for its provider; change the policy first.',
  },
  'provider.refused': {
    status: 401,
    title: 'Not signed in',
    detail:
      'What the provider answered signs nobody in here; begin again, or ask an owner of the account to invite the address that the provider knows you by.',
  },
} as const satisfies ProblemCatalogue;

/** A code of {@link FEDERATION_ERRORS}. */
export type FederationErrorCode = keyof typeof FEDERATION_ERRORS;

const RETRY_SECONDS = 5;

/** A refusal of this library; one that passes says when to try again. */
export function refused(code: FederationErrorCode): Problem {
  const passes = FEDERATION_ERRORS[code].status === 503;
  return new Problem(code, passes ? { headers: { 'retry-after': String(RETRY_SECONDS) } } : {});
}
