import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { freshEmail, type Member, PASSWORD } from '../support/api.js';
import { CLIENT, HonestProvider } from '../support/customer-provider.js';
import { Federated } from '../support/federation.js';
import { PeopleOf } from '../support/people.js';
import { stage } from './support/stage.js';
import { axe, heading, press, said } from './support/steps.js';
import type { Visitor } from './support/visitor.js';
import { inside, statusOfMe, typeSignIn } from './support/way-in.js';

/** Wrong passwords for one address that are answered in an hour. */
const TRIES = 3;
const on = stage({
  withOutside: true,
  settings: { DOMICILE_LIMIT_SIGN_INS_PER_ADDRESS_AND_NETWORK_HOUR: String(TRIES) },
});
let provider: HonestProvider;

beforeAll(async () => {
  const { api, installation, outside } = on();
  const callbacks = installation.codes.map((code) => `${api.origin(code)}/provider-callback`);
  provider = await HonestProvider.start(outside!.authority, callbacks);
});
afterAll(() => provider?.stop());

/** Somebody whose browser may go to the provider. */
async function arrive(code: string, member: Member): Promise<Visitor> {
  const visitor = await on().visitor(code, { anyCertificate: true });
  visitor.mayVisit(provider.issuer);
  visitor.knows(member);
  return visitor;
}

/** From the sign-in page to the provider, where she is signed in as herself, and back. */
async function signInThere(page: Page, { person: { email } }: Member): Promise<void> {
  provider.who = { sub: email, email };
  await press(page, 'Continue with your company’s sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Go on to your company');
}

/** Claims the domain, publishes what the page says, has it verified, and sets the provider. */
async function setUp(code: string, visitor: Visitor, at: Federated): Promise<void> {
  const page = await visitor.open(`/a/${at.owner.account.id}/settings`);
  await page.getByLabel('Domain', { exact: true }).fill(at.domain);
  await press(page, 'Add the domain');
  await press(page, `Verify ${at.domain}`);
  await said(page, 'The record is not there');
  await axe(code, visitor);
  const fact = (name: string): Promise<string> => page.locator(`dt:text-is("${name}") + dd .mono`).innerText();
  on().outside!.names.publish(await fact('Name'), 'v=spf1 -all', await fact('Value'));
  await press(page, `Verify ${at.domain}`);
  await said(page, 'The domain is verified');
  expect(await fact('Redirect URI')).toBe(`${on().api.origin(code)}/provider-callback`);
  // Nobody listens there, and nothing is saved of it.
  visitor.watch.expect(/^console error: .* status of 503 .*\/provider\)/);
  await page.getByLabel('Issuer').fill('https://localhost:1');
  await page.getByLabel('Client id').fill(CLIENT.clientId);
  await page.getByLabel('Client secret').fill(CLIENT.clientSecret);
  await press(page, 'Check and save');
  await said(page, 'The provider did not answer as it must in time');
  await page.getByLabel('Issuer').fill(provider.issuer);
  await page.getByLabel('Client secret').fill(CLIENT.clientSecret);
  await press(page, 'Check and save');
  await said(page, 'The provider answers well and is saved');
  await press(page, 'Test');
  await said(page, /^The provider answers well\.$/);
  await axe(code, visitor);
}

describe.each(['eu', 'us'])('an account of %s with a provider of its own', (code) => {
  it('is set up by its owner, entered by its people with it, and in the end by no password', async () => {
    const { api } = on();
    const at = await Federated.create(api, code, on().outside!);
    const grace = await api.member(code, { email: `grace@${at.domain}`, displayName: 'Grace' });
    await new PeopleOf(api, code).join(at.owner, grace);
    const home = `/a/${at.owner.account.id}`;
    const ada = await arrive(code, at.owner);
    await on().signIn(code, at.owner, ada);
    await setUp(code, ada, at);

    // Grace comes in, and by it alone into no other account, her own included.
    const visitor = await arrive(code, grace);
    const page = await visitor.open('/sign-in');
    await signInThere(page, grace);
    await heading(page, 'Your accounts');
    expect(await statusOfMe(page)).toBe(200);
    await visitor.open(home);
    await said(page, 'Your role: Member');
    await visitor.open(`/a/${grace.account.id}`);
    await heading(page, 'Your sign-in counts for another account');
    await press(page, 'Prove who you are');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await press(page, 'Use the password');
    await heading(page, grace.account.name);

    // Once an owner has come in with it, she may ask everybody to.
    await ada.forgetCookies();
    const settings = await ada.open(`${home}/settings`);
    await signInThere(settings, at.owner);
    await settings.getByRole('checkbox', { name: 'Ask for the account’s own sign-in' }).check();
    await press(settings, 'Save policy');
    await said(settings, 'The policy is saved');
    await visitor.forgetCookies();
    await visitor.open('/sign-in');
    await typeSignIn(page, grace.person.email, PASSWORD);
    await inside(page);
    await visitor.open(home);
    await heading(page, 'This account asks for its own sign-in');
    expect(await page.content()).not.toContain(at.owner.account.name);
    await axe(code, visitor);
    await press(page, 'Sign in again');
    await signInThere(page, grace);
    await page.waitForURL(`**${home}`);
    await said(page, 'Your role: Member');
  });
});

it('takes nobody whom the provider calls otherwise, and says so', async () => {
  const at = await (await Federated.create(on().api, 'us', on().outside!)).ready(provider.issuer);
  const visitor = await arrive('us', at.owner);
  const page = await visitor.open('/sign-in');
  const stranger = { ...at.owner, person: { ...at.owner.person, email: `nobody@${at.domain}` } };
  await signInThere(page, stranger);
  await heading(page, 'That did not sign you in');
  await visitor.axe();
  expect(await statusOfMe(page)).toBe(401);
  await page.getByRole('link', { name: 'Begin again' }).click();
  await signInThere(page, at.owner);
  await inside(page);
});

it.each(['eu', 'us'])('somebody who tries too often in %s is told when to try again', async (code) => {
  const visitor = await on().visitor(code);
  const email = freshEmail();
  visitor.watch.keepPrivate(email);
  const page = await visitor.open('/sign-in');
  for (let tries = 0; tries < TRIES; tries++) {
    await typeSignIn(page, email, PASSWORD);
    await said(page, 'The address or the password is not right');
  }
  await typeSignIn(page, email, PASSWORD);
  await said(page, /That was too often\. Try again in (?:\d+ minutes|one minute|\d+ seconds)\./);
  const refused = visitor.wire.sent.find(({ status }) => status === 429)!;
  const minutes = Math.ceil(Number(refused.answered['retry-after']) / 60);
  expect(minutes).toBeGreaterThan(0);
  expect(minutes).toBeLessThanOrEqual(60);
  await said(page, minutes > 1 ? `Try again in ${minutes} minutes.` : /Try again in/);
});
