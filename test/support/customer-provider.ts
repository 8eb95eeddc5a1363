import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Authority } from './authority.js';

/** A client as a customer registers Domicile at its provider. */
export const CLIENT = { clientId: 'domicile', clientSecret: 'a secret that only the two of us know' };

/** What a provider was sent. */
export interface Sent {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What it answers, instead of what it would. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Leaves the connection open without a word. */
  readonly isSilent?: true;
}

/** An HTTPS server on loopback under the name `localhost`. */
async function listening(
  authority: Authority,
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<{ server: Server; origin: string }> {
  const server = createServer(await authority.issue([{ type: 'dns', value: 'localhost' }]), handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `https://localhost:${(server.address() as AddressInfo).port}` };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Somebody at a customer's provider. */
export interface Employee {
  readonly sub: string;
  readonly email: string;
  readonly email_verified?: boolean;
}

/** A customer's provider as it ought to be: oidc-provider over TLS, where everybody who comes is signed in as who is named. */
export class HonestProvider {
  /** Who signs in next. */
  who: Employee = { sub: 'nobody', email: 'nobody@example.org' };

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
    private readonly authority: Authority,
  ) {}

  /** @param redirectUris where people are sent back */
  static async start(authority: Authority, redirectUris: readonly string[]): Promise<HonestProvider> {
    let handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void = () => undefined;
    const { server, origin } = await listening(authority, (incoming, outgoing) => handle(incoming, outgoing));
    const started = new HonestProvider(origin, server, authority);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(origin, {
      clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [...redirectUris] }],
      jwks: { keys: [{ ...(privateKey.export({ format: 'jwk' }) as { kty: string }), use: 'sig', kid: 'one' }] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      cookies: { keys: ['for tests alone'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}` },
      findAccount: (_ctx, id) => ({
        accountId: id,
        claims: () => ({ email_verified: true, ...started.who, sub: id }),
      }),
    });
    const answer = provider.callback();
    handle = (incoming, outgoing) => {
      if (incoming.url?.startsWith('/sign-in/')) void started.#signIn(provider, incoming, outgoing);
      else void answer(incoming, outgoing);
    };
    return started;
  }

  async #signIn(provider: Provider, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(incoming, outgoing);
    const grant = new provider.Grant({ accountId: this.who.sub, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const result = { login: { accountId: this.who.sub }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false });
  }

  /** What a browser does from `continueAt` on, until it is sent back. @returns the query that comes back */
  async visit(continueAt: string): Promise<Record<string, string>> {
    const jar = new Map<string, string>();
    for (let at = new URL(continueAt); ;) {
      if (at.origin !== this.issuer) return Object.fromEntries(at.searchParams);
      const { location, cookies } = await this.#get(at, [...jar].map((pair) => pair.join('=')).join('; '));
      for (const [name, value] of cookies) jar.set(name, value);
      at = new URL(location, at);
    }
  }

  #get(url: URL, cookie: string): Promise<{ location: string; cookies: [string, string][] }> {
    return new Promise((resolve, reject) => {
      const call = request(url, { ca: this.authority.pem, agent: false, headers: { cookie } }, (answer) => {
        answer.resume();
        const { location, 'set-cookie': set = [] } = answer.headers;
        const cookies = set.map((text) => /^([^=]+)=([^;]*)/.exec(text)!.slice(1, 3) as [string, string]);
        if (location === undefined) reject(new Error(`The provider answered ${answer.statusCode} without a way on.`));
        else resolve({ location, cookies });
      });
      call.on('error', reject).end();
    });
  }

  stop(): Promise<void> {
    return closed(this.server);
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A provider that says whatever it is told to. */
export class LyingProvider {
  /** Everything that it was sent. */
  readonly sent: Sent[] = [];
  /** Answers of its paths other than the usual ones. */
  readonly replies = new Map<string, Reply>();
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(authority: Authority): Promise<LyingProvider> {
    let started: LyingProvider | undefined;
    const { server, origin } = await listening(authority, (incoming, outgoing) => {
      const parts: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => parts.push(chunk));
      incoming.on('end', () => started!.#answer(incoming, outgoing, Buffer.concat(parts).toString('utf8')));
    });
    return (started = new LyingProvider(origin, server));
  }

  get metadata(): Record<string, unknown> {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      subject_types_supported: ['public'],
    };
  }

  get publicKey(): KeyObject {
    return this.#keys.publicKey;
  }

  /** The claims that it would make for an answer to `continueAt`. */
  claims(continueAt: string, who: Employee): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    const nonce = new URL(continueAt).searchParams.get('nonce');
    return { iss: this.issuer, aud: CLIENT.clientId, iat: now, exp: now + 300, nonce, ...who };
  }

  /** An ID token. @param by another key, or a secret for HS256, or none at all */
  token(claims: object, { alg = 'RS256', by }: { alg?: string; by?: KeyObject | string } = {}): string {
    const text = `${part({ alg, ...(alg === 'RS256' ? { kid: 'one' } : {}) })}.${part(claims)}`;
    if (alg === 'none') return `${text}.`;
    if (alg === 'HS256')
      return `${text}.${createHmac('sha256', by as string)
        .update(text)
        .digest('base64url')}`;
    return `${text}.${signBytes('sha256', Buffer.from(text), (by as KeyObject) ?? this.#keys.privateKey).toString('base64url')}`;
  }

  /** What its token endpoint says from now on. */
  says(idToken: string): void {
    const body = JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: idToken });
    this.replies.set('/token', { body });
  }

  #answer(incoming: IncomingMessage, outgoing: ServerResponse, body: string): void {
    const path = incoming.url!;
    this.sent.push({ path, headers: incoming.headers, body });
    const usual: Record<string, unknown> = {
      '/.well-known/openid-configuration': this.metadata,
      '/keys': { keys: [{ ...this.publicKey.export({ format: 'jwk' }), use: 'sig', kid: 'one', alg: 'RS256' }] },
    };
    const reply = this.replies.get(path) ?? { body: JSON.stringify(usual[path] ?? { error: 'invalid_request' }) };
    if (reply.isSilent) return;
    const { status = 200, headers = { 'content-type': 'application/json' } } = reply;
    outgoing.writeHead(status, headers).end(reply.body);
  }

  stop(): Promise<void> {
    return closed(this.server);
  }
}
