import type { NewSession, SessionForm } from '@domicile/accounts';
import { FORGET_SECRET_COOKIE, hasSecretCookie, secretCookie } from '@domicile/residency';
import type { FastifyReply } from 'fastify';

/** A session as it is shown: without its token where that went into a cookie. */
type Shown<S extends NewSession> = Omit<S, 'token'> & { readonly token?: string };

/**
 * Hands a session over that has just begun: in the answer's body, or in a cookie that no script can read. The last thing that an
 * operation does, after {@link Idempotency.once}: an answer that is given again sets the cookie again, for who could read it anyway.
 * @param form as asked for; bearer when left out
 * @returns what is to be answered
 */
export function handOver<S extends NewSession, A extends { readonly session: S }>(
  reply: FastifyReply,
  answer: A,
  form: SessionForm = 'bearer',
): Omit<A, 'session'> & { session: Shown<A['session']> } {
  if (form === 'bearer') return answer;
  const { token, ...session } = answer.session;
  // A replayed time is text.
  const seconds = Math.max(0, Math.floor((new Date(session.expiresAt).getTime() - Date.now()) / 1000));
  void reply.header('set-cookie', secretCookie(token, seconds));
  return { ...answer, session };
}

/** Makes the browser forget a session that has ended, if it had that in a cookie. */
export function takeBack(reply: FastifyReply): void {
  if (hasSecretCookie(reply.request.headers.cookie)) void reply.header('set-cookie', FORGET_SECRET_COOKIE);
}
