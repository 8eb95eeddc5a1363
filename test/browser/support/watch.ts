import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import { SECRET_COOKIE } from '@domicile/residency';
import { DEVICE_COOKIE } from '../../../apps/api/src/known-device.js';
import type { Sent, Wire } from './wire.js';

/** What a page may keep in this browser: a language and an appearance. */
const STORED = ['domicile.language', 'mantine-color-scheme-value'];
/** A session, a device that is known, and at the front door the bare code of a region, if its button was pressed. */
const COOKIES: readonly string[] = [SECRET_COOKIE, DEVICE_COOKIE, '__Host-region', '__Host-domicile-probe'];
/** Those of the issuer, where an application asked for somebody. */
const OF_THE_ISSUER = /^domicile-oidc-(?:session|interaction)(?:\.sig)?$/;

/** The browser says so by itself of every refusal of the API that a page asked for; what pages say of it is what counts. */
const REFUSED_BY_THE_API = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** What every document of a region comes with. */
const POLICY = new RegExp(
  `^${[
    "default-src 'none'",
    "script-src 'self' 'nonce-[\\w-]{22,}'",
    "style-src 'self' 'nonce-[\\w-]{22,}'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')}$`,
);

/** Where a visitor is at home, and what else has documents of ours. */
export interface Place {
  /** The one origin that she may reach, unless the test allows another. */
  readonly origin: string;
  /** Origins whose documents have the one policy. */
  readonly regional: readonly string[];
}

/** Everything that a browser has to complain about while a test goes on; what is left of it at the end fails the test. */
export class Watch {
  readonly #heard: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #private: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly wire: Wire,
    readonly place: Place,
  ) {}

  static async over(context: BrowserContext, wire: Wire, place: Place): Promise<Watch> {
    const watch = new Watch(context, wire, place);
    context.on('console', (message) => watch.#hear(message));
    context.on('weberror', (error) => watch.#heard.push(`page error: ${error.error().message}`));
    await context.exposeBinding('domicileViolated', (_source, what: string) => void watch.#heard.push(what));
    await context.addInitScript(() => {
      const { domicileViolated } = globalThis as unknown as { domicileViolated: (what: string) => void };
      addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
        domicileViolated(`policy: ${effectiveDirective} refused ${blockedURI} ${sample}`),
      );
    });
    return watch;
  }

  /** Every complaint so far, expected or not. */
  get heard(): readonly string[] {
    return this.#heard;
  }

  /** From now on a complaint like that belongs to the test; it fails when none came. */
  expect(complaint: RegExp): void {
    this.#expected.push(complaint);
  }

  /** From now on these must stand in no address, no title and no storage. */
  keepPrivate(...texts: readonly string[]): void {
    this.#private.push(...texts.filter((text) => text !== ''));
  }

  /** Everything that is wrong; empty when all is well. To be called while the pages are still there. */
  async findings(): Promise<string[]> {
    const kept = await Promise.all(this.context.pages().map((page) => this.#keptBy(page)));
    const ours = [this.place.origin, ...this.place.regional];
    // What an origin of somebody else, that the test leads to, keeps for itself is its own business.
    const theirs = this.wire.allowed
      .filter((origin) => !ours.includes(origin))
      .map((origin) => new URL(origin).hostname);
    const cookies = await this.context.cookies();
    const surplus = cookies
      .filter(({ name, domain }) => !COOKIES.includes(name) && !OF_THE_ISSUER.test(name) && !theirs.includes(domain))
      .map(({ name }) => `cookie: ${name}`);
    const missed = this.#expected.filter((each) => !this.#heard.some((what) => each.test(what)));
    return [
      ...this.#heard.filter((what) => !this.#expected.some((each) => each.test(what))),
      ...missed.map((each) => `expected, and not seen: ${each}`),
      ...this.wire.strays.map(({ method, url }) => `left its origin: ${method} ${url.href}`),
      ...this.wire.sent.filter(({ url }) => this.#isPersonal(url.href)).map(({ url }) => `personal: ${url.href}`),
      ...this.wire.sent.flatMap((sent) => this.#wrongDocument(sent)),
      ...surplus,
      ...kept.flat(),
    ];
  }

  #hear(message: ConsoleMessage): void {
    const { type, text, location } = { type: message.type(), text: message.text(), location: message.location() };
    if (type !== 'error' && type !== 'warning') return;
    if (REFUSED_BY_THE_API.test(text) && new URL(location.url).pathname.startsWith('/v1/')) return;
    this.#heard.push(`console ${type}: ${text} (${location.url})`);
  }

  #isPersonal(text: string): boolean {
    const plain = decodeURIComponent(text);
    return /\S@\S/.test(plain) || this.#private.some((each) => plain.includes(each));
  }

  #wrongDocument({ url, answered }: Sent): string[] {
    if (!answered['content-type']?.startsWith('text/html') || !this.place.regional.includes(url.origin)) return [];
    // The page for readers of the API has a policy of its own: test/e2e/security-headers.spec.ts.
    if (url.pathname === '/docs') return [];
    // The issuer's documents run nothing at all: test/e2e/oidc.spec.ts.
    if (url.pathname.startsWith('/oidc/')) return [];
    const { 'content-security-policy': policy = '', 'cache-control': caching } = answered;
    const wrong = [];
    if (!POLICY.test(String(policy))) wrong.push(`document ${url.pathname}: policy ${String(policy)}`);
    if (caching !== 'no-store') wrong.push(`document ${url.pathname}: cache-control ${caching}`);
    return wrong;
  }

  async #keptBy(page: Page): Promise<string[]> {
    if (!/^https?:/.test(page.url())) return [];
    const { local, other, title } = await page.evaluate(leftBehind);
    const strange = Object.keys(local).filter((key) => !STORED.includes(key));
    return [
      ...strange.map((key) => `storage: ${key}`),
      ...other,
      ...[page.url(), title, ...Object.values(local)]
        .filter((text) => this.#isPersonal(text))
        .map((text) => `personal: ${text}`),
    ];
  }
}

/** Runs in the page. */
async function leftBehind(): Promise<{ local: Record<string, string>; other: string[]; title: string }> {
  const { title } = document;
  try {
    const session = Object.keys(sessionStorage).map((key) => `session storage: ${key}`);
    const databases = (await indexedDB.databases()).map(({ name }) => `database: ${name}`);
    const workers = (await navigator.serviceWorker?.getRegistrations())?.map(({ scope }) => `worker: ${scope}`) ?? [];
    const caches = (await globalThis.caches?.keys())?.map((key) => `cache: ${key}`) ?? [];
    return { local: { ...localStorage }, other: [...session, ...databases, ...workers, ...caches], title };
  } catch {
    return { local: {}, other: [], title }; // Storage is refused: nothing is kept.
  }
}
