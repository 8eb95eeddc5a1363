import { type DynamicModule, type FactoryProvider, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Letters, Outbox } from '@domicile/messaging';
import { Retention } from '@domicile/requests';
import { Door, IdCodec } from '@domicile/residency';
import type { Clock, EventLog, SessionSettings } from '@domicile/runtime';
import { BlindIndex, KeyFilesCheck, TombstoneReplay, Vault } from '@domicile/vault';
import { AccountAccess } from './account-access.js';
import { AddressIndexCheck } from './address-index-check.js';
import { ADDRESS_LIFE_USE_CASES, addressLifeProviders } from './address-life.js';
import { AccountRepository } from './account.repository.js';
import { Accounts } from './accounts.js';
import { CredentialRepository } from './credential.repository.js';
import { EndedSignups, SIGNUP_KEPT_MILLISECONDS } from './ended-signups.js';
import { FACTOR_EXPORTS, factorProviders } from './factors/providers.js';
import { SignInGate } from './known-devices/sign-in-gate.js';
import { HashingProcess } from './password/hashing-process.js';
import { Challenges } from './passkeys/challenges.js';
import { PasskeyMaking } from './passkeys/passkey-making.js';
import { PasswordHasher } from './password.js';
import { PEOPLE_EXPORTS, peopleProviders } from './people/providers.js';
import { PersonRepository } from './person.repository.js';
import { RegistrationRepository } from './registration.repository.js';
import { SubjectRepository } from './subject.repository.js';
import { Policies } from './policies.js';
import { SessionRepository } from './session.repository.js';
import { Sessions } from './sessions.js';
import { SIGNUP_CODE, SignupMail } from './signup-mail.js';
import { EventList } from './security-log/event-list.js';
import { NoticeMail } from './security-log/notice-mail.js';
import { securityLogProviders } from './security-log/providers.js';
import { SECURITY_NOTICE, SecurityLog } from './security-log/security-log.js';
import { SessionList } from './session-list.js';
import { sessionProviders } from './session-providers.js';
import { ArrivalRepository } from './sign-in/arrival.repository.js';
import { PasswordCheck } from './sign-in/password-check.js';
import { SecondStep } from './sign-in/second-step.js';
import { SessionStart } from './sign-in/session-start.js';
import { SignIn } from './sign-in.js';
import { SignupRepository } from './signup.repository.js';
import { Signup } from './signup.js';

