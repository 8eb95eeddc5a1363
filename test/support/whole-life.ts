import { randomUUID } from 'node:crypto';
import * as relying from 'openid-client';
import { codeOf, fromBase32, stepAt } from '../../libs/accounts/src/totp/time-code.js';
import type { Api, Member } from './api.js';
import { Authenticator } from './authenticator.js';
import { LyingProvider } from './customer-provider.js';
import { expected, Outside, type ShownDomain } from './federation.js';
import type { Answer } from './http.js';
import type { Installation } from './installation.js';
import { agree, Browser, register, relyingParty } from './oidc.js';

/** Sessions and lines of the logs remember what kind of device it was. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Where the values of a life come from, and who is told of those that the product makes. */
export interface Words {
  /** One line for a field of any name. */
  text(what: string): string;
  /** Letters, digits and `.`, `+`, `-` alone. */
  word(what: string): string;
  /** Capitals and digits. */
  capitals(what: string): string;
  address(what: string): string;
  domain(what: string): string;
  /** Of a secret that was answered. */
  made(what: string, value: string): void;
  /** Whatever is asked meanwhile is asked by whose words these are. */
  as<T>(work: () => Promise<T>): Promise<T>;
}

/** Somebody who has signed up. */
export interface Living {
  readonly accountId: string;
  readonly personId: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** What customers bring along: a name server for their domains, and a provider that says what it is told. */
export class Customers {
  private constructor(
    readonly outside: Outside,
    readonly provider: LyingProvider,
  ) {}

  static async create(installation: Installation): Promise<Customers> {
    const outside = await Outside.create(installation);
    return new Customers(outside, await LyingProvider.start(outside.authority));
  }

  /** An issuer with that word in its path, which is an OpenID provider from now on. */
  issuer(word: string): string {
    const issuer = `${this.provider.issuer}/${word}`;
    const body = JSON.stringify({ ...this.provider.metadata, issuer });
    this.provider.replies.set(`/${word}/.well-known/openid-configuration`, { body });
    return issuer;
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await this.outside.stop();
  }
}

/** What was typed last, by the field set that it is sealed in; what the product makes itself is left out. */
export type TypedLast = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * What somebody does with an account once she has it, beside what everybody does: settings, tokens, invitations, another address, a
 * recovery, factors and the sign-ins with them, an application that she signs in to, a domain and a provider of her own. Every field that takes words of one's own holds
 * some of `words`, every creating request has an Idempotency-Key. It ends with one invitation open and everything else done.
 * @param guest whose words the person invited uses; she accepts
 * @throws Error when something was answered otherwise than it should
 */
export class WholeLife {
  #email: string;
  #password: string;
  #token: string;
  readonly #typed: Record<string, Readonly<Record<string, unknown>>> = {};

  constructor(
    private readonly api: Api,
    private readonly code: string,
    private readonly who: Living,
    private readonly words: Words,
    private readonly customers: Customers,
  ) {
    ({ email: this.#email, password: this.#password, token: this.#token } = who);
  }

  async live(guest: Words): Promise<{ typed: TypedLast; person: Living }> {
    await this.words.as(() => this.#settle());
    await this.#invite(guest);
    await this.words.as(async () => {
      await this.#moveAddress();
      await this.#recover();
      await this.#addFactors();
      await this.#enterApplication();
      await this.#bringProvider();
    });
    return {
      typed: this.#typed,
      person: { ...this.who, email: this.#email, password: this.#password, token: this.#token },
    };
  }

  #at(more: string): string {
    return `/v1/accounts/${this.who.accountId}${more}`;
  }

  async #ask(status: number, path: string, json?: object, token?: string, method = 'POST', more = {}): Promise<Answer> {
    const headers = {
      'user-agent': BROWSER,
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...more,
    };
    const own = token === undefined ? {} : { token };
    return expected(
      await this.api.ask(this.code, path, { method, headers, ...own, ...(json ? { json } : {}) }),
      status,
    );
  }

  #mine(status: number, path: string, json?: object): Promise<Answer> {
    return this.#ask(status, path, json, this.#token);
  }

  /** A change of what has the version that `read` answers. */
  async #change(method: string, path: string, json: object, read = path): Promise<void> {
    const { headers } = await this.#ask(200, read, undefined, this.#token, 'GET');
    await this.#ask(200, path, json, this.#token, method, { 'if-match': String(headers.etag) });
  }

