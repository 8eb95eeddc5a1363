import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '@domicile/accounts';
import { EmlFolder, MessagingModule } from '@domicile/messaging';
import { OidcModule } from '@domicile/oidc';
import { ReceiptsModule } from '@domicile/receipts';
import { RequestsModule } from '@domicile/requests';
import {
  isWrongDatabase,
  markerPublicKey,
  type Regions,
  ResidencyModule,
  type ResidencyOptions,
} from '@domicile/residency';
import {
  type ApiSettings,
  type DatabaseSettings,
  type RegionSettings,
  createEventLog,
  type EventLog,
  ID_PREFIXES,
  projectRoot,
  SECRET_PREFIXES,
  systemClock,
} from '@domicile/runtime';
import { VaultModule } from '@domicile/vault';
import { AccountsController } from './accounts.controller.js';
import { FactorsController } from './factors.controller.js';
import { AddressController } from './address.controller.js';
import { HealthController } from './health.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { OidcInteractionsController } from './oidc-interactions.controller.js';
import { ApiDocument } from './openapi/document.js';
import { DocsController } from './openapi/docs.controller.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { PeopleController } from './people.controller.js';
import { PasswordController } from './password.controller.js';
import { PoliciesController } from './policies.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { RecoveriesController } from './recoveries.controller.js';
import { RegionsController } from './regions.controller.js';
import { SecurityLogController } from './security-log.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SettingsController } from './settings.controller.js';
import { SignInsController } from './sign-ins.controller.js';
import { SignupsController } from './signups.controller.js';
import { TokensController } from './tokens.controller.js';

const KEY_POOL_SIZE_MAX = 4;

const CONTROLLERS = [
  RegionsController,
  PoliciesController,
  SignupsController,
  SessionsController,
  OwnSessionsController,
  SecurityLogController,
  SignInsController,
  FactorsController,
  AccountsController,
  PeopleController,
  InvitationsController,
  TokensController,
  SettingsController,
  RecoveriesController,
  AddressController,
  PasswordController,
  ReceiptsController,
  OidcInteractionsController,
  HealthController,
  DocsController,
];

/** The API: every library wired to what the settings name. */
@Module({})
export class AppModule {
  /** @param settings of the served regions alone; keys, marker and databases are read when Nest makes the providers */
  static forRoot(settings: ApiSettings, regions: Regions, log: EventLog): DynamicModule {
    const inHome = (...parts: string[]): [string, string][] =>
      settings.regions.map(({ code, home }) => [code, join(home, ...parts)]);
    return {
      module: AppModule,
      imports: [
        ResidencyModule.forRootAsync({ useFactory: () => residencyOptions(settings, regions, log) }),
        VaultModule.forRoot(
          inHome('keys').map(([region, keysDir]) => ({ region, keysDir })),
          log,
        ),
        MessagingModule.forRoot({ mailer: new EmlFolder(new Map(inHome('mail')), systemClock), log }),
        RequestsModule.forRoot({ limits: settings.limits, clock: systemClock, log }),
        AccountsModule.forRoot({
          policiesDir: settings.policiesDir ?? join(projectRoot(), 'deploy', 'policies'),
          sessions: settings.sessions,
          clock: systemClock,
          log,
        }),
        ReceiptsModule.forRoot({
          folders: inHome('keys').map(([region, keysDir]) => ({ region, keysDir })),
          issuing: issuingOf(settings),
          clock: systemClock,
          log,
        }),
        OidcModule.forRoot({
          folders: inHome('keys').map(([region, keysDir]) => ({ region, keysDir })),
          clock: systemClock,
          log,
        }),
      ],
      controllers: CONTROLLERS,
      providers: [{ provide: ApiDocument, useFactory: () => new ApiDocument() }],
    };
  }

  /** The same without anything behind it, for Nest's preview mode, which makes no provider: the API's shape and nothing more. */
  static forPreview(): DynamicModule {
    const nothing = { regions: [], policiesDir: undefined, limits: {}, sessions: {} } as unknown as ApiSettings;
    return AppModule.forRoot(nothing, undefined as unknown as Regions, createEventLog({ write: () => undefined }));
  }
}

function issuingOf({ stack, environment, topology }: ApiSettings) {
  return { stack, environment, topology };
}

function residencyOptions(settings: ApiSettings, regions: Regions, log: EventLog): ResidencyOptions {
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
    },
    deadlineMilliseconds: requestDeadlineMilliseconds,
  };
}
