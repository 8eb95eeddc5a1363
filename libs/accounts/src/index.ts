import { Acceptance } from './acceptance.entity.js';
import { Account, ACCOUNT_PROFILE } from './account.entity.js';
import { Credential, CREDENTIAL_SECRET } from './credential.entity.js';
import { Invitation, INVITATION_ADDRESS, InvitationWay } from './invitations/invitation.entity.js';
import { AddressChangeRow, CHANGED_ADDRESS } from './address-change/address-change.entity.js';
import { KnownDevice } from './known-devices/known-device.entity.js';
import { Affiliation, Membership } from './membership.entity.js';
import { Passkey, PASSKEY_SECRET, PasskeyChallenge, PasskeyLocator } from './passkeys/passkey.entity.js';
import { Person, PERSON_PROFILE, PersonAddress } from './person.entity.js';
import { RecoveryCode } from './recovery-codes/recovery-code.entity.js';
import { RecoveryRow } from './recovery/recovery.entity.js';
import { AccountEvent } from './security-log/account-event.entity.js';
import { PersonEvent } from './security-log/person-event.entity.js';
import { Session } from './session.entity.js';
import { ACCOUNT_BILLING } from './settings/billing-profile.js';
import { PERSON_PREFERENCES } from './settings/person-preferences.js';
import { PendingSignIn } from './sign-in/pending-sign-in.entity.js';
import { PendingSignup, SIGNUP_REQUEST } from './signup.entity.js';
import { API_TOKEN_LABEL, ApiToken } from './tokens/api-token.entity.js';
import { Totp, TOTP_SECRET } from './totp/totp.entity.js';

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
  ApiToken,
  Credential,
  Invitation,
  InvitationWay,
  KnownDevice,
  Membership,
  Passkey,
  PasskeyChallenge,
  PasskeyLocator,
  PendingSignIn,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
  RecoveryCode,
  RecoveryRow,
  Session,
  Totp,
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
export { AccountAccess, type Entry, type Wish } from './account-access.js';
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
export { assertOwnFactor, type Factor, FACTORS } from './factor.js';
export { ADDRESS_INDEX, normaliseDomain, normaliseEmail } from './email-address.js';
export { FactorsView } from './factors/factors.dto.js';
export { Factors } from './factors/factors.js';
export { AddPasskey, ChangePasskey, NewPasskey, PasskeyAnswer, PasskeyView } from './passkeys/passkey.dto.js';
export { PasskeyCreationOptions, PasskeyRequestOptions } from './passkeys/passkey-options.dto.js';
export type { PasskeyId } from './passkeys/passkey.repository.js';
export { Passkeys } from './passkeys/passkeys.js';
export {
  AnswerInvitation,
  InvitationAccepted,
  InvitationMade,
  InvitationsPage,
  InvitationView,
  Invite,
  JoinedAccount,
} from './invitations/invitation.dto.js';
export { Invitations } from './invitations/invitations.js';
export { ChangeRole, MemberView, PeoplePage, TransferOwnership } from './people/people.dto.js';
export { People } from './people/people.js';
export { mayAct } from './life-cycle.js';
export { type Permission, type Role } from './permissions.js';
export { Policies, type Policy, PRIVACY_NOTICE } from './policies.js';
export { deviceWords } from './origin/device.js';
export { countryOf } from './origin/country.js';
export type { Whence } from './origin/origin.js';
export { ListPage, type Page, type Paged, paged, pageOf, PageQuery, wanted } from './page.js';
export { EventList } from './security-log/event-list.js';
export { AccountLineView, AccountLog, PersonLineView, PersonLog } from './security-log/event.dto.js';
export {
  SESSION_FORMS,
  SessionEntryView,
  type SessionForm,
  SessionPage,
  SignedIn,
  SignInWithPassword,
  WithSessionForm,
} from './session.dto.js';
export { SessionList } from './session-list.js';
export type { SessionId } from './session.repository.js';
export { type NewSession, type ProvenSession, Sessions } from './sessions.js';
export { RecoveryCodesView } from './recovery-codes/recovery-codes.dto.js';
export { RecoveryCodes } from './recovery-codes/recovery-codes.js';
export { PasskeySignIn } from './sign-in/passkey-sign-in.js';
export type { SignInId } from './sign-in/pending-sign-in.repository.js';
export { Proofs } from './sign-in/proofs.js';
export { SecondStep } from './sign-in/second-step.js';
export {
  ProofView,
  ProveYourself,
  SecondStepNeeded,
  SignInWithPasskey,
  SignInWithRecoveryCode,
  SignInWithTotp,
} from './sign-in/sign-in.dto.js';
export { SignIn, type SignedInSession } from './sign-in.js';
export { AuthenticatorApp } from './totp/authenticator-app.js';
export { ConfirmTotp, TotpOffer } from './totp/totp.dto.js';
export type { Confirmed } from './registration.js';
export { type Remailed, Signup, type Started } from './signup.js';
export {
  AskForSignup,
  AskForSignupPasskey,
  ConfirmSignup,
  PendingSignupView,
  RemailedSignup,
  SignupAnswer,
} from './signup.dto.js';
export type { SignupId } from './signup.repository.js';
export { SecurityLog } from './security-log/security-log.js';
export type { ProviderId } from './account.entity.js';
export { AccountRepository } from './account.repository.js';
export { SessionStart } from './sign-in/session-start.js';
export { HoldsNoCardNumber, IsEmailAddress, IsMailDomain } from './text-rules.js';
export { ACCOUNT_EVENTS, PERSON_EVENTS } from './security-log/events.js';
export { AccountSettings } from './settings/account-settings.js';
export { Preferences } from './settings/preferences.js';
export {
  BillingView,
  ChangePolicy,
  ChangePreferences,
  ClosingView,
  AccountPolicyView,
  PreferencesView,
} from './settings/settings.dto.js';
export { TEXT_RULE_MESSAGES } from './text-rules.js';
export { MakeToken, TokenMade, TokensPage, TokenView } from './tokens/api-token.dto.js';
export { ApiTokens } from './tokens/api-tokens.js';
export { assertScope, type Scope, SCOPES } from './tokens/scopes.js';
/** What is sealed, for the migration that did it. */
export { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PASSKEY_SECRET, PERSON_PROFILE, SIGNUP_REQUEST, TOTP_SECRET };
export { ACCOUNT_BILLING, API_TOKEN_LABEL, INVITATION_ADDRESS, PERSON_PREFERENCES };
export { CHANGED_ADDRESS };
export {
  Acceptance,
  Account,
  AccountEvent,
  AddressChangeRow,
  Affiliation,
  ApiToken,
  Credential,
  Invitation,
  InvitationWay,
  KnownDevice,
  Membership,
  Passkey,
  PasskeyChallenge,
  PasskeyLocator,
  PendingSignIn,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
  RecoveryCode,
  RecoveryRow,
  Session,
  Totp,
};
