import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { freshEmail, type Member } from '../support/api.js';
import { eventually } from '../support/http.js';
import { PeopleOf } from '../support/people.js';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';
import { axe, closed, heading, inDialog, press, said, visit } from './support/steps.js';
import type { Visitor } from './support/visitor.js';
import { statusOfMe } from './support/way-in.js';

const on = stage();

/** As long as names may be, with text that runs from right to left: the pages on the way of the test hold it, at every width. */
const NAME = `Donaudampfschifffahrtsgesellschaft${'skapitän'.repeat(14)} عائشة بنت محمد`;

/** What the owner does with people, by the pages; the invited one answers by the API. */
async function managePeople(code: string, page: Page, ada: Member, grace: Member): Promise<void> {
  const people = new PeopleOf(on().api, code);
  await visit(page, 'People');
  await said(page, 'No open invitations');
  await page.getByLabel('E-mail address').fill('nobody');
  await press(page, 'Send the invitation');
  await said(page, 'Enter an address like name@example.org');
  await page.getByLabel('E-mail address').fill(grace.person.email);
  await press(page, 'Send the invitation');
  await said(page, 'The invitation is on its way');
  await said(page, /Can be answered until/);
  const path = `/v1/accounts/${ada.account.id}/invitations`;
  const { invitations } = (await people.ask(ada, 'GET', path)).json<{ invitations: { id: string }[] }>();
  expect((await people.accept(grace, invitations[0]!.id)).status).toBe(201);
  await page.reload();
  const mistaken = freshEmail();
  await page.getByLabel('E-mail address').fill(mistaken);
  await press(page, 'Send the invitation');
  await press(page, `Revoke the invitation to ${mistaken}`);
  await inDialog(page, 'Revoke');
  await said(page, 'The invitation is revoked');
  await said(page, 'No open invitations');
  await press(page, 'Change role: Grace');
  await page.getByRole('dialog').getByRole('radio', { name: 'Billing' }).check();
  await inDialog(page, 'Change role');
  await said(page, 'Grace has the role now');
  expect(await people.roles(ada.account.id)).toMatchObject({ [grace.person.id]: 'billing' });
}

/** Fills in whom the bills go to, and has two tabs edit it at once. */
async function editBilling(code: string, visitor: Visitor, page: Page): Promise<void> {
  await visit(page, 'Billing');
  await page.getByLabel('Legal name').fill('4111 1111 1111 1111');
  await page.getByLabel('Postal address').fill('1 Dorset Street\nLondon');
  await page.getByLabel('Country').selectOption('GB');
  await press(page, 'Save billing details');
  await said(page, 'This looks like the number of a payment card');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('legalName');
  await page.getByLabel('Legal name').fill('Engines Ltd');
  await press(page, 'Save billing details');
  await said(page, 'Billing details are saved');
  // With the toast that says so.
  await axe(code, visitor);
  const second = await visitor.newTab();
  await second.goto(page.url(), { waitUntil: 'networkidle' });
  await page.getByLabel('Legal name').fill('Engines One');
  await press(page, 'Save billing details');
  await expect(second.getByLabel('Legal name').inputValue()).resolves.toBe('Engines Ltd');
  await second.getByLabel('Legal name').fill('Engines Two');
  await press(second, 'Save billing details');
  await said(second, 'Somebody has changed this meanwhile');
  await said(second, 'Engines One');
  expect(await second.getByLabel('Legal name').inputValue()).toBe('Engines Two');
  await press(second, 'Save mine in its place');
  await said(second, 'Billing details are saved');
  await page.getByLabel('Legal name').fill('Engines Three');
  await press(page, 'Save billing details');
  await said(page, 'Somebody has changed this meanwhile');
  await press(page, 'Keep what is saved');
  await eventually('what is saved', async () => (await page.getByLabel('Legal name').inputValue()) === 'Engines Two');
  await second.close();
}

/** Makes a token, copies it, and revokes it. */
async function handleToken(code: string, visitor: Visitor, page: Page, account: string): Promise<void> {
  await visit(page, 'API tokens');
  await said(page, 'No tokens yet');
  await press(page, 'Make a token');
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
  await inDialog(page, 'Make a token');
  await said(page, 'Choose at least one');
  await axe(code, visitor);
  await page.getByRole('checkbox', { name: /The account/ }).check();
  await inDialog(page, 'Make a token');
  const secret = (await page.getByTestId('secret').textContent())!;
  expect(secret).toMatch(new RegExp(`^tok_${code}_`));
  visitor.watch.keepPrivate(secret);
  await page.keyboard.press('Escape');
  await inDialog(page, 'Copy');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await inDialog(page, 'I have stored it');
  await said(page, 'Never used');
  expect(await page.content()).not.toContain(secret);
  const read = () => on().api.ask(code, `/v1/accounts/${account}`, { token: secret });
  expect((await read()).json()).toMatchObject({ role: 'owner', permissions: [] });
  await press(page, 'Revoke the token “Nightly report”');
  await inDialog(page, 'Revoke');
  await said(page, 'No tokens yet');
  expect((await read()).status).toBe(401);
}

