import { type DynamicModule, type FactoryProvider, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { SecurityLog, Sessions } from '@domicile/accounts';
import { Retention } from '@domicile/requests';
import { Contexts, Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { Applications } from './applications.js';
import { OidcInteractions } from './interactions.js';
import { Issuers } from './issuers.js';
import { OidcClients } from './oidc-clients.js';
import { OidcConsents } from './oidc-consents.js';
import type { OidcKeysFolder } from './oidc-key-files.js';
import { OidcRecords } from './oidc-records.js';
import { Subjects } from './subjects.js';

/** What the issuers need from the process. */
export interface OidcOptions {
  readonly folders: readonly OidcKeysFolder[];
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Provides {@link Issuers} and {@link OidcInteractions}; what is over is erased by the retention job. */
@Module({})
export class OidcModule implements OnModuleInit {
  constructor(
    @Inject(Retention) private readonly retention: Retention,
    @Inject(OidcRecords) private readonly records: OidcRecords,
    @Inject(OidcConsents) private readonly consents: OidcConsents,
  ) {}

  /** @throws ResidencyError residency.configuration_invalid at boot, when a region's OpenID key cannot be used */
  static forRoot({ folders, clock, log }: OidcOptions): DynamicModule {
    return {
      module: OidcModule,
      providers: [
        ...memoryProviders(clock),
        {
          provide: OidcClients,
          inject: [Door, IdCodec, SecretCodec],
          useFactory: (door: Door, ids: IdCodec, secrets: SecretCodec) => new OidcClients(door, ids, secrets),
        },
        {
          provide: Subjects,
          inject: [Door, IdCodec, BlindIndex, Vault],
          useFactory: (door: Door, ids: IdCodec, index: BlindIndex, vault: Vault) =>
            new Subjects(door, ids, index, vault),
        },
        {
          provide: Issuers,
          inject: [Contexts, BlindIndex, OidcRecords, OidcClients, OidcConsents, Subjects],
          useFactory: (
            contexts: Contexts,
            index: BlindIndex,
            records: OidcRecords,
            clients: OidcClients,
            consents: OidcConsents,
            subjects: Subjects,
          ) => Issuers.create({ contexts, folders, index, records, clients, consents, subjects, clock, log }),
        },
        {
          provide: OidcInteractions,
          inject: [Issuers, OidcRecords, OidcConsents, Door, SecurityLog],
          useFactory: (
            issuers: Issuers,
            records: OidcRecords,
            consents: OidcConsents,
            door: Door,
            securityLog: SecurityLog,
          ) => new OidcInteractions(issuers, records, consents, door, securityLog),
        },
        {
          provide: Applications,
          inject: [Door, IdCodec, Sessions, OidcConsents, OidcRecords, SecurityLog],
          useFactory: (
            door: Door,
            ids: IdCodec,
            sessions: Sessions,
            consents: OidcConsents,
            records: OidcRecords,
            log: SecurityLog,
          ) => new Applications({ door, ids, sessions, consents, records, log }),
        },
      ],
      exports: [Issuers, OidcInteractions, Applications],
    };
  }

  /** No issuer: what the issuers of other processes remember is erased when it is over. */
  static forWorker({ clock }: Pick<OidcOptions, 'clock'>): DynamicModule {
    return { module: OidcModule, providers: memoryProviders(clock) };
  }

  onModuleInit(): void {
    for (const [table, memory] of [
      ['oidc_record', this.records],
      ['oidc_consent', this.consents],
    ] as const)
      this.retention.add({ table, keptMilliseconds: 0, eraseOver: (...about) => memory.eraseOver(...about) });
  }
}

/** What the issuers remember, for who writes it and for who erases what is over. */
function memoryProviders(clock: Clock): FactoryProvider[] {
  return [
    {
      provide: OidcRecords,
      inject: [Door, IdCodec, BlindIndex],
      useFactory: (door: Door, ids: IdCodec, index: BlindIndex) => new OidcRecords(door, ids, index, clock),
    },
    {
      provide: OidcConsents,
      inject: [Door, IdCodec, BlindIndex],
      useFactory: (door: Door, ids: IdCodec, index: BlindIndex) => new OidcConsents(door, ids, index, clock),
    },
  ];
}
