import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@domicile/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Once } from './idempotency.js';

/** Which request this is: its Idempotency-Key, if it has one, and where it was sent. */
export interface KeyedRequest {
  readonly key: string | undefined;
  /** Method and path as sent, ids included: the same key under another path is another request. */
  readonly route: string;
}

/** The form of a key, plain or as the quoted string of draft-ietf-httpapi-idempotency-key-header: both are the same key. */
const KEY = /^(?:([!#-[\]-~]{16,128})|"([!#-[\]-~]{16,128})")$/;

/**
 * The key that a header gives: 16 to 128 visible ASCII characters but quotes and backslashes; undefined without the header.
 * Two headers reach us joined by a comma and a space, and so as no key.
 * @throws Problem request.idempotency_key_malformed
 */
export function keyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, plain, quoted] = (typeof header === 'string' && KEY.exec(header)) || [];
  const key = plain ?? quoted;
  if (key === undefined) throw new Problem('request.idempotency_key_malformed');
  return key;
}

/** Handler parameter: the {@link KeyedRequest}. @throws as {@link keyOf} */
export const IdempotencyKey = createParamDecorator((_: unknown, execution: ExecutionContext): KeyedRequest => {
  const { headers, method, raw } = execution.switchToHttp().getRequest<FastifyRequest>();
  return { key: keyOf(headers['idempotency-key']), route: `${method} ${raw.url}` };
});

/** What is to be answered; a replayed answer says that it is one. */
export function withReplayed<A>(reply: FastifyReply, { answer, isReplayed }: Once<A>): A {
  if (isReplayed) void reply.header('idempotency-replayed', 'true');
  return answer;
}
