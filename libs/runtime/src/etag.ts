import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBranded, Problem } from './problem.js';

/** What a use case shows of a row that can be changed: the view, and the version that a change must name. */
export interface Versioned<V> {
  readonly view: V;
  /** Of the row that PATCH on the same resource changes; from 1. */
  readonly version: number;
}

/** One version of at most nine digits in the one spelling that {@link etagOf} writes; weak tags never match (RFC 9110 section 13.1.1). */
const ETAG = /^"v([1-9]\d{0,8})"$/;

/** The entity tag of a version: `"v3"`. A client sends it back as it is and reads nothing out of it. */
export function etagOf(version: number): string {
  return `"v${version}"`;
}

/** Sets `ETag` on the answer and returns what is to be answered. */
export function withETag<V>(reply: FastifyReply, { view, version }: Versioned<V>): V {
  void reply.header('etag', etagOf(version));
  return view;
}

/**
 * The version that an `If-Match` names: exactly one tag, as it was given. `*` and lists are refused: an update without a known
 * starting point is what the header is there to prevent.
 * @throws Problem request.precondition_required (428, RFC 6585) without the header; request.precondition_malformed (400)
 */
export function versionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined) throw new Problem('request.precondition_required');
  const digits = ETAG.exec(ifMatch.trim())?.[1];
  if (digits === undefined) throw new Problem('request.precondition_malformed');
  return Number(digits);
}

/** Handler parameter: the version that the request's `If-Match` names. @throws as {@link versionOf} */
export const IfMatch = createParamDecorator((_: unknown, execution: ExecutionContext): number =>
  versionOf(execution.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/**
 * Runs a change whose version came from an `If-Match`: that the row has moved on is then the client's precondition that failed.
 * @throws Problem request.precondition_failed (412) for `residency.stale`; everything else as `change` throws it
 */
export async function ifStillAtVersion<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (isBranded(error) && error.code === 'residency.stale') throw new Problem('request.precondition_failed');
    throw error;
  }
}
