import { useHistoryState } from 'wouter/use-browser-location';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { begin, doWithoutCookies } from '../api/session.js';
import { fragment } from '../fragment.js';

/** What one page of the way in hands to the next; it stands in the history of this tab, so nothing secret is in it. */
export interface Handed {
  /** Where to go on, once signed in. */
  readonly to?: string;
  /** Id of a recovery that was begun. */
  readonly recovery?: string;
  /** What was done just now. */
  readonly done?: 'recovered' | 'addressChanged';
}

export function useHanded(): Handed {
  return useHistoryState<Handed | null>() ?? {};
}

/** Where to go on after signing in: where somebody was sent here from, else the start. Always a path of this origin. */
export function useReturnPath(): string {
  const { to = fragment.to } = useHanded();
  return to !== undefined && isOwnPath(to) ? to : '/';
}

/** True for what leads to this origin and is a path alone. */
export function isOwnPath(to: string): boolean {
  return to.startsWith('/') && URL.parse(to, location.origin)?.origin === location.origin;
}

/**
 * Takes a session that has just begun. Some browsers let scripts set cookies and still refuse those of answers: whether the cookie came
 * back is asked at once, as a session nobody can use would lead round in circles.
 * @throws ApiProblem client.cookies_refused
 */
export async function enter(session: Schemas['NewSessionView']): Promise<void> {
  begin(session);
  if (session.token !== undefined) return;
  await answered(api.GET('/v1/me')).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status !== 401) return;
    doWithoutCookies();
    throw new ApiProblem('client.cookies_refused', 0);
  });
}

/** Who is signed in here; null for nobody. @throws ApiProblem where that cannot be told */
export async function whoIsHere(): Promise<Schemas['Me'] | null> {
  try {
    return await answered(api.GET('/v1/me'));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}
