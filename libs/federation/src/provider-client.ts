import type { ProviderId } from '@domicile/accounts';
import type { RegionContext } from '@domicile/residency';
import { type Clock, isBranded, type Outbound, OutboundError } from '@domicile/runtime';
import type { Configuration, CustomFetch, IDToken, ServerMetadata } from 'openid-client';
import { type FederationErrorCode, refused } from './federation-errors.js';
import type { ProviderSettings } from './own-provider.entity.js';

/** How ID tokens may be signed: each with a key that the provider alone has. */
const ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'];
const KNOWN_MILLISECONDS = 60 * 60 * 1000;
const KNOWN_MAX = 1_000;
/** Of the time that a request has left, see {@link callMilliseconds}. */
const SHARE = 0.8;

type Keys = Parameters<typeof import('openid-client').setJwksCache>[1];

/** A provider as its account has set it, opened. */
export interface KnownProvider extends ProviderSettings {
  readonly id: ProviderId;
  /** The same as it is stored: under its account's key. */
  readonly sealed: Buffer;
}

/** What one sign-in has of its own; all of it derived from its id. */
export interface Challenge {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** What the browser brought back. */
export interface ProviderAnswer {
  readonly code: string;
  readonly iss?: string | undefined;
}

/** What was read of a provider, for an hour at most. */
interface Memory {
  readonly metadata: ServerMetadata;
  readonly until: Date;
  keys?: Keys;
}

/**
 * Speaks OpenID Connect to the accounts' own providers, by openid-client: code flow with PKCE, state, nonce, and ID tokens whose
 * signature is always checked. Every call goes through {@link Outbound}, and carries nothing of a person but what the provider itself
 * has just handed out for her.
 */
export class ProviderClient {
  readonly #known = new Map<ProviderId, Memory>();

  constructor(
    private readonly outbound: Outbound,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads a provider anew, with its keys, and forgets what was known of it here. @returns its issuer, as it writes it
   * @param known its id, if it is set already
   * @throws Problem provider.unacceptable, provider.address_refused, provider.away
   */
  async check(ctx: RegionContext, issuer: string, known: ProviderId | null = null): Promise<string> {
    if (known !== null) this.#known.delete(known);
    return this.#called(ctx, async (send) => {
      const metadata = await this.#discovered(issuer, send);
      const headers = { accept: 'application/json' };
      const answer = await send(metadata.jwks_uri!, { method: 'GET', headers, body: undefined, redirect: 'manual' });
      const document = (await answer.json()) as { keys?: unknown };
      if (answer.status !== 200 || !Array.isArray(document.keys)) throw refused('provider.unacceptable');
      return metadata.issuer;
    });
  }

