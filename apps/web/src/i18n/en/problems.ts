import type { ErrorCode } from '@domicile/api-client';

/** Codes that a customer's page never meets: misconfigurations and refusals inside, which operators read. They get the fallback. */
type Inside =
  | 'residency.configuration_invalid'
  | `residency.context_${string}`
  | `residency.marker_${string}`
  | 'residency.crossing'
  | 'residency.database_fault'
  | 'residency.role_unsafe'
  | 'residency.statement_refused';
type Shown = Exclude<ErrorCode, Inside>;
type Area = Shown extends `${infer A}.${string}` ? A : never;
type ByCode = {
  readonly [A in Area]: {
    readonly [R in Shown extends infer C ? (C extends `${A}.${infer Reason}` ? Reason : never) : never]: string;
  };
};

/** Words for each refusal, by its code, and for refused fields, by theirs. A new code without words does not compile. */
export const problems = {
  fallback: 'That did not work. Try again, and tell the support of your region if it stays so.',
  waitSeconds: 'Try again in {seconds, plural, one {one second} other {# seconds}}.',
  waitMinutes: 'Try again in {minutes, plural, one {one minute} other {# minutes}}.',
  requestId: 'Quote this when you ask for help: {id}',
  account: {
    closing: 'This account is being closed and can only be read. Take the closing back to change it.',
    last_owner: 'An account has an owner at any time. Make somebody else an owner first, or close the account.',
    own_provider_required:
      'This account asks for its own sign-in. Sign in with the provider of your organisation, as its owners ask for it.',
    restricted:
      'The data of this account is kept but not worked on, as was asked for. Lift the restriction to change it.',
    right_missing: 'Your part in this account does not allow that. Ask one of its owners.',
    second_factor_required:
      'This account asks for a second factor. Sign in with a passkey, or add another factor to your password.',
    session_over: 'This account takes sessions for a shorter time than yours has lasted. Sign in again.',
    suspended: 'This account is suspended. Ask the support of its region.',
  },
  address: {
    already_confirmed: 'This change of address was confirmed before. Sign in with the new address.',
    already_undone: 'This change of address was taken back before. Sign in with the address from before.',
    code_exhausted: 'This change of address was given up after ten wrong codes. Ask for a new one.',
    code_wrong: 'This is not the code that was mailed. Check the mail and try again.',
    expired: 'The time for this change of address is over. Ask for a new one.',
    taken:
      'This address belongs to somebody in this region already, or is kept for one who may still take a change back. Choose another.',
  },
  domain: {
    claimed: 'This account has that domain in its list already. Publish its record and verify it.',
    lookup_failed: 'No name server answered in time for this domain. Try again in a while.',
    record_missing:
      'The record is not there, or has another value. Publish it as shown, wait until it is known everywhere, and try again.',
    taken:
      'Another account of this region has this domain verified. Its record or the domain has to be removed there first.',
    too_many: 'This account has twenty domains, and more are not kept. Remove one that is not used.',
  },
  factor: {
    last: 'Nothing would be left to sign in with. Add another passkey before you remove this one.',
  },
  invitation: {
    already_member: 'You belong to this account already.',
    code_exhausted: 'This invitation was given up after ten wrong codes. Ask for a new one.',
    code_wrong: 'This is not the code that was mailed with the invitation. Check the mail and try again.',
    expired: 'This invitation was not answered within seven days. Ask for a new one.',
  },
  oidc: {
    client_gone: 'The application that asked is not registered any more. Nothing was given to it.',
    interaction_over: 'This took too long, or began in another browser. Go back to the application and start again.',
  },
  passkey: {
    invalid: 'What your device has made does not fit, or took too long. Try again.',
    known: 'This passkey is in use already. Make another one.',
    refused: 'This passkey does not sign you in here. Try another one, or sign in another way.',
    too_many: 'You have twenty passkeys, and more are not kept. Remove one that you do not use.',
  },
  person: {
    closing: 'Your data is about to be erased and can only be read.',
    restricted: 'Your data is kept but not worked on, as was asked for.',
  },
  proof: {
    refused: 'The password, code or passkey is not right, or was used before. Try again.',
  },
  provider: {
    address_refused:
      'The issuer, or something that it names, is no https address of the public internet. Ask the operator of this region to permit its network.',
    away: 'The provider did not answer as it must in time. Try again in a while, or sign in another way.',
    none: 'No account of this region has its own sign-in for the domain of this address. Sign in another way.',
    refused:
      'The provider’s answer signs nobody in here. Begin again, or ask an owner of the account to invite the address that the provider knows.',
    required: 'The policy of this account asks for its own sign-in. Change the policy first.',
    unacceptable:
      'At this address there is no OpenID provider of exactly that name, or it cannot do what is needed (authorization code flow with PKCE). Check the issuer.',
  },
  recovery: {
    already_completed:
      'This recovery was completed before. Sign in with the password that it set, or ask for a new one.',
    code_exhausted:
      'This recovery takes no more typed codes after ten wrong ones. Use the link in the mail, or ask for a new one.',
    code_wrong: 'This is not the code that was mailed. Check the mail and try again.',
    expired: 'This recovery was not completed within ten minutes. Ask for a new one.',
    factor_needed: 'Your mailbox alone does not open what a second factor protects. Prove one of your factors as well.',
    factor_wrong: 'The second factor is not right. Check it and try again.',
  },
  request: {
    body_too_large: 'That was too much at once. Send less.',
    credential_ambiguous: 'You are signed in in two ways at once. Load the page again.',
    cross_site: 'This change did not come from a page of this region. Load the page again.',
    idempotency_key_malformed: 'The page has made a mistake. Load it again.',
    idempotency_key_reused: 'This was sent before with other contents. Load the page again.',
    in_progress: 'This is being worked on already. Wait a moment and try again.',
    invalid: 'Something you entered was refused. Correct what is marked.',
    malformed: 'Something you entered cannot be sent. Correct it and try again.',
    not_found: 'There is no such thing.',
    precondition_failed:
      'This was changed elsewhere meanwhile, perhaps in another tab. You see what holds now; repeat your change.',
    precondition_malformed: 'The page has made a mistake. Load it again.',
    precondition_required: 'The page has made a mistake. Load it again.',
    query_refused: 'The page has made a mistake. Load it again.',
    rate_limited: 'That was too often.',
    timeout: 'The connection was too slow. Try again.',
    unsupported_media_type: 'The page has made a mistake. Load it again.',
  },
  residency: {
    conflict: 'Something else changed this first. Look again and repeat it.',
    misdirected: 'This belongs to another region, and this one knows nothing of it.',
    not_found: 'There is no such thing for you in this region.',
    region_unknown: 'There is no such region.',
    secret_invalid: 'You are not signed in any more. Sign in again.',
    stale: 'This was changed elsewhere meanwhile, perhaps in another tab. You see what holds now; repeat your change.',
    unavailable: 'The database of this region did not answer in time. Nothing was saved by halves.',
  },
  server: {
    fault: 'The server failed. Nothing was saved by halves.',
    unavailable: 'The server cannot answer just now.',
  },
  session: {
    device_needed:
      'Too many sign-ins with this address failed in a row. Sign in on a device that you have used before, or recover your password.',
    own_factor_required:
      'Your sign-in came from the provider of one account and counts for that account alone. Prove yourself with a password, passkey or app of your own.',
    not_fresh: 'This asks you to prove who you are once more.',
    refused: 'The address or the password is not right. Check both and try again.',
  },
  signin: {
    over: 'This sign-in has had its ten minutes or its five tries. Begin again.',
    step_refused: 'That is not right, or was used before. Try again, five times at most.',
  },
  signup: {
    address_taken: 'This address has an account in this region already. Sign in instead.',
    already_confirmed: 'This was confirmed before. Sign in instead.',
    code_exhausted: 'This sign-up was given up after ten wrong codes. Begin again.',
    code_expired: 'The code was not used within ten minutes. Have another one mailed.',
    code_wrong: 'This is not the code that was mailed. Check the mail and try again.',
    expired: 'This sign-up was not confirmed in time. Begin again.',
    policy_outdated: 'The privacy notice has changed meanwhile. Read it and agree once more.',
  },
  token: {
    scope_missing: 'This token was made for other things.',
    too_many: 'There are a hundred API tokens already. Revoke one that you do not use.',
  },
  totp: {
    code_wrong: 'This is not the code that the app shows now. Look at the clock of its device and try again.',
    present: 'You have an authenticator app already. Remove it before you add another one.',
  },
  vault: {
    key_destroyed: 'This was erased for good. Nobody can read it again.',
    key_missing: 'The key of this data cannot be had just now. Nothing was changed.',
    value_refused: 'A stored value is damaged, so nothing of it was opened. Tell the support of your region.',
  },
  client: {
    unreachable: 'The server cannot be reached. Look at your connection and try again.',
    passkey_cancelled:
      'No passkey was used: that was given up, took too long, or this device has none that fits. Try again, or choose another way.',
    cookies_refused:
      'Your browser did not keep the cookie of your session. Sign in once more; this page then does without.',
    unintelligible: 'The server answered something that this page does not understand. Load the page again.',
  },
  field: {
    is_email_address: 'Enter an address like name@example.org.',
    is_password: 'A password has 15 to 1024 characters.',
    is_plain_text: 'Enter one line of 1 to 200 characters.',
    holds_no_card_number: 'This looks like the number of a payment card, which is never accepted. Leave it out.',
    is_postal_address: 'Enter 1 to 6 lines of up to 200 characters each.',
    is_time_zone: 'Choose a time zone from the list.',
    is_country: 'Choose a country from the list.',
    matches: 'This does not have the required form.',
    is_in: 'Choose one of those offered.',
    is_tax_id: 'This is not how tax ids of that country are written.',
    is_person: 'Choose another person.',
    is_known_password: 'This password is known from breaches. Choose another.',
    fallback: 'This was refused. Correct it.',
  },
} as const satisfies ByCode & Record<string, unknown>;
