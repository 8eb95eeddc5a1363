import { describe, expect, it } from '@jest/globals';
import { freshEmail, PASSWORD } from '../support/api.js';
import { PeopleOf } from '../support/people.js';
import { stage } from './support/stage.js';
import { heading, inDialog, press, said, visit } from './support/steps.js';
import { typeSignIn } from './support/way-in.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const on = stage();

describe.each(['eu', 'us'])('an account of %s', (code) => {
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
  await visitor.axe();
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
    await visitor.axe();
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
  // It is to have read everything by now: what it reads later would be refused before anybody goes anywhere.
  await page.waitForLoadState('networkidle');
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
  await visitor.axe();
  await back();
  await press(page, 'Try again');
  await heading(page, member.account.name);
});

it('is answered on a page where an address is mistyped, with the way to the start', async () => {
  const visitor = await on().visitor('eu');
  visitor.watch.expect(/^console error: Failed to load resource: the server responded with a status of 404/);
  const page = await visitor.open('/a');
  await heading(page, 'There is no such page');
  await visitor.open('/signup');
  await heading(page, 'There is no such page');
  expect(await page.title()).toBe('There is no such page – Domicile');
  await visitor.axe();
  await page.getByRole('link', { name: 'To the start page' }).click();
  await heading(page, 'Sign in');
});
