/**
 * What the security log knows to tell, in one closed list: a word is never re-used for something else, as customers' own systems
 * match on it. Those of a person are about how she signs in; those of an account about who may do what in it.
 */
export const PERSON_EVENTS = [
  'session.began',
  'session.ended',
  'session.revoked',
  'sign_in.refused',
  'password.changed',
  'passkey.added',
  'passkey.removed',
  'passkey.suspect',
  'totp.added',
  'totp.removed',
  'recovery_codes.made',
  'recovery_code.used',
  'recovery.asked',
  'recovery.done',
  'address.change_asked',
  'address.changed',
  'address.change_undone',
  'client.authorised',
] as const;
export type PersonEventKind = (typeof PERSON_EVENTS)[number];

export const ACCOUNT_EVENTS = [
  'account.renamed',
  'account.closing_asked',
  'account.closing_undone',
  'billing.changed',
  'policy.changed',
  'invitation.made',
  'invitation.revoked',
  'invitation.accepted',
  'invitation.declined',
  'membership.role_changed',
  'membership.removed',
  'membership.left',
  'ownership.transferred',
  'token.made',
  'token.revoked',
] as const;
export type AccountEventKind = (typeof ACCOUNT_EVENTS)[number];
