import { HttpException } from '@nestjs/common';

/**
 * Every way this library refuses, in one closed list: status and public words stand here, never at the place that throws.
 * `detail` is what a stranger may read; what an operator needs goes into the error's `message`, which no answer carries.
 */
export const RESIDENCY_ERRORS = {
  'residency.misdirected': {
    status: 421,
    title: 'Misdirected request',
    detail:
      'This address does not serve the region that the request names; send it to the origin given in hostingRegion.',
  },
  'residency.region_unknown': {
    status: 404,
    title: 'Unknown region',
    detail: 'There is no region of that code; GET /v1/regions lists them.',
  },
  'request.credential_ambiguous': {
    status: 400,
    title: 'Ambiguous credential',
    detail:
      'The request carries more than one credential; send either the Authorization header or the one session cookie.',
  },
  'request.cross_site': {
    status: 403,
    title: 'Request from elsewhere',
    detail: "A change that is authenticated by a cookie must come from a page of the region's own origin.",
  },
  'residency.not_found': {
    status: 404,
    title: 'Not found',
    detail: 'There is no such resource for you in this region.',
  },
  'residency.secret_invalid': {
    status: 401,
    title: 'Invalid credential',
    detail: 'The credential is malformed, unknown, expired or revoked; sign in again.',
  },
  'residency.unavailable': {
    status: 503,
    title: 'Region temporarily unavailable',
    detail: 'The database of this region did not answer in time; nothing was stored by halves, try again shortly.',
  },
  'residency.conflict': {
    status: 409,
    title: 'Conflict',
    detail: 'Another request changed this first; read it again and retry.',
  },
  'residency.stale': {
    status: 412,
    title: 'Stale version',
    detail: 'The resource has changed since it was read; read it again and retry.',
  },
  'residency.crossing': {
    status: 500,
    title: 'Refused inside',
    detail: 'The request would have crossed regions or accounts and was refused.',
  },
  'residency.context_missing': {
    status: 500,
    title: 'Refused inside',
    detail: 'Work on data was attempted outside of a unit of work.',
  },
  'residency.context_nested': {
    status: 500,
    title: 'Refused inside',
    detail: 'A unit of work tried to open another one inside itself.',
  },
  'residency.context_closed': { status: 500, title: 'Refused inside', detail: 'The unit of work had already ended.' },
  'residency.statement_refused': {
    status: 500,
    title: 'Refused inside',
    detail: 'A statement that is not registered was refused.',
  },
  'residency.database_fault': {
    status: 500,
    title: 'Fault',
    detail: 'The database refused a statement; nothing was stored by halves.',
  },
  'residency.marker_missing': {
    status: 503,
    title: 'Wrong database',
    detail: 'The database behind this region is not sealed for it.',
  },
  'residency.marker_mismatch': {
    status: 503,
    title: 'Wrong database',
    detail: 'The database behind this region belongs elsewhere.',
  },
  'residency.marker_moved': {
    status: 503,
    title: 'Wrong database',
    detail: 'The database behind this region has moved since it was sealed.',
  },
  'residency.role_unsafe': {
    status: 503,
    title: 'Unsafe role',
    detail: 'The database role of this region may do more than it should.',
  },
  'residency.configuration_invalid': {
    status: 500,
    title: 'Invalid configuration',
    detail: 'The configuration of the regions is invalid.',
  },
} as const;

/** A code of {@link RESIDENCY_ERRORS}. */
export type ResidencyErrorCode = keyof typeof RESIDENCY_ERRORS;

/** What may ride along with an error: answer headers, extra public members of the problem document, database facts without values. */
export interface ResidencyErrorExtra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
  /** SQLSTATE, for logs. */
  readonly sqlState?: string;
  /** Name of the constraint that refused, for callers that translate a conflict. */
  readonly constraint?: string;
}

/** Brand of errors that an HTTP layer may render by their code. Shared through the global symbol registry. */
const PROBLEM: unique symbol = Symbol.for('domicile.problem') as never;

/**
 * The one error class of this library. It never carries a value of a row, a statement's text or a parameter.
 * As an HttpException it answers rightly in any Nest application, with the catalogue's words alone.
 */
export class ResidencyError extends HttpException {
  readonly [PROBLEM] = true;
  readonly code: ResidencyErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;

  constructor(
    code: ResidencyErrorCode,
    message: string = RESIDENCY_ERRORS[code].detail,
    extra: ResidencyErrorExtra = {},
  ) {
    const { status, title, detail } = RESIDENCY_ERRORS[code];
    super({ title, status, code, detail, ...extra.members }, status);
    this.message = message;
    this.name = 'ResidencyError';
    this.code = code;
    this.headers = extra.headers ?? {};
    this.members = extra.members ?? {};
    this.sqlState = extra.sqlState;
    this.constraint = extra.constraint;
  }
}

/** True for a {@link ResidencyError} of that code. */
export function isResidencyError(error: unknown, code: ResidencyErrorCode): error is ResidencyError {
  return error instanceof ResidencyError && error.code === code;
}

/** The answer when a region's database is away: 503 with `Retry-After` in seconds (RFC 9110 section 10.2.3). */
export function unavailable(message: string, sqlState?: string): ResidencyError {
  return new ResidencyError('residency.unavailable', message, {
    headers: { 'retry-after': '2' },
    ...(sqlState === undefined ? {} : { sqlState }),
  });
}

/** Keys and rows of a region on one server would share a write-ahead log and its backups. */
export function sharedServer(region: string): ResidencyError {
  return new ResidencyError(
    'residency.configuration_invalid',
    `The key store of region ${region} is on the same server as its rows; give it a server of its own.`,
  );
}
