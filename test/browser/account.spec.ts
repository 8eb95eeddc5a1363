import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { freshEmail, type Member, PASSWORD } from '../support/api.js';
import { PeopleOf } from '../support/people.js';
import { PHONE } from './support/axe.js';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';
import type { Visitor } from './support/visitor.js';
import { typeSignIn } from './support/way-in.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const on = stage();

const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();
const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const inDialog = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const said = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
const visit = async (page: Page, place: string): Promise<void> => {
  await page.getByRole('link', { name: place, exact: true }).first().click();
  await heading(page, place);
};
const axe = async (code: string, visitor: Visitor): Promise<void> => {
  if (code === 'eu') await visitor.axe();
};

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
  await press(page, 'Change role: Grace');
  await page.getByRole('dialog').getByRole('radio', { name: 'Billing' }).check();
  await inDialog(page, 'Change role');
  await said(page, 'Grace has the role now');
  expect(await people.roles(ada.account.id)).toMatchObject({ [grace.person.id]: 'billing' });
}

/** Fills in whom the bills go to, and has two tabs edit it at once. */
async function editBilling(visitor: Visitor, page: Page): Promise<void> {
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

describe.each(['eu', 'us'])('an account of %s', (code) => {
  it('is run by its owner: name, people, billing, tokens, policy, log, its closing and the way back', async () => {
    const grace = await on().api.member(code, { displayName: 'Grace' });
    const { member: ada, visitor } = await on().signedIn(code, { displayName: 'Ada' });
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: visitor.origin });
    visitor.watch.keepPrivate(grace.person.email, 'Difference Engines', 'Engines Ltd', 'Dorset');
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
    await page.getByLabel('Name', { exact: true }).fill('Difference Engines');
    await press(page, 'Rename');
    await said(page, 'The account has another name');
    await managePeople(code, page, ada, grace);
    await axe(code, visitor);
    await press(page, 'Remove Grace');
    await said(page, /loses access to “Difference Engines” at once/);
    await axe(code, visitor);
    await inDialog(page, 'Remove');
    await said(page, 'Grace is no longer in this account');
    await editBilling(visitor, page);
    await axe(code, visitor);
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
    await axe(code, visitor);
    await press(page, 'Take the closing back');
    await said(page, 'The account stays open');
    await said(page, 'The closing of the account was taken back');
  });

  it('stays closed to everybody else, and another region’s is not looked for', async () => {
    const { visitor } = await on().signedIn(code);
    const twin = await on().api.member(code);
    const abroad = await on().api.member(elsewhere(code));
    visitor.watch.keepPrivate(twin.account.name, abroad.account.name);
    const page = await visitor.open(`/a/${twin.account.id}`);
    await heading(page, 'There is no such account for you');
    await visitor.open(`/a/${twin.account.id}/billing`);
    await heading(page, 'There is no such account for you');
    await visitor.open(`/a/${abroad.account.id}`);
    await heading(page, 'This belongs to another region');
    const go = page.getByRole('link', { name: /^Go to/ });
    expect(await go.getAttribute('href')).toBe(`${on().api.origin(elsewhere(code))}/a/${abroad.account.id}`);
  });
});

it('shows a member what is hers, masked, and explains the rest', async () => {
  const ada = await on().api.member('eu', { displayName: 'Ada' });
  const { member: grace, visitor } = await on().signedIn('eu', { displayName: 'Grace' });
  await new PeopleOf(on().api, 'eu').join(ada, grace);
  const page = await visitor.open('/');
  await heading(page, 'Your accounts');
  await axe('eu', visitor);
  await page.getByRole('link', { name: new RegExp(`${ada.account.name}.*Member`, 's') }).click();
  await said(page, 'Your role: Member');
  for (const place of ['Billing', 'API tokens', 'Account log'])
    expect(await page.getByRole('link', { name: place, exact: true }).count()).toBe(0);
  await visit(page, 'People');
  await said(page, 'As a member you see the names and addresses of the others masked');
  expect(await page.content()).not.toContain(ada.person.email);
  expect(await page.getByRole('button', { name: /^(?:Remove|Change role)/ }).count()).toBe(0);
  expect(await page.getByLabel('E-mail address').count()).toBe(0);
  for (const place of ['billing', 'tokens', 'log']) {
    await visitor.open(`/a/${ada.account.id}/${place}`);
    await said(page, 'This is not part of your role');
  }
  await visit(page, 'Account settings');
  await said(page, 'This account asks for nothing beyond what every sign-in has');
  expect(await page.getByRole('button', { name: /Save|Rename|Close/ }).count()).toBe(0);
  await visit(page, 'People');
  await press(page, 'Leave the account');
  await inDialog(page, 'Leave the account');
  await page.waitForURL(`**/a/${grace.account.id}`);
});

