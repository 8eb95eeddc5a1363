import type { Region } from '@domicile/residency';

/** A mail to one address, in plain text. */
export interface Mail {
  /** Without angle brackets, `<id>@<host>`; the same for every attempt, so that a repetition can be recognised. */
  readonly messageId: string;
  /** One address in normal form: ASCII, no display name. */
  readonly to: string;
  readonly subject: string;
  /** Lines end with LF. */
  readonly text: string;
}

/** The way out for mail; each region has its own relay and its own sender. */
export interface Mailer {
  /** Hands the mail over for good. A second call with the same message id must not become a second mail where that can be helped. */
  send(region: Region, mail: Mail): Promise<void>;
}

/** Host of a region's customer origin: the right side of its sender's address and of its message ids. */
export function mailHost(region: Region): string {
  return new URL(region.origins.customer).hostname;
}
