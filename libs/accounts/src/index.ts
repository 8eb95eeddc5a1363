import { Acceptance } from './acceptance.entity.js';
import { Account, ACCOUNT_PROFILE } from './account.entity.js';
import { Credential, CREDENTIAL_SECRET } from './credential.entity.js';
import { AddressChangeRow, CHANGED_ADDRESS } from './address-change/address-change.entity.js';
import { KnownDevice } from './known-devices/known-device.entity.js';
import { Affiliation, Membership } from './membership.entity.js';
import { Person, PERSON_PROFILE, PersonAddress } from './person.entity.js';
import { RecoveryRow } from './recovery/recovery.entity.js';
import { AccountEvent } from './security-log/account-event.entity.js';
import { PersonEvent } from './security-log/person-event.entity.js';
import { Session } from './session.entity.js';
import { PendingSignup, SIGNUP_REQUEST } from './signup.entity.js';

/**
 * Accounts (floor 3): who signs up, who belongs to what, and who is signed in.
 * {@link ACCOUNT_ENTITIES} are its tables, for migrations and the catalogue test.
 */
export const ACCOUNT_ENTITIES = [
  Acceptance,
  Account,
  AccountEvent,
  AddressChangeRow,
  Affiliation,
  Credential,
  KnownDevice,
  Membership,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
  RecoveryRow,
  Session,
] as const;

export { ACCOUNT_ERRORS, type AccountErrorCode } from './account-errors.js';
export {
  AccountRef,
  AccountView,
  ChangeAccount,
  ChangeMe,
  ConfirmationAnswer,
  Me,
  NewAccountView,
  NewSessionView,
  PersonView,
  SessionView,
} from './account.dto.js';
export { Accounts } from './accounts.js';
export { AccountsModule, type AccountsOptions } from './accounts.module.js';
export {
  AddressChange,
  type AddressChanged,
  type AddressUndone,
  type AskedAddressChange,
} from './address-change/address-change.js';
export {
  AddressChangeAnswer,
  AskForAddressChange,
  ChangedAddressView,
  ConfirmAddressChange,
  UndoAddressChange,
  UndoneAddressChange,
} from './address-change/address-change.dto.js';
export type { AddressChangeId } from './address-change/address-change.repository.js';
export { KnownDeviceView } from './known-devices/known-device.dto.js';
export { type NewDevice } from './known-devices/known-devices.js';
export { type Admitted, type Attempt, SignInGate } from './known-devices/sign-in-gate.js';
export { PasswordChange } from './password-change/password-change.js';
export { ChangePassword } from './password-change/password-change.dto.js';
export { type AskedRecovery, type Recovered, Recovery } from './recovery/recovery.js';
export { AskForRecovery, CompleteRecovery, RecoveryAnswer, RecoveryCompleted } from './recovery/recovery.dto.js';
export type { RecoveryId } from './recovery/recovery.repository.js';
export { type PresentedFactor, SecondFactorCheck } from './recovery/second-factor-check.js';
export { type Factor, FACTORS } from './factor.js';
export { normaliseEmail } from './email-address.js';
export { Policies, type Policy, PRIVACY_NOTICE } from './policies.js';
export { SignedIn, SignInWithPassword } from './session.dto.js';
export { type ProvenSession, Sessions } from './sessions.js';
export { SignIn } from './sign-in.js';
export { type Confirmed, type Remailed, Signup, type Started } from './signup.js';
export { AskForSignup, ConfirmSignup, PendingSignupView, RemailedSignup, SignupAnswer } from './signup.dto.js';
export type { SignupId } from './signup.repository.js';
export { SecurityLog } from './security-log/security-log.js';
export { ACCOUNT_EVENTS, PERSON_EVENTS } from './security-log/events.js';
export { TEXT_RULE_MESSAGES } from './text-rules.js';
/** What is sealed, for the migration that did it. */
export { ACCOUNT_PROFILE, CHANGED_ADDRESS, CREDENTIAL_SECRET, PERSON_PROFILE, SIGNUP_REQUEST };
export {
  Acceptance,
  Account,
  AccountEvent,
  AddressChangeRow,
  Affiliation,
  Credential,
  KnownDevice,
  Membership,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
  RecoveryRow,
  Session,
};
