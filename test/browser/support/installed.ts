import type { Browser } from 'playwright-core';
import { type Api, type Member, PASSWORD, PROCESS_KINDS, type Typed } from '../../support/api.js';
import { Outside } from '../../support/federation.js';
import { eventually } from '../../support/http.js';
import { Installation } from '../../support/installation.js';
import { digitsOf, type SentMail } from '../../support/mail.js';
import { launchChromium } from './chromium.js';
import { withSameSiteRegions } from './same-site.js';
import { type Speed, speedTable } from './speed.js';
import { Visitor, type VisitorOptions } from './visitor.js';

export interface StageOptions {
  /** Of the API, instead of those of the tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Origins of one site, as those of a real installation are: the harder case for what must stay apart. */
  readonly sameSite?: boolean;
  /** With what customers bring along: a CA for their providers, a name server for their domains. */
  readonly withOutside?: boolean;
}

/** Somebody who has an account, and her browser, signed in. */
export interface SignedIn {
  readonly member: Member;
  readonly visitor: Visitor;
}

/**
 * What a browser test plays on: a whole installation of both regions, built and running, with workers that mail, and a Chromium. Made
 * once for a spec file; every test brings visitors of its own, and what is asserted of every visit is asserted when the test is over.
 */
export class Stage {
  readonly #browsers = new Map<boolean, Promise<Browser>>();
  readonly #visitors: Visitor[] = [];
  readonly #speeds: Speed[] = [];
  readonly #read = new Set<string>();
  #frontDoor: Promise<string> | undefined;

  private constructor(
    readonly installation: Installation,
    readonly api: Api,
    readonly outside: Outside | undefined,
  ) {}

  static async build({ settings = {}, sameSite = false, withOutside = false }: StageOptions = {}): Promise<Stage> {
    const installation = await (sameSite ? withSameSiteRegions(createOn) : Installation.create());
    const outside = withOutside ? await Outside.create(installation) : undefined;
    try {
      const api = await installation.start({ settings: { ...outside?.settings(), ...settings } });
      await api.startWorkers();
      return new Stage(installation, api, outside);
    } catch (error) {
      await installation.close();
      await outside?.stop();
      throw error;
    }
  }

  /** The browser of every visitor, or that of those who need a whole one; started when it is first asked for. */
  browser(whole = false): Promise<Browser> {
    const launched = this.#browsers.get(whole) ?? launchChromium({ whole });
    this.#browsers.set(whole, launched);
    return launched;
  }

  /** A visitor of that region's origin. */
  visitor(code: string, options: VisitorOptions = {}): Promise<Visitor> {
    return this.#arrive(this.api.origin(code), options);
  }

  /** A visitor of the front door, whose process runs from the first one on. */
  async atFrontDoor(options: VisitorOptions = {}): Promise<Visitor> {
    this.#frontDoor ??= this.#openFrontDoor();
    return this.#arrive(await this.#frontDoor, options);
  }

  async #arrive(origin: string, options: VisitorOptions): Promise<Visitor> {
    const regional = this.installation.codes.map((each) => this.api.origin(each));
    const visitor = await Visitor.arrive(await this.browser(options.wholeBrowser), { origin, regional }, options);
    this.#visitors.push(visitor);
    return visitor;
  }

  async #openFrontDoor(): Promise<string> {
    const { installation } = this;
    const ports = Object.entries(this.api.ports).map(([code, port]) => `${code}=${port}`);
    const door = installation.spawn(
      { PORT: '0', DOMICILE_REGIONS_FILE: installation.regionsFile, DOMICILE_PUBLIC_PORTS: ports.join(',') },
      PROCESS_KINDS.frontDoor,
    );
    return `http://localhost:${await door.listening()}`;
  }

  /** Somebody who signed up by the API, with a browser that holds her session: for tests of what comes after. */
  async signedIn(code: string, typed: Typed = {}, options: VisitorOptions = {}): Promise<SignedIn> {
    const [member, visitor] = [await this.api.member(code, typed), await this.visitor(code, options)];
    await this.signIn(code, member, visitor);
    return { member, visitor };
  }

  /** A session of that member in that browser. @throws Error when it was refused */
  async signIn(code: string, member: Member, visitor: Visitor): Promise<void> {
    const json = { email: member.person.email, password: PASSWORD, sessionForm: 'cookie' };
    // So that the session's device is called what it is.
    const headers = { 'user-agent': await visitor.page.evaluate(() => navigator.userAgent) };
    const answer = await this.api.ask(code, '/v1/sessions', { json, headers });
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (cookie === undefined) throw new Error(`A sign-in was answered ${answer.status} ${answer.text}`);
    await visitor.takeCookie(cookie.split(';')[0]!, this.api.origin(code));
    visitor.knows(member);
  }

  /** The next mail to that address in that region, once it has come; each is handed out once. @param like what its text must match */
  mailTo(code: string, email: string, like = /(?:)/): Promise<SentMail> {
    return eventually(`a mail to somebody in ${code}`, () => {
      const mails = this.installation.mails(code).sort((a, b) => (a.file < b.file ? -1 : 1));
      const mail = mails.find(
        ({ file, headers, text }) => !this.#read.has(file) && headers['to']?.includes(email) && like.test(text),
      );
      if (mail) this.#read.add(mail.file);
      return mail;
    });
  }

  /** The eight digits in the next mail to that address. */
  async codeTo(code: string, email: string): Promise<string> {
    return digitsOf(await this.mailTo(code, email, /^\d{8}\r?$/m));
  }

  /** The link with a code behind its `#` in the next mail to that address. */
  async linkTo(code: string, email: string): Promise<string> {
    const link = /https?:\/\/\S+#\S+/;
    return link.exec((await this.mailTo(code, email, link)).text)![0];
  }

  /** @internal Ends the visits of a test. @throws the assertions of the first visit that fails them */
  async curtain(): Promise<void> {
    const visits = this.#visitors.splice(0);
    this.#speeds.push(...visits.flatMap(({ speeds }) => speeds));
    const left = await Promise.allSettled(visits.map((each) => each.leave()));
    for (const outcome of left) if (outcome.status === 'rejected') throw outcome.reason as Error;
  }

  /** @internal */
  async close(): Promise<void> {
    if (this.#speeds.length > 0) process.stdout.write(speedTable(this.#speeds));
    await Promise.all(Array.from(this.#browsers.values(), async (launched) => (await launched).close()));
    await this.installation.close();
    await this.outside?.stop();
  }
}

function createOn(regionsFile: string): Promise<Installation> {
  return Installation.create({ regionsFile });
}
