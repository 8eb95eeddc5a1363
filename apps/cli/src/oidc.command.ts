import { type NewOidcClient, OidcClients, rotateOidcKey } from '@domicile/oidc';
import {
  Contexts,
  IdCodec,
  markerPublicKey,
  type RegionContext,
  Regions,
  rowDoor,
  SecretCodec,
} from '@domicile/residency';
import { ID_PREFIXES, SECRET_PREFIXES } from '@domicile/runtime';
import type { CliSettings } from './cli-settings.js';
import { keysDirOf } from './local/region-setup.js';

const DEADLINE_MILLISECONDS = 10_000;

/**
 * `domicile oidc-client add`: registers a relying party of the region's issuer, beside a running API, which knows it at once.
 * @returns the exit code
 * @throws Error in one sentence when the name or an address is not acceptable, or the region's database cannot be reached
 */
export function addOidcClient(settings: CliSettings, region: string, asked: NewOidcClient): Promise<number> {
  return withClients(settings, region, async (clients, ctx) => {
    const { id, secret } = await clients.add(ctx, asked);
    process.stdout.write(`client_id      ${id}\n`);
    if (secret !== null) process.stdout.write(`client_secret  ${secret}\n`);
    process.stdout.write(`issuer         ${ctx.region.origins.customer}/oidc\n`);
    return 0;
  });
}

/** `domicile oidc-client list`: id, kind, name and addresses, a line each. @returns the exit code */
export function listOidcClients(settings: CliSettings, region: string): Promise<number> {
  return withClients(settings, region, async (clients, ctx) => {
    for (const { id, title, secretHash, redirectUris } of await clients.list(ctx))
      process.stdout.write(`${id}  ${secretHash ? 'confidential' : 'public'}  ${title}  ${redirectUris}\n`);
    return 0;
  });
}

/** `domicile oidc-client remove`. @returns the exit code @throws Error in one sentence when the region has none of that id */
export function removeOidcClient(settings: CliSettings, region: string, id: string): Promise<number> {
  return withClients(settings, region, async (clients, ctx) => {
    if (!(await clients.remove(ctx, id)))
      throw new Error(`Region ${region} has no such client; list shows those there are.`);
    process.stdout.write(`${id} is removed.\n`);
    return 0;
  });
}

/** `domicile oidc-keys rotate`: makes the next key of the region's issuer. @returns the exit code */
export function rotateOidcKeys(settings: CliSettings, region: string): Promise<number> {
  const { code } = Regions.load(settings.regionsFile, settings.port).get(region);
  const number = rotateOidcKey(keysDirOf(settings, code));
  process.stdout.write(
    `${code}: key ${number} signs from the next start of the API on; the one before it is shown on.\n`,
  );
  return Promise.resolve(0);
}

async function withClients(
  settings: CliSettings,
  code: string,
  work: (clients: OidcClients, ctx: RegionContext) => Promise<number>,
): Promise<number> {
  const regions = Regions.load(settings.regionsFile, settings.port);
  const region = regions.get(code);
  const { url, ca } = settings.rows(code);
  const { stack, environment } = settings;
  const ids = new IdCodec(regions);
  const secrets = new SecretCodec(ids, { [SECRET_PREFIXES.oidcClient]: ID_PREFIXES.oidcClient });
  const expected = { stack, environment, publicKey: markerPublicKey(keysDirOf(settings, code)) };
  const door = rowDoor([{ region, url, ...(ca === undefined ? {} : { ca }), expected, poolSize: 1 }], ids);
  const clients = new OidcClients(door, ids, secrets);
  const contexts = new Contexts(ids, regions, [region], DEADLINE_MILLISECONDS);
  await door.open();
  try {
    const unit = { region, actor: { kind: 'job', name: 'oidc-client' } } as const;
    return await contexts.run(unit, (ctx) => work(clients, ctx));
  } finally {
    await door.close();
  }
}
