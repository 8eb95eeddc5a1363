import type { FastifyInstance } from 'fastify';

/** Answer headers by name, in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/**
 * What every answer carries unless its route says otherwise (OWASP REST Security Cheat Sheet): no reader may guess a type, embed,
 * frame, keep or refer to it, and a document among the answers may load nothing and use no device.
 * `Strict-Transport-Security` for two years, and only where the region is served over https: over http browsers ignore it.
 */
export function securityHeaders(isHttps: boolean): AnswerHeaders {
  return Object.freeze({
    // Answers hold personal data unless they say otherwise, so nothing between us and the customer may keep them.
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(isHttps ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  });
}

/** Adds the headers to every answer that Fastify sends; what a route has set itself stays. Once, before `app.init()`. */
export function installAnswerHeaders(fastify: FastifyInstance, headers: AnswerHeaders): void {
  const entries = Object.entries(headers);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of entries) if (!reply.hasHeader(name)) void reply.header(name, value);
    done(null, payload);
  });
}
