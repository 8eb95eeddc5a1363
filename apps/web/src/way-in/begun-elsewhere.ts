/** A sign-in that goes on at the provider of somebody's company. */
export interface Begun {
  readonly id: string;
  /** Binds it to this tab. */
  readonly token: string;
  /** Own path to go on to afterwards. */
  readonly to: string;
}

const KEY = 'domicile.sign-in';

/**
 * Keeps it while this tab is away from our pages: the one thing that cannot stay in memory. It is good for ten minutes and one try, and no
 * other tab has it. Where storage is refused it is lost, and the person is told to sign in another way.
 */
export function keepBegun(begun: Begun): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(begun));
  } catch {
    // As said.
  }
}

/** Takes it out again, once. Undefined for what this tab has not begun. */
export function takeBegun(id: string | undefined): Begun | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const begun = text === null ? undefined : (JSON.parse(text) as Begun);
    return begun !== undefined && begun.id === id ? begun : undefined;
  } catch {
    return undefined;
  }
}