  /** Where a browser goes to sign in there. @throws Problem provider.away */
  async authorizationUrl(ctx: RegionContext, provider: KnownProvider, challenge: Challenge): Promise<string> {
    return this.#inSignIn(ctx, 'provider.away', async (send) => {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
      const { config } = await this.#configured(ctx, provider, send);
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(ctx),
        scope: 'openid email',
        state: challenge.state,
        nonce: challenge.nonce,
        code_challenge: await calculatePKCECodeChallenge(challenge.verifier),
        code_challenge_method: 'S256',
      });
      return url.href;
    });
  }

  /** What the provider says of who came back with that answer. @throws Problem provider.refused, provider.away */
  async claims(
    ctx: RegionContext,
    provider: KnownProvider,
    challenge: Challenge,
    { code, iss }: ProviderAnswer,
  ): Promise<IDToken> {
    return this.#inSignIn(ctx, 'provider.refused', async (send) => {
      const { authorizationCodeGrant, getJwksCache } = await import('openid-client');
      const { config, memory } = await this.#configured(ctx, provider, send);
      const back = new URL(redirectUri(ctx));
      back.search = new URLSearchParams({
        code,
        state: challenge.state,
        ...(iss === undefined ? {} : { iss }),
      }).toString();
      const tokens = await authorizationCodeGrant(config, back, {
        pkceCodeVerifier: challenge.verifier,
        expectedNonce: challenge.nonce,
        expectedState: challenge.state,
        idTokenExpected: true,
      });
      const keys = getJwksCache(config);
      if (keys) memory.keys = keys;
      return tokens.claims()!;
    });
  }

  /** A person who signs in can do nothing about where the provider is: whatever keeps it from answering is the same to her. */
  async #inSignIn<T>(ctx: RegionContext, otherwise: FederationErrorCode, work: Work<T>): Promise<T> {
    try {
      return await this.#called(ctx, work);
    } catch (error) {
      const code = isBranded(error) ? error.code : undefined;
      if (code === 'provider.address_refused') throw refused('provider.away');
      if (code === 'provider.unacceptable') throw refused(otherwise);
      throw error;
    }
  }

  /** Runs what calls the provider, and says in our words what kept it. What it says itself is not passed on. */
  async #called<T>(ctx: RegionContext, work: Work<T>): Promise<T> {
    let failure: Error | undefined;
    const send: CustomFetch = async (url, { method, headers, body }) => {
      try {
        const text = body === undefined || body === null ? undefined : await new Response(body as string).text();
        const answer = await this.outbound.request(
          ctx.region.code,
          { url, method, headers, body: text },
          callMilliseconds(ctx),
        );
        if (answer.status >= 500) throw new OutboundError('away');
        const type = answer.contentType;
        const bare = [204, 205, 304].includes(answer.status) || answer.status < 200;
        return new Response(bare ? null : answer.body, {
          status: bare ? 204 : answer.status,
          headers: type === undefined ? {} : { 'content-type': type },
        });
      } catch (error) {
        failure = error as Error;
        throw error;
      }
    };
    try {
      return await work(send);
    } catch (error) {
      if (failure instanceof OutboundError)
        throw refused(failure.reason === 'refused' ? 'provider.address_refused' : 'provider.away');
      if (failure !== undefined) throw failure;
      if (isBranded(error)) throw error;
      throw refused('provider.unacceptable');
    }
  }

  async #configured(
    ctx: RegionContext,
    provider: KnownProvider,
    send: CustomFetch,
  ): Promise<{ config: Configuration; memory: Memory }> {
    const relying = await import('openid-client');
    const memory = await this.#remembered(provider, send);
    const { providerClientId: id, providerClientSecret: secret } = provider;
    const methods = memory.metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
    const authentication = isPost ? relying.ClientSecretPost(secret) : relying.ClientSecretBasic(secret);
    const config = new relying.Configuration(memory.metadata, id, {}, authentication);
    config[relying.customFetch] = send;
    relying.enableNonRepudiationChecks(config);
    if (memory.keys) relying.setJwksCache(config, memory.keys);
    return { config, memory };
  }

  async #remembered(provider: KnownProvider, send: CustomFetch): Promise<Memory> {
    const now = this.clock.now();
    const known = this.#known.get(provider.id);
    if (known && known.until > now) return known;
    const metadata = await this.#discovered(provider.issuer, send);
    const memory: Memory = { metadata, until: new Date(now.getTime() + KNOWN_MILLISECONDS) };
    const [oldest] = this.#known.keys();
    if (this.#known.size >= KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(provider.id, memory);
    return memory;
  }

  /** What an issuer says of itself, if it will do. The algorithms in it are those that are allowed, and no others. */
  async #discovered(issuer: string, send: CustomFetch): Promise<ServerMetadata> {
    const relying = await import('openid-client');
    const asked = { [relying.customFetch]: send };
    const metadata = (await relying.discovery(new URL(issuer), 'unknown', {}, undefined, asked)).serverMetadata();
    const algorithms = (metadata.id_token_signing_alg_values_supported ?? ['RS256']).filter((each) =>
      ALGORITHMS.includes(each),
    );
    const endpoints = [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri];
    const willDo =
      // Some issuers stand for many: of those, whoever has a tenant there could speak for everybody.
      isSame(metadata.issuer, issuer) &&
      endpoints.every(isHttps) &&
      (metadata.response_types_supported ?? ['code']).includes('code') &&
      (metadata.code_challenge_methods_supported ?? ['S256']).includes('S256') &&
      algorithms.length > 0;
    if (!willDo) throw refused('provider.unacceptable');
    // As it came, without the methods that the library has added.
    const plain = JSON.parse(JSON.stringify(metadata)) as ServerMetadata;
    return { ...plain, id_token_signing_alg_values_supported: algorithms };
  }
}

type Work<T> = (send: CustomFetch) => Promise<T>;

/** The page of the region's origin to which every provider sends people back. */
export function redirectUri({ region }: RegionContext): string {
  return `${region.origins.customer}/provider-callback`;
}

/** How long a call may take: what it brings is still to be worked on, and written down. */
export function callMilliseconds(ctx: RegionContext): number {
  return Math.floor(ctx.remainingMilliseconds * SHARE);
}

function isSame(said: string, asked: string): boolean {
  return URL.canParse(said) && new URL(said).href === new URL(asked).href;
}

function isHttps(endpoint: string | undefined): boolean {
  return endpoint !== undefined && URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:';
}
