import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiParam, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { CATALOGUE, type ErrorCode } from '../catalogue.js';
import { ProblemDocument } from './problem.dto.js';

/** Name of the bearer scheme in the document. */
export const SESSION_SCHEME = 'session';

const EVERYWHERE: readonly ErrorCode[] = ['request.query_refused', 'server.fault'];
/** What the guard and the door may answer to any request of a region. */
const REGIONAL: readonly ErrorCode[] = ['residency.misdirected', 'residency.secret_invalid', 'residency.unavailable'];
const WITH_BODY: readonly ErrorCode[] = [
  'request.malformed',
  'request.timeout',
  'request.body_too_large',
  'request.unsupported_media_type',
  'request.invalid',
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

/** Documents that a session's token is needed. */
export function NeedsSession(): MethodDecorator {
  return ApiBearerAuth(SESSION_SCHEME);
}

/** Documents the id in the path; its region must be the origin's. */
export function ApiId(prefix: string): MethodDecorator {
  const pattern = `^${prefix}_[a-z]{2,8}_[0-7][0-9a-z]{25}$`;
  return ApiParam({ name: 'id', description: 'An id of this region.', schema: { type: 'string', pattern } });
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