/** How long a session that is over is kept: nobody is signed in by it, and a day tells a clock that ran ahead. */
const SESSION_KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What accounts need from the process. */
export interface AccountsOptions {
  /** Folder of the published documents, see {@link Policies}. */
  readonly policiesDir: string;
  readonly sessions: SessionSettings;
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
    @Inject(KeyFilesCheck) private readonly keyFiles: KeyFilesCheck,
    @Inject(AddressIndexCheck) private readonly addressIndex: AddressIndexCheck,
    @Inject(Retention) private readonly retention: Retention,
    @Inject(EndedSignups) private readonly endedSignups: EndedSignups,
    @Inject(NoticeMail) private readonly notices: NoticeMail,
    @Inject(SessionRepository) private readonly sessions: SessionRepository,
    @Inject(Challenges) private readonly challenges: Challenges,
    @Inject(SecondStep) private readonly secondStep: SecondStep,
  ) {}

  static forRoot({ policiesDir, sessions, clock, log, takesPasswords }: AccountsOptions): DynamicModule {
    return {
      module: AccountsModule,
      global: true,
      providers: [
        made(SignupRepository, [Door], (door: Door) => new SignupRepository(door)),
        ...sessionProviders(clock, sessions),
        ...securityLogProviders(clock),
        made(AccountRepository, [Door], (door: Door) => new AccountRepository(door)),
        made(PersonRepository, [Door], (door: Door) => new PersonRepository(door)),
        made(RegistrationRepository, [Door], (door: Door) => new RegistrationRepository(door)),
        ...subjectProviders(),
        made(Policies, [], () => new Policies(policiesDir, clock)),
        made(HashingProcess, [], () => new HashingProcess({ log, startsAhead: takesPasswords })),
        made(PasswordHasher, [HashingProcess], (work: HashingProcess) => new PasswordHasher(work)),
        made(
          Accounts,
          [Door, AccountRepository, AccountAccess, Vault, SecurityLog],
          (door: Door, accounts: AccountRepository, access: AccountAccess, vault: Vault, securityLog: SecurityLog) =>
            new Accounts(door, accounts, access, vault, securityLog),
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
        made(CredentialRepository, [Door], (door: Door) => new CredentialRepository(door)),
        ...factorProviders(clock),
        signupProvider(clock),
        signInProvider(),
        ...peopleProviders(clock),
        ...addressLifeProviders(clock),
      ],
      exports: [
        SecurityLog,
        EventList,
        SessionList,
        Signup,
        SignIn,
        Sessions,
        SessionStart,
        Accounts,
        AccountRepository,
        Policies,
        ...FACTOR_EXPORTS,
        ...PEOPLE_EXPORTS,
        ...ADDRESS_LIFE_USE_CASES,
      ],
    };
  }

  onModuleInit(): void {
    this.letters.handleTogether(SIGNUP_CODE, (ctx, items) => this.mail.composeAll(ctx, items));
    this.letters.handle(SECURITY_NOTICE, (ctx, item) => this.notices.compose(ctx, item));
    this.replay.handle(this.subjects);
    this.keyFiles.handle(this.addressIndex);
    this.retention.add({
      table: 'signup',
      keptMilliseconds: SIGNUP_KEPT_MILLISECONDS,
      eraseOver: (...about) => this.endedSignups.erase(...about),
    });
    this.retention.add({
      table: 'session',
      keptMilliseconds: SESSION_KEPT_MILLISECONDS,
      eraseOver: (...about) => this.sessions.eraseOver(...about),
    });
    const over = (table: string, of: Challenges | SecondStep): void =>
      this.retention.add({ table, keptMilliseconds: 0, eraseOver: (...about) => of.eraseOver(...about) });
    over('passkey_challenge', this.challenges);
    over('pending_sign_in', this.secondStep);
  }
}

function made<T>(
  provide: FactoryProvider<T>['provide'],
  inject: FactoryProvider<T>['inject'],
  useFactory: FactoryProvider<T>['useFactory'],
): FactoryProvider<T> {
  return { provide, inject: inject ?? [], useFactory };
}

/** Whose life has a state, and what of them tells which keys they were made with. */
function subjectProviders(): FactoryProvider[] {
  return [
    made(
      SubjectRepository,
      [Door, Vault],
      (door: Door, vault: Vault) => new SubjectRepository(door, (ctx, sealed) => vault.keyIdOf(ctx, sealed)),
    ),
    made(
      AddressIndexCheck,
      [SubjectRepository, Vault, BlindIndex],
      (subjects: SubjectRepository, vault: Vault, index: BlindIndex) => new AddressIndexCheck(subjects, vault, index),
    ),
  ];
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
    PasskeyMaking,
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
      passkeys: PasskeyMaking,
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
        passkeys,
      }),
  };
}

function signInProvider(): FactoryProvider<SignIn> {
  const inject = [
    IdCodec,
    BlindIndex,
    Vault,
    CredentialRepository,
    SecurityLog,
    PasswordHasher,
    PasswordCheck,
    ArrivalRepository,
    SecondStep,
    SessionStart,
    SignInGate,
  ];
  return {
    provide: SignIn,
    inject,
    useFactory: (
      ids: IdCodec,
      blindIndex: BlindIndex,
      vault: Vault,
      credentials: CredentialRepository,
      log: SecurityLog,
      hasher: PasswordHasher,
      passwords: PasswordCheck,
      arrivals: ArrivalRepository,
      secondStep: SecondStep,
      start: SessionStart,
      gate: SignInGate,
    ) => new SignIn({ ids, blindIndex, vault, credentials, log, hasher, passwords, arrivals, secondStep, start, gate }),
  };
}
