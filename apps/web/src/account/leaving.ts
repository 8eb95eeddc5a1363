import { answered, api } from '../api/client.js';
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

/** Ends the session, here and in every tab. What the server says of it does not matter: this browser forgets it in any case. */
export async function signOut(): Promise<void> {
  await answered(api.DELETE('/v1/sessions/current')).catch(() => undefined);
  channel.postMessage('over');
  leave('/sign-in');
}

/** For a session that has ended by itself, or in another tab. @param to own path to come back to after signing in again */
export function sessionOver(to: string): void {
  forget();
  location.replace(`/sign-in#over=1&to=${encodeURIComponent(to)}`);
}
