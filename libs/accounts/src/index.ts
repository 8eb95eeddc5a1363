import { Acceptance } from './acceptance.entity.js';
import { Account, ACCOUNT_PROFILE } from './account.entity.js';
import { Credential, CREDENTIAL_SECRET } from './credential.entity.js';
import { Affiliation, Membership } from './membership.entity.js';
import { Person, PERSON_PROFILE, PersonAddress } from './person.entity.js';
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
  Affiliation,
  Credential,
  Membership,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
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
export { normaliseEmail } from './email-address.js';
export { type Factor } from './factor.js';
export { mayAct } from './life-cycle.js';
export { Policies, type Policy, PRIVACY_NOTICE } from './policies.js';
export { SignedIn, SignInWithPassword } from './session.dto.js';
export { type ProvenSession, Sessions } from './sessions.js';
export { SignIn } from './sign-in.js';
export { type Confirmed, Signup, type Started } from './signup.js';
export { AskForSignup, ConfirmSignup, PendingSignupView, SignupAnswer } from './signup.dto.js';
export type { SignupId } from './signup.repository.js';
export { SecurityLog } from './security-log/security-log.js';
export { ACCOUNT_EVENTS, PERSON_EVENTS } from './security-log/events.js';
export { TEXT_RULE_MESSAGES } from './text-rules.js';
/** What is sealed, for the migration that did it. */
export { ACCOUNT_PROFILE, CREDENTIAL_SECRET, PERSON_PROFILE, SIGNUP_REQUEST };
export {
  Acceptance,
  Account,
  AccountEvent,
  Affiliation,
  Credential,
  Membership,
  PendingSignup,
  Person,
  PersonAddress,
  PersonEvent,
  Session,
};
