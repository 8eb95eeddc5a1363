import { type DynamicModule, type FactoryProvider, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Outbox, OutboxDrain } from '@domicile/messaging';
import { Contexts, Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import { BlindIndex } from '@domicile/vault';
import { AccountRepository } from './account.repository.js';
import { Accounts } from './accounts.js';
import { PasswordHasher } from './password.js';
import { PersonRepository } from './person.repository.js';
import { Policies } from './policies.js';
import { SessionRepository } from './session.repository.js';
import { Sessions } from './sessions.js';
import { SIGNUP_CODE, SignupMail } from './signup-mail.js';
import { SignupRetention } from './signup-retention.js';
import { SignupRepository } from './signup.repository.js';
import { Signup } from './signup.js';

/** What accounts need from the process. */
export interface AccountsOptions {
  /** Folder of the published documents, see {@link Policies}. */
  readonly policiesDir: string;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Provides the use cases {@link Signup}, {@link Sessions}, {@link Accounts} and {@link Policies}; mails of this library go through the outbox. */
@Module({})
export class AccountsModule implements OnModuleInit {
  constructor(
    @Inject(OutboxDrain) private readonly drain: OutboxDrain,
    @Inject(SignupMail) private readonly mail: SignupMail,
  ) {}

  static forRoot({ policiesDir, clock, log }: AccountsOptions): DynamicModule {
    return {
      module: AccountsModule,
      global: true,
      providers: [
        made(SignupRepository, [Door], (door: Door) => new SignupRepository(door)),
        made(SessionRepository, [Door], (door: Door) => new SessionRepository(door)),
        made(AccountRepository, [Door], (door: Door) => new AccountRepository(door)),
        made(PersonRepository, [Door, IdCodec], (door: Door, ids: IdCodec) => new PersonRepository(door, ids)),
        made(Policies, [], () => new Policies(policiesDir, clock)),
        made(PasswordHasher, [], () => new PasswordHasher()),
        made(
          Sessions,
          [SessionRepository, IdCodec, SecretCodec],
          (sessions: SessionRepository, ids: IdCodec, secrets: SecretCodec) =>
            new Sessions(sessions, ids, secrets, clock),
        ),
        made(
          Accounts,
          [AccountRepository, Sessions],
          (accounts: AccountRepository, sessions: Sessions) => new Accounts(accounts, sessions),
        ),
        made(
          SignupMail,
          [SignupRepository, BlindIndex],
          (signups: SignupRepository, index: BlindIndex) => new SignupMail(signups, index, clock),
        ),
        made(
          SignupRetention,
          [Contexts, SignupRepository],
          (contexts: Contexts, signups: SignupRepository) => new SignupRetention(contexts, signups, clock, log),
        ),
        signupProvider(clock),
      ],
      exports: [Signup, Sessions, Accounts, Policies],
    };
  }

  onModuleInit(): void {
    this.drain.handle(SIGNUP_CODE, (ctx, item) => this.mail.compose(ctx, item));
  }
}

function made<T>(
  provide: FactoryProvider<T>['provide'],
  inject: FactoryProvider<T>['inject'],
  useFactory: FactoryProvider<T>['useFactory'],
): FactoryProvider<T> {
  return { provide, inject: inject ?? [], useFactory };
}

function signupProvider(clock: Clock): FactoryProvider<Signup> {
  const inject = [
    Door,
    IdCodec,
    Outbox,
    BlindIndex,
    SignupRepository,
    PersonRepository,
    AccountRepository,
    Sessions,
    SignupMail,
    Policies,
    PasswordHasher,
  ];
  return {
    provide: Signup,
    inject,
    useFactory: (
      door: Door,
      ids: IdCodec,
      outbox: Outbox,
      blindIndex: BlindIndex,
      signups: SignupRepository,
      persons: PersonRepository,
      accounts: AccountRepository,
      sessions: Sessions,
      mail: SignupMail,
      policies: Policies,
      hasher: PasswordHasher,
    ) =>
      new Signup({
        door,
        ids,
        clock,
        outbox,
        blindIndex,
        signups,
        persons,
        accounts,
        sessions,
        mail,
        policies,
        hasher,
      }),
  };
}
