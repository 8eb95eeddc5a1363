import type { FactoryProvider } from '@nestjs/common';
import { Door, IdCodec, SecretCodec } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';
import { BlindIndex, Vault } from '@domicile/vault';
import { CredentialRepository } from '../credential.repository.js';
import { Challenges } from '../passkeys/challenges.js';
import { PasskeyMaking } from '../passkeys/passkey-making.js';
import { PasskeyProofs } from '../passkeys/passkey-proofs.js';
import { SignInGate } from '../known-devices/sign-in-gate.js';
import { PasskeyRepository } from '../passkeys/passkey.repository.js';
import { Passkeys } from '../passkeys/passkeys.js';
import { PasswordHasher } from '../password.js';
import { PersonRepository } from '../person.repository.js';
import { SecondFactorCheck } from '../recovery/second-factor-check.js';
import { RecoveryCodes } from '../recovery-codes/recovery-codes.js';
import { SecurityLog } from '../security-log/security-log.js';
import { SessionRepository } from '../session.repository.js';
import { Sessions } from '../sessions.js';
import { PasskeySignIn } from '../sign-in/passkey-sign-in.js';
import { PasswordCheck } from '../sign-in/password-check.js';
import { PendingSignInRepository } from '../sign-in/pending-sign-in.repository.js';
import { Proofs } from '../sign-in/proofs.js';
import { SecondFactors } from '../sign-in/second-factors.js';
import { SecondStep } from '../sign-in/second-step.js';
import { ArrivalRepository } from '../sign-in/arrival.repository.js';
import { SessionStart } from '../sign-in/session-start.js';
import { AuthenticatorApp } from '../totp/authenticator-app.js';
import { TotpRepository } from '../totp/totp.repository.js';
import { FactorChanges } from './factor-changes.js';
import { FactorRepository } from './factor.repository.js';
import { Factors } from './factors.js';

/** A class whose instances are injected. */
type Token<T> = abstract new (...args: never[]) => T;
/** Its parts by name, each by its class. */
type Parts<P> = { readonly [K in keyof P]: Token<P[K]> };

/** Makes `type` of named parts, as its constructor takes them. */
function of<T, P extends object>(
  type: new (parts: P) => T,
  parts: Parts<Omit<P, 'clock'>>,
  clock: Clock,
): FactoryProvider<T> {
  const names = Object.keys(parts);
  return {
    provide: type,
    inject: Object.values(parts),
    useFactory: (...made: unknown[]) =>
      new type({ clock, ...Object.fromEntries(names.map((name, i) => [name, made[i]])) } as P),
  };
}

/** The same of parts in order. */
function made<T, A extends readonly unknown[]>(
  type: new (...parts: [...A]) => T,
  ...parts: { readonly [K in keyof A]: Token<A[K]> }
): FactoryProvider<T> {
  return { provide: type, inject: [...parts], useFactory: (...each: unknown[]) => new type(...(each as [...A])) };
}

/** What signing in with more than a password is made of. */
export function factorProviders(clock: Clock): FactoryProvider[] {
  return [...parts(clock), ...useCases(clock)];
}

function parts(clock: Clock): FactoryProvider[] {
  return [
    {
      provide: Challenges,
      inject: [Door, IdCodec, BlindIndex],
      useFactory: (door: Door, ids: IdCodec, index: BlindIndex) => new Challenges(door, ids, index, clock),
    },
    {
      provide: PasskeyProofs,
      inject: [Vault, Challenges, PasskeyMaking, PasskeyRepository, SecurityLog],
      useFactory: (
        vault: Vault,
        challenges: Challenges,
        making: PasskeyMaking,
        rows: PasskeyRepository,
        log: SecurityLog,
      ) => new PasskeyProofs(vault, clock, challenges, making, rows, log),
    },
    made(PasskeyMaking, IdCodec, BlindIndex, Vault, Challenges),
    made(PasskeyRepository, Door),
    made(TotpRepository, Door),
    made(FactorRepository, Door),
    made(PendingSignInRepository, Door),
    made(FactorChanges, Door, PersonRepository, SessionRepository, SecurityLog),
    made(Factors, Sessions, FactorRepository, Passkeys),
    made(RecoveryCodes, Door, BlindIndex, FactorChanges),
    made(ArrivalRepository, Door),
    of(
      SessionStart,
      { door: Door, sessions: Sessions, persons: PersonRepository, log: SecurityLog, arrivals: ArrivalRepository },
      clock,
    ),
    made(PasskeySignIn, PasskeyProofs, SessionStart),
    {
      provide: SecondFactorCheck,
      inject: [FactorRepository, AuthenticatorApp, RecoveryCodes, SecurityLog],
      useFactory: (factors: FactorRepository, app: AuthenticatorApp, codes: RecoveryCodes, log: SecurityLog) =>
        new SecondFactors(factors, app, codes, log),
    },
    made(PasswordCheck, CredentialRepository, Vault, PasswordHasher),
  ];
}

function useCases(clock: Clock): FactoryProvider[] {
  const use = <T, P extends object>(type: new (parts: P) => T, parts: Parts<Omit<P, 'clock'>>): FactoryProvider<T> =>
    of(type, parts, clock);
  return [
    use(Passkeys, {
      vault: Vault,
      sessions: Sessions,
      making: PasskeyMaking,
      proofs: PasskeyProofs,
      passkeys: PasskeyRepository,
      factors: FactorRepository,
      changes: FactorChanges,
    }),
    use(AuthenticatorApp, {
      door: Door,
      ids: IdCodec,
      blindIndex: BlindIndex,
      vault: Vault,
      sessions: Sessions,
      totps: TotpRepository,
      factors: FactorRepository,
      changes: FactorChanges,
    }),
    use(SecondStep, {
      door: Door,
      ids: IdCodec,
      secrets: SecretCodec,
      rows: PendingSignInRepository,
      app: AuthenticatorApp,
      recoveryCodes: RecoveryCodes,
      passkeys: PasskeyProofs,
      start: SessionStart,
      log: SecurityLog,
      gate: SignInGate,
      persons: PersonRepository,
      vault: Vault,
    }),
    use(Proofs, {
      sessions: Sessions,
      door: Door,
      passwords: PasswordCheck,
      app: AuthenticatorApp,
      passkeys: PasskeyProofs,
    }),
  ];
}

/** What controllers use. */
export const FACTOR_EXPORTS = [Factors, Passkeys, AuthenticatorApp, RecoveryCodes, SecondStep, PasskeySignIn, Proofs];
