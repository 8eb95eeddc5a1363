import { type DynamicModule, type FactoryProvider, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Letters, Outbox } from '@domicile/messaging';
import { Retention } from '@domicile/requests';
import { Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock, EventLog } from '@domicile/runtime';
import { BlindIndex, TombstoneReplay, Vault } from '@domicile/vault';
import { AccountRepository } from './account.repository.js';
import { Accounts } from './accounts.js';
import { CredentialRepository } from './credential.repository.js';
import { EndedSignups, SIGNUP_KEPT_MILLISECONDS } from './ended-signups.js';
import { HashingProcess } from './password/hashing-process.js';
import { PasswordHasher } from './password.js';
import { PersonRepository } from './person.repository.js';
import { RegistrationRepository } from './registration.repository.js';
import { SubjectRepository } from './subject.repository.js';
import { Policies } from './policies.js';
import { SessionRepository } from './session.repository.js';
import { Sessions } from './sessions.js';
import { SIGNUP_CODE, SignupMail } from './signup-mail.js';
import { SecurityLog } from './security-log/security-log.js';
import { SignIn } from './sign-in.js';
import { SignupRepository } from './signup.repository.js';
import { Signup } from './signup.js';

/** What accounts need from the process. */
export interface AccountsOptions {
  /** Folder of the published documents, see {@link Policies}. */
  readonly policiesDir: string;
  readonly clock: Clock;
  readonly log: EventLog;
  /** Whether people sign in to this process: what hashes passwords is then ready before the first of them. */
  readonly takesPasswords: boolean;
}

/** Provides the use cases {@link Signup}, {@link SignIn}, {@link Sessions}, {@link Accounts} and {@link Policies}; mails of this library go through the outbox. */
@Module({})
export class AccountsModule implements OnModuleInit {
  constructor(
    @Inject(Letters) private readonly letters: Letters,
    @Inject(SignupMail) private readonly mail: SignupMail,
    @Inject(TombstoneReplay) private readonly replay: TombstoneReplay,
    @Inject(SubjectRepository) private readonly subjects: SubjectRepository,
    @Inject(Retention) private readonly retention: Retention,
    @Inject(EndedSignups) private readonly endedSignups: EndedSignups,
  ) {}

  static forRoot({ policiesDir, clock, log, takesPasswords }: AccountsOptions): DynamicModule {
    return {
      module: AccountsModule,
      global: true,
      providers: [
        made(SignupRepository, [Door], (door: Door) => new SignupRepository(door)),
        made(SessionRepository, [Door], (door: Door) => new SessionRepository(door)),
        made(AccountRepository, [Door], (door: Door) => new AccountRepository(door)),
        made(PersonRepository, [Door], (door: Door) => new PersonRepository(door)),
        made(RegistrationRepository, [Door], (door: Door) => new RegistrationRepository(door)),
        made(
          SubjectRepository,
          [Door, Vault],
          (door: Door, vault: Vault) => new SubjectRepository(door, (ctx, sealed) => vault.keyIdOf(ctx, sealed)),
        ),
        made(Policies, [], () => new Policies(policiesDir, clock)),
        made(HashingProcess, [], () => new HashingProcess({ log, startsAhead: takesPasswords })),
        made(PasswordHasher, [HashingProcess], (work: HashingProcess) => new PasswordHasher(work)),
        made(
          Sessions,
          [SessionRepository, IdCodec, SecretCodec, Vault, PersonRepository],
          (sessions: SessionRepository, ids: IdCodec, secrets: SecretCodec, vault: Vault, persons: PersonRepository) =>
            new Sessions(sessions, ids, secrets, clock, vault, persons),
        ),
        made(
          Accounts,
          [AccountRepository, Sessions, Vault],
          (accounts: AccountRepository, sessions: Sessions, vault: Vault) => new Accounts(accounts, sessions, vault),
        ),
        made(
          SignupMail,
          [SignupRepository, BlindIndex, Vault],
          (signups: SignupRepository, index: BlindIndex, vault: Vault) => new SignupMail(signups, index, vault, clock),
        ),
        made(
          EndedSignups,
          [SignupRepository, Vault],
          (signups: SignupRepository, vault: Vault) => new EndedSignups(signups, vault),
        ),
        made(SecurityLog, [Door, IdCodec], (door: Door, ids: IdCodec) => new SecurityLog(door, ids)),
        made(CredentialRepository, [Door], (door: Door) => new CredentialRepository(door)),
        signupProvider(clock),
        signInProvider(),
      ],
      exports: [SecurityLog, Signup, SignIn, Sessions, Accounts, Policies],
    };
  }

  onModuleInit(): void {
    this.letters.handle(SIGNUP_CODE, (ctx, item) => this.mail.compose(ctx, item));
    this.replay.handle(this.subjects);
    this.retention.add({
      table: 'signup',
      keptMilliseconds: SIGNUP_KEPT_MILLISECONDS,
      eraseOver: (...about) => this.endedSignups.erase(...about),
    });
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
    Vault,
    SignupRepository,
    PersonRepository,
    RegistrationRepository,
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
      vault: Vault,
      signups: SignupRepository,
      persons: PersonRepository,
      registrations: RegistrationRepository,
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
        vault,
        signups,
        persons,
        registrations,
        sessions,
        mail,
        policies,
        hasher,
      }),
  };
}

function signInProvider(): FactoryProvider<SignIn> {
  const inject = [Door, IdCodec, BlindIndex, Vault, CredentialRepository, SessionRepository, Sessions, PasswordHasher];
  return {
    provide: SignIn,
    inject,
    useFactory: (
      door: Door,
      ids: IdCodec,
      blindIndex: BlindIndex,
      vault: Vault,
      credentials: CredentialRepository,
      sessionRows: SessionRepository,
      sessions: Sessions,
      hasher: PasswordHasher,
    ) => new SignIn({ door, ids, blindIndex, vault, credentials, sessionRows, sessions, hasher }),
  };
}
