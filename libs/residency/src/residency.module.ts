import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Contexts } from './context.js';
import { Door, KeyDoor, keyDoor } from './door.js';
import { ResidencyError } from './errors.js';
import { IdCodec } from './ids.js';
import { RegionDatabase, type RegionDatabaseOptions } from './region-database.js';
import { Regions } from './regions.js';
import { SecretCodec } from './secrets.js';
import { RegionGuard } from './http/region.guard.js';
import { installRegionHooks, type OriginOf } from './http/region-hooks.js';
import { RegionRouter } from './http/region-router.js';

/** What a process serves. Nothing here has a default that could name a region. */
export interface ResidencyOptions {
  readonly regions: Regions;
  /** `combined` serves several regions (development, evaluation, tests), `separate` exactly one. */
  readonly topology: 'combined' | 'separate';
  /** One entry per served region. */
  readonly databases: readonly RegionDatabaseOptions[];
  /** The key stores of the same regions, for an application that seals what is personal. */
  readonly keyStores?: readonly Omit<RegionDatabaseOptions, 'purpose'>[];
  /** Kinds of bearer secrets: secret prefix to the id prefix of the row that holds the hash. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Deadline of a request. */
  readonly deadlineMilliseconds: number;
  /** Where a request came from, for an application that keeps it: see {@link RegionContext.origin}. */
  readonly originOf?: OriginOf | undefined;
}

const OPTIONS = Symbol('ResidencyOptions');

/**
 * The library as a Nest module: provides {@link Regions}, {@link Contexts}, {@link Door}, {@link KeyDoor}, {@link IdCodec}, {@link SecretCodec}
 * to every module, guards every route, opens the databases when all repositories have declared themselves, and closes them
 * at shutdown. Import it once; a second import or a database shared by two regions refuses to boot.
 */
@Module({})
export class ResidencyModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(KeyDoor) private readonly keyDoor: KeyDoor | null,
    @Inject(Contexts) contexts: Contexts,
    @Inject(RegionRouter) router: RegionRouter,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(OPTIONS) { originOf }: ResidencyOptions,
  ) {
    // Absent in a process without HTTP (a worker).
    if (host.httpAdapter)
      installRegionHooks(host.httpAdapter.getInstance<FastifyInstance>(), router, contexts, originOf);
  }

  static forRoot(options: ResidencyOptions): DynamicModule {
    return ResidencyModule.forRootAsync({ useFactory: () => options });
  }

  /** The same with options made by a factory, possibly from injected providers. */
  static forRootAsync(factory: Pick<FactoryProvider<ResidencyOptions>, 'useFactory' | 'inject'>): DynamicModule {
    return {
      module: ResidencyModule,
      global: true,
      providers: [
        { provide: OPTIONS, ...factory },
        { provide: Regions, inject: [OPTIONS], useFactory: (o: ResidencyOptions) => assertTopology(o).regions },
        { provide: IdCodec, inject: [Regions], useFactory: (regions: Regions) => new IdCodec(regions) },
        {
          provide: SecretCodec,
          inject: [IdCodec, OPTIONS],
          useFactory: (ids: IdCodec, o: ResidencyOptions) => new SecretCodec(ids, o.secrets),
        },
        {
          provide: Door,
          inject: [IdCodec, OPTIONS],
          useFactory: (ids: IdCodec, o: ResidencyOptions) =>
            new Door(
              o.databases.map((d) => new RegionDatabase(d)),
              ids,
            ),
        },
        {
          provide: KeyDoor,
          inject: [IdCodec, OPTIONS],
          useFactory: (ids: IdCodec, { keyStores }: ResidencyOptions) => (keyStores ? keyDoor(keyStores, ids) : null),
        },
        {
          provide: Contexts,
          inject: [IdCodec, OPTIONS],
          useFactory: (ids: IdCodec, o: ResidencyOptions) =>
            new Contexts(ids, o.regions, servedBy(o), o.deadlineMilliseconds),
        },
        {
          provide: RegionRouter,
          inject: [IdCodec, SecretCodec, OPTIONS],
          useFactory: (ids: IdCodec, secrets: SecretCodec, o: ResidencyOptions) =>
            new RegionRouter(o.regions, servedBy(o), ids, secrets),
        },
        { provide: APP_GUARD, useClass: RegionGuard },
      ],
      exports: [Regions, IdCodec, SecretCodec, Door, KeyDoor, Contexts],
    };
  }

  async onModuleInit(): Promise<void> {
    await Promise.all([this.door.open(), this.keyDoor?.open()]);
    this.keyDoor?.assertApartFrom(this.door);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.door.close(), this.keyDoor?.close()]);
  }
}

function servedBy(options: ResidencyOptions) {
  return options.databases.map((database) => database.region);
}

function assertTopology(options: ResidencyOptions): ResidencyOptions {
  const codes = (of: readonly { readonly code: string }[]): string =>
    of
      .map(({ code }) => code)
      .sort()
      .join();
  if (options.keyStores && codes(options.keyStores.map(({ region }) => region)) !== codes(servedBy(options)))
    throw new ResidencyError(
      'residency.configuration_invalid',
      'Key stores are given for other regions than the databases; each served region needs both.',
    );
  if (options.topology === 'separate' && options.databases.length !== 1)
    throw new ResidencyError(
      'residency.configuration_invalid',
      'In separate topology a process serves exactly one region.',
    );
  return options;
}
