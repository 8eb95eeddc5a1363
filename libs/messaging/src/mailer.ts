import type { Region } from '@domicile/residency';

/** A mail to one address. */
export interface Mail {
  /** Without angle brackets, `<id>@<host>`; the same for every attempt, so that a repetition can be recognised. */
  readonly messageId: string;
  /** One address in normal form: ASCII, no display name. */
  readonly to: string;
  readonly subject: string;
  /** Lines end with LF. */
  readonly text: string;
  /** The same words as a document of its own. */
  readonly html: string;
}

/** Why a mail was not handed over. Words of our own: what a relay says quotes addresses. */
export const MAIL_FAILURES = {
  /** The relay will never take this mail for this address: there is no use in asking again. */
  refused: 'mail.refused',
  /** The relay took the connection and asks to come again later. */
  deferred: 'mail.deferred',
  /** Nobody answered, not in time, or hung up. */
  away: 'mail.relay_away',
  /** No encrypted connection, or not to who it should be. */
  untrusted: 'mail.relay_untrusted',
  /** The relay does not accept our credential. */
  login: 'mail.relay_login',
  /** The mail itself is malformed, a fault of ours: it stays until somebody looks. */
  malformed: 'mail.malformed',
} as const;

export type MailFailure = (typeof MAIL_FAILURES)[keyof typeof MAIL_FAILURES];

/** A mail that was not handed over. Holds a code and nothing that the relay said. */
export class MailError extends Error {
  readonly code: MailFailure;

  constructor(code: MailFailure) {
    super(`The mail was not handed over: ${code}.`);
    this.name = 'MailError';
    this.code = code;
  }

  /** True when trying again cannot help. */
  get isPermanent(): boolean {
    return this.code === MAIL_FAILURES.refused || this.code === MAIL_FAILURES.malformed;
  }
}

/** The way out for mail; each region has its own relay and its own sender. */
export interface Mailer {
  /**
   * Hands the mail over for good, or fails within 15 s for good: after a failure nothing of it is under way any more.
   * @throws MailError
   */
  send(region: Region, mail: Mail): Promise<void>;
  /** Ends idle connections. */
  close(): void;
}

/** Host of a region's customer origin: the right side of its sender's address and of its message ids. */
export function mailHost(region: Region): string {
  return new URL(region.origins.customer).hostname;
}
