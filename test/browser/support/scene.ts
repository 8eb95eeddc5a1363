import * as relying from 'openid-client';
import type { Page } from 'playwright-core';
import { SECRET_COOKIE } from '@domicile/residency';
import { type Member, PASSWORD } from '../../support/api.js';
import { register, relyingParty } from '../../support/oidc.js';
import { PeopleOf } from '../../support/people.js';
import { Stage } from './installed.js';
import type { Visitor } from './visitor.js';
import { addPasskey, addSecondFactors, askForAccount, typeSignIn } from './way-in.js';

/** Everybody here is invented. */
const PEOPLE = [
  { email: 'milo.brandt@nordlicht.example', displayName: 'Milo Brandt', role: 'admin' },
  { email: 'ines.carvalho@nordlicht.example', displayName: 'Inês Carvalho', role: 'billing' },
  { email: 'tove.lindgren@nordlicht.example', displayName: 'Tove Lindgren', role: 'member' },
] as const;
const INVITED = 'jonas.petersen@nordlicht.example';
const OWNER = {
  email: 'ada.winther@nordlicht.example',
  displayName: 'Ada Winther',
  accountName: 'Nordlicht Instruments',
};

/** What the pages of the screenshots show: an account with people in it and a past, in a region of a real installation. */
export class Scene {
  readonly code: string;
  readonly other: string;
  readonly #visitors: Visitor[] = [];
  #guest!: Member;
  /** `name=value` of the owner's cookie. */
  #session = '';

  private constructor(
    readonly stage: Stage,
    readonly owner: Member,
  ) {
    const [first, second] = stage.installation.codes;
    this.code = first!;
    this.other = second!;
  }

  static async set(): Promise<Scene> {
    const stage = await Stage.build();
    const [code] = stage.installation.codes;
    const owner = await stage.api.member(code!, OWNER);
    const scene = new Scene(stage, owner);
    await scene.#furnish();
    return scene;
  }

