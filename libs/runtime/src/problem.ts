/** The brand of every error that may be shown to a client. A global symbol, so that libraries share it without importing each other. */
export const PROBLEM: unique symbol = Symbol.for('domicile.problem');

/** What the public may read of one error code: HTTP status, a short title, one sentence. All of it is constant text. */
export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** A closed list of error codes (`area.reason`). */
export type ProblemCatalogue = Readonly<Record<string, ProblemEntry>>;

/** One field that was refused: an RFC 6901 pointer to a *declared* field ('' for the whole body), a code, a fixed sentence. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** What may ride along: refused fields, answer headers, further public members of the document. Never a value the client sent. */
export interface ProblemExtra {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** The errors that this library itself answers with: everything about a request that no feature needs to see. */
export const REQUEST_ERRORS = {
  'request.malformed': {
    status: 400,
    title: 'Malformed request',
    detail:
      'The request is not well-formed; send one JSON object in UTF-8 without duplicate keys, NUL characters, lone surrogates or deep nesting.',
  },
  'request.query_refused': {
    status: 400,
    title: 'Query refused',
    detail: 'The query string holds something that this resource does not declare; leave it out.',
  },
  'request.idempotency_key_malformed': {
    status: 400,
    title: 'Malformed key',
    detail:
      'The Idempotency-Key is not acceptable; send one random key of 16 to 128 visible ASCII characters without quotes inside and without backslashes.',
  },
  'request.precondition_malformed': {
    status: 400,
    title: 'Malformed precondition',
    detail: 'The If-Match header is not acceptable; send the one ETag that the resource was read with.',
  },
  'request.not_found': {
    status: 404,
    title: 'Not found',
    detail: 'There is no such resource; see /docs for those there are.',
  },
  'request.timeout': {
    status: 408,
    title: 'Request timeout',
    detail: 'The request did not arrive completely in time; send it again.',
  },
  'request.in_progress': {
    status: 409,
    title: 'In progress',
    detail: 'A request with this Idempotency-Key is still being handled; wait for its answer or send it again shortly.',
  },
  'request.precondition_failed': {
    status: 412,
    title: 'Precondition failed',
    detail: 'The resource has changed since it was read; read it again and repeat the change with its new ETag.',
  },
  'request.body_too_large': {
    status: 413,
    title: 'Body too large',
    detail: 'The body is larger than 65536 bytes; send less.',
  },
  'request.unsupported_media_type': {
    status: 415,
    title: 'Unsupported media type',
    detail: 'The body is not of a supported type; send application/json without a content encoding.',
  },
  'request.invalid': {
    status: 422,
    title: 'Invalid request',
    detail: 'Some fields were refused; correct those listed in errors and send the request again.',
  },
  'request.idempotency_key_reused': {
    status: 422,
    title: 'Key used before',
    detail: 'This Idempotency-Key was sent with another body before; send a new request with a new key.',
  },
  'request.precondition_required': {
    status: 428,
    title: 'Precondition required',
    detail: 'A change must say what it starts from; send the ETag that the resource was read with as If-Match.',
  },
  'request.rate_limited': {
    status: 429,
    title: 'Too many requests',
    detail: 'There were too many requests of this kind; try again after the time given in Retry-After.',
  },
  'server.fault': {
    status: 500,
    title: 'Fault',
    detail: 'The server failed to handle the request; try again, and quote the request id if it stays so.',
  },
  'server.unavailable': {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'The server cannot answer just now; try again after the time given in Retry-After.',
  },
} as const satisfies ProblemCatalogue;

/** A code of {@link REQUEST_ERRORS}. */
export type RequestErrorCode = keyof typeof REQUEST_ERRORS;

/**
 * An error that a client may see, by its code in the merged catalogue; a code that is not there is answered as `server.fault`.
 * It has no free text on purpose: the words stand in the catalogue, so no value can slip into an answer or a log.
 */
export class Problem extends Error {
  readonly [PROBLEM] = true;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, extra: ProblemExtra = {}) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.errors = extra.errors ?? [];
    this.headers = extra.headers ?? {};
    this.members = extra.members ?? {};
  }
}

/** What any library throws to be answered by its code: an error with the brand {@link PROBLEM}. */
export interface BrandedError {
  readonly code: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** True for a {@link Problem} and for every other error with its brand and a code; by shape, never by class. */
export function isBranded(error: unknown): error is BrandedError {
  return (
    typeof error === 'object' &&
    error !== null &&
    Reflect.get(error, PROBLEM) === true &&
    typeof Reflect.get(error, 'code') === 'string'
  );
}

/** One catalogue of several. Throws on a code that two of them claim: a client could not tell the two errors apart. */
export function mergeCatalogues(...catalogues: readonly ProblemCatalogue[]): ProblemCatalogue {
  const merged: Record<string, ProblemEntry> = {};
  for (const [code, entry] of catalogues.flatMap((catalogue) => Object.entries(catalogue))) {
    if (Object.hasOwn(merged, code)) {
      throw new Error(
        `The error code ${code} stands in two catalogues, but a code names one error; rename one of them.`,
      );
    }
    merged[code] = entry;
  }
  return Object.freeze(merged);
}
