import { describe, expect, it } from '@jest/globals';
import { PERSONAL_FIELDS } from '@domicile/api-client';
import * as relying from 'openid-client';
import { freshEmail, PASSWORD } from '../support/api.js';
import { digitsOf } from '../support/mail.js';
import { register, relyingParty } from '../support/oidc.js';
import { PHONE } from './support/axe.js';
import { RelyingSite } from './support/relying-site.js';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';
import {
  addPasskey,
  addSecondFactors,
  askForAccount,
  inside,
  type SigningUp,
  statusOfMe,
  typeSignIn,
} from './support/way-in.js';

const NEW = 'another sentence of her own';
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const somebody = (): SigningUp => ({ email: freshEmail(), accountName: 'Analytical Engines', displayName: 'Ada' });
const on = stage();
/** The link of such a path in the next mail with one. */
const linkTo = async (code: string, email: string, path: string): Promise<string> => {
  const link = new RegExp(`https?://\\S+/${path}#\\S+`);
  return link.exec((await on().mailTo(code, email, link)).text)![0];
};
/** The code of the next mail with a link of such a path. */
const codeBeside = async (code: string, email: string, path: string): Promise<string> =>
  digitsOf(await on().mailTo(code, email, new RegExp(`/${path}#`)));

it('asks for nothing without saying why, in the words of its declaration, and marks what may be left out', async () => {
  const { 'person.profile': person, 'account.profile': account } = PERSONAL_FIELDS;
  const declared = { email: person.email, accountName: account.name, displayName: person.displayName };
  const page = await (await on().visitor('eu')).open('/sign-up');
  await page.getByLabel('E-mail address').waitFor();
  const fields = await page.locator('form input:not([type=checkbox])').evaluateAll((inputs) =>
    (inputs as HTMLInputElement[]).map(({ name, required, labels, ariaDescribedByElements }) => ({
      name,
      isRequired: required,
      label: labels?.[0]?.textContent,
      said: ariaDescribedByElements?.map(({ textContent }) => textContent).join(' '),
    })),
  );
  expect(fields.map(({ name }) => name)).toEqual(Object.keys(declared));
  for (const { name, isRequired, label, said } of fields) {
    const { purpose, optional } = declared[name as keyof typeof declared];
    expect(said).toContain(purpose);
    expect([name, isRequired, label?.includes('optional')]).toEqual([name, !optional, optional]);
  }
});

describe.each(['eu', 'us'])('the way into %s', (code) => {
  it('leads from the region, shown, by a code pasted with spaces, to an account and out of it again', async () => {
    const visitor = await on().visitor(code);
    const ada = somebody();
    visitor.watch.keepPrivate(ada.email, ada.accountName, PASSWORD);
    const page = await visitor.open('/sign-up');
    const { name, jurisdiction, owner, dataCentres } = on().api.regions.get(code);
    const facts = page.getByRole('region', { name: `You have chosen: ${name}` });
    for (const fact of [jurisdiction, owner.name, dataCentres]) expect(await facts.textContent()).toContain(fact);
    const other = await facts.getByRole('link').getAttribute('href');
    expect(other).toBe(`${on().api.origin(elsewhere(code))}/sign-up`);
    await visitor.measure(`${code} /sign-up`);
    expect(visitor.scriptBytes).toBeLessThanOrEqual(BUDGETS.wayIn);
    await page.getByLabel('E-mail address').fill('nobody');
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByText('Without the notice there is no account').waitFor();
    if (code === 'eu') await visitor.axe();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByText('Enter an address like name@example.org').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    await askForAccount(page, ada);
    const digits = await on().codeTo(code, ada.email);
    visitor.watch.keepPrivate(digits);
    const [codeField, passwordField] = [page.getByLabel('Code from the mail'), page.getByLabel('New password')];
    await codeField.fill(digits === '00000000' ? '00000001' : '00000000');
    await passwordField.fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm and begin' }).click();
    await page.getByText('This is not the code that was mailed').waitFor();
    if (code === 'eu') await visitor.axe();
    await page.getByRole('button', { name: 'Send the mail again' }).click();
    await page.getByText('Another mail is on its way').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Send the mail again');
    const second = await on().codeTo(code, ada.email);
    visitor.watch.keepPrivate(second);
    await codeField.fill(` ${second.slice(0, 4)}\u00a0${second.slice(4)}-`);
    await page.getByRole('button', { name: 'Confirm and begin' }).click();
    await inside(page);
    expect(await statusOfMe(page)).toBe(200);
    await visitor.forgetCookies();
    await visitor.open('/sign-in');
    await typeSignIn(page, ada.email, `${PASSWORD}!`);
    await page.getByText('The address or the password is not right').waitFor();
    await typeSignIn(page, ada.email, PASSWORD);
    await inside(page);
    const cookies = await visitor.context.cookies();
    expect(cookies.map(({ name, httpOnly }) => [name, httpOnly]).sort()).toEqual([
      ['__Host-domicile-device', true],
      ['__Host-domicile-session', true],
    ]);
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });

  it('leads by a passkey, after one that was cancelled, and comes back by it without a name', async () => {
    const visitor = await on().visitor(code);
    const keys = await visitor.passkeys();
    const ada = somebody();
    const page = await visitor.open('/sign-up');
    await askForAccount(page, ada);
    await page.getByLabel('Code from the mail').fill(await on().codeTo(code, ada.email));
    await page.getByRole('button', { name: 'Use a passkey instead' }).click();
    await keys.refuse();
    await page.getByRole('button', { name: 'Make a passkey and begin' }).click();
    await page.getByText('No passkey was used').waitFor();
    await keys.refuse(false);
    await page.getByRole('button', { name: 'Make a passkey and begin' }).click();
    await inside(page);
    const { hostname } = new URL(on().api.origin(code));
    expect((await keys.held()).map(({ rpId }) => rpId)).toEqual([hostname]);
    await visitor.forgetCookies();
    await visitor.open('/sign-in');
    // Either the list under the field or the button: the virtual device answers whoever asks first.
    const button = page.getByRole('button', { name: 'Sign in with a passkey' });
    await Promise.race([button.click().catch(() => undefined), inside(page)]);
    await inside(page);
    expect(await statusOfMe(page)).toBe(200);
  });
});

