import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Contexts, Door, IdCodec } from '@domicile/residency';
import type { Clock, EventLog, LimitSettings } from '@domicile/runtime';
import { BlindIndex } from '@domicile/vault';
import { FailureStreaks } from './failure-streaks.js';
import { Idempotency } from './idempotency.js';
import { RateLimits } from './rate-limits.js';
import { ReadLimit } from './read-limit.js';
import { Retention } from './retention.js';
import { RetentionClock } from './retention-clock.js';

/** What requests need from the process. */
export interface RequestsOptions {
  readonly limits: LimitSettings;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Provides {@link Idempotency}, {@link RateLimits}, {@link FailureStreaks}, {@link ReadLimit} and {@link Retention} to every module. */
@Module({})
export class RequestsModule implements OnModuleInit {
  constructor(
    @Inject(Retention) private readonly retention: Retention,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(RateLimits) private readonly rateLimits: RateLimits,
    @Inject(FailureStreaks) private readonly streaks: FailureStreaks,
  ) {}

  static forRoot({ limits, clock, log }: RequestsOptions): DynamicModule {
    return {
      module: RequestsModule,
      global: true,
      providers: [
        {
          provide: Idempotency,
          inject: [Door, IdCodec, BlindIndex],
          useFactory: (door: Door, ids: IdCodec, index: BlindIndex) => new Idempotency(door, ids, index, clock),
        },
        {
          provide: RateLimits,
          inject: [Door, IdCodec, BlindIndex, Contexts],
          useFactory: (door: Door, ids: IdCodec, index: BlindIndex, contexts: Contexts) =>
            new RateLimits(door, ids, index, clock, limits, contexts),
        },
        {
          provide: FailureStreaks,
          inject: [Door, IdCodec, BlindIndex],
          useFactory: (door: Door, ids: IdCodec, index: BlindIndex) =>
            new FailureStreaks(door, ids, index, clock, limits.signInFailuresInARow),
        },
        { provide: ReadLimit, useFactory: () => new ReadLimit(limits.readsPerSessionSecond) },
        {
          provide: Retention,
          inject: [Contexts],
          useFactory: (contexts: Contexts) => new Retention(contexts, clock, log),
        },
      ],
      exports: [Idempotency, RateLimits, FailureStreaks, ReadLimit, Retention],
    };
  }

  /** For the worker: the same, and what is over is looked for and erased. */
  static forWorker(options: RequestsOptions): DynamicModule {
    const { providers = [], ...module } = RequestsModule.forRoot(options);
    const clock = {
      provide: RetentionClock,
      inject: [Contexts, Retention],
      useFactory: (contexts: Contexts, retention: Retention) => new RetentionClock(contexts, retention),
    };
    return { ...module, providers: [...providers, clock] };
  }

  onModuleInit(): void {
    const over = (table: string, of: Idempotency | RateLimits | FailureStreaks): void =>
      this.retention.add({ table, keptMilliseconds: 0, eraseOver: (...about) => of.eraseOver(...about) });
    over('idempotency', this.idempotency);
    over('rate_count', this.rateLimits);
    over('failure_streak', this.streaks);
  }
}
