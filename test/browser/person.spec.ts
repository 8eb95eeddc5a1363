import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SECRET_COOKIE } from '@domicile/residency';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import { freshEmail, PASSWORD } from '../support/api.js';
import { eventually } from '../support/http.js';
import { stage } from './support/stage.js';
import { axe, closed, inDialog, press, said } from './support/steps.js';
import type { Visitor } from './support/visitor.js';
import { inside, statusOfMe, typeSignIn } from './support/way-in.js';

const on = stage();
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const NEW_PASSWORD = 'seven quiet engines at noon';

/** Every proof of who somebody is is too old for what cannot be undone. */
function age(code: string): Promise<unknown> {
  const { database } = on().installation.site(code);
  return database.sql('superuser', "update session set authenticated_at = now() - interval '11 minutes'");
}

/** Adds, renames and removes a passkey of this device. */
async function handlePasskey(code: string, visitor: Visitor, page: Page): Promise<void> {
  const keys = await visitor.passkeys(page);
  await keys.refuse();
  await press(page, 'Add a passkey');
  await page.getByLabel('Name').fill('My phone');
  await inDialog(page, 'Go on with the browser');
  await said(page, 'No passkey was used');
  await keys.refuse(false);
  await inDialog(page, 'Go on with the browser');
  await said(page, 'The passkey was added');
  await closed(page);
  await page.getByRole('heading', { name: 'Strong' }).waitFor();
  expect(await keys.held()).toHaveLength(1);
  await press(page, 'Rename My phone');
  await page.getByRole('textbox', { name: /^Name/ }).fill('Old phone');
  await inDialog(page, 'Save');
  await said(page, 'Old phone');
  await closed(page);
  await axe(code, visitor);
  await press(page, 'Remove Old phone');
  await inDialog(page, 'Cancel');
  await closed(page);
  await eventually('the focus where it was', () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Remove Old phone'),
  );
  await press(page, 'Remove Old phone');
  await inDialog(page, 'Remove');
  await said(page, 'No passkey yet');
  await closed(page);
}

/** Sets an authenticator app up by the secret that is shown. @returns what the app shows */
async function setUpApp(code: string, visitor: Visitor, page: Page): Promise<(off?: number) => string> {
  await press(page, 'Set up an app');
  const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(/\s/g, '');
  visitor.watch.keepPrivate(secret);
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const app = (off = 0): string => codeOf(fromBase32(secret), stepAt(new Date()) + off);
  await page.getByLabel('Code that the app shows now').fill(app(-4));
  await inDialog(page, 'Confirm');
  await said(page, 'This is not the code that the app shows now');
  await axe(code, visitor);
  await page.getByLabel('Code that the app shows now').fill(app(0));
  await inDialog(page, 'Confirm');
  await said(page, 'An app is set up.');
  await closed(page);
  return app;
}

/** Makes recovery codes, which are shown once. @returns them */
async function makeCodes(visitor: Visitor, page: Page): Promise<string[]> {
  await press(page, 'Make recovery codes');
  await page.locator('.codes li').first().waitFor();
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(codes).toHaveLength(10);
  visitor.watch.keepPrivate(...codes);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  const downloading = page.waitForEvent('download');
  await inDialog(page, 'Download');
  expect((await downloading).suggestedFilename()).toBe('recovery-codes.txt');
  await page.getByLabel('I have kept them').check();
  await inDialog(page, 'Done');
  await said(page, 'You have 10 left.');
  await closed(page);
  return codes;
}