/** Goes through the pages that are about herself, chooses a language and an appearance there, and leaves nothing of it behind. */
async function leaveNoTrace(code: string, visitor: Visitor, page: Page, ada: Member): Promise<void> {
  for (const place of ['Profile', 'Security', 'Sessions', 'Your security log', 'Preferences']) {
    await visit(page, place);
    expect(await page.title()).toBe(`${place} – Domicile`);
    await axe(code, visitor);
  }
  await page.locator('.foot').getByLabel('Appearance').selectOption('dark');
  const language = page.locator('.foot').getByLabel('Language');
  await language.focus();
  await language.selectOption('de');
  await heading(page, 'Einstellungen');
  expect(await page.title()).toBe('Einstellungen – Domicile');
  // Who chooses a language stays where she is.
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Sprache');
  await axe(code, visitor);
  const kept = (): Promise<number> => page.evaluate(() => localStorage.length + sessionStorage.length);
  expect(await kept()).toBe(2);
  const second = await visitor.newTab();
  await second.goto(`/a/${ada.account.id}`);
  await said(second, 'Wo Ihre Daten sind');
  const undo = await visitor.apiIsAway('/v1/sessions/current');
  const signOut = page.getByRole('button', { name: 'Abmelden' }).first();
  await signOut.click();
  await said(page, 'Sie sind noch angemeldet');
  // The button was out of use meanwhile, and has the focus again.
  await eventually('the focus', () => signOut.evaluate((button) => button === document.activeElement));
  await undo();
  await signOut.click();
  for (const tab of [page, second]) {
    await tab.waitForURL('**/sign-in');
    await heading(tab, /^Sign in/);
  }
  expect([await kept(), await statusOfMe(page)]).toEqual([0, 401]);
  await page.goBack();
  await said(page, 'Your session is over');
  for (const tab of [page, second]) expect(await tab.content()).not.toContain(NAME.slice(0, 20));
  await second.close();
}

describe.each(['eu', 'us'])('an account of %s', (code) => {
  it('is run by its owner: name, people, billing, tokens, policy, log, its closing and the way back', async () => {
    const grace = await on().api.member(code, { displayName: 'Grace' });
    const { member: ada, visitor } = await on().signedIn(code, { displayName: 'Ada' });
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: visitor.origin });
    visitor.watch.keepPrivate(grace.person.email, NAME, 'Engines Ltd', 'Dorset');
    const page = await visitor.open('/');
    await heading(page, ada.account.name);
    expect(new URL(page.url()).pathname).toBe(`/a/${ada.account.id}`);
    await said(page, on().api.regions.get(code).dataCentres);
    await said(page, 'A password alone opens your accounts');
    await said(page, 'One person is in this account');
    await visitor.measure(`${code} /a/…`);
    expect(visitor.scriptBytes).toBeLessThanOrEqual(BUDGETS.accountArea);
    await axe(code, visitor);
    await visit(page, 'Account settings');
    await page.getByLabel('Name', { exact: true }).fill(NAME);
    await press(page, 'Rename');
    await said(page, 'The account has another name');
    await managePeople(code, page, ada, grace);
    await axe(code, visitor);
    await press(page, 'Remove Grace');
    await said(page, /loses access to “Donau.*” at once/);
    await axe(code, visitor);
    await inDialog(page, 'Remove');
    await said(page, 'Grace is no longer in this account');
    await editBilling(code, visitor, page);
    await handleToken(code, visitor, page, ada.account.id);
    await visit(page, 'Account settings');
    await page.getByLabel('Sign in again after inactivity of').selectOption({ label: 'one hour' });
    await press(page, 'Save policy');
    await said(page, 'The policy is saved');
    await page.getByRole('checkbox', { name: 'Ask for a second factor' }).check();
    await press(page, 'Save policy');
    await said(page, 'This account asks for a second factor');
    await axe(code, visitor);
    await press(page, 'Close the account');
    await said(page, /everything in it is erased for good/);
    await inDialog(page, 'Close the account');
    await said(page, /is being closed and will be erased on/);
    await visit(page, 'Account log');
    await said(page, 'The closing of the account was asked for');
    await said(page, 'A role was changed');
    // Grace answered by the API, from no device that is known.
    await said(page, /^by [^·]+$/);
    await axe(code, visitor);
    await press(page, 'Take the closing back');
    await said(page, 'The account stays open');
    await said(page, 'The closing of the account was taken back');
    await leaveNoTrace(code, visitor, page, ada);
  });

  it('is handed over to somebody else, and left by who had it', async () => {
    const people = new PeopleOf(on().api, code);
    const grace = await on().api.member(code, { displayName: 'Grace' });
    const { member: ada, visitor } = await on().signedIn(code);
    visitor.watch.keepPrivate(grace.person.email);
    const page = await visitor.open(`/a/${ada.account.id}/people`);
    await said(page, 'There is nobody else in this account');
    await said(page, 'You are its only owner');
    await people.join(ada, grace);
    await page.reload();
    await page.getByRole('button', { name: 'Hand over ownership' }).press('Enter');
    await said(page, 'Choose who is to own the account first');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByLabel('New owner').selectOption('Grace');
    await press(page, 'Hand over ownership');
    await said(page, 'Grace becomes an owner and may do everything');
    await inDialog(page, 'Hand over ownership');
    await said(page, 'Ownership is handed over');
    expect(await people.roles(ada.account.id)).toEqual({ [ada.person.id]: 'admin', [grace.person.id]: 'owner' });
    await closed(page);
    // An admin sees no bills, and hands nothing over.
    await page.getByRole('link', { name: 'Billing', exact: true }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Hand over ownership' }).count()).toBe(0);
    await press(page, 'Leave the account');
    await inDialog(page, 'Leave the account');
    await said(page, 'You do not belong to any account here');
    expect(await people.roles(ada.account.id)).toEqual({ [grace.person.id]: 'owner' });
    await axe(code, visitor);
  });
});
