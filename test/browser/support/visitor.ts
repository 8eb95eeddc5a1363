import { deepEqual } from 'node:assert/strict';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Route } from 'playwright-core';
import { type Member } from '../../support/api.js';
import { complaintsAbout, type Theme } from './axe.js';
import { launchWithoutCookies } from './chromium.js';
import { Passkeys } from './passkeys.js';
import { installSpeed, scriptBytesOf, type Speed, speedOf } from './speed.js';
import { type Place, Watch } from './watch.js';
import { Wire } from './wire.js';

export interface VisitorOptions {
  readonly theme?: Theme;
  readonly width?: number;
  /** Of the browser, as it is told to servers and pages. */
  readonly language?: string;
  readonly javaScript?: boolean;
  /** In a Chromium with all that goes on around a page, where others have its shell: it asks for icons. */
  readonly wholeBrowser?: boolean;
  /** Told to take no cookies, and with them no storage: a browser of its own. */
  readonly withoutCookies?: boolean;
  /** For providers of customers, whose CA no browser knows; the API has been given it. */
  readonly anyCertificate?: boolean;
}

/**
 * Somebody with a browser of her own: nothing shared with anybody. {@link Visitor.leave} asserts, for every test alike, that no request
 * left her origin, that the browser had nothing to complain about, that every document had the strict policy and was not to be kept, and
 * that nothing personal stands in an address, a title or a storage.
 */
export class Visitor {
  /** Measured by {@link measure}. */
  readonly speeds: Speed[] = [];

  private constructor(
    readonly place: Place,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly watch: Watch,
    readonly wire: Wire,
  ) {}

  static async arrive(browser: Browser, place: Place, options: VisitorOptions = {}): Promise<Visitor> {
    const { theme = 'light', width = 1280, language = 'en-GB', javaScript = true } = options;
    const { withoutCookies = false, anyCertificate = false } = options;
    const wire = await Wire.open();
    wire.allow(place.origin);
    const asked: BrowserContextOptions = {
      baseURL: place.origin,
      proxy: { server: wire.address },
      viewport: { width, height: 800 },
      colorScheme: theme,
      locale: language,
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
      javaScriptEnabled: javaScript,
      ignoreHTTPSErrors: anyCertificate,
    };
    const context = withoutCookies ? await launchWithoutCookies(asked) : await browser.newContext(asked);
    context.setDefaultTimeout(15_000);
    const watch = await Watch.over(context, wire, place);
    await installSpeed(context);
    const page = context.pages()[0] ?? (await context.newPage());
    return new Visitor(place, context, page, watch, wire);
  }

  get origin(): string {
    return this.place.origin;
  }

  /** Loads that path (or address) and waits until the page is there: it has a heading. */
  async open(path: string): Promise<Page> {
    await this.page.goto(path);
    await this.page.locator('h1').first().waitFor();
    return this.page;
  }

  /** Leaves the page and then drops every cookie, as who comes back another day: a page that is still there would notice, and go on by itself. */
  async forgetCookies(): Promise<void> {
    await this.page.goto('about:blank');
    await this.context.clearCookies();
  }

  /** One more tab of the same browser. */
  newTab(): Promise<Page> {
    return this.context.newPage();
  }

  /** Another origin of this machine that the test leads to. */
  mayVisit(origin: string): void {
    this.wire.allow(origin);
  }

  /** Gives the browser a session's cookie as a sign-in at that origin would have: `name=value`. */
  async takeCookie(pair: string, origin = this.origin): Promise<void> {
    const [name = '', value = ''] = pair.split('=');
    const { hostname: domain } = new URL(origin);
    await this.context.addCookies([{ name, value, domain, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
  }

  /** What this person types, which must be found in no address, title or storage. */
  knows({ person, account }: Pick<Member, 'person' | 'account'>): void {
    this.watch.keepPrivate(person.email, person.displayName ?? '', account.name);
  }

  passkeys(page: Page = this.page): Promise<Passkeys> {
    return Passkeys.of(page);
  }

  /** Asserts that axe has nothing against the page as it stands, and that it fits: light and dark, on a phone and on a desk. */
  async axe(): Promise<void> {
    deepEqual(await complaintsAbout(this.page), []);
  }

  /** Bytes of JavaScript that this visit has transferred so far. */
  get scriptBytes(): number {
    return scriptBytesOf(this.wire.sent);
  }

  /** Notes what the browser measured of the page that is open; the run prints it. */
  async measure(name: string): Promise<void> {
    this.speeds.push(await speedOf(this.page, name, this.wire.sent));
  }

  /** From now on no request to such a path of the API is answered; undone by what it resolves to. The browser's complaint is expected. */
  async apiIsAway(path = '/v1/**'): Promise<() => Promise<void>> {
    this.watch.expect(/Failed to load resource: net::ERR_CONNECTION_REFUSED/);
    return this.#meddle(path, (route) => route.abort('connectionrefused'));
  }

  /** From now on the API is overloaded: 503, with a Retry-After of so many seconds. */
  async apiIsBusy(path = '/v1/**', seconds = 1): Promise<() => Promise<void>> {
    this.watch.expect(/Failed to load resource: the server responded with a status of 503/);
    const problem = { type: 'about:blank', title: 'Busy', status: 503, code: 'residency.unavailable' };
    const contentType = 'application/problem+json';
    const headers = { 'retry-after': String(seconds) };
    return this.#meddle(path, (route) =>
      route.fulfill({ status: 503, contentType, headers, body: JSON.stringify(problem) }),
    );
  }

  /** From now on answers of such a path wait, for as long as the test wants to look at the page meanwhile. */
  async apiIsSlow(path = '/v1/**'): Promise<() => Promise<void>> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const undo = await this.#meddle(path, async (route) => {
      await promise;
      await route.continue().catch(() => undefined); // Asked for no more.
    });
    return async () => {
      resolve();
      await undo();
    };
  }

  async #meddle(path: string, how: (route: Route) => Promise<void>): Promise<() => Promise<void>> {
    const url = `**${path}`;
    await this.context.route(url, how);
    return () => this.context.unroute(url, how);
  }

  /** Ends the visit. @throws an assertion that lists everything that was wrong */
  async leave(): Promise<void> {
    try {
      deepEqual(await this.watch.findings(), []);
    } finally {
      await this.close();
    }
  }

  /** Ends it unlooked at. */
  async close(): Promise<void> {
    await this.context.close();
    await this.wire.close();
  }
}
