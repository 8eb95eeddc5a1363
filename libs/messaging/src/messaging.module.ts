import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Contexts, Door, IdCodec } from '@domicile/residency';
import type { EventLog } from '@domicile/runtime';
import { Letters } from './letters.js';
import type { Mailer } from './mailer.js';
import { Outbox } from './outbox.js';
import { OutboxDrain } from './outbox-drain.js';

/** What a process that sends mail brings. */
export interface MailingOptions {
  readonly mailer: Mailer;
  readonly log: EventLog;
}

const PROVIDERS: Provider[] = [
  { provide: Outbox, inject: [Door, IdCodec], useFactory: (door: Door, ids: IdCodec) => new Outbox(door, ids) },
  { provide: Letters, useFactory: () => new Letters() },
];

/** Provides {@link Outbox} and {@link Letters} to every module; in the worker also what carries the outbox out. */
@Module({})
export class MessagingModule {
  /** For a process that decides on mails and sends none. */
  static forRoot(): DynamicModule {
    return { module: MessagingModule, global: true, providers: PROVIDERS, exports: [Outbox, Letters] };
  }

  /** For the worker: its {@link OutboxDrain} starts and stops with the application. */
  static forWorker({ mailer, log }: MailingOptions): DynamicModule {
    const drain: Provider = {
      provide: OutboxDrain,
      inject: [Contexts, Outbox, Letters],
      useFactory: (contexts: Contexts, outbox: Outbox, letters: Letters) =>
        new OutboxDrain(contexts, outbox, letters, mailer, log),
    };
    return { ...MessagingModule.forRoot(), providers: [...PROVIDERS, drain], exports: [Outbox, Letters] };
  }
}