describe('a sign-up and an application', () => {
  it('goes on in another browser by the link, which confirms nothing by itself and is of no use in the other region', async () => {
    const code = 'us';
    const [visitor, phone] = [await on().visitor(code), await on().visitor(code)];
    const ada = somebody();
    await askForAccount(await visitor.open('/sign-up'), ada);
    const link = new URL(await on().linkTo(code, ada.email));
    phone.watch.keepPrivate(new URLSearchParams(link.hash.slice(1)).get('code')!);
    const page = await phone.open(link.href);
    await page.getByRole('heading', { name: 'Confirm your account' }).waitFor();
    expect(page.url()).toBe(`${on().api.origin(code)}/confirm`);
    await phone.axe();
    expect(await statusOfMe(page)).toBe(401);
    const stranger = await on().visitor(elsewhere(code));
    const there = await stranger.open(`/confirm${link.hash}`);
    await there.getByRole('heading', { name: 'This belongs to another region' }).waitFor();
    expect(await there.getByRole('link', { name: 'Go to' }).getAttribute('href')).toBe(link.href);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm and begin' }).click();
    await inside(page);
    expect(await statusOfMe(page)).toBe(200);
    const late = await visitor.open(link.href);
    await late.getByLabel('New password').fill(PASSWORD);
    await late.getByRole('button', { name: 'Confirm and begin' }).click();
    await late.getByText('This was confirmed before').waitFor();
    await late.getByRole('link', { name: 'Go to the sign-in' }).click();
    await late.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('asks on a page what an application may learn, and leads back to it with what it needs', async () => {
    const code = 'eu';
    const visitor = await on().visitor(code);
    const member = await on().api.member(code, { displayName: 'Ada' });
    visitor.knows(member);
    const site = await RelyingSite.open();
    visitor.mayVisit(site.origin);
    const client = await register(on().installation, code, { redirectUris: [site.callback], isPublic: true });
    const config = await relyingParty(on().api, code, client);
    const verifier = relying.randomPKCECodeVerifier();
    const [expectedState, scope] = [relying.randomState(), 'openid profile'];
    const address = relying.buildAuthorizationUrl(config, {
      redirect_uri: client.redirectUri,
      scope,
      code_challenge: await relying.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: expectedState,
    });
    const page = await visitor.open(address.href);
    expect(new URL(page.url()).pathname).toMatch(new RegExp(`^/applications/oidc_${code}_`));
    await page.getByRole('heading', { name: 'Example wants to know who you are' }).waitFor();
    await page.getByText('What you are called').waitFor();
    await page.getByText('not your e-mail address').waitFor();
    await visitor.axe();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, member.person.email, PASSWORD);
    await page.getByText(`You are signed in as ${member.person.email}`).waitFor();
    await visitor.axe(PHONE);
    await page.getByRole('button', { name: 'Agree, and back to Example' }).click();
    await page.getByRole('heading', { name: 'Back' }).waitFor();
    const tokens = await relying.authorizationCodeGrant(config, site.answers.at(-1)!, {
      pkceCodeVerifier: verifier,
      expectedState,
    });
    const { sub } = tokens.claims()!;
    const info = await relying.fetchUserInfo(config, tokens.access_token, sub);
    expect(info).toEqual({ sub, region: code, name: 'Ada' });
    await visitor.open(address.href);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('heading', { name: 'Back' }).waitFor();
    expect(site.answers.at(-1)!.searchParams.get('error')).toBe('access_denied');
    await page.goBack();
    await page.getByRole('heading', { name: 'This question is over' }).waitFor();
    // The one that was agreed to stands in her list, and she ends it there.
    await visitor.open('/me/security');
    await page.getByRole('button', { name: /^End the access of Example/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End access' }).click();
    await page.getByText('None. When you sign in to an application').waitFor();
    await expect(relying.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow();
    await site.close();
  });
});

describe('who has an account', () => {
  it('takes the second step with an app, a recovery code or a passkey, and begins again when the tries are used up', async () => {
    const visitor = await on().visitor('eu');
    const member = await on().api.member('eu');
    const { app, recoveryCodes } = await addSecondFactors(on().api, 'eu', member);
    const { email } = member.person;
    visitor.watch.keepPrivate(email, PASSWORD, app(0), recoveryCodes[0]!);
    const page = await visitor.open('/sign-in');
    const firstStep = async (): Promise<void> => {
      await visitor.forgetCookies();
      await visitor.open('/sign-in');
      await typeSignIn(page, email, PASSWORD);
      await page.getByRole('heading', { name: 'One more step' }).waitFor();
    };
    await firstStep();
    await visitor.axe();
    await page.getByLabel('Code of the app').fill(`${app(0).slice(0, 3)} ${app(0).slice(3)}`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await inside(page);
    expect(await statusOfMe(page)).toBe(200);
    const keys = await visitor.passkeys();
    expect(await addPasskey(page)).toBe(201);
    await keys.refuse();
    // With the session of before still there: a password that needs a second step takes it back.
    await visitor.open('/sign-in');
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Use the passkey' }).click();
    await page.getByText('No passkey was used').waitFor();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    for (let tries = 0; tries < 5; tries++) {
      const answered = page.waitForResponse(/\/recovery-code$/);
      await page.getByLabel('Recovery code').fill('aaaa-aaaa-aaaa');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await answered;
    }
    await page.getByLabel('Recovery code').fill(recoveryCodes[0]!);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This sign-in has had its ten minutes or its five tries').waitFor();
    await page.getByRole('button', { name: 'Begin again' }).click();
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recoveryCodes[0]!);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await inside(page);
    // The device answers whoever asks: it is there for the second step alone.
    await firstStep();
    await keys.refuse(false);
    await page.getByRole('button', { name: 'Use the passkey' }).click();
    await inside(page);
    expect(await statusOfMe(page)).toBe(200);
  });

  it('sets a new password by code or by link, but never past a second factor', async () => {
    const visitor = await on().visitor('us');
    const member = await on().api.member('us');
    const { email } = member.person;
    visitor.watch.keepPrivate(email, NEW);
    const page = await visitor.open('/sign-in');
    await page.getByRole('link', { name: 'Password lost?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await visitor.axe(PHONE);
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByLabel('Code from the mail').fill(await codeBeside('us', email, 'recover'));
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('A password has 15 to 1024 characters').waitFor();
    await visitor.axe();
    await page.getByLabel('New password').fill(NEW);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await typeSignIn(page, email, NEW);
    await inside(page);
    const token = (await on().api.session('us', email, NEW)).token;
    const { app, recoveryCodes } = await addSecondFactors(on().api, 'us', {
      ...member,
      session: { ...member.session, token },
    });
    await visitor.forgetCookies();
    await on().api.ask('us', '/v1/recoveries', { json: { email } });
    await visitor.open(await linkTo('us', email, 'recover'));
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your mailbox alone does not open').waitFor();
    await page.getByLabel('Code of the app').fill('000000');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The second factor is not right').waitFor();
    await visitor.axe(PHONE);
    await page.getByLabel('Second factor').selectOption('recovery_code');
    await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCodes[1]!);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await typeSignIn(page, email, PASSWORD);
    await page.getByLabel('Code of the app').fill(app(0));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await inside(page);
  });

  it('answers invitations and confirms an address after signing in on the way, and takes a change of address back', async () => {
    const { api } = on();
    const [owner, guest] = [await api.member('eu'), await api.member('eu')];
    const visitor = await on().visitor('eu');
    const { email } = guest.person;
    const invite = (): Promise<unknown> =>
      api.ask('eu', `/v1/accounts/${owner.account.id}/invitations`, {
        token: owner.session.token,
        json: { email, role: 'member' },
      });
    await invite();
    const page = await visitor.open(await linkTo('eu', email, 'invitations'));
    await page.getByRole('link', { name: 'Sign up' }).waitFor();
    await visitor.axe(PHONE);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Decline' }).waitFor();
    await visitor.axe(PHONE);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('heading', { name: 'Declined' }).waitFor();
    await invite();
    await visitor.open(await linkTo('eu', email, 'invitations'));
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(`**/a/${owner.account.id}`);
    const undo = await visitor.apiIsAway('/v1/accounts/*');
    await visitor.open('/');
    await page.getByText('The server cannot be reached').waitFor();
    await undo();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: new RegExp(`${owner.account.name}.*Member`, 's') }).waitFor();
    await visitor.axe(PHONE);
    // Somebody else signs in on the same page: nothing of what was read before is hers.
    await page.evaluate(() => history.pushState(null, '', '/sign-in'));
    await typeSignIn(page, owner.person.email, PASSWORD);
    await page.waitForURL(`**/a/${owner.account.id}`);
    await page.getByText('Your role: Owner').waitFor();
    const next = freshEmail();
    const { token } = await api.session('eu', email);
    await api.ask('eu', '/v1/me/address-changes', { token, json: { email: next } });
    await visitor.forgetCookies();
    await visitor.open(await linkTo('eu', next, 'address'));
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Confirm the new address' }).waitFor();
    await visitor.axe(PHONE);
    await page.getByRole('button', { name: 'Confirm the new address' }).click();
    await page.getByRole('heading', { name: 'Your address is changed' }).waitFor();
    await visitor.open(await linkTo('eu', email, 'undo'));
    await page.getByRole('button', { name: 'Take the change back' }).waitFor();
    await visitor.axe(PHONE);
    await page.getByRole('button', { name: 'Take the change back' }).click();
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await page.getByLabel('Code from the mail').fill(await codeBeside('eu', email, 'recover'));
    await page.getByLabel('New password').fill(NEW);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await typeSignIn(page, email, NEW);
    await inside(page);
  });
});

describe('somebody whose company signs its people in', () => {
  const API = '/v1/sign-ins/provider';
  const BACK = '/provider-callback';

  it('goes there by the domain of her address, and comes back into this tab alone', async () => {
    const [visitor, site] = [await on().visitor('eu'), await RelyingSite.open()];
    visitor.mayVisit(site.origin);
    const page = await visitor.open('/sign-in');
    const begin = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Continue with your company’s sign-in' }).click();
      await page.getByLabel('E-mail address').fill(freshEmail());
      await page.getByRole('button', { name: 'Go on to your company' }).click();
    };
    await begin();
    await page.getByText('No account of this region has its own sign-in').waitFor();
    await visitor.axe(PHONE);
    // What the provider and the API do with each other: test/e2e/provider.spec.ts. Here it is what the page does with their answers.
    const { person, session } = await on().api.member('eu');
    const [id, token] = [`psi_eu_${session.id.split('_')[2]}`, 'a secret that this tab alone has'];
    visitor.watch.keepPrivate(token);
    const signIn = { id, token, expiresAt: session.expiresAt };
    const answer = (json: unknown) => ({ status: 201, contentType: 'application/json', body: JSON.stringify(json) });
    await visitor.context.route(`**${API}`, (route) => route.fulfill(answer({ signIn, continueAt: site.callback })));
    const sent: unknown[] = [];
    await visitor.context.route(`**/v1/sign-ins/${id}/provider`, async (route) => {
      sent.push([route.request().headers()['authorization'], route.request().postDataJSON()]);
      await route.fulfill(answer({ person: { id: person.id }, session }));
    });
    await page.getByRole('button', { name: 'Go on to your company' }).click();
    await page.getByRole('heading', { name: 'Back' }).waitFor();
    const back = `${BACK}?code=its-code&state=${id}&iss=${encodeURIComponent(site.origin)}`;
    const other = await visitor.newTab();
    await other.goto(back);
    await other.getByText('This sign-in was not begun in this tab').waitFor();
    expect([other.url(), sent]).toEqual([`${on().api.origin('eu')}${BACK}`, []]);
    await page.goto(back);
    await inside(page);
    const body = { code: 'its-code', iss: site.origin, sessionForm: 'cookie' };
    expect(sent).toEqual([[`Bearer ${token}`, body]]);
    await visitor.open('/sign-in');
    await begin();
    await page.getByRole('heading', { name: 'Back' }).waitFor();
    await visitor.open(`${BACK}?error=access_denied&state=${id}`);
    await page.getByText('Your company’s sign-in was refused or given up').waitFor();
    await visitor.open(`${BACK}?code=its-code&state=${id.replace('_eu_', '_us_')}`);
    await page.getByRole('heading', { name: 'This belongs to another region' }).waitFor();
    await visitor.axe(PHONE);
    await visitor.open('/undo');
    await visitor.axe(PHONE);
    await page.evaluate(() => history.pushState(null, '', '/no-such-page'));
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await visitor.axe(PHONE);
    expect(sent).toHaveLength(1);
    await site.close();
  });
});

describe('where the browser or the region does not do what it should', () => {
  it('signs in without cookies until the page is loaded anew, also where only answers lose theirs', async () => {
    const member = await on().api.member('eu');
    const { email } = member.person;
    const without = await on().visitor('eu', { withoutCookies: true });
    const page = await without.open('/sign-in');
    await page.getByText('Your browser refuses cookies here').waitFor();
    await without.axe(PHONE);
    await typeSignIn(page, email, PASSWORD);
    await inside(page);
    const losing = await on().visitor('eu');
    await losing.context.route('**/v1/me', async (route) => {
      await losing.context.clearCookies();
      await route.continue();
    });
    const other = await losing.open('/sign-in');
    await typeSignIn(other, email, PASSWORD);
    await other.getByText('Your browser did not keep the cookie').waitFor();
    await typeSignIn(other, email, PASSWORD);
    await inside(other);
  });

  it('says what is wrong and lets the person try again, where it is away, busy or slow', async () => {
    const visitor = await on().visitor('us', { theme: 'dark', width: 360, language: 'de' });
    const { email } = (await on().api.member('us')).person;
    const page = await visitor.open('/sign-in');
    const [address, password] = [page.getByLabel('E-Mail-Adresse'), page.getByRole('textbox', { name: 'Passwort' })];
    const submit = page.getByRole('button', { name: 'Anmelden', exact: true });
    await address.fill(email);
    await password.fill(PASSWORD);
    const back = await visitor.apiIsAway('/v1/sessions');
    await submit.click();
    await page.getByText('Der Server ist nicht zu erreichen').waitFor();
    await back();
    const calm = await visitor.apiIsBusy('/v1/sessions', 7);
    await submit.click();
    await page.getByText('in 7 Sekunden').waitFor();
    await calm();
    const fast = await visitor.apiIsSlow('/v1/sessions');
    await submit.click();
    await page.locator('button[data-loading]').waitFor();
    await fast();
    await inside(page);
    const down = await visitor.apiIsAway('/v1/policies/current');
    await visitor.open('/privacy');
    await page.getByText('Der Server ist nicht zu erreichen').waitFor();
    await down();
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await page.getByRole('heading', { name: 'Wo Ihre Daten bleiben' }).waitFor();
    await page.getByText('Verbindlich ist der englische Text').waitFor();
    await visitor.axe();
    await page.getByRole('button', { name: 'Den englischen Text zeigen' }).click();
    await page.getByRole('heading', { name: 'Where your data stays' }).waitFor();
    expect(await page.locator('.notice').getAttribute('lang')).toBe('en');
  });
});
