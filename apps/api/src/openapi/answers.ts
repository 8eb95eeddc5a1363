import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBearerAuth,
  ApiCookieAuth,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiParam,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Scope } from '@domicile/accounts';
import { CATALOGUE, type ErrorCode } from '../catalogue.js';
import { ProblemDocument } from './problem.dto.js';

/** Name of the bearer scheme in the document. */
export const SESSION_SCHEME = 'session';

/** Name of the cookie scheme: the same session, kept by a browser. */
export const COOKIE_SCHEME = 'sessionCookie';
/** Name of the scheme of a sign-in that waits for its second step. */
export const SIGN_IN_SCHEME = 'signIn';
/** Name of the scheme of a sign-in that waits for the answer of an account's own provider. */
export const PROVIDER_SIGN_IN_SCHEME = 'providerSignIn';
/** Name of the other one: a program's. */
export const TOKEN_SCHEME = 'apiToken';

/** The header by which a changeable resource names its version. */
export const ETAG = {
  ETag: {
    description: 'The version of what can be changed here; send it as If-Match with the change.',
    schema: { type: 'string' as const, pattern: '^"v[0-9]+"$' },
  },
};

/** What an operation may end in that opens sealed values. */
export const OPENING: readonly ErrorCode[] = ['vault.value_refused', 'vault.key_destroyed', 'vault.key_missing'];

const EVERYWHERE: readonly ErrorCode[] = ['request.query_refused', 'server.fault'];
/** What the guard and the door may answer to any request of a region. */
const REGIONAL: readonly ErrorCode[] = [
  'residency.misdirected',
  'residency.secret_invalid',
  'residency.unavailable',
  'request.credential_ambiguous',
  'request.cross_site',
];
const WITH_BODY: readonly ErrorCode[] = [
  'request.malformed',
  'request.timeout',
  'request.body_too_large',
  'request.unsupported_media_type',
  'request.invalid',
];

const CREATING: readonly ErrorCode[] = [
  'request.idempotency_key_malformed',
  'request.in_progress',
  'request.idempotency_key_reused',
  'request.rate_limited',
];

const CHANGING: readonly ErrorCode[] = [
  'request.precondition_malformed',
  'request.precondition_failed',
  'request.precondition_required',
];

/** Documents the refusals of an operation that belongs to no region. */
export function RegionlessAnswers(...codes: readonly ErrorCode[]): MethodDecorator {
  return refusals([...EVERYWHERE, ...codes]);
}

/** Documents the refusals of a regional operation: those of the guard, and its own. */
export function RegionalAnswers(...codes: readonly ErrorCode[]): MethodDecorator {
  return refusals([...EVERYWHERE, ...REGIONAL, ...codes]);
}

/** The same for an operation that takes a body. */
export function RegionalBodyAnswers(...codes: readonly ErrorCode[]): MethodDecorator {
  return refusals([...EVERYWHERE, ...REGIONAL, ...WITH_BODY, ...codes]);
}

/**
 * The same for a creating POST: it takes an Idempotency-Key, and it is counted.
 */
export function CreatingAnswers(...codes: readonly ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer.',
      schema: { type: 'string', minLength: 16, maxLength: 128, pattern: '^[!-~]*$' },
    }),
    refusals([...EVERYWHERE, ...REGIONAL, ...WITH_BODY, ...CREATING, ...codes]),
  );
}

/** The same for a change of something that was read before: it takes its ETag as If-Match. */
export function ChangingAnswers(...codes: readonly ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The ETag that the resource was read with: the change is made only if it is still at that version.',
      schema: { type: 'string', pattern: '^"v[0-9]+"$' },
    }),
    refusals([...EVERYWHERE, ...REGIONAL, ...WITH_BODY, ...CHANGING, ...codes]),
  );
}

/** Documents that a session is needed, by its token or by its cookie. */
export function NeedsSession(): MethodDecorator {
  return applyDecorators(ApiBearerAuth(SESSION_SCHEME), ApiCookieAuth(COOKIE_SCHEME));
}

/** Documents that the token of a sign-in that waits for its second step is needed. */
export function NeedsSignIn(): MethodDecorator {
  return ApiBearerAuth(SIGN_IN_SCHEME);
}

/** Documents that the token of a sign-in that waits for a provider's answer is needed. */
export function NeedsProviderSignIn(): MethodDecorator {
  return ApiBearerAuth(PROVIDER_SIGN_IN_SCHEME);
}

/** Documents that an API token with that scope does as well, or one of that scope. */
export function OrToken(scope: Scope): MethodDecorator {
  return applyDecorators(ApiBearerAuth(TOKEN_SCHEME), ApiExtension('x-token-scope', scope));
}

/** What whoever enters an account may be answered. */
export const ENTERING: readonly ErrorCode[] = [
  'residency.not_found',
  'account.suspended',
  'account.second_factor_required',
  'account.own_provider_required',
  'session.own_factor_required',
  'account.session_over',
  'account.right_missing',
  'request.rate_limited',
];

/** The same for a change in it. */
export const ENTERING_TO_CHANGE: readonly ErrorCode[] = [...ENTERING, 'account.restricted', 'account.closing'];

/** Documents the query of an operation that lists something. */
export function ApiPage(): MethodDecorator {
  return RouteConfig({ query: true });
}

/** Documents the id in the path; its region must be the origin's. */
export function ApiId(prefix: string, name = 'id'): MethodDecorator {
  const pattern = `^${prefix}_[a-z]{2,8}_[0-7][0-9a-z]{25}$`;
  return ApiParam({ name, description: 'An id of this region.', schema: { type: 'string', pattern } });
}

/** One response for each status, naming the codes behind it. */
function refusals(codes: readonly ErrorCode[]): MethodDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = CATALOGUE[code]!;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, list]) =>
    ApiResponse({
      status,
      description: list.map((code) => `\`${code}\`: ${CATALOGUE[code]!.detail}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDocument) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemDocument), ...responses);
}
