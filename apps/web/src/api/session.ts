/**
 * How this browser holds a session: in a cookie that no script can read, or, where cookies are refused, as a secret in the memory of this
 * page, which ends with it. Nothing is ever put into storage.
 */
let bearer: string | undefined;

const PROBE = '__Host-domicile-probe';

/** True when this browser keeps cookies for this origin: asked by setting one and taking it back. */
export function keepsCookies(): boolean {
  document.cookie = `${PROBE}=1; Path=/; Secure; SameSite=Strict`;
  const kept = document.cookie.includes(`${PROBE}=1`);
  document.cookie = `${PROBE}=; Path=/; Secure; SameSite=Strict; Max-Age=0`;
  return kept;
}

/** Set once a cookie that an answer brought was not sent back. */
let losesCookies = false;

/** The form in which a session is to be asked for. */
export function sessionForm(): 'cookie' | 'bearer' {
  return !losesCookies && keepsCookies() ? 'cookie' : 'bearer';
}

/** To be called where a session's cookie was lost, whatever {@link keepsCookies} says: from now on this page does without. */
export function doWithoutCookies(): void {
  losesCookies = true;
}

/** To be called with a session that goes on under another secret. */
export function goOn(session: { readonly token?: string }): void {
  bearer = session.token;
}

const strangers: (() => void)[] = [];

/** Has that done whenever a session begins: what was kept of whoever was here before is not hers. */
export function onBegin(forgetAll: () => void): void {
  strangers.push(forgetAll);
}

/** To be called with every session that begins. */
export function begin(session: { readonly token?: string }): void {
  for (const forgetAll of strangers) forgetAll();
  goOn(session);
}

/** The secret in the memory of this page; undefined where a cookie holds it, or nothing does. */
export function heldSecret(): string | undefined {
  return bearer;
}

/** Forgets the secret of this page. */
export function forget(): void {
  bearer = undefined;
}
