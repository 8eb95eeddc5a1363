import type { Page } from 'playwright-core';
import { codeOf, fromBase32, stepAt } from '../../../libs/accounts/src/totp/time-code.js';
import { type Api, freshEmail, type Member } from '../../support/api.js';

/** What somebody types who signs up. */
export interface SigningUp {
  readonly email: string;
  readonly accountName: string;
  readonly displayName?: string;
}

/** Somebody who is new here. */
export const somebody = (): SigningUp => ({
  email: freshEmail(),
  accountName: 'Analytical Engines',
  displayName: 'Ada',
});

/** Fills the first step of a sign-up and sends it. */
export async function askForAccount(page: Page, { email, accountName, displayName }: SigningUp): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Name of the account').fill(accountName);
  if (displayName !== undefined) await page.getByLabel('What you want to be called').fill(displayName);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Mail me a code' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
}

/** Types an address and a password into the sign-in page and sends them. */
export async function typeSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Waits until the pages before the account are left behind. */
export function inside(page: Page): Promise<void> {
  return page.waitForURL(({ pathname }) => pathname === '/' || pathname.startsWith('/a/'));
}

/** What the API says to that browser of who it is. */
export function statusOfMe(page: Page): Promise<number> {
  const ask = (): Promise<number> => page.evaluate(async () => (await fetch('/v1/me')).status);
  // A page that finds its session ended leaves for the sign-in by itself, and a question that is under way goes with it.
  return ask().catch(ask);
}

/** Somebody's authenticator app and recovery codes. */
export interface SecondFactors {
  /** What the app shows: now, or so many steps of 30 seconds from now. */
  readonly app: (off?: number) => string;
  readonly recoveryCodes: readonly string[];
}

/** Gives a member an authenticator app and recovery codes, by the API. */
export async function addSecondFactors(api: Api, code: string, { session }: Member): Promise<SecondFactors> {
  const { token } = session;
  const post = (path: string, json?: unknown) =>
    api.ask(code, path, { method: 'POST', token, ...(json ? { json } : {}) });
  const { secret } = (await post('/v1/me/totp')).json<{ secret: string }>();
  const app = (off = 0): string => codeOf(fromBase32(secret), stepAt(new Date()) + off);
  // The oldest code that counts, so that there are newer ones left.
  const confirmed = await post('/v1/me/totp/confirmation', { code: app(-1) });
  if (confirmed.status !== 204) throw new Error(`An app was answered ${confirmed.status} ${confirmed.text}`);
  const made = await post('/v1/me/recovery-codes');
  return { app, recoveryCodes: made.json<{ codes: string[] }>().codes };
}

/** Has a page that is signed in add a passkey of its device. */
export function addPasskey(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const post = (path: string, body?: unknown): Promise<Response> =>
      fetch(path, {
        method: 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    const options = (await (await post('/v1/me/passkey-options')).json()) as PublicKeyCredentialCreationOptionsJSON;
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return (await post('/v1/me/passkeys', { passkey: made.toJSON() })).status;
  });
}
