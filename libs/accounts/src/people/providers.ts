import { Inject, Injectable, type OnModuleInit, type Provider } from '@nestjs/common';
import { Outbox, Letters } from '@domicile/messaging';
import { Retention } from '@domicile/requests';
import { Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { AccountAccess } from '../account-access.js';
import { AccountRepository } from '../account.repository.js';
import { INVITATION_CODE, InvitationMail } from '../invitations/invitation-mail.js';
import { InvitationRepository } from '../invitations/invitation.repository.js';
import { INVITATION_KEPT_MILLISECONDS, Invitations } from '../invitations/invitations.js';
import { PersonRepository } from '../person.repository.js';
import { SecurityLog } from '../security-log/security-log.js';
import { Sessions } from '../sessions.js';
import { AccountSettings } from '../settings/account-settings.js';
import { Preferences } from '../settings/preferences.js';
import { ApiTokenRepository } from '../tokens/api-token.repository.js';
import { ApiTokens } from '../tokens/api-tokens.js';
import { PeopleRepository } from './people.repository.js';
import { People } from './people.js';

/** Ties invitations to the jobs that mail and erase them. */
@Injectable()
export class InvitationJobs implements OnModuleInit {
  constructor(
    @Inject(Letters) private readonly letters: Letters,
    @Inject(Retention) private readonly retention: Retention,
    @Inject(InvitationMail) private readonly mail: InvitationMail,
    @Inject(Invitations) private readonly invitations: Invitations,
  ) {}

  onModuleInit(): void {
    this.letters.handle(INVITATION_CODE, (ctx, item) => this.mail.compose(ctx, item));
    this.retention.add({
      table: 'invitation',
      keptMilliseconds: INVITATION_KEPT_MILLISECONDS,
      eraseOver: (...about) => this.invitations.eraseOver(...about),
    });
  }
}

/** What the use cases of this file's areas offer to controllers. */
export const PEOPLE_EXPORTS = [AccountAccess, People, Invitations, ApiTokens, AccountSettings, Preferences];

/** People in an account, invitations, tokens and settings. */
export function peopleProviders(clock: Clock): Provider[] {
  return [
    { provide: PeopleRepository, inject: [Door], useFactory: (door: Door) => new PeopleRepository(door) },
    { provide: InvitationRepository, inject: [Door], useFactory: (door: Door) => new InvitationRepository(door) },
    { provide: ApiTokenRepository, inject: [Door], useFactory: (door: Door) => new ApiTokenRepository(door) },
    {
      provide: AccountAccess,
      inject: [AccountRepository, Sessions, ApiTokenRepository],
      useFactory: (accounts: AccountRepository, sessions: Sessions, tokens: ApiTokenRepository) =>
        new AccountAccess(accounts, sessions, tokens, clock),
    },
    {
      provide: People,
      inject: [Door, IdCodec, Vault, AccountAccess, Sessions, PeopleRepository, ApiTokenRepository, SecurityLog],
      useFactory: (
        door: Door,
        ids: IdCodec,
        vault: Vault,
        access: AccountAccess,
        sessions: Sessions,
        people: PeopleRepository,
        tokens: ApiTokenRepository,
        log: SecurityLog,
      ) => new People({ door, ids, vault, access, sessions, people, tokens, log }),
    },
    ...invitationProviders(clock),
    {
      provide: ApiTokens,
      inject: [Door, IdCodec, SecretCodec, Vault, AccountAccess, ApiTokenRepository, SecurityLog],
      useFactory: (
        door: Door,
        ids: IdCodec,
        secrets: SecretCodec,
        vault: Vault,
        access: AccountAccess,
        tokens: ApiTokenRepository,
        log: SecurityLog,
      ) => new ApiTokens({ door, ids, secrets, clock, vault, access, tokens, log }),
    },
    {
      provide: AccountSettings,
      inject: [Door, AccountRepository, AccountAccess, Vault, SecurityLog],
      useFactory: (door: Door, accounts: AccountRepository, access: AccountAccess, vault: Vault, log: SecurityLog) =>
        new AccountSettings(door, accounts, access, vault, log, clock),
    },
    {
      provide: Preferences,
      inject: [Sessions, PersonRepository, Vault],
      useFactory: (sessions: Sessions, persons: PersonRepository, vault: Vault) =>
        new Preferences(sessions, persons, vault),
    },
  ];
}

function invitationProviders(clock: Clock): Provider[] {
  return [
    {
      provide: InvitationMail,
      inject: [InvitationRepository, BlindIndex, Vault, Preferences],
      useFactory: (invitations: InvitationRepository, index: BlindIndex, vault: Vault, preferences: Preferences) =>
        new InvitationMail(invitations, index, vault, preferences, clock),
    },
    {
      provide: Invitations,
      inject: [
        Door,
        IdCodec,
        Outbox,
        BlindIndex,
        Vault,
        AccountAccess,
        InvitationRepository,
        InvitationMail,
        SecurityLog,
      ],
      useFactory: (
        door: Door,
        ids: IdCodec,
        outbox: Outbox,
        blindIndex: BlindIndex,
        vault: Vault,
        access: AccountAccess,
        invitations: InvitationRepository,
        mail: InvitationMail,
        log: SecurityLog,
      ) => new Invitations({ door, ids, clock, outbox, blindIndex, vault, access, invitations, mail, log }),
    },
    InvitationJobs,
  ];
}
