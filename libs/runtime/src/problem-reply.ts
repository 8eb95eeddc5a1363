import { HttpException } from '@nestjs/common';
import {
  isBranded,
  type BrandedError,
  type ProblemCatalogue,
  REQUEST_ERRORS,
  type RequestErrorCode,
} from './problem.js';

/** A finished answer, ready for any way of writing it. `body` is the JSON text of an RFC 9457 document. */
export interface ProblemReply {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const RETRY_AFTER_SECONDS = '2';

const BY_STATUS: Readonly<Record<number, RequestErrorCode>> = {
  400: 'request.malformed',
  404: 'request.not_found',
  413: 'request.body_too_large',
  415: 'request.unsupported_media_type',
};

const BY_FRAMEWORK_CODE: Readonly<Record<string, RequestErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_MAX_PARAM_LENGTH: 'request.not_found',
  FST_ERR_NOT_FOUND: 'request.not_found',
};

/**
 * Renders any thrown value by the catalogue (RFC 9457): branded errors by their code, errors of the framework by what they mean,
 * everything else as `server.fault`. Nothing of an unbranded error reaches the answer: neither message, name nor properties.
 * `requestId` is shown on 5xx answers only, so that every refusal of one kind is the same bytes.
 */
export function problemReply(error: unknown, catalogue: ProblemCatalogue, requestId?: string): ProblemReply {
  const branded = isBranded(error) && Object.hasOwn(catalogue, error.code) ? error : undefined;
  const code = branded?.code ?? frameworkCode(error);
  const entry = catalogue[code] ?? REQUEST_ERRORS['server.fault'];
  const body: Record<string, unknown> = {
    type: `urn:domicile:error:${code}`,
    title: entry.title,
    status: entry.status,
    code,
    detail: entry.detail,
  };
  if (requestId !== undefined && entry.status >= 500) body['requestId'] = requestId;
  // A member must not be able to replace what the catalogue says.
  for (const [name, value] of Object.entries(branded?.members ?? {}))
    if (!Object.hasOwn(body, name)) body[name] = value;
  if (branded?.errors !== undefined && branded.errors.length > 0) body['errors'] = branded.errors;
  return { code, status: entry.status, headers: headersOf(branded, entry.status), body: JSON.stringify(body) };
}

/** The class of a thrown value, for logs. From its prototype, because `name` and `constructor` are properties that data can be written into. */
export function errorNameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const prototype: unknown = Object.getPrototypeOf(error);
  const name: unknown = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'Object';
}

/**
 * The value itself when everything that is asked of a thrown value can be read; else an error that stands for it, as getters and
 * proxies may throw in their turn, and that second error would be answered by somebody else.
 */
export function readable(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  try {
    isBranded(error);
    errorNameOf(error);
    for (const name of ['code', 'statusCode', 'cause', 'headers', 'members', 'errors']) Reflect.get(error, name);
    return error;
  } catch {
    return new UnreadableError();
  }
}

/** Stands for a thrown value that throws when it is looked at. */
class UnreadableError extends Error {}

function headersOf(branded: BrandedError | undefined, status: number): Record<string, string> {
  const headers: Record<string, string> = status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {};
  for (const [name, value] of Object.entries(branded?.headers ?? {})) headers[name.toLowerCase()] = value;
  headers['content-type'] = 'application/problem+json';
  headers['cache-control'] = 'no-store';
  return headers;
}

function frameworkCode(error: unknown): RequestErrorCode {
  // Nest wraps what Fastify throws, and keeps the original as the cause.
  const original = error instanceof HttpException && error.cause !== undefined ? error.cause : error;
  const known = fastifyCode(original);
  if (known !== undefined) return known;
  return (error instanceof HttpException ? BY_STATUS[error.getStatus()] : undefined) ?? 'server.fault';
}

function fastifyCode(error: unknown): RequestErrorCode | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  const status: unknown = Reflect.get(error, 'statusCode');
  if (typeof code !== 'string') return undefined;
  if (Object.hasOwn(BY_FRAMEWORK_CODE, code)) return BY_FRAMEWORK_CODE[code];
  // ECONNRESET with a status is Fastify's word for a client that went away in the middle of its body.
  return status === 400 && (code.startsWith('FST_ERR_') || code === 'ECONNRESET') ? 'request.malformed' : undefined;
}
