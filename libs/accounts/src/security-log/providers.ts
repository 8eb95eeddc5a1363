import type { FactoryProvider } from '@nestjs/common';
import { Outbox } from '@domicile/messaging';
import { Door, IdCodec } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { Accounts } from '../accounts.js';
import { PersonMailboxes } from '../person-mailbox.js';
import { PersonRepository } from '../person.repository.js';
import { Sessions } from '../sessions.js';
import { EventList } from './event-list.js';
import { EventRepository } from './event.repository.js';
import { NoticeMail } from './notice-mail.js';
import { SecurityLog } from './security-log.js';

/** Everything of the security log, for the module of accounts. */
export function securityLogProviders(clock: Clock): readonly FactoryProvider[] {
  return [
    {
      provide: SecurityLog,
      inject: [Door, IdCodec, Vault, Outbox, BlindIndex],
      useFactory: (door: Door, ids: IdCodec, vault: Vault, outbox: Outbox, blindIndex: BlindIndex) =>
        new SecurityLog({ door, ids, vault, outbox, blindIndex, clock }),
    },
    { provide: EventRepository, inject: [Door], useFactory: (door: Door) => new EventRepository(door) },
    {
      provide: EventList,
      inject: [IdCodec, Vault, EventRepository, Sessions, Accounts],
      useFactory: (ids: IdCodec, vault: Vault, events: EventRepository, sessions: Sessions, accounts: Accounts) =>
        new EventList({ ids, vault, events, sessions, accounts }),
    },
    {
      provide: NoticeMail,
      inject: [EventRepository, Vault, PersonRepository],
      useFactory: (events: EventRepository, vault: Vault, persons: PersonRepository) =>
        new NoticeMail(events, vault, new PersonMailboxes(persons, vault)),
    },
  ];
}
