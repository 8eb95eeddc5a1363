import { Contexts, IdCodec, Regions, rowDoor, SecretCodec } from '@domicile/residency';
import { type NewOidcClient, OidcClients } from '@domicile/oidc';
import * as relying from 'openid-client';
import type { Api } from './api.js';
import { type Answer, ask, type Ask } from './http.js';
import type { Installation } from './installation.js';

/** A registered relying party. */
export interface Registered {
  readonly id: string;
  readonly secret: string | null;
  readonly redirectUri: string;
}

/** What `domicile oidc-client add` does, on a region of the installation. */
export async function register(
  installation: Installation,
  code: string,
  asked: Partial<NewOidcClient> = {},
): Promise<Registered> {
  const regions = Regions.load(installation.regionsFile);
  const { region, database } = installation.site(code);
  const ids = new IdCodec(regions);
  const secrets = new SecretCodec(ids, { ocs: 'clnt' });
  const door = rowDoor([{ ...database.options, region: regions.get(region.code) }], ids);
  const clients = new OidcClients(door, ids, secrets);
  const redirectUris = asked.redirectUris ?? ['https://app.example.org/callback'];
  await door.open();
  try {
    const unit = { region: regions.get(code), actor: { kind: 'job', name: 'test' } } as const;
    const made = await new Contexts(ids, regions, [regions.get(code)], 10_000).run(unit, (ctx) =>
      clients.add(ctx, { name: 'Example', isPublic: false, postLogoutRedirectUris: [], ...asked, redirectUris }),
    );
    return { ...made, redirectUri: redirectUris[0]! };
  } finally {
    await door.close();
  }
}

/** A person's browser at one region: it keeps cookies by path and follows nothing by itself. */
export class Browser {
  readonly #jar = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(
    private readonly api: Api,
    private readonly code: string,
  ) {}

  /** One request to a path, or to an address of the region's origin. */
  async go(target: string, { headers, ...rest }: Partial<Omit<Ask, 'port' | 'path'>> = {}): Promise<Answer> {
    const { pathname, search } = new URL(target, this.api.origin(this.code));
    const answer = await ask({
      port: this.api.ports[this.code]!,
      path: pathname + search,
      headers: { host: this.api.host(this.code), ...this.cookies(pathname), ...headers },
      ...rest,
    });
    for (const text of answer.headers['set-cookie'] ?? []) this.#keep(text);
    return answer;
  }

  /** The header that goes with that path. */
  cookies(pathname: string): Record<string, string> {
    const own = [...this.#jar].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')),
    );
    return own.length === 0 ? {} : { cookie: own.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }

  #keep(text: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(text)!;
    const path = /;\s*path=([^;]+)/i.exec(text)?.[1] ?? '/';
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(text)) this.#jar.delete(name!);
    else this.#jar.set(name!, { value: value!, path });
  }
}

/** Sends a person to the issuer. @returns path of the interaction in the API, whose page she was led to */
export async function begin(browser: Browser, authorization: string): Promise<string> {
  const { headers, status, text } = await browser.go(authorization);
  const id = /^\/applications\/(oidc_\w+)$/.exec(headers.location ?? '')?.[1];
  if (id === undefined) throw new Error(`An authorization was answered ${status} ${text}`);
  return `/v1/oidc-interactions/${id}`;
}

/** She agreed, and it was revoked before she was back at the issuer, which leads her to the question anew. */
export class AskedAgain extends Error {
  constructor() {
    super('What she agreed to was revoked before she was back at the issuer.');
  }
}

/**
 * Code and answer of a person who was sent to the issuer and agreed, as the relying party's callback is called.
 * @throws AskedAgain
 */
export async function agree(browser: Browser, authorization: URL, token: string): Promise<URL> {
  const interaction = await begin(browser, authorization.href);
  const consent = await browser.go(`${interaction}/consent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (consent.status !== 200) throw new Error(`A consent was answered ${consent.status} ${consent.text}`);
  const back = await browser.go(consent.json<{ continueAt: string }>().continueAt);
  if (back.headers.location === undefined) throw new Error(`No way back: ${back.status} ${back.text}`);
  if (back.headers.location.startsWith('/applications/')) throw new AskedAgain();
  return new URL(back.headers.location);
}

/** openid-client's configuration for a client of a region; this machine knows no `eu.localhost`, so it connects by number. */
export function relyingParty(api: Api, code: string, client: Registered): Promise<relying.Configuration> {
  const issuer = new URL(`${api.origin(code)}/oidc`);
  const authentication = client.secret === null ? relying.None() : relying.ClientSecretBasic(client.secret);
  return relying.discovery(issuer, client.id, { id_token_signed_response_alg: 'ES256' }, authentication, {
    execute: [relying.allowInsecureRequests],
    [relying.customFetch]: fetchByNumber(api, code),
  });
}

function fetchByNumber(api: Api, code: string): relying.CustomFetch {
  return async (url, options) => {
    const { host, pathname, search } = new URL(url);
    const body =
      options.body === undefined || options.body === null
        ? undefined
        : Buffer.from(await new Response(options.body as string).text());
    const headers = Object.fromEntries(new Headers(options.headers));
    const answer = await ask({
      port: api.ports[code]!,
      path: pathname + search,
      method: options.method,
      headers: { ...headers, host },
      ...(body ? { body } : {}),
    });
    const text = answer.status === 204 ? null : answer.text;
    return new Response(text, { status: answer.status, headers: flat(answer.headers) });
  };
}

function flat(headers: Answer['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
