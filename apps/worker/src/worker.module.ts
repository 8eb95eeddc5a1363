import { join } from 'node:path';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule } from '@domicile/accounts';
import { foundation, reachesOf } from '@domicile/boot';
import { FederationModule } from '@domicile/federation';
import { MessagingModule, PARALLEL_SENDS, SmtpMailer } from '@domicile/messaging';
import { OidcModule } from '@domicile/oidc';
import { RequestsModule } from '@domicile/requests';
import type { Regions } from '@domicile/residency';
import { type EventLog, nestLogger, projectRoot, systemClock, type WorkerSettings } from '@domicile/runtime';

/** The worker: what is carried out after an answer was given. It listens nowhere and hashes no password. */
@Module({})
export class WorkerModule {
  static forRoot(settings: WorkerSettings, regions: Regions, log: EventLog): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ...foundation(settings, regions, log, { readsKeysAhead: false }),
        MessagingModule.forWorker({ mailer: new SmtpMailer(settings.relays, PARALLEL_SENDS), log }),
        RequestsModule.forWorker({ limits: settings.limits, clock: systemClock, log }),
        AccountsModule.forRoot({
          policiesDir: settings.policiesDir ?? join(projectRoot(), 'deploy', 'policies'),
          clock: systemClock,
          log,
          sessions: settings.sessions,
          takesPasswords: false,
        }),
        OidcModule.forWorker({ clock: systemClock }),
        FederationModule.forWorker({ reaches: reachesOf(settings), clock: systemClock, log }),
      ],
    };
  }
}

/**
 * The worker at work: databases are opened and proven first, and nothing is sent when one is not the right one.
 * @throws ResidencyError residency.configuration_invalid, or what a provider throws while it is made
 */
export async function createWorker(
  settings: WorkerSettings,
  regions: Regions,
  log: EventLog,
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(WorkerModule.forRoot(settings, regions, log), {
    abortOnError: false,
    logger: nestLogger(log),
  });
}
