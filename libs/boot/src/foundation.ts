import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import {
  isWrongDatabase,
  markerPublicKey,
  type OriginOf,
  type Regions,
  ResidencyModule,
  type ResidencyOptions,
} from '@domicile/residency';
import {
  type ApiSettings,
  type DatabaseSettings,
  type EventLog,
  ID_PREFIXES,
  type Reach,
  type RegionSettings,
  SECRET_PREFIXES,
} from '@domicile/runtime';
import { VaultModule } from '@domicile/vault';

const KEY_POOL_SIZE_MAX = 4;

/** Where the keys of each served region are. */
export function keyFolders({ regions }: ApiSettings): { readonly region: string; readonly keysDir: string }[] {
  return regions.map(({ code, home }) => ({ region: code, keysDir: join(home, 'keys') }));
}

/** How each served region reaches what its customers name, by its code. */
export function reachesOf({ regions }: ApiSettings): Record<string, Reach> {
  return Object.fromEntries(regions.map(({ code, reach }) => [code, reach]));
}

/** What kind of process stands on it. */
interface Kind {
  /** True for one that answers requests. */
  readonly readsKeysAhead: boolean;
  /** Left out by one that answers none. */
  readonly originOf?: OriginOf;
}

/**
 * The modules that every process stands on: the door to the served regions' databases and the vault over their key stores.
 * @param settings of the served regions alone; keys, marker and databases are read when Nest makes the providers
 */
export function foundation(
  settings: ApiSettings,
  regions: Regions,
  log: EventLog,
  { readsKeysAhead, originOf }: Kind,
): DynamicModule[] {
  return [
    ResidencyModule.forRootAsync({ useFactory: () => residencyOptions(settings, regions, log, originOf) }),
    VaultModule.forRoot(keyFolders(settings), log, readsKeysAhead ? settings.keysAheadAfterMilliseconds : null),
  ];
}

function residencyOptions(
  settings: ApiSettings,
  regions: Regions,
  log: EventLog,
  originOf: OriginOf | undefined,
): ResidencyOptions {
  const { topology, stack, environment, poolSize, requestDeadlineMilliseconds } = settings;
  const optionsOf =
    (event: string, pick: (region: RegionSettings) => DatabaseSettings, size: number) =>
    (region: RegionSettings): ResidencyOptions['databases'][number] => {
      const { url, ca } = pick(region);
      return {
        region: regions.get(region.code),
        url,
        ...(ca === undefined ? {} : { ca }),
        expected: { stack, environment, publicKey: markerPublicKey(join(region.home, 'keys')) },
        poolSize: size,
        onFault: (error) =>
          log.event(event, { region: region.code, code: error.code }, isWrongDatabase(error) ? 'error' : 'warn'),
      };
    };
  return {
    regions,
    topology,
    databases: settings.regions.map(optionsOf('database.fault', ({ database }) => database, poolSize)),
    // Keys are cached, so few are asked for at once.
    keyStores: settings.regions.map(
      optionsOf('key_store.fault', ({ keyStore }) => keyStore, Math.min(poolSize, KEY_POOL_SIZE_MAX)),
    ),
    secrets: {
      [SECRET_PREFIXES.session]: ID_PREFIXES.session,
      [SECRET_PREFIXES.signIn]: ID_PREFIXES.signIn,
      [SECRET_PREFIXES.apiToken]: ID_PREFIXES.apiToken,
      [SECRET_PREFIXES.device]: ID_PREFIXES.knownDevice,
      [SECRET_PREFIXES.oidcClient]: ID_PREFIXES.oidcClient,
      [SECRET_PREFIXES.providerSignIn]: ID_PREFIXES.providerSignIn,
    },
    deadlineMilliseconds: requestDeadlineMilliseconds,
    originOf,
  };
}
