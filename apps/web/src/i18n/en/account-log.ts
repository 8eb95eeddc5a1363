import type { AccountEventKind } from '@domicile/api-client';
import type { KindWords } from '../words.js';

/** The security log of an account. A new kind of event without words does not compile. */
export const accountLog = {
  title: 'Account log',
  lead: 'What happened to who may do what in this account, newest first. Nobody can change or remove a line.',
  events: 'Events',
  none: 'Nothing has happened yet.',
  by: 'by {actor}',
  gone: 'somebody who is not in the account any more',
  nobody: 'nobody: time has passed',
  pull: 'For a system of yours',
  pullLead:
    'A system that collects such lines pulls them oldest first, one JSON object a line, with an API token made for the log. It sends the id of its last line as “cursor” and misses none.',
  kinds: {
    account: {
      renamed: 'The account got another name',
      closing_asked: 'The closing of the account was asked for',
      closing_undone: 'The closing of the account was taken back',
    },
    billing: { changed: 'The billing details were changed' },
    policy: { changed: 'The policy for sign-ins was changed' },
    invitation: {
      made: 'Somebody was invited',
      revoked: 'An invitation was revoked',
      accepted: 'An invitation was accepted',
      declined: 'An invitation was declined',
    },
    membership: {
      role_changed: 'A role was changed',
      removed: 'A person was removed',
      left: 'A person left',
    },
    ownership: { transferred: 'Ownership was handed over' },
    token: { made: 'An API token was made', revoked: 'An API token was revoked' },
    domain: {
      claimed: 'A mail domain was added',
      verified: 'A mail domain was verified',
      missing: 'The record of a mail domain was not found',
      lapsed: 'A mail domain is no longer verified',
      removed: 'A mail domain was removed',
    },
    provider: {
      set: 'The account’s own sign-in was set up',
      removed: 'The account’s own sign-in was removed',
      linked: 'A person was linked to the account’s own sign-in',
    },
  } satisfies KindWords<AccountEventKind>,
} as const;
