import { answered, api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { forget } from '../api/session.js';

/** Tells the other tabs of this origin that the session is over. It carries nothing else. */
const channel = new BroadcastChannel('domicile.session');

/** Loads the page anew at its beginning: whatever this one held in memory is gone, and the back button finds nothing of it. */
function leave(path: string): void {
  forget();
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // Storage is refused: nothing is in it.
  }
  location.replace(path);
}

channel.addEventListener('message', () => leave('/sign-in'));

/**
 * Ends the session; every other tab of this browser leaves what it shows.
 * @throws ApiProblem where the region could not do it: its cookie is still there, and she signed in
 */
export async function endSession(): Promise<void> {
  await answered(api.DELETE('/v1/sessions/current')).catch((error: unknown) => {
    // A refusal says that there is none to end.
    if (!(error instanceof ApiProblem) || error.isPassing) throw error;
  });
  forget();
  channel.postMessage('over');
}

/** The same, and leaves the page. @throws as {@link endSession} */
export async function signOut(): Promise<void> {
  await endSession();
  leave('/sign-in');
}

/** For a session that has ended by itself, or in another tab. @param to own path to come back to after signing in again */
export function sessionOver(to: string): void {
  forget();
  location.replace(`/sign-in#over=1&to=${encodeURIComponent(to)}`);
}