describe.each(['eu', 'us'])('a person of %s', (code) => {
  it('looks after what she signs in with, proves herself again, and signs in with it', async () => {
    const { member, visitor } = await on().signedIn(code);
    const page = await visitor.open('/me/security');
    await page.getByRole('heading', { name: 'Could be better' }).waitFor();
    await axe(code, visitor);
    await handlePasskey(code, visitor, page);
    const app = await setUpApp(code, visitor, page);
    await page.getByRole('heading', { name: 'Good', exact: true }).waitFor();
    await makeCodes(visitor, page);
    const other = await on().visitor(code);
    await other.open('/sign-in');
    await typeSignIn(other.page, member.person.email, PASSWORD);
    await other.page.getByLabel('Code of the app').fill(app(1));
    await press(other.page, 'Sign in');
    await inside(other.page);
    await age(code);
    await press(page, 'Change the password');
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await inDialog(page, 'Set the new password');
    await said(page, 'Prove who you are');
    await axe(code, visitor);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
    await press(page, 'Use the password');
    await said(page, 'All other sessions have ended');
    await closed(page);
    expect(await statusOfMe(page)).toBe(200);
    expect(await statusOfMe(other.page)).toBe(401);
    await press(page, 'Remove the app');
    await inDialog(page, 'Remove the app');
    await said(page, 'Set up an app');
    await page.getByRole('link', { name: 'Your security log' }).click();
    await said(page, 'The password was changed');
    await said(page, 'A passkey was added');
    await axe(code, visitor);
  });

  it('sees where she is signed in, ends one and all others, and leaves nothing behind', async () => {
    const { member, visitor } = await on().signedIn(code);
    const second = await on().visitor(code);
    const third = await on().visitor(code);
    await on().signIn(code, member, second);
    await on().signIn(code, member, third);
    await second.open('/me/sessions');
    await third.open('/me/sessions');
    const page = await visitor.open('/me/sessions');
    const ends = page.getByRole('button', { name: /^End the session on/ });
    await ends.nth(0).waitFor();
    const before = await ends.count();
    await axe(code, visitor);
    await ends.nth(0).click();
    await inDialog(page, 'End');
    await said(page, 'The session has ended');
    await closed(page);
    await eventually('one session less', async () => (await ends.count()) === before - 1);
    await press(page, 'End all others');
    await inDialog(page, 'End all others');
    await said(page, 'You are signed in nowhere else.');
    await closed(page);
    expect([await statusOfMe(second.page), await statusOfMe(third.page)]).toEqual([401, 401]);
    // There the page is still open: whatever is done on it leads to the sign-in, and back.
    await press(second.page, 'End all others');
    await inDialog(second.page, 'End all others');
    await said(second.page, 'Your session is over');
    await typeSignIn(second.page, member.person.email, PASSWORD);
    await second.page.waitForURL('**/me/sessions');
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
    expect(await page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length)).toBe(0);
  });

  it('has nothing to show to a session of the other region', async () => {
    const { member, visitor: abroad } = await on().signedIn(elsewhere(code));
    const secret = (await abroad.context.cookies()).find(({ name }) => name === SECRET_COOKIE)!.value;
    const visitor = await on().visitor(code);
    visitor.knows(member);
    await visitor.takeCookie(`${SECRET_COOKIE}=${secret}`);
    for (const place of ['profile', 'security', 'sessions', 'log', 'preferences']) {
      const page = await visitor.open(`/me/${place}`);
      await said(page, 'This belongs to another region');
      expect(await page.content()).not.toContain(member.person.email);
    }
    await axe(code, visitor);
    const asked = visitor.wire.sent.filter(({ url }) => url.pathname.startsWith('/v1/me'));
    expect(asked.length).toBeGreaterThan(4);
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([421]));
    await abroad.open('/me/profile');
    expect(await statusOfMe(abroad.page)).toBe(200);
  });

  it('changes name, address and language, and the mails follow', async () => {
    const { member, visitor } = await on().signedIn(code);
    const email = freshEmail();
    visitor.watch.keepPrivate(email);
    const page = await visitor.open('/me/profile');
    const tab = await visitor.newTab();
    await tab.goto(page.url(), { waitUntil: 'networkidle' });
    await page.getByLabel('Display name').fill('Countess');
    await press(page, 'Save');
    await said(page, 'Your name was saved');
    await tab.getByLabel('Display name').fill('Lady');
    await press(tab, 'Save');
    await said(tab, 'This was changed elsewhere meanwhile');
    await tab.close();
    await press(page, 'Change the address');
    await page.getByLabel('New e-mail address').fill('nobody');
    await inDialog(page, 'Send a code there');
    await said(page, 'Enter an address like name@example.org');
    await page.getByLabel('New e-mail address').fill(email);
    await inDialog(page, 'Send a code there');
    await page.getByLabel('Code', { exact: true }).fill('00000000');
    await inDialog(page, 'Confirm the new address');
    await said(page, 'This is not the code that was mailed');
    await axe(code, visitor);
    await page.getByLabel('Code', { exact: true }).fill(await on().codeTo(code, email));
    await inDialog(page, 'Confirm the new address');
    await said(page, 'From now on you sign in with the new address');
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
    await closed(page);
    await page.getByTestId('email').filter({ hasText: email }).waitFor();
    await on().mailTo(code, member.person.email, /undo/);
    await page.getByRole('link', { name: 'Preferences' }).click();
    await page.getByRole('heading', { level: 1, name: 'Preferences' }).waitFor();
    await axe(code, visitor);
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('kiritimati');
    await page.getByRole('option', { name: 'Pacific/Kiritimati' }).click();
    await press(page, 'Save');
    await said(page, 'Your preferences were saved');
    await page.getByRole('link', { name: 'Your security log' }).click();
    // A day ahead of most of the world, half of the time.
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: 'Pacific/Kiritimati', dateStyle: 'medium' });
    await said(page, there.format());
    await page.getByRole('link', { name: 'Preferences' }).click();
    await press(page, 'This device is in Europe/Berlin');
    expect(await zone.inputValue()).toBe('Europe/Berlin');
    await page.getByRole('combobox', { name: 'Language', exact: true }).first().selectOption('de');
    await press(page, 'Save');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await page.getByRole('link', { name: 'Sicherheit', exact: true }).click();
    await press(page, 'Wiederherstellungscodes erzeugen');
    await page.getByLabel('Ich habe sie aufbewahrt').check();
    await inDialog(page, 'Fertig');
    await axe(code, visitor);
    await on().mailTo(code, email, /Wiederherstellungscodes/);
    // Another browser of hers speaks German as well, though it asks for English.
    const other = await on().visitor(code);
    await on().signIn(code, { ...member, person: { ...member.person, email } }, other);
    await other.open('/me/profile');
    await other.page.getByRole('heading', { level: 1, name: 'Profil' }).waitFor();
  });
});
