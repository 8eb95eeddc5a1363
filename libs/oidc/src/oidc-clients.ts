import {
  type Door,
  type IdCodec,
  type Id,
  type RegionContext,
  sameHash,
  type SecretCodec,
  type Table,
} from '@domicile/residency';
import { ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import type { ClientMetadata } from 'oidc-provider';
import { OidcClient } from './oidc-client.entity.js';
import { isLoopback, redirectUriProblem } from './redirect-uri.js';

export type OidcClientId = Id<typeof ID_PREFIXES.oidcClient>;

const NAME = /^[\p{L}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{N}\p{P}\p{S}]+)*$/u;
const NAME_LENGTH_MAX = 80;
const REDIRECTS_MAX = 10;

/** What an operator says of a relying party. */
export interface NewOidcClient {
  readonly name: string;
  /** 1 to 10, all of one host: it is what people's identifiers there are made from. */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  /** True for one that cannot keep a secret: a page or an application on a person's own device. */
  readonly isPublic: boolean;
}

/** The relying parties of a region's issuer. Another region's are unknown here. */
export class OidcClients {
  readonly #clients: Table<OidcClient>;

  constructor(
    door: Door,
    private readonly ids: IdCodec,
    private readonly secrets: SecretCodec,
  ) {
    this.#clients = door.table(OidcClient);
  }

  /**
   * Registers one. @returns its id, and its secret, which is shown this once (null for a public client)
   * @throws Error in one sentence for the operator, when the name or an address is not acceptable
   */
  async add(ctx: RegionContext, asked: NewOidcClient): Promise<{ id: OidcClientId; secret: string | null }> {
    assertAcceptable(asked);
    const id = this.ids.mint(ID_PREFIXES.oidcClient, ctx.region);
    const secret = asked.isPublic ? null : this.secrets.mint(SECRET_PREFIXES.oidcClient, ctx.region, id);
    await this.#clients.insert(ctx, {
      id,
      title: asked.name,
      redirectUris: asked.redirectUris.join(' '),
      postLogoutRedirectUris: (asked.postLogoutRedirectUris ?? []).join(' '),
      secretHash: secret?.hash ?? null,
    });
    return { id, secret: secret?.text ?? null };
  }

  /** The region's relying parties, at most 100. */
  list(ctx: RegionContext): Promise<OidcClient[]> {
    return this.#clients.list(ctx, {});
  }

  /** Removes one: its tokens are worth nothing from now on. @returns false when there was none of that id */
  async remove(ctx: RegionContext, id: string): Promise<boolean> {
    return this.#isHere(ctx, id) ? this.#clients.erase(ctx, id) : false;
  }

  /** As oidc-provider wants to have it; undefined when there is none of that id in this region. `client_secret` is the secret's hash. */
  async metadata(ctx: RegionContext, id: string): Promise<ClientMetadata | undefined> {
    const client = this.#isHere(ctx, id) ? await this.#clients.find(ctx, id) : null;
    if (!client) return undefined;
    const redirectUris = words(client.redirectUris);
    const { secretHash } = client;
    return {
      client_id: client.id,
      client_name: client.title,
      application_type: redirectUris.some((uri) => isLoopback(new URL(uri))) ? 'native' : 'web',
      redirect_uris: redirectUris,
      post_logout_redirect_uris: words(client.postLogoutRedirectUris),
      token_endpoint_auth_method: secretHash ? 'client_secret_basic' : 'none',
      ...(secretHash ? { client_secret: secretHash.toString('base64url') } : {}),
    };
  }

  /** True when a presented text is the secret of that client. @param hash as {@link metadata} gives it */
  proves(presented: string, id: string, hash: string): boolean {
    const secret = this.secrets.parse(presented);
    return secret?.id === id && sameHash(secret.hash, Buffer.from(hash, 'base64url'));
  }

  #isHere(ctx: RegionContext, id: string): id is OidcClientId {
    const parsed = this.ids.parse(id);
    return parsed?.prefix === ID_PREFIXES.oidcClient && parsed.region === ctx.region;
  }
}

function assertAcceptable({ name, redirectUris, postLogoutRedirectUris = [], isPublic }: NewOidcClient): void {
  if (name.length > NAME_LENGTH_MAX || !NAME.test(name))
    throw new Error(
      `The name must be words of at most ${NAME_LENGTH_MAX} characters together, with one space between.`,
    );
  if (redirectUris.length < 1 || Math.max(redirectUris.length, postLogoutRedirectUris.length) > REDIRECTS_MAX)
    throw new Error(`A client has 1 to ${REDIRECTS_MAX} redirect URIs, and no more to go to after signing out.`);
  const all = [...redirectUris, ...postLogoutRedirectUris];
  for (const uri of all) {
    const problem = redirectUriProblem(uri);
    if (problem !== null) throw new Error(`The redirect URI ${JSON.stringify(uri)} ${problem}; give another.`);
  }
  const urls = all.map((uri) => new URL(uri));
  const areLoopback = urls.map(isLoopback);
  if (areLoopback.includes(true) && (areLoopback.includes(false) || !isPublic))
    throw new Error('An application on a person’s own device is a public client, and has no other redirect URIs.');
  if (new Set(urls.slice(0, redirectUris.length).map(({ host }) => host)).size > 1)
    throw new Error('All redirect URIs of a client must be of one host; register one client for each.');
}

/** Where a client leads people back to. @param redirectUris as its row holds them */
export function hostOf(redirectUris: string): string {
  return new URL(words(redirectUris)[0]!).host;
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