  async asNobody(path: string, { code = this.code, language = 'en-GB' } = {}): Promise<Page> {
    const page = await (await this.#visitor(code, language)).open(path);
    await page.waitForLoadState('networkidle');
    return page;
  }

  /** Somebody with an account of her own and a part in the owner's. */
  async asGuest(path: string): Promise<Page> {
    const visitor = await this.#visitor(this.code, 'en-GB');
    await this.stage.signIn(this.code, this.#guest, visitor);
    const page = await visitor.open(path);
    await page.waitForLoadState('networkidle');
    return page;
  }

  /** The owner, at an account that is not hers. */
  async atAnAccountOf(code: string): Promise<Page> {
    const { account } = await this.stage.api.member(code);
    return this.asOwner(`/a/${account.id}`);
  }

  /** @param path with `:account` for that of the owner */
  async asOwner(path: string): Promise<Page> {
    const visitor = await this.#visitor(this.code, 'en-GB');
    await visitor.takeCookie(this.#session);
    const page = await visitor.open(path.replace(':account', this.owner.account.id));
    await page.waitForLoadState('networkidle');
    return page;
  }

  async atFrontDoor(path: string): Promise<Page> {
    const visitor = await this.stage.atFrontDoor();
    this.#visitors.push(visitor);
    return visitor.open(path);
  }

  async atConfirmation(): Promise<Page> {
    const page = await this.asNobody('/sign-up');
    await askForAccount(page, { ...OWNER, email: 'jonas.petersen@fjordmail.example' });
    return page;
  }

  async atSecondStep(): Promise<Page> {
    const member = await this.stage.api.member(this.code, { accountName: 'Harbour Light', displayName: 'Noa Levin' });
    await addSecondFactors(this.stage.api, this.code, member);
    const page = await this.asNobody('/sign-in');
    await typeSignIn(page, member.person.email, PASSWORD);
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor({ state: 'detached' });
    return page;
  }

  async atProviderSignIn(): Promise<Page> {
    const page = await this.asNobody('/sign-in');
    await page.getByRole('button', { name: /your company/ }).click();
    return page;
  }

  async atRecovery(): Promise<Page> {
    const page = await this.asNobody('/recover');
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByLabel('Code from the mail').waitFor();
    return page;
  }

  /** Where the mail to a new address leads. */
  async atNewAddress(): Promise<Page> {
    const email = 'ada@nordlicht.example';
    const token = this.#session.slice(this.#session.indexOf('=') + 1);
    await this.stage.api.ask(this.code, '/v1/me/address-changes', { token, json: { email } });
    return this.asOwner(await this.stage.linkTo(this.code, email));
  }

  async atInvitation(): Promise<Page> {
    return this.asNobody(await this.stage.linkTo(this.code, INVITED));
  }

  /** An application of the owner's asks for her. */
  async atConsent(): Promise<Page> {
    const { api, installation } = this.stage;
    const client = await register(installation, this.code, { name: 'Nordlicht Wiki' });
    const config = await relyingParty(api, this.code, client);
    const parameters = {
      redirect_uri: client.redirectUri,
      scope: 'openid profile email',
      code_challenge: await relying.calculatePKCECodeChallenge(relying.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      state: relying.randomState(),
    };
    return this.asOwner(relying.buildAuthorizationUrl(config, parameters).href);
  }

  /** The same once a superuser has taken a check away and given a row another region's id: the receipt says no. */
  async atBrokenHome(path: string): Promise<Page> {
    await this.#breakHome();
    try {
      return await this.asOwner(path);
    } finally {
      await this.#mendHome();
    }
  }

  /** Sends everybody away. */
  async clear(): Promise<void> {
    await Promise.all(this.#visitors.splice(0).map((each) => each.close()));
  }

  async close(): Promise<void> {
    await this.clear();
    await this.stage.close();
  }

  async #visitor(code: string, language: string): Promise<Visitor> {
    const visitor = await this.stage.visitor(code, { language });
    this.#visitors.push(visitor);
    return visitor;
  }

  async #furnish(): Promise<void> {
    const { api } = this.stage;
    const people = new PeopleOf(api, this.code);
    const account = `/v1/accounts/${this.owner.account.id}`;
    for (const { email, displayName, role } of PEOPLE) {
      this.#guest = await api.member(this.code, { email, displayName, accountName: `${displayName}, freelance` });
      await people.join(this.owner, this.#guest, role);
    }
    await people.invite(this.owner, INVITED, 'member');
    const billing = {
      legalName: 'Nordlicht Instruments GmbH',
      addressLines: ['Werftstraße 12', '24148 Kiel'],
      country: 'DE',
      taxId: 'DE123456789',
    };
    await people.change(this.owner, 'PUT', `${account}/billing`, billing);
    for (const [name, scopes] of [
      ['Nightly report', ['account.read', 'people.read']],
      ['Security monitoring', ['log.read']],
    ] as const)
      await people.ask(this.owner, 'POST', `${account}/tokens`, { name, scopes, expiresInDays: 90 });
    await this.#enter();
  }

  /** Signs the owner in and gives her a passkey; from then on her password alone opens nothing, so the session is kept for all pages. */
  async #enter(): Promise<void> {
    const visitor = await this.#visitor(this.code, 'en-GB');
    await this.stage.signIn(this.code, this.owner, visitor);
    await visitor.passkeys();
    await visitor.open('/privacy');
    const status = await addPasskey(visitor.page);
    const cookie = (await visitor.context.cookies()).find(({ name }) => name === SECRET_COOKIE);
    if (status !== 201 || cookie === undefined) throw new Error(`A passkey was answered ${status}`);
    this.#session = `${cookie.name}=${cookie.value}`;
    await this.clear();
  }

  #breakHome(): Promise<unknown> {
    return this.#sql(
      `alter table affiliation drop constraint affiliation_id_home;
       update affiliation set id = replace(id::text, '-801', '-802')::uuid`,
    );
  }

  #mendHome(): Promise<unknown> {
    return this.#sql(
      `update affiliation set id = replace(id::text, '-802', '-801')::uuid;
       alter table affiliation add constraint affiliation_id_home check (residency.region_of(id) = residency.region())`,
    );
  }

  #sql(text: string): Promise<unknown> {
    return this.stage.installation.site(this.code).database.sql('superuser', text);
  }
}
