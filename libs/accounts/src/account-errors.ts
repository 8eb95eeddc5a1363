import type { ProblemCatalogue } from '@domicile/runtime';

/** How this library refuses, beside the errors of the door and of requests: status and public words of each code. */
export const ACCOUNT_ERRORS = {
  'signup.policy_outdated': {
    status: 422,
    title: 'Policy outdated',
    detail:
      'The accepted privacy notice is not the one in force; read the one at GET /v1/policies/current and accept that.',
  },
  'signup.code_wrong': {
    status: 422,
    title: 'Wrong code',
    detail: 'The code is not the one that was mailed for this signup; check the mail and try again.',
  },
  'signup.code_exhausted': {
    status: 410,
    title: 'Too many wrong codes',
    detail: 'This signup was given up after ten wrong codes; ask for a new one.',
  },
  'signup.code_expired': {
    status: 410,
    title: 'Code expired',
    detail: 'The code was not used within ten minutes; ask for another one at POST /v1/signups/{id}/mail.',
  },
  'signup.expired': {
    status: 410,
    title: 'Signup expired',
    detail: 'This signup was not confirmed in time; ask for a new one.',
  },
  'signup.already_confirmed': {
    status: 409,
    title: 'Already confirmed',
    detail: 'This signup was confirmed before; sign in instead.',
  },
  'signup.address_taken': {
    status: 409,
    title: 'Address taken',
    detail: 'The address has become a person of this region already; sign in instead.',
  },
  'session.refused': {
    status: 401,
    title: 'Not signed in',
    detail: 'The address or the password is not right; check both and try again.',
  },
  'session.device_needed': {
    status: 403,
    title: 'Known device needed',
    detail:
      'Too many sign-ins for this address failed in a row; sign in on a device that you have signed in on before, or recover your password.',
  },
  'session.not_fresh': {
    status: 403,
    title: 'Prove yourself again',
    detail:
      'This asks for a proof of who you are that is younger than ten minutes; prove yourself again and repeat it.',
  },
  'session.own_factor_required': {
    status: 403,
    title: 'Own factor required',
    detail:
      'Your session was begun with the provider of one account, which speaks for that account alone; prove yourself again with a password, passkey or app of your own.',
  },
  'signin.step_refused': {
    status: 401,
    title: 'Not signed in',
    detail: 'The second step is not right, or its code was used before; try again, five times at most.',
  },
  'signin.over': {
    status: 410,
    title: 'Sign in again',
    detail: 'This sign-in has had its ten minutes or its five tries; begin again with your password.',
  },
  'proof.refused': {
    status: 422,
    title: 'Not proved',
    detail: 'The password, code or passkey is not right, or was used before; try again.',
  },
  'passkey.refused': {
    status: 401,
    title: 'Not signed in',
    detail: 'This passkey does not sign in here; ask for new options and try again, or sign in another way.',
  },
  'passkey.invalid': {
    status: 422,
    title: 'Passkey refused',
    detail: 'What the authenticator has made does not fit, or took too long; ask for new options and try again.',
  },
  'passkey.known': {
    status: 409,
    title: 'Passkey known',
    detail: 'This passkey is in use already; make another one.',
  },
  'passkey.too_many': {
    status: 409,
    title: 'Too many passkeys',
    detail: 'You have twenty passkeys, and more are not kept; remove one that you do not use.',
  },
  'totp.present': {
    status: 409,
    title: 'App present',
    detail: 'You have an authenticator app already; remove it before you add another one.',
  },
  'totp.code_wrong': {
    status: 422,
    title: 'Wrong code',
    detail: 'The code is not the one that the app shows now; look at the clock of its device and try again.',
  },
  'factor.last': {
    status: 409,
    title: 'Last factor',
    detail: 'Nothing would be left to sign in with; add another passkey before you remove this one.',
  },
  'recovery.code_wrong': {
    status: 422,
    title: 'Wrong code',
    detail: 'The code is not the one that was mailed for this recovery; check the mail and try again.',
  },
  'recovery.code_exhausted': {
    status: 410,
    title: 'Too many wrong codes',
    detail:
      'This recovery takes no more typed codes after ten wrong ones; use the link in the mail, or ask for a new one.',
  },
  'recovery.expired': {
    status: 410,
    title: 'Recovery expired',
    detail: 'This recovery was not completed within ten minutes; ask for a new one.',
  },
  'recovery.already_completed': {
    status: 409,
    title: 'Already completed',
    detail: 'This recovery was completed before; sign in with the password that it set, or ask for a new one.',
  },
  'recovery.factor_needed': {
    status: 403,
    title: 'Second factor needed',
    detail:
      'Your mailbox alone does not open what a second factor protects; send the code again together with one of the factors given in factors.',
  },
  'recovery.factor_wrong': {
    status: 422,
    title: 'Wrong second factor',
    detail: 'The second factor is not right; check it and try again.',
  },
  'address.code_wrong': {
    status: 422,
    title: 'Wrong code',
    detail: 'The code is not the one that was mailed for this change of address; check the mail and try again.',
  },
  'address.code_exhausted': {
    status: 410,
    title: 'Too many wrong codes',
    detail: 'This change of address was given up after ten wrong codes; ask for a new one.',
  },
  'address.expired': {
    status: 410,
    title: 'Change of address expired',
    detail: 'The time for this change of address, or for taking it back, is over; ask for a new one.',
  },
  'address.already_confirmed': {
    status: 409,
    title: 'Already confirmed',
    detail: 'This change of address was confirmed before; sign in with the new address.',
  },
  'address.already_undone': {
    status: 409,
    title: 'Already undone',
    detail: 'This change of address was taken back before; sign in with the address from before.',
  },
  'address.taken': {
    status: 409,
    title: 'Address taken',
    detail:
      'The address belongs to a person of this region, or is kept for one who may still take a change back; choose another.',
  },
  'account.right_missing': {
    status: 403,
    title: 'Right missing',
    detail: 'Your part in this account does not allow that; ask one of its owners.',
  },
  'account.second_factor_required': {
    status: 403,
    title: 'Second factor required',
    detail: 'This account asks for a second factor; sign in with a passkey, or add another factor to your password.',
  },
  'account.session_over': {
    status: 403,
    title: 'Sign in again',
    detail: 'This account takes sessions for a shorter time than yours has lasted; sign in again.',
  },
  'account.own_provider_required': {
    status: 403,
    title: 'Own provider required',
    detail:
      'This account asks for its own provider; sign in with that one. An owner with a second factor gets in without it.',
  },
  'account.last_owner': {
    status: 409,
    title: 'Last owner',
    detail: 'An account has an owner at any time; make somebody else an owner first, or close the account.',
  },
  'invitation.code_wrong': {
    status: 422,
    title: 'Wrong code',
    detail: 'The code is not the one that was mailed with this invitation; check the mail and try again.',
  },
  'invitation.code_exhausted': {
    status: 410,
    title: 'Too many wrong codes',
    detail: 'This invitation was given up after ten wrong codes; ask for a new one.',
  },
  'invitation.expired': {
    status: 410,
    title: 'Invitation expired',
    detail: 'This invitation was not answered within seven days; ask for a new one.',
  },
  'invitation.already_member': {
    status: 409,
    title: 'Already a member',
    detail: 'You belong to this account already; there is nothing to accept.',
  },
  'token.scope_missing': {
    status: 403,
    title: 'Scope missing',
    detail: 'This token was made for other things; make one with the scope that this needs.',
  },
  'token.too_many': {
    status: 409,
    title: 'Too many tokens',
    detail: 'The account has a hundred API tokens that work, and more are not made; revoke one that nothing uses.',
  },
  'person.restricted': {
    status: 403,
    title: 'Restricted',
    detail: 'Your data is kept but not worked on, as was asked for; lift the restriction to change it.',
  },
  'person.closing': {
    status: 403,
    title: 'Closing',
    detail: 'Your data is about to be erased and can only be read; take the erasure back to change it.',
  },
  'account.suspended': {
    status: 403,
    title: 'Suspended',
    detail: 'This account is suspended; ask the support of its region.',
  },
  'account.restricted': {
    status: 403,
    title: 'Restricted',
    detail: 'The data of this account is kept but not worked on, as was asked for; lift the restriction to change it.',
  },
  'account.closing': {
    status: 403,
    title: 'Closing',
    detail: 'This account is being closed and can only be read; take the closing back to change it.',
  },
} as const satisfies ProblemCatalogue;

/** A code of {@link ACCOUNT_ERRORS}. */
export type AccountErrorCode = keyof typeof ACCOUNT_ERRORS;
