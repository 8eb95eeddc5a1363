import { describe, expect, it } from '@jest/globals';
import * as relying from 'openid-client';
import { freshEmail, PASSWORD } from '../support/api.js';
import { digitsOf } from '../support/mail.js';
import { register, relyingParty } from '../support/oidc.js';
import { RelyingSite } from './support/relying-site.js';
import { stage } from './support/stage.js';
import { axe } from './support/steps.js';
import {
  addPasskey,
  addSecondFactors,
  askForAccount,
  inside,
  somebody,
  statusOfMe,
  typeSignIn,
} from './support/way-in.js';

const on = stage();

const NEW = 'another sentence of her own';
const PROVIDER = '/v1/sign-ins/provider';
const BACK = '/provider-callback';
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

/** The link of such a path in the next mail with one. */
async function linkTo(code: string, email: string, path: string): Promise<string> {
  const link = new RegExp(`https?://\\S+/${path}#\\S+`);
  return link.exec((await on().mailTo(code, email, link)).text)![0];
}

/** The code of the next mail with a link of such a path. */
async function codeBeside(code: string, email: string, path: string): Promise<string> {
  return digitsOf(await on().mailTo(code, email, new RegExp(`/${path}#`)));
}

describe.each(['eu', 'us'])('the longer ways into %s', (code) => {
  it('goes on in another browser by the link, which confirms nothing by itself and is of no use in the other region', async () => {
    const [visitor, phone] = [await on().visitor(code), await on().visitor(code)];
    const ada = somebody();
    await askForAccount(await visitor.open('/sign-up'), ada);
    const link = new URL(await on().linkTo(code, ada.email));
    phone.watch.keepPrivate(new URLSearchParams(link.hash.slice(1)).get('code')!);
    const page = await phone.open(link.href);
    await page.getByRole('heading', { name: 'Confirm your account' }).waitFor();
    expect(page.url()).toBe(`${on().api.origin(code)}/confirm`);
    await axe(code, phone);
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
    await axe(code, visitor);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, member.person.email, PASSWORD);
    await page.getByText(`You are signed in as ${member.person.email}`).waitFor();
    await axe(code, visitor);
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

  it('takes the second step with an app, a recovery code or a passkey, and begins again when the tries are used up', async () => {
    const visitor = await on().visitor(code);
    const member = await on().api.member(code);
    const { app, recoveryCodes } = await addSecondFactors(on().api, code, member);
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
    await axe(code, visitor);
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
    const visitor = await on().visitor(code);
    const member = await on().api.member(code);
    const { email } = member.person;
    visitor.watch.keepPrivate(email, NEW);
    const page = await visitor.open('/sign-in');
    await page.getByRole('link', { name: 'Password lost?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await axe(code, visitor);
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByLabel('Code from the mail').fill(await codeBeside(code, email, 'recover'));
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('A password has 15 to 1024 characters').waitFor();
    await axe(code, visitor);
    await page.getByLabel('New password').fill(NEW);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await typeSignIn(page, email, NEW);
    await inside(page);
    const token = (await on().api.session(code, email, NEW)).token;
    const { app, recoveryCodes } = await addSecondFactors(on().api, code, {
      ...member,
      session: { ...member.session, token },
    });
    await visitor.forgetCookies();
    await on().api.ask(code, '/v1/recoveries', { json: { email } });
    await visitor.open(await linkTo(code, email, 'recover'));
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your mailbox alone does not open').waitFor();
    await page.getByLabel('Code of the app').fill('000000');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The second factor is not right').waitFor();
    await axe(code, visitor);
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
    const [owner, guest] = [await api.member(code), await api.member(code)];
    const visitor = await on().visitor(code);
    const { email } = guest.person;
    const invite = (): Promise<unknown> =>
      api.ask(code, `/v1/accounts/${owner.account.id}/invitations`, {
        token: owner.session.token,
        json: { email, role: 'member' },
      });
    await invite();
    const page = await visitor.open(await linkTo(code, email, 'invitations'));
    await page.getByRole('link', { name: 'Sign up' }).waitFor();
    await axe(code, visitor);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Decline' }).waitFor();
    await axe(code, visitor);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('heading', { name: 'Declined' }).waitFor();
    await invite();
    await visitor.open(await linkTo(code, email, 'invitations'));
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(`**/a/${owner.account.id}`);
    const undo = await visitor.apiIsAway('/v1/accounts/*');
    await visitor.open('/');
    await page.getByText('The server cannot be reached').waitFor();
    await undo();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: new RegExp(`${owner.account.name}.*Member`, 's') }).waitFor();
    await axe(code, visitor);
    // Somebody else signs in on the same page: nothing of what was read before is hers.
    await page.evaluate(() => history.pushState(null, '', '/sign-in'));
    await typeSignIn(page, owner.person.email, PASSWORD);
    await page.waitForURL(`**/a/${owner.account.id}`);
    await page.getByText('Your role: Owner').waitFor();
    const next = freshEmail();
    const { token } = await api.session(code, email);
    await api.ask(code, '/v1/me/address-changes', { token, json: { email: next } });
    await visitor.forgetCookies();
    await visitor.open(await linkTo(code, next, 'address'));
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Confirm the new address' }).waitFor();
    await axe(code, visitor);
    await page.getByRole('button', { name: 'Confirm the new address' }).click();
    await page.getByRole('heading', { name: 'Your address is changed' }).waitFor();
    await visitor.open(await linkTo(code, email, 'undo'));
    await page.getByRole('button', { name: 'Take the change back' }).waitFor();
    await axe(code, visitor);
    await page.getByRole('button', { name: 'Take the change back' }).click();
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await page.getByLabel('Code from the mail').fill(await codeBeside(code, email, 'recover'));
    await page.getByLabel('New password').fill(NEW);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await typeSignIn(page, email, NEW);
    await inside(page);
  });

  it('goes there by the domain of her address, and comes back into this tab alone', async () => {
    const [visitor, site] = [await on().visitor(code), await RelyingSite.open()];
    visitor.mayVisit(site.origin);
    const page = await visitor.open('/sign-in');
    const begin = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Continue with your company’s sign-in' }).click();
      await page.getByLabel('E-mail address').fill(freshEmail());
      await page.getByRole('button', { name: 'Go on to your company' }).click();
    };
    await begin();
    await page.getByText('No account of this region has its own sign-in').waitFor();
    await axe(code, visitor);
    // What the provider and the API do with each other: test/e2e/provider.spec.ts. Here it is what the page does with their answers.
    const { person, session } = await on().api.member(code);
    const [id, token] = [`psi_${code}_${session.id.split('_')[2]}`, 'a secret that this tab alone has'];
    visitor.watch.keepPrivate(token);
    const signIn = { id, token, expiresAt: session.expiresAt };
    const answer = (json: unknown) => ({ status: 201, contentType: 'application/json', body: JSON.stringify(json) });
    await visitor.context.route(`**${PROVIDER}`, (route) =>
      route.fulfill(answer({ signIn, continueAt: site.callback })),
    );
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
    expect([other.url(), sent]).toEqual([`${on().api.origin(code)}${BACK}`, []]);
    await page.goto(back);
    await inside(page);
    const body = { code: 'its-code', iss: site.origin, sessionForm: 'cookie' };
    expect(sent).toEqual([[`Bearer ${token}`, body]]);
    await visitor.open('/sign-in');
    await begin();
    await page.getByRole('heading', { name: 'Back' }).waitFor();
    await visitor.open(`${BACK}?error=access_denied&state=${id}`);
    await page.getByText('Your company’s sign-in was refused or given up').waitFor();
    await visitor.open(`${BACK}?code=its-code&state=${id.replace(`_${code}_`, `_${elsewhere(code)}_`)}`);
    await page.getByRole('heading', { name: 'This belongs to another region' }).waitFor();
    await axe(code, visitor);
    await visitor.open('/undo');
    await axe(code, visitor);
    await page.evaluate(() => history.pushState(null, '', '/no-such-page'));
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await axe(code, visitor);
    expect(sent).toHaveLength(1);
    await site.close();
  });
});
