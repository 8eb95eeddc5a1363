import { type DynamicModule, Module } from '@nestjs/common';
import { Contexts, Door, IdCodec } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import type { Mailer } from './mailer.js';
import { Outbox } from './outbox.js';
import { OutboxDrain } from './outbox-drain.js';

/** What messaging needs from the process. */
export interface MessagingOptions {
  readonly mailer: Mailer;
  readonly log: EventLog;
}

/** Provides {@link Outbox} and {@link OutboxDrain} to every module; the drain starts and stops with the application. */
@Module({})
export class MessagingModule {
  static forRoot({ mailer, log }: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: Outbox, inject: [Door, IdCodec], useFactory: (door: Door, ids: IdCodec) => new Outbox(door, ids) },
        {
          provide: OutboxDrain,
          inject: [Contexts, Outbox],
          useFactory: (contexts: Contexts, outbox: Outbox) => new OutboxDrain(contexts, outbox, mailer, log),
        },
      ],
      exports: [Outbox, OutboxDrain],
    };
  }
}
