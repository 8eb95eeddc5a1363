import type { NewDevice, NewSession, SessionForm } from '@domicile/accounts';
import { FORGET_SECRET_COOKIE, hasSecretCookie, secretCookie } from '@domicile/residency';
import type { FastifyReply } from 'fastify';
import { deviceCookie } from './known-device.js';

/** A session as it is shown: without its token where that went into a cookie. */
type Shown<S extends NewSession> = Omit<S, 'token'> & { readonly token?: string };

/**
 * Hands a session over that has just begun, and the device that it made known: in the answer's body, or in cookies that no script can
 * read. The last thing that an operation does, after {@link Idempotency.once}: an answer that is given again sets the cookies again, for
 * who could read it anyway.
 * @param form as asked for; bearer when left out
 * @returns what is to be answered
 */
export function handOver<S extends NewSession, A extends { readonly session: S; readonly device?: NewDevice }>(
  reply: FastifyReply,
  answer: A,
  form: SessionForm = 'bearer',
): Omit<A, 'session' | 'device'> & { readonly session: Shown<A['session']>; readonly device?: NewDevice } {
  if (form === 'bearer') return answer;
  const { session, device, ...rest } = answer;
  const { token, ...shown } = session;
  void reply.header('set-cookie', secretCookie(token, secondsUntil(session.expiresAt)));
  if (device) void reply.header('set-cookie', deviceCookie(device.token, secondsUntil(device.expiresAt)));
  return { ...rest, session: shown };
}

/** The same for a device alone. */
export function handOverDevice<A extends { readonly device: NewDevice }>(
  reply: FastifyReply,
  answer: A,
  form: SessionForm = 'bearer',
): Omit<A, 'device'> & { readonly device?: NewDevice } {
  if (form === 'bearer') return answer;
  const { device, ...rest } = answer;
  void reply.header('set-cookie', deviceCookie(device.token, secondsUntil(device.expiresAt)));
  return rest;
}

/** Makes the browser forget a session that has ended or is about to be replaced, if it had that in a cookie. */
export function takeBack(reply: FastifyReply): void {
  if (hasSecretCookie(reply.request.headers.cookie)) void reply.header('set-cookie', FORGET_SECRET_COOKIE);
}

/** A replayed time is text. */
function secondsUntil(time: Date | string): number {
  return Math.max(0, Math.floor((new Date(time).getTime() - Date.now()) / 1000));
}
