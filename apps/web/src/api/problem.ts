import type { ErrorCode, Schemas } from '@domicile/api-client';

type ProblemDocument = Schemas['ProblemDocument'];

/** What a page can fail with beside the API's own codes: no answer, one that nobody understands, and what the browser does not do. */
export type ProblemCode =
  | ErrorCode
  | 'client.unreachable'
  | 'client.unintelligible'
  | 'client.passkey_cancelled'
  | 'client.cookies_refused';

/** A refusal, as pages handle it: by its code. Words for it stand in the catalogues of `i18n`. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly document: Partial<ProblemDocument> = {},
    /** Seconds to wait, where the server said so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
    this.name = 'ApiProblem';
  }

  /** Code of what is wrong with one field, by its RFC 6901 pointer (`/email`). */
  field(pointer: string): string | undefined {
    return this.document.errors?.find((error) => error.pointer === pointer)?.code;
  }

  /** True where trying the same again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** @param body of an answer that is not 2xx */
export function problemFrom(response: Response, body: unknown): ApiProblem {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const wait = Number.isFinite(seconds) ? seconds : undefined;
  if (typeof body !== 'object' || body === null || typeof Reflect.get(body, 'code') !== 'string')
    return new ApiProblem('client.unintelligible', response.status, {}, wait);
  const document = body as ProblemDocument;
  return new ApiProblem(document.code as ErrorCode, response.status, document, wait);
}
