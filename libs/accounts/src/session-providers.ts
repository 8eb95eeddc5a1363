import type { FactoryProvider } from '@nestjs/common';
import { Contexts, Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock, SessionSettings } from '@domicile/runtime';
import { Vault } from '@domicile/vault';
import { LastSeen } from './last-seen.js';
import { PersonRepository } from './person.repository.js';
import { SecurityLog } from './security-log/security-log.js';
import { SessionList } from './session-list.js';
import { SessionRepository } from './session.repository.js';
import { Sessions } from './sessions.js';

/** Sessions, for the module of accounts. */
export function sessionProviders(clock: Clock, settings: SessionSettings): readonly FactoryProvider[] {
  return [
    { provide: SessionRepository, inject: [Door], useFactory: (door: Door) => new SessionRepository(door) },
    {
      provide: LastSeen,
      inject: [Contexts, SessionRepository],
      useFactory: (contexts: Contexts, sessions: SessionRepository) => new LastSeen(contexts, sessions, clock),
    },
    {
      provide: Sessions,
      inject: [Door, SessionRepository, LastSeen, IdCodec, SecretCodec, Vault, PersonRepository, SecurityLog],
      useFactory: (
        door: Door,
        sessions: SessionRepository,
        lastSeen: LastSeen,
        ids: IdCodec,
        secrets: SecretCodec,
        vault: Vault,
        persons: PersonRepository,
        log: SecurityLog,
      ) => new Sessions({ door, sessions, lastSeen, ids, secrets, clock, vault, persons, log, settings }),
    },
    {
      provide: SessionList,
      inject: [Door, IdCodec, Vault, SessionRepository, Sessions, SecurityLog],
      useFactory: (
        door: Door,
        ids: IdCodec,
        vault: Vault,
        rows: SessionRepository,
        sessions: Sessions,
        log: SecurityLog,
      ) => new SessionList({ door, ids, clock, vault, rows, sessions, log }),
    },
  ];
}
