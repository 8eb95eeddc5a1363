import { type DynamicModule, type FactoryProvider, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { AccountAccess, AccountRepository, SecurityLog, SessionStart } from '@domicile/accounts';
import { Retention } from '@domicile/requests';
import { Contexts, Door, IdCodec, SecretCodec } from '@domicile/residency';
import { type Clock, type EventLog, Outbound, type Reach } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { DomainClock } from './domain-clock.js';
import { DomainRepository } from './domain.repository.js';
import { Domains } from './domains.js';
import { OwnProviders } from './own-providers.js';
import { ProviderClient } from './provider-client.js';
import { ProviderSignIn } from './provider-sign-in.js';
import { ProviderSignInRepository } from './provider-sign-in.repository.js';

/** What federation needs from the process. */
export interface FederationOptions {
  /** How each served region reaches what its customers name. */
  readonly reaches: Readonly<Record<string, Reach>>;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Provides {@link Domains}, {@link OwnProviders} and {@link ProviderSignIn}. */
@Module({})
export class FederationModule implements OnModuleInit {
  constructor(
    @Inject(Retention) private readonly retention: Retention,
    @Inject(ProviderSignIn) private readonly signIns: ProviderSignIn,
  ) {}

  static forRoot({ reaches, clock, log }: FederationOptions): DynamicModule {
    return {
      module: FederationModule,
      providers: [
        { provide: Outbound, useFactory: () => new Outbound({ log, reaches }) },
        { provide: DomainRepository, inject: [Door], useFactory: (door: Door) => new DomainRepository(door) },
        {
          provide: ProviderSignInRepository,
          inject: [Door],
          useFactory: (door: Door) => new ProviderSignInRepository(door),
        },
        {
          provide: ProviderClient,
          inject: [Outbound],
          useFactory: (outbound: Outbound) => new ProviderClient(outbound, clock),
        },
        domainsProvider(clock),
        ownProvidersProvider(),
        providerSignInProvider(clock),
      ],
      exports: [Domains, OwnProviders, ProviderSignIn],
    };
  }

  /** For the worker: the same, and verified domains are looked at again. */
  static forWorker(options: FederationOptions): DynamicModule {
    const { providers = [], ...module } = FederationModule.forRoot(options);
    const { clock, log } = options;
    const again = {
      provide: DomainClock,
      inject: [Contexts, Domains, DomainRepository],
      useFactory: (contexts: Contexts, domains: Domains, rows: DomainRepository) =>
        new DomainClock(contexts, domains, rows, clock, log),
    };
    return { ...module, providers: [...providers, again] };
  }

  onModuleInit(): void {
    this.retention.add({
      table: 'provider_sign_in',
      keptMilliseconds: 0,
      eraseOver: (...about) => this.signIns.eraseOver(...about),
    });
  }
}

function domainsProvider(clock: Clock): FactoryProvider<Domains> {
  return {
    provide: Domains,
    inject: [Door, IdCodec, BlindIndex, Vault, AccountAccess, DomainRepository, SecurityLog, Outbound],
    useFactory: (
      door: Door,
      ids: IdCodec,
      index: BlindIndex,
      vault: Vault,
      access: AccountAccess,
      domains: DomainRepository,
      log: SecurityLog,
      outbound: Outbound,
    ) => new Domains({ door, ids, clock, index, vault, access, domains, log, outbound }),
  };
}

function ownProvidersProvider(): FactoryProvider<OwnProviders> {
  return {
    provide: OwnProviders,
    inject: [Door, IdCodec, Vault, AccountAccess, AccountRepository, Domains, ProviderClient, SecurityLog],
    useFactory: (
      door: Door,
      ids: IdCodec,
      vault: Vault,
      access: AccountAccess,
      accounts: AccountRepository,
      domains: Domains,
      client: ProviderClient,
      log: SecurityLog,
    ) => new OwnProviders({ door, ids, vault, access, accounts, domains, client, log }),
  };
}

function providerSignInProvider(clock: Clock): FactoryProvider<ProviderSignIn> {
  return {
    provide: ProviderSignIn,
    inject: [
      Door,
      IdCodec,
      SecretCodec,
      BlindIndex,
      ProviderSignInRepository,
      Domains,
      DomainRepository,
      OwnProviders,
      ProviderClient,
      SessionStart,
      SecurityLog,
    ],
    useFactory: (
      door: Door,
      ids: IdCodec,
      secrets: SecretCodec,
      index: BlindIndex,
      rows: ProviderSignInRepository,
      domains: Domains,
      ways: DomainRepository,
      providers: OwnProviders,
      client: ProviderClient,
      start: SessionStart,
      log: SecurityLog,
    ) =>
      new ProviderSignIn({
        door,
        ids,
        secrets,
        clock,
        index,
        rows,
        domains,
        ways,
        providers,
        client,
        start,
        log,
      }),
  };
}
