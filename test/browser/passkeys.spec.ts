import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/http.js';
import { stage } from './support/stage.js';
import type { Visitor } from './support/visitor.js';

const on = stage({ sameSite: true });
const elsewhere = (code: string): string => (code === 'eu' ? 'us' : 'eu');

/** What came of one step in a page: a status of the API, or the name of the error that the browser has thrown. */
type Outcome = number | string;

/** Runs in a page: asks that page's API for options, the authenticator for a passkey, and hands it in. */
async function add(): Promise<Outcome> {
  const post = (path: string, body?: unknown): Promise<Response> =>
    fetch(path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const options = (await (await post('/v1/me/passkey-options')).json()) as PublicKeyCredentialCreationOptionsJSON;
  try {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return (await post('/v1/me/passkeys', { passkey: made.toJSON() as unknown, label: 'This device' })).status;
  } catch (error) {
    return (error as Error).name;
  }
}

/** Runs in a page: has the authenticator sign in by those options, and gives what it would hand in. */
async function sign(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return ((await navigator.credentials.get({ publicKey })) as PublicKeyCredential).toJSON();
  } catch (error) {
    return (error as Error).name;
  }
}

type Options = PublicKeyCredentialRequestOptionsJSON;

/**
 * What the browser says in the end. A tab of Chromium has one place for such requests and frees it a moment after its answer: while it is
 * taken it says nothing of the request but that (chrome/browser/webauthn/authenticator_request_scheduler.cc), and is asked again.
 */
async function inTheEnd<T>(ask: () => Promise<T>): Promise<T> {
  return eventually('the browser to have room for a request', async () => {
    const said = await ask();
    return said !== 'OperationError' && said;
  });
}
const signing = (page: Page, options: Options): Promise<unknown> => inTheEnd(() => page.evaluate(sign, options));
const adding = (page: Page): Promise<Outcome> => inTheEnd(() => page.evaluate(add));

const asked = async (code: string): Promise<Options> =>
  (await on().api.ask(code, '/v1/sign-ins/passkey/options', { method: 'POST' })).json<Options>();
const handedIn = async (code: string, passkey: unknown): Promise<readonly [number, string | undefined]> => {
  const answer = await on().api.ask(code, '/v1/sign-ins/passkey', { json: { passkey } });
  return [answer.status, answer.code];
};

/** A page of that origin that is not one of ours. */
async function foreignPage(visitor: Visitor, origin: string): Promise<Page> {
  visitor.mayVisit(origin);
  const contentType = 'text/html';
  const body = '<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><h1>Elsewhere</h1>';
  await visitor.context.route(`${origin}/**`, (route) => route.fulfill({ contentType, body }));
  await visitor.open(`${origin}/`);
  return visitor.page;
}

describe.each(['eu', 'us'])('a passkey that Chromium has made for %s', (code) => {
  it('signs in there, as often as it is asked, and is for that host alone', async () => {
    const { visitor, member } = await on().signedIn(code);
    const keys = await visitor.passkeys();
    const page = await visitor.open('/sign-in');
    expect(await adding(page)).toBe(201);
    const [held, ...more] = await keys.held();
    expect([held?.rpId, held?.isResidentCredential, more]).toEqual([new URL(visitor.origin).hostname, true, []]);
    for (const { email, id } of [member.person]) expect(JSON.stringify(held)).not.toMatch(new RegExp(`${email}|${id}`));
    for (let time = 0; time < 2; time++)
      expect(await handedIn(code, await signing(page, await asked(code)))).toEqual([201, undefined]);
    // A second one on the same device is refused by the device: it is told what it has.
    expect(await adding(page)).toBe('InvalidStateError');
    // What was signed once is worth nothing a second time.
    const signed = await signing(page, await asked(code));
    expect(await handedIn(code, signed)).toEqual([201, undefined]);
    expect((await handedIn(code, signed))[0]).toBe(401);
  });

  it('does nothing for the other region: the browser does not offer it, and its API takes none', async () => {
    const { visitor } = await on().signedIn(code);
    await visitor.passkeys();
    const page = await visitor.open('/sign-in');
    expect(await adding(page)).toBe(201);
    const other = elsewhere(code);
    const [mine, theirs] = [await asked(code), await asked(other)];
    // For a host that is not the page's, the browser itself asks that host whether it knows the page; there is no https here.
    for (const { rpId } of [mine, theirs]) visitor.mayVisit(`https://${rpId}`);
    expect([mine.rpId, theirs.rpId]).toEqual([code, other].map((each) => new URL(on().api.origin(each)).hostname));
    // At home, for the other region's host; and signed at home, handed in abroad.
    expect(await signing(page, theirs)).toBe('SecurityError');
    const signed = await signing(page, mine);
    expect(signed).toEqual(expect.objectContaining({ type: 'public-key' }));
    expect((await handedIn(other, signed))[0]).toBe(401);
    expect((await handedIn(other, await signing(page, { ...theirs, rpId: mine.rpId! })))[0]).toBe(401);
    // Abroad: there is none for that host, and none can be asked for from there.
    visitor.mayVisit(on().api.origin(other));
    await visitor.open(`${on().api.origin(other)}/sign-in`);
    expect(await signing(page, { ...theirs, timeout: 500 })).toBe('NotAllowedError');
    expect(await signing(page, { ...mine, timeout: 500 })).toBe('SecurityError');
    expect(await handedIn(code, signed)).toEqual([201, undefined]);
  });

  it('signed on any other origin is refused, even where the browser allows it', async () => {
    const { visitor } = await on().signedIn(code);
    await visitor.passkeys();
    const page = await visitor.open('/sign-in');
    expect(await adding(page)).toBe(201);
    const options = await asked(code);
    // Below the region's own host a page may ask for its passkeys; only the origin in what was signed tells.
    await foreignPage(visitor, visitor.origin.replace('http://', 'http://evil.'));
    const signed = await signing(page, options);
    expect(signed).toEqual(expect.objectContaining({ type: 'public-key' }));
    expect((await handedIn(code, signed))[0]).toBe(401);
  });

  it('is cancelled by its person without a trace', async () => {
    const { visitor, member } = await on().signedIn(code);
    const keys = await visitor.passkeys();
    const page = await visitor.open('/sign-in');
    await keys.refuse();
    expect(await adding(page)).toBe('NotAllowedError');
    const { token } = member.session;
    expect((await on().api.ask(code, '/v1/me/factors', { token })).json()).toMatchObject({ passkeys: [] });
    await keys.refuse(false);
    expect(await adding(page)).toBe(201);
  });
});
