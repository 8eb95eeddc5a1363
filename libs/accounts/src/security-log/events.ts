/**
 * What the security log knows to tell, in one closed list: a word is never re-used for something else, as customers' own systems
 * match on it. Those of a person are about how she signs in; those of an account about who may do what in it.
 */
export const PERSON_EVENTS = [
  'session.began',
  'session.ended',
  'session.revoked',
  'session.others_revoked',
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
  'account.token_made',
  'account.ownership_changed',
  'client.authorised',
  'client.revoked',
  'provider.linked',
  'account.provider_changed',
  'account.domain_missing',
  'account.domain_lapsed',
] as const;
export type PersonEventKind = (typeof PERSON_EVENTS)[number];

/** Those that the person is always mailed about; a session that began, only from where she was not seen before. */
export const NOTICED_EVENTS = [
  'passkey.added',
  'passkey.removed',
  'passkey.suspect',
  'totp.added',
  'totp.removed',
  'recovery_codes.made',
  'recovery_code.used',
  'account.token_made',
  'account.ownership_changed',
  'provider.linked',
  'account.provider_changed',
  'account.domain_missing',
  'account.domain_lapsed',
] as const satisfies readonly PersonEventKind[];
export type NoticedEventKind = (typeof NOTICED_EVENTS)[number] | 'session.began';

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
  'domain.claimed',
  'domain.verified',
  'domain.missing',
  'domain.lapsed',
  'domain.removed',
  'provider.set',
  'provider.removed',
  'provider.linked',
] as const;
export type AccountEventKind = (typeof ACCOUNT_EVENTS)[number];

/** What happened in an account that stands in its actor's own log too, under that word, and so reaches her by mail. */
export const ACTORS_EVENTS: Partial<Record<AccountEventKind, PersonEventKind>> = {
  'token.made': 'account.token_made',
  'ownership.transferred': 'account.ownership_changed',
};
