import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '@domicile/accounts';
import { foundation, keyFolders, reachesOf } from '@domicile/boot';
import { FederationModule } from '@domicile/federation';
import { MessagingModule } from '@domicile/messaging';
import { OidcModule } from '@domicile/oidc';
import { ReceiptsModule } from '@domicile/receipts';
import { RequestsModule } from '@domicile/requests';
import type { Regions } from '@domicile/residency';
import { type ApiSettings, createEventLog, type EventLog, projectRoot, systemClock } from '@domicile/runtime';
import { AccountsController } from './accounts.controller.js';
import { ApplicationsController } from './applications.controller.js';
import { clientOrigin } from './client-origin.js';
import { FactorsController } from './factors.controller.js';
import { AddressController } from './address.controller.js';
import { HealthController } from './health.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { OidcInteractionsController } from './oidc-interactions.controller.js';
import { ApiDocument } from './openapi/document.js';
import { DocsController } from './openapi/docs.controller.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnProvidersController } from './own-providers.controller.js';
import { PeopleController } from './people.controller.js';
import { PasswordController } from './password.controller.js';
import { PoliciesController } from './policies.controller.js';
import { ProviderSignInsController } from './provider-sign-ins.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { RecoveriesController } from './recoveries.controller.js';
import { RegionsController } from './regions.controller.js';
import { SecurityLogController } from './security-log.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SettingsController } from './settings.controller.js';
import { SignInsController } from './sign-ins.controller.js';
import { SignupsController } from './signups.controller.js';
import { TokensController } from './tokens.controller.js';
import { readWebBuild, WEB_BUILD } from './web/web-build.js';
import { WebController } from './web/web.controller.js';

const CONTROLLERS = [
  RegionsController,
  PoliciesController,
  SignupsController,
  SessionsController,
  OwnSessionsController,
  SecurityLogController,
  SignInsController,
  ProviderSignInsController,
  FactorsController,
  AccountsController,
  PeopleController,
  InvitationsController,
  TokensController,
  SettingsController,
  OwnProvidersController,
  RecoveriesController,
  AddressController,
  PasswordController,
  ReceiptsController,
  OidcInteractionsController,
  ApplicationsController,
  HealthController,
  DocsController,
  WebController,
];

/** The API: every library wired to what the settings name. */
@Module({})
export class AppModule {
  /** @param settings of the served regions alone; keys, marker and databases are read when Nest makes the providers */
  static forRoot(settings: ApiSettings, regions: Regions, log: EventLog): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ...foundation(settings, regions, log, { readsKeysAhead: true, originOf: clientOrigin }),
        MessagingModule.forRoot(),
        RequestsModule.forRoot({ limits: settings.limits, clock: systemClock, log }),
        AccountsModule.forRoot({
          policiesDir: settings.policiesDir ?? join(projectRoot(), 'deploy', 'policies'),
          sessions: settings.sessions,
          clock: systemClock,
          log,
          takesPasswords: true,
        }),
        ReceiptsModule.forRoot({
          folders: keyFolders(settings),
          issuing: issuingOf(settings),
          clock: systemClock,
          log,
        }),
        OidcModule.forRoot({
          folders: keyFolders(settings),
          clock: systemClock,
          log,
        }),
        FederationModule.forRoot({ reaches: reachesOf(settings), clock: systemClock, log }),
      ],
      controllers: CONTROLLERS,
      providers: [
        { provide: ApiDocument, useFactory: () => new ApiDocument() },
        { provide: WEB_BUILD, useFactory: readWebBuild },
      ],
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