it('holds long words and text that runs from right to left at 360 px, in German', async () => {
  const accountName = `Donaudampfschifffahrtsgesellschaft${'skapitän'.repeat(18)}`.slice(0, 200);
  const typed = { accountName, displayName: 'عائشة بنت محمد' };
  const { member, visitor } = await on().signedIn('eu', typed, { width: 360, language: 'de' });
  const page = await visitor.open(`/a/${member.account.id}`);
  for (const place of ['', '/people', '/settings', '/log', '/billing', '/tokens']) {
    await visitor.open(`/a/${member.account.id}${place}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await visitor.axe({ theme: 'dark', width: 360 });
  }
});

it('is left in every tab when the session ends in one, and asks again who somebody is', async () => {
  const { member, visitor } = await on().signedIn('us');
  const page = await visitor.open(`/a/${member.account.id}/settings`);
  const other = await visitor.newTab();
  await other.goto(`/a/${member.account.id}/people`, { waitUntil: 'networkidle' });
  await other.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL('**/sign-in');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.content()).not.toContain(member.account.name);
  await other.close();
  await on().signIn('us', member, visitor);
  await visitor.open(`/a/${member.account.id}/settings`);
  // Whatever the page reads without the cookie leads to the sign-in as well: it has read everything by now.
  await page.waitForLoadState('networkidle');
  await visitor.context.clearCookies();
  await page.getByLabel('Name', { exact: true }).fill('Another');
  await press(page, 'Rename');
  await page.waitForURL('**/sign-in');
});

it('says on the page that is open that the session has become too old for it, and goes on after signing in again', async () => {
  const { member, visitor } = await on().signedIn('us');
  const people = new PeopleOf(on().api, 'us');
  const page = await visitor.open(`/a/${member.account.id}`);
  const path = `/v1/accounts/${member.account.id}`;
  const changed = await people.change(member, 'PATCH', `${path}/policy`, { sessionAbsoluteHours: 1 }, path);
  expect(changed.status).toBe(200);
  await people.sql(`update session set authenticated_at = now() - interval '61 minutes'`);
  await page.getByRole('link', { name: 'API tokens', exact: true }).click();
  await heading(page, 'Your session is too old for this account');
  await press(page, 'Sign in again');
  await said(page, 'Your session is over');
  await typeSignIn(page, member.person.email, PASSWORD);
  await heading(page, 'API tokens');
});

it('is worked on by keyboard alone, and says when the region is away', async () => {
  const { member, visitor } = await on().signedIn('eu');
  const page = await visitor.open(`/a/${member.account.id}/people`);
  const email = freshEmail();
  visitor.watch.keepPrivate(email);
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent);
  for (let i = 0; i < 40 && (await focused()) !== 'email'; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('email');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowUp');
  expect(await page.getByRole('radio', { name: 'Billing' }).isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await said(page, 'The invitation is on its way');
  await said(page, email);
  expect(await focused()).toBe('email');
  const undo = await visitor.apiIsAway('/v1/accounts/**');
  await visitor.page.getByRole('link', { name: 'API tokens', exact: true }).click();
  await said(page, 'The server cannot be reached');
  await undo();
  await press(page, 'Try again');
  await said(page, 'No tokens yet');
  const back = await visitor.apiIsAway('/v1/accounts/*');
  await visitor.open(`/a/${member.account.id}`);
  await heading(page, 'This cannot be shown just now');
  await visitor.axe(PHONE);
  await back();
  await press(page, 'Try again');
  await heading(page, member.account.name);
});
