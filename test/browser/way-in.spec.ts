import { describe, expect, it } from '@jest/globals';
import { PERSONAL_FIELDS } from '@domicile/api-client';
import { PASSWORD } from '../support/api.js';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';
import { axe, heading, tabTo } from './support/steps.js';
import { askForAccount, inside, somebody, statusOfMe, typeSignIn } from './support/way-in.js';

const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');
const on = stage();

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
    await axe(code, visitor);
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
    await axe(code, visitor);
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

  it('is gone by the keyboard alone, to the pages of the account and out of them', async () => {
    const visitor = await on().visitor(code);
    const ada = somebody();
    visitor.watch.keepPrivate(ada.email, ada.accountName, PASSWORD);
    const page = await visitor.open('/sign-up');
    const { keyboard } = page;
    await tabTo(page, 'E-mail address');
    await keyboard.type(ada.email);
    await tabTo(page, 'Name of the account');
    await keyboard.type(ada.accountName);
    await tabTo(page, 'I have read');
    await keyboard.press('Space');
    await tabTo(page, 'Mail me a code');
    await keyboard.press('Enter');
    await heading(page, 'Look into your mail');
    const digits = await on().codeTo(code, ada.email);
    visitor.watch.keepPrivate(digits);
    await tabTo(page, 'Code from the mail');
    await keyboard.type(digits);
    await tabTo(page, 'New password');
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await inside(page);
    await heading(page, ada.accountName);
    await tabTo(page, 'Skip');
    await keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo(page, 'People');
    await keyboard.press('Enter');
    await heading(page, 'People');
    await tabTo(page, 'Sign out');
    await keyboard.press('Enter');
    await heading(page, 'Sign in');
    expect(await statusOfMe(page)).toBe(401);
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

describe('where the browser or the region does not do what it should', () => {
  it('signs in without cookies until the page is loaded anew, also where only answers lose theirs', async () => {
    const member = await on().api.member('eu');
    const { email } = member.person;
    const without = await on().visitor('eu', { withoutCookies: true });
    const page = await without.open('/sign-in');
    await page.getByText('Your browser refuses cookies here').waitFor();
    await without.axe();
    await typeSignIn(page, email, PASSWORD);
    await inside(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
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