  async #settle(): Promise<void> {
    const { words } = this;
    const preferences = { language: 'de', timeZone: 'Europe/Vaduz' };
    await this.#change('PATCH', '/v1/me/preferences', preferences);
    const [legalName, line, town] = [words.text('legal name'), words.text('street'), words.text('town')];
    const bill = { legalName, addressLines: [line, town], country: 'LI', taxId: words.capitals('tax id') };
    await this.#change('PUT', this.#at('/billing'), bill, this.#at(''));
    const label = { name: words.text('name of a token') };
    const asked = { ...label, scopes: ['account.read'], expiresInDays: 1 };
    const { token } = (await this.#mine(201, this.#at('/tokens'), asked)).json<{ token: string }>();
    words.made('API token', token);
    await this.#ask(200, this.#at(''), undefined, token, 'GET');
    Object.assign(this.#typed, {
      'person.preferences': preferences,
      'account.billing': { legalName, postalAddress: `${line}\n${town}`, billingCountry: 'LI', taxId: bill.taxId },
      'api_token.label': label,
    });
  }

  /** Somebody else of this region, who signs up with words of her own and joins. */
  async #invite(guest: Words): Promise<void> {
    const { api, code, words } = this;
    const open = { email: words.address('address of an open invitation') };
    await words.as(() => this.#mine(201, this.#at('/invitations'), { ...open, role: 'member' }));
    this.#typed['invitation.address'] = open;
    const email = guest.address('address of a guest');
    const asked = { email, accountName: guest.text('account of a guest'), displayName: guest.text('name of a guest') };
    const { id } = await api.pending(code, asked);
    const json = { code: await api.installation.digits(code, id), password: guest.text('password of a guest') };
    const made = await guest.as(() => this.#ask(201, `/v1/signups/${id}/confirmations`, json));
    const { token } = made.json<Member>().session;
    guest.made('token of a session', token);
    const asking = { email, role: 'member' };
    const invited = await guest.as(() => this.#ask(201, this.#at('/invitations'), asking, this.#token));
    const { id: invitation } = invited.json<{ id: string }>();
    const accepting = { code: await api.installation.digits(code, invitation) };
    await guest.as(() => this.#ask(201, `/v1/invitations/${invitation}/acceptance`, accepting, token));
  }

  async #moveAddress(): Promise<void> {
    const { api, code, words } = this;
    const email = words.address('next address');
    const answer = await this.#mine(202, '/v1/me/address-changes', { email });
    const { id } = answer.json<{ addressChange: { id: string } }>().addressChange;
    const json = { code: api.code(code, 'address_change.code', id) };
    await this.#mine(200, `/v1/me/address-changes/${id}/confirmation`, json);
    this.#typed['address_change.address'] = { email, previousEmail: this.#email };
    this.#email = email;
  }

  async #recover(): Promise<void> {
    const { api, code, words } = this;
    const answer = await this.#ask(202, '/v1/recoveries', { email: this.#email });
    const { id } = answer.json<{ recovery: { id: string } }>().recovery;
    this.#password = `${words.text('password of a recovery')} ${words.text('end of that password')}`;
    const json = { code: api.code(code, 'recovery.code', id), password: this.#password };
    const done = await this.#ask(200, `/v1/recoveries/${id}/completion`, json);
    words.made('token of a device', done.json<{ device: { token: string } }>().device.token);
    this.#enter(await this.#signIn(201));
  }

  #signIn(status: number): Promise<Answer> {
    return this.#ask(status, '/v1/sessions', { email: this.#email, password: this.#password });
  }

  #enter(answer: Answer): void {
    this.#token = answer.json<{ session: Member['session'] }>().session.token;
    this.words.made('token of a session', this.#token);
  }

  async #addFactors(): Promise<void> {
    const { words } = this;
    const { secret } = (await this.#mine(201, '/v1/me/totp')).json<{ secret: string }>();
    words.made('secret of an authenticator app', secret);
    const show = (off: number): { code: string } => ({ code: codeOf(fromBase32(secret), stepAt(new Date()) + off) });
    await this.#mine(204, '/v1/me/totp/confirmation', show(-1));
    const { codes } = (await this.#mine(201, '/v1/me/recovery-codes')).json<{ codes: string[] }>();
    for (const code of codes) words.made('recovery code', code);
    const device = new Authenticator(this.api.origin(this.code));
    const options = await this.#mine(200, '/v1/me/passkey-options');
    const label = { label: words.text('label of a passkey') };
    const passkey = device.create(options.json<Parameters<Authenticator['create']>[0]>());
    await this.#mine(201, '/v1/me/passkeys', { passkey, ...label });
    this.#typed['passkey.secret'] = { ...label, credentialId: passkey.id };
    this.#typed['totp.secret'] = { secret };
    for (const [kind, json] of [
      ['totp', show(0)],
      ['recovery-code', { code: codes[0] }],
    ] as const) {
      const { id, token } = (await this.#signIn(202)).json<{ signIn: { id: string; token: string } }>().signIn;
      words.made('token of a sign-in', token);
      this.#enter(await this.#ask(201, `/v1/sign-ins/${id}/${kind}`, json, token));
    }
    const asked = (await this.#ask(200, '/v1/sign-ins/passkey/options')).json<Parameters<Authenticator['get']>[0]>();
    this.#enter(await this.#ask(201, '/v1/sign-ins/passkey', { passkey: device.get(asked) }));
  }

  /** An application of somebody else’s learns of her what she agrees to. */
  async #enterApplication(): Promise<void> {
    const { api, code, words } = this;
    const client = await register(api.installation, code);
    const config = await relyingParty(api, code, client);
    const pkceCodeVerifier = relying.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [words.word('state of a sign-in'), words.word('nonce of a sign-in')];
    const authorization = relying.buildAuthorizationUrl(config, {
      redirect_uri: client.redirectUri,
      scope: 'openid profile email',
      code_challenge: await relying.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    });
    const back = await agree(new Browser(api, code), authorization, this.#token);
    words.made('code for an application', back.searchParams.get('code')!);
    const checks = { pkceCodeVerifier, expectedState, expectedNonce };
    const tokens = await relying.authorizationCodeGrant(config, back, checks);
    words.made('access token of an application', tokens.access_token);
    const { email } = await relying.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub);
    if (email !== this.#email) throw new Error('An application was told another address than hers.');
  }

  async #bringProvider(): Promise<void> {
    const { words, customers } = this;
    const mailDomain = words.domain('own domain');
    const claimed = await this.#mine(201, this.#at('/domains'), { domain: mailDomain });
    const { id, record } = claimed.json<ShownDomain>();
    customers.outside.names.publish(record.name, record.value);
    await this.#mine(200, this.#at(`/domains/${id}/verification`));
    const issuer = customers.issuer(words.word('path of an issuer'));
    const [clientId, clientSecret] = [words.capitals('client id'), words.word('client secret')];
    await this.#change('PUT', this.#at('/provider'), { issuer, clientId, clientSecret }, this.#at(''));
    await this.#ask(201, '/v1/sign-ins/provider', { email: `${words.word('local part')}@${mailDomain}` });
    this.#typed['account_domain.name'] = { mailDomain };
    this.#typed['own_provider.settings'] = {
      issuer,
      providerClientId: clientId,
      providerClientSecret: clientSecret,
    };
  }
}
