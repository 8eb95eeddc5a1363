import type { FactoryProvider, OnModuleInit, Provider } from '@nestjs/common';
import { Outbox, Letters } from '@domicile/messaging';
import { FailureStreaks, RateLimits, Retention } from '@domicile/requests';
import { Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { AddressChange } from './address-change/address-change.js';
import { ADDRESS_CHANGE_CODE, ADDRESS_CHANGED, AddressChangeMail } from './address-change/address-change-mail.js';
import { AddressChangeRepository } from './address-change/address-change.repository.js';
import { HeldAddressRepository } from './address-change/held-address.repository.js';
import { CredentialRepository } from './credential.repository.js';
import { KnownDeviceRepository } from './known-devices/known-device.repository.js';
import { KnownDevices } from './known-devices/known-devices.js';
import { SignInGate } from './known-devices/sign-in-gate.js';
import { PASSWORD_CHANGED, PasswordChange } from './password-change/password-change.js';
import { PasswordHasher } from './password.js';
import { PersonMailboxes } from './person-mailbox.js';
import { PersonRepository } from './person.repository.js';
import { Recovery } from './recovery/recovery.js';
import { RECOVERY_CODE, RECOVERY_DONE, RecoveryMail } from './recovery/recovery-mail.js';
import { RecoveryRepository } from './recovery/recovery.repository.js';
import { SecondFactorCheck } from './recovery/second-factor-check.js';
import { SessionRepository } from './session.repository.js';
import { SecurityLog } from './security-log/security-log.js';

/** How long what is over is kept, so that it can still be said what became of it. */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What {@link AddressLife} is made of. */
export interface AddressLifeParts {
  readonly door: Door;
  readonly ids: IdCodec;
  readonly secrets: SecretCodec;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly blindIndex: BlindIndex;
  readonly vault: Vault;
  readonly limits: RateLimits;
  readonly streaks: FailureStreaks;
  readonly hasher: PasswordHasher;
  readonly persons: PersonRepository;
  readonly credentials: CredentialRepository;
  readonly sessionRows: SessionRepository;
  readonly securityLog: SecurityLog;
  readonly secondFactors: SecondFactorCheck;
}

/** The use cases around a person's address and password, assembled over one door: the same for Nest and for tests without it. */
export class AddressLife {
  readonly recovery: Recovery;
  readonly addressChange: AddressChange;
  readonly passwordChange: PasswordChange;
  readonly gate: SignInGate;
  readonly recoveryMail: RecoveryMail;
  readonly addressChangeMail: AddressChangeMail;
  readonly #recoveries: RecoveryRepository;
  readonly #changes: AddressChangeRepository;
  readonly #deviceRows: KnownDeviceRepository;

  constructor(parts: AddressLifeParts) {
    const { door, ids, secrets, clock, blindIndex, vault, limits, streaks, persons, securityLog } = parts;
    const mailboxes = new PersonMailboxes(persons, vault);
    const recoveries = (this.#recoveries = new RecoveryRepository(door));
    const changes = (this.#changes = new AddressChangeRepository(door));
    const deviceRows = (this.#deviceRows = new KnownDeviceRepository(door));
    const devices = new KnownDevices(deviceRows, ids, secrets, clock);
    const own = { ...parts, mailboxes, devices };
    const gate = (this.gate = new SignInGate(limits, streaks, devices, blindIndex));
    this.recoveryMail = new RecoveryMail(door, recoveries, mailboxes, blindIndex, securityLog, clock);
    const recovery = (this.recovery = new Recovery({ ...own, recoveries, gate, mail: this.recoveryMail }));
    this.addressChangeMail = new AddressChangeMail(changes, mailboxes, blindIndex, vault, clock);
    this.addressChange = new AddressChange({
      ...own,
      changes,
      addresses: new HeldAddressRepository(door),
      recovery,
      mail: this.addressChangeMail,
    });
    this.passwordChange = new PasswordChange(own);
  }

  /** Makes its mails those of the outbox, and keeps what it promises to forget. */
  register(letters: Letters, retention: Retention): void {
    letters.handle(RECOVERY_CODE, (ctx, item) => this.recoveryMail.composeCode(ctx, item));
    letters.handle(RECOVERY_DONE, (ctx, item) => this.recoveryMail.composeDone(ctx, item));
    letters.handle(ADDRESS_CHANGE_CODE, (ctx, item) => this.addressChangeMail.composeCode(ctx, item));
    letters.handle(ADDRESS_CHANGED, (ctx, item) => this.addressChangeMail.composeChanged(ctx, item));
    letters.handle(PASSWORD_CHANGED, (ctx, item) => this.passwordChange.compose(ctx, item));
    const kept = (table: string, keptMilliseconds: number, rows: Pick<RecoveryRepository, 'eraseOver'>): void =>
      retention.add({ table, keptMilliseconds, eraseOver: (...about) => rows.eraseOver(...about) });
    kept('recovery', KEPT_MILLISECONDS, this.#recoveries);
    kept('address_change', KEPT_MILLISECONDS, this.#changes);
    kept('known_device', 0, this.#deviceRows);
  }
}

/** Registers once Nest has made everything. */
class AddressLifeStart implements OnModuleInit {
  constructor(
    private readonly life: AddressLife,
    private readonly letters: Letters,
    private readonly retention: Retention,
  ) {}

  onModuleInit(): void {
    this.life.register(this.letters, this.retention);
  }
}

/** The use cases that {@link addressLifeProviders} provides. */
export const ADDRESS_LIFE_USE_CASES = [Recovery, AddressChange, PasswordChange, SignInGate];

const INJECTED = [
  Door,
  IdCodec,
  SecretCodec,
  Outbox,
  BlindIndex,
  Vault,
  RateLimits,
  FailureStreaks,
  PasswordHasher,
  PersonRepository,
  CredentialRepository,
  SessionRepository,
  SecurityLog,
  SecondFactorCheck,
];

/** Recovery, change of address and password, known devices: for the accounts module. */
export function addressLifeProviders(clock: Clock): Provider[] {
  const assembled: FactoryProvider<AddressLife> = {
    provide: AddressLife,
    inject: INJECTED,
    useFactory: (
      door: Door,
      ids: IdCodec,
      secrets: SecretCodec,
      outbox: Outbox,
      blindIndex: BlindIndex,
      vault: Vault,
      limits: RateLimits,
      streaks: FailureStreaks,
      hasher: PasswordHasher,
      persons: PersonRepository,
      credentials: CredentialRepository,
      sessionRows: SessionRepository,
      securityLog: SecurityLog,
      secondFactors: SecondFactorCheck,
    ) =>
      new AddressLife({
        door,
        ids,
        secrets,
        clock,
        outbox,
        blindIndex,
        vault,
        limits,
        streaks,
        hasher,
        persons,
        credentials,
        sessionRows,
        securityLog,
        secondFactors,
      }),
  };
  const inject = [AddressLife];
  return [
    assembled,
    { provide: Recovery, inject, useFactory: ({ recovery }: AddressLife) => recovery },
    { provide: AddressChange, inject, useFactory: ({ addressChange }: AddressLife) => addressChange },
    { provide: PasswordChange, inject, useFactory: ({ passwordChange }: AddressLife) => passwordChange },
    { provide: SignInGate, inject, useFactory: ({ gate }: AddressLife) => gate },
    {
      provide: AddressLifeStart,
      inject: [AddressLife, Letters, Retention],
      useFactory: (life: AddressLife, letters: Letters, retention: Retention) =>
        new AddressLifeStart(life, letters, retention),
    },
  ];
}
