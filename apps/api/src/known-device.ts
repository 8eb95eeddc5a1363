import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { cookieNamed, ResidencyError } from '@domicile/residency';
import type { FastifyRequest } from 'fastify';

/** The cookie in which a browser keeps what makes it known, so that no script and no storage holds it (decision 046). */
export const DEVICE_COOKIE = '__Host-domicile-device';

/** The `Set-Cookie` that hands it over. No link from elsewhere needs it: it goes with what a page of this very origin sends. */
export function deviceCookie(token: string, seconds: number): string {
  return `${DEVICE_COOKIE}=${token}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=Strict`;
}

/**
 * The token of the device that a request comes from, in the header or the cookie; undefined when there is none.
 * @throws ResidencyError request.credential_ambiguous for both at once, and for several
 */
export function deviceTokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const inHeader = headers['device-token'];
  const inCookie = cookieNamed(DEVICE_COOKIE, headers.cookie);
  const isTwice = inCookie === null || (inCookie !== undefined && inHeader !== undefined);
  if (isTwice || Array.isArray(inHeader)) throw new ResidencyError('request.credential_ambiguous');
  return inHeader ?? inCookie;
}

/** Handler parameter: see {@link deviceTokenOf}. */
export const DeviceToken = createParamDecorator((_: unknown, execution: ExecutionContext): string | undefined =>
  deviceTokenOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);
